"""A run followed through its folder: what is written meanwhile, changed, ended, killed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from collapse_tui import load
from collapse_tui.control import Control
from collapse_tui.events import (
    Event,
    Failed,
    Finished,
    Generation,
    Intervened,
    Started,
    TheoryExtended,
)
from collapse_tui.execution import attached_run
from collapse_tui.execution.attached_run import AttachedRun
from collapse_tui.execution.runner import resume, run
from collapse_tui.storage.folder import RunFolder
from collapse_tui.storage.saved import SavedRun


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attached_run, "LOOK", 0.0)


class Writer:
    """A run of this process, advanced by hand, which is another one's to who reads it."""

    def __init__(self, folder: Path, generations: int = 20) -> None:
        self.control = Control()
        experiment = load("shumailov", generations=generations, replicates=2)
        self.events = run(experiment, folder=folder, control=self.control)
        self.path = folder
        self.run_to(0)

    def run_to(self, generation: int) -> None:
        """Record up to a generation."""
        for event in self.events:
            if isinstance(event, Generation) and event.generation >= generation:
                return

    def end(self) -> None:
        """Stop in order."""
        self.control.stop("stopped")
        list(self.events)


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[Writer]:
    one = Writer(tmp_path / "run")
    yield one
    one.end()


def follow(path: Path, control: Control | None = None) -> tuple[AttachedRun, Iterator[Event]]:
    attached = AttachedRun(SavedRun.open(path), control or Control())
    return attached, attached.events()


def records_until(events: Iterator[Event], generation: int) -> list[int]:
    """Return the generations that come, up to one."""
    found: list[int] = []
    for event in events:
        if isinstance(event, Generation):
            found.append(event.generation)
            if event.generation >= generation:
                return found
    raise AssertionError(found)


def test_records_come_as_they_are_written(writer: Writer) -> None:
    writer.run_to(3)
    last = SavedRun.open(writer.path).last
    attached, events = follow(writer.path)
    start = next(events)
    assert isinstance(start, Started)
    assert (start.generation, start.generations, start.folder) == (last, 20, writer.path)
    assert any(curve.metric == "variance" for curve in start.curves)
    assert attached.writer.startswith("process ")
    writer.run_to(last + 2)
    newest = SavedRun.open(writer.path).last
    record = next(events)
    assert isinstance(record, Generation)
    assert record.generation == last + 1
    assert record.summary["variance"]["q50"] is not None
    assert record.view is not None
    if newest > last + 1:
        assert records_until(events, newest)[-1] == newest
    list(writer.events)
    assert records_until(events, 20)[-1] == 20
    assert list(events) == [Finished(20, writer.path)]


def test_settings_that_its_process_changes_come_with_their_theory(writer: Writer) -> None:
    _, events = follow(writer.path)
    next(events)
    writer.control.set({"policy.fresh": 0.5})
    list(writer.events)
    changes = [event for event in events if isinstance(event, Intervened)]
    assert [dict(change.settings) for change in changes] == [{"policy.fresh": 0.5}]
    assert changes[0].at >= 1


def test_a_stop_ends_the_following_and_not_the_run(writer: Writer) -> None:
    control = Control()
    _, events = follow(writer.path, control)
    next(events)
    control.stop()
    (end,) = (event for event in events if isinstance(event, Finished))
    assert end.reason == "stopped"
    assert end.condition == ""
    list(writer.events)
    assert SavedRun.open(writer.path).state == "finished"


def test_a_writer_that_is_killed_is_said(writer: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    writer.run_to(2)
    _, events = follow(writer.path)
    next(events)
    # what a kill leaves: nobody holds the lock, and the status still says running
    monkeypatch.setattr(attached_run, "describe_holder", lambda _: "")
    monkeypatch.setattr("collapse_tui.storage.saved.is_held", lambda _: False)
    *_, end = events
    assert isinstance(end, Finished)
    assert (end.reason, end.generation) == ("stopped", SavedRun.open(writer.path).last)
    assert "killed" in end.condition


def test_other_ends_are_told_apart(writer: Writer) -> None:
    writer.end()
    _, events = follow(writer.path)
    *_, end = events
    assert isinstance(end, Finished)
    assert "interrupted" in end.condition
    with RunFolder.open(writer.path, keep=3) as folder:
        folder.set_status("failed", "the scatter became singular")
    _, events = follow(writer.path)
    *_, end = events
    assert isinstance(end, Failed)
    assert end.reason == "the scatter became singular"


def test_who_falls_behind_is_shown_some_records(tmp_path: Path) -> None:
    long = Writer(tmp_path / "long", generations=2000)
    attached, events = follow(long.path)
    next(events)
    first = attached.last
    list(long.events)
    found = records_until(events, 2000)
    assert found[0] == first + 1
    assert len(found) <= attached_run.MOST_AT_ONCE
    assert list(events) == [Finished(2000, long.path)]


def test_theory_reaches_as_far_as_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("collapse_tui.execution.overlays.FIRST_HORIZON", 256)
    long = Writer(tmp_path / "long", generations=1000)
    _, events = follow(long.path)
    next(events)
    list(long.events)
    extended = [event for event in events if isinstance(event, TheoryExtended)]
    assert extended
    assert extended[-1].horizon == 1000


def test_a_run_that_goes_on_longer_than_it_was_to(writer: Writer) -> None:
    list(writer.events)
    _, events = follow(writer.path)
    list(resume(writer.path, generations=25))
    assert isinstance(next(events), Started)
    assert records_until(events, 25)[-1] == 25
