"""The runs of a screen: letters, which one is shown, and what is left of those that are gone."""

import gc
import threading
import weakref

import pytest

from collapse_tui.tui.runs.group import MOST_RUNS, RunGroup
from collapse_tui.tui.runs.session import Session


def traces(before: list[weakref.ref], session: Session | None = None) -> list[weakref.ref]:
    """Return references to what is still alive of runs, and to all of one more."""
    parts = [session, session.run, *session.snapshot.series.values()] if session else []
    return [*(one for one in before if one() is not None), *map(weakref.ref, parts)]


class Bench:
    """A group whose runs go on in threads, as on the screen."""

    def __init__(self, launcher) -> None:
        self.launcher = launcher
        self.group = RunGroup(launcher, lambda: launcher.open("borji", {}), rate=float("inf"))
        self.threads: dict[Session, threading.Thread] = {}
        self.start(self.group.selected)

    def start(self, session: Session) -> Session:
        thread = threading.Thread(target=session.run_to_end)
        self.threads[session] = thread
        thread.start()
        return session

    def end(self, session: Session) -> None:
        """Wait for the end of a run."""
        self.threads.pop(session).join()

    def fork(self, at: int, settings=None) -> Session:
        """Fork the run that is shown and wait until the fork is."""
        session = self.group.fork(self.group.selected, at, settings or {})
        return self.start(session)


@pytest.fixture
def bench(fake_launcher):
    made = Bench(fake_launcher(generations=12, replicates=3))
    made.end(made.group.selected)
    yield made
    for thread in made.threads.values():
        thread.join()


def test_letters_are_given_in_turn_and_again(bench):
    group = bench.group
    for at in range(1, MOST_RUNS):
        bench.end(bench.fork(at))
    assert [one.letter for one in group.sessions] == list("ABCDEF")
    assert "most there can be" in group.why_no_fork(3)
    group.remove(group.find("C"))
    assert group.find("C") is None
    assert not group.why_no_fork(3)
    bench.end(bench.fork(3))
    assert [one.letter for one in group.sessions] == list("ABDEFC")
    assert [run.letter for run in group.describe_runs()] == list("ABCDEF")


def test_the_run_shown_before_is_shown_again(bench):
    group = bench.group
    for at in (3, 4):
        bench.end(bench.fork(at))
    assert group.selected.letter == "C"
    group.select(group.find("A"))
    group.remove(group.selected)
    assert group.selected.letter == "C"
    group.remove(group.selected)
    assert group.selected.letter == "B"
    assert "only run" in group.why_not_removed()


def test_a_fork_of_a_fork_names_its_parent(bench):
    bench.end(bench.fork(3, {"policy.fresh": 0.5}))
    bench.end(bench.fork(5, {"policy.fresh": 0.2}))
    first, second, third = bench.group.describe_runs()
    assert (first.origin, second.origin, third.origin) == (
        "first run", "fork at 3", "fork of B at 5",
    )  # fmt: skip
    assert (first.difference, second.difference, third.difference) == ("λ 0", "λ 0.5", "λ 0.2")
    assert [change.text for change in second.changes] == ["λ 0 → 0.5"]
    assert second.changes[0].at == 4


def test_runs_removed_are_reported_once(bench):
    bench.end(bench.fork(3))
    bench.group.remove(bench.group.selected)
    assert [letter for letter, _ in bench.group.take_ended()] == ["B"]
    assert bench.group.take_ended() == []


def count_own_objects() -> int:
    """Return how many objects of our classes are alive: those of others come and go."""
    kinds = (str(type(one).__module__).partition(".")[0] for one in gc.get_objects())
    return sum(kind in {"collapse_tui", "engines"} for kind in kinds)


@pytest.mark.parametrize("forks", [40, pytest.param(1000, marks=pytest.mark.soak)])
def test_forks_that_are_gone_leave_nothing(bench, forks):
    """Neither session nor run, snapshot nor thread of a fork that was taken off the screen."""
    group = bench.group
    alive: list[weakref.ref] = []
    objects: list[int] = []
    for count in range(forks):
        session = bench.fork(count % 10, {"policy.fresh": 0.1})
        bench.end(session)
        group.select(group.find("A") if count % 2 else session)
        group.describe_runs()
        alive = traces(alive, session)
        group.remove(session)
        group.take_ended()
        bench.launcher.opened.clear()
        del session
        if count in {forks // 2, forks - 1}:
            gc.collect()
            assert traces(alive) == []
            objects.append(count_own_objects())
    assert len(group.sessions) == 1
    assert not bench.threads
    assert objects[1] <= objects[0] + 5
