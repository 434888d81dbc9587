"""Runs that end by a condition: at one generation, however they get there, and only once."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from collapse_tui.events import Event, Finished, Started
from collapse_tui.execution import burst
from collapse_tui.execution.runner import fork, resume, run
from collapse_tui.experiment.experiment import Experiment
from collapse_tui.storage.folder import RunFolder
from collapse_tui.storage.saved import SavedRun
from engines.errors import InvalidExperimentError

Build = Callable[..., Experiment]
Complete = Callable[..., list[Event]]
Records = Callable[[Path], bytes]

STOP = "variance < 0.6"
FURTHER = "variance < 0.4"


@pytest.fixture
def whole(experiment: Build, complete: Complete, tmp_path: Path) -> Path:
    """Give the folder of a run of 60 generations without a condition."""
    folder = tmp_path / "whole"
    complete(run(experiment(generations=60), folder=folder))
    return folder


@pytest.fixture
def ended(experiment: Build, complete: Complete, tmp_path: Path) -> Path:
    """Give the folder of the same run, ended by a condition."""
    folder = tmp_path / "ended"
    complete(run(experiment(generations=60, stop=STOP), folder=folder))
    return folder


def _crossings(folder: Path, bound: float) -> list[int]:
    """Return the generations from 1 on whose median variance is below a bound."""
    medians = [record["summary"]["variance"]["q50"] for record in SavedRun.open(folder).records()]
    return [n for n, median in enumerate(medians) if n and median < bound]


@pytest.mark.parametrize("seconds", [0.0, 1e9], ids=["one by one", "in bursts"])
def test_a_run_ends_at_the_first_generation_that_meets_it(
    experiment: Build,
    complete: Complete,
    records: Records,
    whole: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    seconds: float,
) -> None:
    monkeypatch.setattr(burst, "SECONDS", seconds)
    first = _crossings(whole, 0.6)[0]
    assert 2 < first < 60
    folder = tmp_path / "run"
    *_, last = complete(run(experiment(generations=60, stop=STOP), folder=folder))
    assert isinstance(last, Finished)
    assert (last.generation, last.reason) == (first, "finished")
    assert last.condition.startswith("the median variance is 0.")
    assert last.condition.endswith(f" < 0.6 at generation {first}")
    saved = SavedRun.open(folder)
    assert saved.status["state"] == "finished"
    assert saved.status["reason"] == last.condition
    assert records(whole).startswith(records(folder))
    assert saved.checkpoints.generations()[-1] == first


def test_it_goes_on_only_where_asked_to(
    complete: Complete, records: Records, whole: Path, ended: Path
) -> None:
    before, first = records(ended), _crossings(whole, 0.6)[0]
    events = complete(resume(ended))
    assert [type(event) for event in events] == [Started, Finished]
    assert records(ended) == before
    started, *_, last = complete(resume(ended, generations=60))
    assert isinstance(started, Started)
    assert f"it goes on without the condition '{STOP}', met at {first}" in started.notes
    assert isinstance(last, Finished)
    assert (last.generation, last.condition) == (60, "")
    assert records(ended) == records(whole)
    assert SavedRun.open(ended).status["reason"] == ""


def test_a_new_condition_takes_the_place_of_the_old(
    complete: Complete, records: Records, whole: Path, ended: Path
) -> None:
    first = _crossings(whole, 0.4)[0]
    with pytest.raises(
        InvalidExperimentError, match="metric 'variance_sample', which this run does"
    ):
        resume(ended, stop=["variance_sample < 0.1"])
    *_, last = complete(resume(ended, stop=[FURTHER]))
    assert isinstance(last, Finished)
    assert last.generation == first
    assert records(whole).startswith(records(ended))
    assert SavedRun.open(ended).document["stop"] == [FURTHER]


def test_a_new_condition_that_the_last_record_meets_is_kept_with_the_run(
    complete: Complete, records: Records, ended: Path
) -> None:
    before = records(ended)
    *_, last = complete(resume(ended, stop=["variance < 0.7"]))
    assert isinstance(last, Finished)
    assert last.condition.endswith(f" < 0.7 at generation {last.generation}")
    assert records(ended) == before
    saved = SavedRun.open(ended)
    assert saved.document["stop"] == ["variance < 0.7"]
    assert (saved.status["state"], saved.status["reason"]) == ("finished", last.condition)


def test_a_kill_before_the_end_was_said_changes_nothing(
    complete: Complete, records: Records, ended: Path
) -> None:
    before = records(ended)
    with RunFolder.open(ended) as folder:
        folder.set_status("running")
    *_, last = complete(resume(ended))
    assert isinstance(last, Finished)
    assert records(ended) == before
    assert SavedRun.open(ended).status["reason"] == last.condition != ""


def test_what_is_discarded_ends_it_again(complete: Complete, records: Records, ended: Path) -> None:
    before = records(ended)
    *_, last = complete(resume(ended, from_generation=2))
    assert isinstance(last, Finished)
    assert last.condition
    assert records(ended) == before


def test_a_fork_keeps_the_condition_unless_it_starts_where_that_was_met(
    complete: Complete, records: Records, whole: Path, ended: Path, tmp_path: Path
) -> None:
    first, early, late = _crossings(whole, 0.6)[0], tmp_path / "early", tmp_path / "late"
    *_, last = complete(fork(ended, at=2, settings={}, out=early))
    assert isinstance(last, Finished)
    assert last.generation == first
    assert records(early) == records(ended)
    started, *_, last = complete(fork(ended, at=first, settings={}, out=late))
    assert isinstance(started, Started)
    assert any(note.startswith("it goes on without the condition") for note in started.notes)
    assert isinstance(last, Finished)
    assert last.generation == 60
    assert records(late) == records(whole)


def test_an_intervention_leaves_the_condition(
    experiment: Build, complete: Complete, tmp_path: Path
) -> None:
    changes: list[dict[str, Any]] = [{"at": 3, "set": {"schedule.size": 200}}]
    changed = experiment(generations=60, stop=[STOP], interventions=changes)
    folder = tmp_path / "changed"
    *_, last = complete(run(changed, folder=folder))
    assert isinstance(last, Finished)
    assert [last.generation] == _crossings(folder, 0.6) or last.generation == 60
    assert SavedRun.open(folder).document["stop"] == [STOP]
