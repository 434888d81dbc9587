"""A run that another process writes, followed through its folder: nothing is written or locked."""

import time
from collections.abc import Generator
from dataclasses import dataclass, field

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
from collapse_tui.execution.overlays import curves_of, theory_horizon
from collapse_tui.execution.stored_experiment import stored_experiment
from collapse_tui.experiment.experiment import Experiment
from collapse_tui.storage.errors import DamagedRunError
from collapse_tui.storage.file_names import EXPERIMENT
from collapse_tui.storage.lock import describe_holder
from collapse_tui.storage.saved import SavedRun
from engines.arrays import even_indices
from engines.errors import CollapseError
from engines.views.view import View

LOOK = 0.1
"""Seconds between two looks at the folder."""
MOST_AT_ONCE = 100
"""Records that are taken of one look; of more some are, evenly spaced, so that it keeps up."""

ENDS = {
    "killed": "its process was killed; `resume` goes on from its last record",
    "interrupted": "its process was interrupted, with the state saved",
    "paused": "its process has left it paused",
}
"""What is said of a run that its process has left before its end."""


@dataclass(eq=False)
class AttachedRun:
    """The events of a run, as its folder tells them.

    Attributes
    ----------
    saved : SavedRun
    control : Control
        A stop ends the following, never the run.
    experiment : Experiment
        As it stands now: settings may be changed by the process that writes it.
    last : int
        The last record that was passed on.
    """

    saved: SavedRun
    control: Control
    experiment: Experiment = field(init=False)
    last: int = field(init=False)

    def __post_init__(self) -> None:
        """Read what is there; errors say why the run cannot be followed."""
        self.saved.verify_experiment()
        self._seen = self.saved.directory.change_of(EXPERIMENT)
        self.experiment = stored_experiment(self.saved)
        self.last = self.saved.last
        self._horizon = 0

    @property
    def writer(self) -> str:
        """Who writes the run now, empty for nobody."""
        return describe_holder(self.saved.directory)

    def events(self) -> Generator[Event]:
        """Yield the start, then what is recorded from now on, until the run or the process ends.

        Records that are there already are not yielded: `Started` says how many there are.
        """
        device = str(self.saved.provenance.get("device", ""))
        self._horizon = theory_horizon(self.experiment, max(0, self.last))
        curves, absent = curves_of(self.experiment, max(0, self.last))
        yield Started(
            self.last, self.experiment.generations, self.saved.path, device, curves, absent
        )
        while True:
            # asked first: what is written before the end is then seen below
            over = not self.writer
            yield from self._changes()
            yield from self._records()
            if self.control.stop_requested:
                yield Finished(self.last, self.saved.path, "stopped")
                return
            if over:
                yield self._end()
                return
            time.sleep(LOOK)

    def _changes(self) -> Generator[Event]:
        """Yield what was changed in the experiment since the last look."""
        seen = self.saved.directory.change_of(EXPERIMENT)
        if seen == self._seen:
            return
        try:
            changed = stored_experiment(self.saved)
        except CollapseError:
            return  # it is being replaced: the next look finds it whole
        known, self._seen = len(self.experiment.interventions), seen
        self.experiment = changed
        curves, _ = curves_of(changed, max(0, self.last))
        for item in changed.interventions[known:]:
            yield Intervened(item.at, item.settings, curves)

    def _records(self) -> Generator[Event]:
        first, newest = self.last + 1, self.saved.last
        if newest < first:
            return
        picked = first + even_indices(newest - first + 1, MOST_AT_ONCE)
        for record in self.saved.pick(picked.tolist()):
            if self.control.stop_requested:
                return
            self.last = n = int(record["generation"])
            stage, flags = record.get("stage", {}), record.get("flags", {})
            yield Generation(n, {}, record["summary"], stage, flags, self._view(n))
        if self.last > self._horizon:
            before, self._horizon = self._horizon, theory_horizon(self.experiment, self.last)
            if self._horizon > before:
                yield TheoryExtended(self._horizon, curves_of(self.experiment, self.last)[0])

    def _view(self, generation: int) -> View | None:
        try:
            return self.saved.view(generation)
        except DamagedRunError:  # `runs check` names it; no number needs it
            return None

    def _end(self) -> Finished | Failed:
        status, path = self.saved.status, self.saved.path
        state, reason = str(status.get("state", "unknown")), str(status.get("reason", ""))
        if state == "failed":
            return Failed(self.last + 1, reason, path)
        if state == "finished":
            return Finished(self.last, path)
        return Finished(self.last, path, "stopped", ENDS.get(state, f"its state is {state}"))
