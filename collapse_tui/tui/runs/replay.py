"""A stored record shown as if it were computed now: its events, at the pace of the screen."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from collapse_tui.control import Control
from collapse_tui.events import Event, Finished, Generation, Started
from collapse_tui.tui.runs.launcher import OpenRun, translate_errors


@dataclass
class Replay(OpenRun):
    """A stored run whose records are shown one after another; nothing of it can be changed."""

    def __post_init__(self) -> None:
        """Take its settings away from the keys."""
        super().__post_init__()
        self.knobs = ()


def replay(folder: Path, name: str) -> Replay:
    """Return the record in a folder, from its first generation on.

    Raises
    ------
    CannotStart
        If it cannot be read.
    """
    from collapse_tui.execution.stored_experiment import stored_experiment
    from collapse_tui.storage.saved import SavedRun

    control = Control()
    with translate_errors():
        saved = SavedRun.open(folder)
        experiment = stored_experiment(saved)
    return Replay(experiment, control, folder, _events(folder, control), name)


def _events(folder: Path, control: Control) -> Iterator[Event]:
    from collapse_tui.execution.overlays import curves_of
    from collapse_tui.execution.stored_experiment import stored_experiment
    from collapse_tui.storage.saved import SavedRun

    saved = SavedRun.open(folder)
    experiment, last = stored_experiment(saved), saved.last
    curves, absent = curves_of(experiment)
    yield Started(-1, experiment.generations, None, "record", curves, absent)
    for record in saved.records():
        if control.stop_requested:
            yield Finished(int(record["generation"]) - 1, None, "stopped")
            return
        n = int(record["generation"])
        stage, flags = record.get("stage", {}), record.get("flags", {})
        yield Generation(n, {}, record["summary"], stage, flags, saved.view(n))
    yield Finished(last, None)
