"""The events of one run: its generations are run, recorded and saved until it ends."""

import time
from collections.abc import Generator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from collapse_tui.control import Control
from collapse_tui.events import (
    Checkpointed,
    Event,
    Failed,
    Finished,
    Generation,
    Started,
    TheoryExtended,
)
from collapse_tui.execution.divergence import describe_divergence
from collapse_tui.execution.failure import FAILURES, explain_failure
from collapse_tui.execution.live_run import LiveRun, StopRequest
from collapse_tui.execution.notes import notes_of
from collapse_tui.execution.provenance import timestamp
from collapse_tui.execution.theory_ahead import Theory, TheoryAhead
from collapse_tui.experiment.end_condition import describe_end
from collapse_tui.experiment.experiment import Experiment
from collapse_tui.storage.errors import StorageError
from collapse_tui.storage.folder import RunFolder
from engines.checkpoint import to_arrays
from engines.errors import GenerationError
from engines.plugins import find_foreign_fault
from engines.recursion import State

CHECKPOINT_SECONDS = 0.5


@dataclass(eq=False)
class Driver:
    """One run in progress.

    Attributes
    ----------
    experiment : Experiment
        As it begins, on the device that the run computes on.
    folder : RunFolder or None
    control : Control
    differences : tuple of str
        What of the environment differs from that of the stored records; with any, numbers
        may differ in their last digits and a replay is not compared with them.
    views : bool
        Whether to draw views where no folder stores them.
    extended : bool
        Whether a resumed run gets another number of generations, or other conditions that end
        it, than its folder says.
    resumption : list or None
        What provenance.json says of this and earlier resumptions; None once a run goes on.
    condition : str
        Which condition ends the run at its last record, "" while none does.
    divergence : str
        Why it cannot go on after its last record, "" while it can.
    """

    experiment: Experiment
    folder: RunFolder | None
    control: Control
    differences: tuple[str, ...] = ()
    views: bool = True
    extended: bool = False
    resumption: list[Any] | None = None
    condition: str = ""
    divergence: str = ""

    def __post_init__(self) -> None:
        """Start before generation 0."""
        verify, views = not self.differences, self.views or self.folder is not None
        self.live = LiveRun(self.experiment, self.folder, self.control, verify, views)
        self.path = self.folder.path if self.folder else None
        self.theory = TheoryAhead()
        self.saved = -1
        self.clock = time.monotonic()
        self.control.record_interruption = self._record_interruption

    @property
    def last_recorded(self) -> int:
        """Last generation recorded, -1 if none."""
        if self.folder is not None:
            return self.folder.last
        return self.live.state.generation if self.live.state else -1

    @property
    def is_over(self) -> bool:
        """Whether no further generation is to be recorded."""
        return (
            bool(self.condition or self.divergence)
            or self.last_recorded >= self.experiment.generations
        )

    def restore(self, state: State | None = None) -> None:
        """Start from a checkpoint that was loaded already, else from the newest that suffices.

        Without one all records are replayed.
        """
        assert self.folder is not None  # noqa: S101 - only stored runs are restored
        if state is not None and state.generation <= self.folder.last:
            self.live.state = state
            kept = state.generation in self.folder.checkpoints.generations()
            self.saved = state.generation if kept else -1
        else:
            self.saved = self.live.restore(self.folder.checkpoints, self.folder.last)

    def events(self) -> Generator[Event]:
        """Yield the events of the run; however it is left, its state is saved."""
        reason = "interrupted"
        try:
            yield from self._run()
            reason = ""
        except StopRequest:
            self._interrupt(self.control.reason or "stopped")
            # not before: a further signal may come while the state is stored
            reason = ""
            yield Finished(self.last_recorded, self.path, "stopped")
        except Exception as error:
            foreign = find_foreign_fault(error)
            engine = self.live.loop.setup(max(1, self.live.attempted)).engine.name
            reason = explain_failure(foreign or error, engine)
            failed = self._fail(reason)
            if foreign is not None:
                foreign.exit_code = 1
                raise foreign from error  # named as that package's; the caller logs it
            if not isinstance(error, FAILURES):
                raise  # a defect of the program: the folder names it, and the caller logs it
            yield failed
        finally:
            self._close(reason)

    def _run(self) -> Generator[Event, None, None]:
        first, total = self.last_recorded, self.experiment.generations
        of_folder = self.folder.notes if self.folder is not None else ()
        notes = (*notes_of(self.experiment, self.differences, self.path, first), *of_folder)
        theory = self._first_theory()
        about = theory.curves, theory.absent, notes, self.experiment.sizes.differing
        yield Started(first, total, self.path, self.experiment.device, *about)
        if not self.is_over:
            yield from self.live.replay(first)
        if self.extended or not self.is_over:
            self._begin()
        while not self.is_over:
            if self.control.stop_requested:
                raise StopRequest
            yield from self._extend_theory()
            settings = self.control.take_settings()
            if settings:
                yield from self.live.intervene(self.last_recorded + 1, settings)
            self.live.note_state()
            if not self.control.has_requests:
                yield from self._record_next(total)
        yield from self._finish(new=self.last_recorded > first)

    def _finish(self, *, new: bool) -> Generator[Event, None, None]:
        if self._checkpoint():
            yield Checkpointed(self.saved)
        if self.divergence:
            self.live.attempted = self.last_recorded
            raise GenerationError(self.divergence)
        # a kill may have come between the last record and this
        if self.folder is not None and (new or self.folder.state != "finished"):
            self.folder.update_provenance(ended=timestamp())
            self.folder.set_status("finished", self.condition)
        yield from self._complete_theory()
        yield Finished(self.last_recorded, self.path, "finished", self.condition)

    def _begin(self) -> None:
        """Store that a run goes on, now that its records are known to be what is recomputed."""
        if self.folder is None or self.resumption is None:
            return
        if self.extended:
            self.folder.replace_experiment(self.live.experiment.to_toml())
        self.folder.set_status("running")
        self.folder.update_provenance(resumed=self.resumption)
        self.resumption = None

    def _first_theory(self) -> Theory:
        """Return the theory to its first horizon; none of it if a stop is requested meanwhile."""
        self.theory.advance(self.experiment, -1, self.live.starts.states)
        self.theory.wait(lambda: self.control.stop_requested)
        return self.theory.take() if self.theory.ready else Theory(-1, (), {})

    def _extend_theory(self) -> Generator[Event, None, None]:
        if self.theory.ready:
            found = self.theory.take()
            yield TheoryExtended(found.horizon, found.curves, found.absent)
        self.theory.advance(self.live.experiment, self.last_recorded, self.live.starts.states)

    def _complete_theory(self) -> Generator[Event, None, None]:
        """Yield the theory of the last generation, for a summary; a stop is not kept waiting."""
        yield from self._extend_theory()
        while self.theory.pending and not self.control.stop_requested:
            self.theory.wait(lambda: self.control.stop_requested)
            yield from self._extend_theory()

    def _record_next(self, last: int) -> Generator[Event, None, None]:
        """Run and record the next step, and those after it that are quick."""
        pending = yield from self.live.run_ahead(last)
        for number, (step, record) in enumerate(pending):
            # What was requested since the last record takes effect before the next one.
            if number > 0 and self.control.has_requests:
                return
            self.live.attempted, self.live.state = record.generation, step.state
            if self.folder is not None:
                self.folder.append(record, seconds=step.seconds)
            self.condition = describe_end(self.experiment.ends, record.generation, record.summary)
            self.divergence = self._describe_divergence(record)
            yield record
            if self.condition or self.divergence:
                return
            self.live.note_state()
            # The first is kept for good: a fork at an early generation starts from it.
            due = self.last_recorded == 0 or time.monotonic() - self.clock > CHECKPOINT_SECONDS
            if due and self._checkpoint():
                yield Checkpointed(self.saved)

    def _describe_divergence(self, record: Generation) -> str:
        about = record.generation, record.stage, record.flags
        return describe_divergence(self.live.experiment, *about, self.path)

    def _checkpoint(self) -> bool:
        """Save the state where a folder has its record and not yet the state; return whether."""
        self.clock = time.monotonic()
        state = self.live.state
        if self.folder is None or state is None:
            return False
        if state.generation in (self.saved, -1) or state.generation != self.folder.last:
            return False
        self.folder.save_checkpoint(state.generation, to_arrays(state))
        self.saved = state.generation
        self.live.in_flight.discard(up_to=state.generation)
        return True

    def _interrupt(self, reason: str) -> None:
        self.live.in_flight.save()
        self._checkpoint()
        went_on = self.resumption is None
        if self.folder is not None and (went_on or self.folder.state != "finished"):
            self.folder.set_status("interrupted", reason)

    def _record_interruption(self, reason: str) -> None:
        """Store that the run was interrupted, in place of a run that does not come to it."""
        with suppress(StorageError):
            if self.folder is not None and self.folder.state == "running":
                self.folder.set_status("interrupted", reason)

    def _fail(self, reason: str) -> Failed:
        at = self.live.attempted
        if self.folder is None:
            return Failed(at, reason, None)
        if self.resumption is not None:
            return Failed(at, reason, self.path)  # it did not go on
        try:
            self.folder.set_status("failed", f"generation {at}: {reason}")
        except StorageError:
            # the reason may be that the disk is full, or that the folder is gone
            kept = self.folder.is_in_place()
            return Failed(at, reason, self.path if kept else None)
        return Failed(at, reason, self.path)

    def _close(self, reason: str) -> None:
        if self.folder is None:
            return
        try:
            if reason == "interrupted":
                self._interrupt(self.control.reason or "stopped before its end")
        finally:
            if self.folder.is_in_place():
                self.folder.close()
            else:
                self.folder.abandon()
