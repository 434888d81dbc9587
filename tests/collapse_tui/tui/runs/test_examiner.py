"""The process that answers: the newest question wins, and nothing holds up who asks."""

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from collapse_tui.experiment.examination import Examination
from collapse_tui.tui.runs import examiner as module
from collapse_tui.tui.runs.examiner import ProcessExaminer, Question

SCRIPTED = """
import json, sys, time
for line in sys.stdin:
    asked = json.loads(line)
    if "lacking" in asked:
        print(json.dumps({"lacking": {"opt": "fetch it"}}), flush=True)
        continue
    time.sleep(asked["settings"].get("seconds", 0))
    if asked["preset"] == "crash":
        sys.exit(3)
    print(json.dumps({"fields": [], "claims": [], "estimate": asked["preset"], "refusal": "",
                      "at": "", "lacks_data": False}), flush=True)
"""


class Answers:
    """What an examiner said, and a way to wait for it."""

    def __init__(self) -> None:
        self.found: list[tuple[int, str]] = []
        self.lacking: list[Any] = []
        self.came = threading.Condition()

    def answer(self, question: Question, answer: Examination) -> None:
        with self.came:
            self.found.append((question.serial, answer.estimate or answer.refusal))
            self.came.notify_all()

    def lack(self, lacking: Any) -> None:
        with self.came:
            self.lacking.append(lacking)
            self.came.notify_all()

    def wait(self, holds: Callable[[], bool]) -> bool:
        with self.came:
            return self.came.wait_for(holds, 60)


@pytest.fixture
def answers() -> Answers:
    return Answers()


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch, answers: Answers):
    monkeypatch.setattr(module, "PROGRAM", SCRIPTED)
    found = ProcessExaminer("auto", answers.answer, answers.lack)
    yield found
    found.close()


def test_a_question_is_answered_and_what_lacks_data_is_listed_once(scripted, answers) -> None:
    scripted.ask(Question(1, "borji", {}))
    assert answers.wait(lambda: answers.found == [(1, "borji")])
    assert answers.wait(lambda: answers.lacking == [{"opt": "fetch it"}])
    scripted.ask(Question(2, "gmm", {}))
    assert answers.wait(lambda: len(answers.found) == 2)
    assert len(answers.lacking) == 1


def test_a_slow_question_is_dropped_once_another_one_comes(scripted, answers) -> None:
    scripted.ask(Question(1, "slow", {"seconds": 3600}))
    asked = time.monotonic()
    scripted.ask(Question(2, "quick", {}))
    assert time.monotonic() - asked < 1  # who asks goes on
    assert answers.wait(lambda: answers.found == [(2, "quick")])


def test_of_many_questions_the_newest_is_answered(scripted, answers) -> None:
    for serial in range(1, 30):
        scripted.ask(Question(serial, f"preset {serial}", {}))
    assert answers.wait(lambda: (29, "preset 29") in answers.found)
    serials = [serial for serial, _ in answers.found]
    assert serials == sorted(serials)
    assert len(serials) < 29


def test_a_process_that_ends_is_started_anew(scripted, answers) -> None:
    scripted.ask(Question(1, "crash", {}))
    assert answers.wait(lambda: len(answers.found) == 1)
    assert "was not possible" in answers.found[0][1]
    scripted.ask(Question(2, "borji", {}))
    assert answers.wait(lambda: answers.found[1:] == [(2, "borji")])


def test_a_question_without_end_is_given_up(scripted, answers, monkeypatch) -> None:
    monkeypatch.setattr(module, "LONGEST", 0.3)
    scripted.ask(Question(1, "endless", {"seconds": 3600}))
    assert answers.wait(lambda: len(answers.found) == 1)
    assert "all is checked at the start" in answers.found[0][1]


def test_no_process_is_left(scripted, answers) -> None:
    scripted.ask(Question(1, "borji", {}))
    assert answers.wait(lambda: bool(answers.found))
    process = scripted._process
    scripted.close()
    assert process.poll() is not None
    scripted._thread.join(10)
    assert not scripted._thread.is_alive()


@pytest.mark.slow
def test_the_real_process_answers_about_presets(answers) -> None:
    real = ProcessExaminer("cpu", answers.answer, answers.lack)
    try:
        real.ask(Question(1, "borji", {"engine.bandwidth": -1}))
        assert answers.wait(lambda: len(answers.found) == 1)
        assert answers.found[0][1].startswith("engine.bandwidth must")
        real.ask(Question(2, "borji", {}))
        assert answers.wait(lambda: len(answers.found) == 2)
        assert answers.found[1][1].startswith("300 generations")
        assert answers.wait(lambda: bool(answers.lacking))
    finally:
        real.close()


def test_a_file_beside_the_user_is_not_taken_for_a_library(tmp_path, monkeypatch, answers) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit(9)")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(module, "PROGRAM", SCRIPTED)
    found = ProcessExaminer("auto", answers.answer, answers.lack)
    try:
        found.ask(Question(1, "borji", {}))
        assert answers.wait(lambda: answers.found == [(1, "borji")])
    finally:
        found.close()
