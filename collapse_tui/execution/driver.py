"""What drives one run: the recursion, its records, its checkpoints, its knobs."""

import time
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from collapse_tui.control import Control
from collapse_tui.events import (
    Checkpointed,
    Event,
    Failed,
    Finished,
    Generation,
    Intervened,
    Progress,
    Refused,
    Started,
)
from collapse_tui.execution.burst import Ahead, Burst
from collapse_tui.execution.notes import notes_of
from collapse_tui.execution.overlays import curves_of
from collapse_tui.execution.provenance import now
from collapse_tui.execution.recorder import Measurer
from collapse_tui.execution.step_in_flight import Flight
from collapse_tui.experiment.experiment import Experiment
from collapse_tui.storage import RunFolder
from engines.arrays import Arrays
from engines.checkpoint import from_arrays, to_arrays
from engines.errors import (
    CollapseError,
    DeviceMemoryError,
    GenerationError,
    InvalidExperimentError,
)
from engines.recursion import Outcome, Recursion, State
from engines.runtime.journal import fitted

if TYPE_CHECKING:
    from engines.runtime.step import Step

Made = TypeVar("Made")

CHECKPOINT_SECONDS = 0.5


class Stopped(Exception):  # noqa: N818 - a request, not an error
    """A stop was asked for inside a generation."""


class Driver:
    """One run in progress.

    Parameters
    ----------
    experiment : Experiment
    folder : RunFolder or None
    control : Control
    differences : tuple of str
        What of the environment differs from that of the stored records; with any, numbers
        may differ in their last digits and a replay is not held against them.
    views : bool
        Whether to draw views where no folder asks for them.
    device : str
    """

    def __init__(
        self,
        experiment: Experiment,
        folder: RunFolder | None,
        control: Control,
        differences: tuple[str, ...] = (),
        *,
        views: bool = True,
        device: str = "cpu",
    ) -> None:
        self.experiment = experiment
        self.folder = folder
        self.control = control
        self.differences = differences
        self.device = device
        self.loop: Recursion = experiment.recursion(device)
        self.measurer = Measurer(experiment, self.loop, views or folder is not None)
        self.state: State | None = None
        self.saved = -1
        self.attempted = 0
        self.clock = time.monotonic()
        self.flight = Flight(folder)
        self.burst = Burst(experiment.replicates)

    @property
    def recorded(self) -> int:
        """Last generation recorded, -1 if none."""
        return self.folder.last if self.folder else (self.state.generation if self.state else -1)

    def restore(self) -> None:
        """Take the state of the newest checkpoint that suits, or none to replay from the start."""
        assert self.folder is not None  # noqa: S101 - only stored runs are restored
        for generation in reversed(self.folder.checkpoints()):
            arrays = self.folder.load(generation)
            state = from_arrays(arrays, generation, self.loop)
            if self._suffices(state):
                self.state, self.saved = state, generation
                return

    def _suffices(self, state: State) -> bool:
        # A policy that came later may need earlier data or models: then all is replayed.
        needs, n = self.loop.needs, state.generation
        has_union = state.union is not None or not needs.union
        has_pool = state.pool is not None or not needs.pool
        kept = self.loop.setup(1).engine.keeps_reference and n > 0
        has_reference = state.reference is not None or not kept
        has_past = not needs.past or len(state.past) == n
        return has_union and has_pool and has_past and has_reference

    def events(self) -> Iterator[Event]:
        """Yield the events of the run; however it is left, its state is saved."""
        reason = "interrupted"
        try:
            yield from self._run()
            reason = ""
        except Stopped:
            reason = ""
            yield self._stopped()
        except CollapseError as error:
            reason = str(error)
            yield self._failed(reason)
        except (ArithmeticError, MemoryError, np.linalg.LinAlgError) as error:
            reason = f"{type(error).__name__}: {error}"
            yield self._failed(reason)
        except Exception as error:
            # A fault of ours: said in the folder, and told to whoever keeps the log.
            reason = f"{type(error).__name__}: {error}"
            self._failed(reason)
            raise
        finally:
            self._close(reason)

    def _failed(self, reason: str) -> Failed:
        at = self.attempted
        if self.folder is not None:
            self.folder.status("failed", f"generation {at}: {reason}")
        return Failed(at, reason, self.folder.path if self.folder else None)

    def _close(self, reason: str) -> None:
        if self.folder is None:
            return
        try:
            if reason == "interrupted":
                self.flight.save()
                self._checkpoint()
                self.folder.status("interrupted", "stopped before its end")
        finally:
            self.folder.close()

    def _run(self) -> Generator[Event, None, None]:
        first = self.recorded
        curves, absent = curves_of(self.experiment)
        path = self.folder.path if self.folder else None
        total = self.experiment.generations
        notes = notes_of(self.experiment, self.differences, stored=self.folder is not None)
        yield Started(first, total, path, self.device, curves, absent, notes)
        if first < total:
            yield from self._replay(first)
        while self.recorded < total:
            if self.control.stopping:
                yield self._stopped()
                return
            yield from self._turn_knobs()
            if not self.control.asked:
                yield from self._go_on(total)
        if self._checkpoint():
            yield Checkpointed(self.saved)
        if self.folder is not None and first < total:
            self.folder.update_provenance(ended=now())
            self.folder.status("finished")
        yield Finished(self.recorded, path, "finished")

    def _stopped(self) -> Finished:
        self.flight.save()
        self._checkpoint()
        reason = self.control.reason or "stopped"
        if self.folder is not None:
            self.folder.status("interrupted", reason)
        return Finished(self.recorded, self.folder.path if self.folder else None, "stopped")

    def _advance(self, use: Callable[[Outcome], Made]) -> Generator[Event, None, Made]:
        """Run one step, the first is generation 0, and return what is made of its outcome.

        That belongs to the step: metrics ask networks too, and may find too little memory.
        """
        before = self.state
        self.attempted = before.generation + 1 if before else 0
        if before is None:
            self.state, outcome = self.loop.start()
            return use(outcome)
        number = before.generation + 1
        begun, tried = self.flight.begun(number), list[dict[str, Any]]()
        while True:
            try:
                return use((yield from self._stepped(before, begun)))
            except DeviceMemoryError as error:
                if error.settings in tried:
                    raise GenerationError(f"{error}, which was tried already") from None
                tried.append(error.settings)
                self.state, told = before, self.flight.told or begun or {}
                begun = yield from self._relieved(number, error, fitted(told))

    def _stepped(self, state: State, begun: Arrays | None) -> Generator[Event, None, Outcome]:
        number = state.generation + 1
        steps = self.loop.step(state, begun)
        try:
            while True:
                step: Step = next(steps)
                self.burst.alone()
                self.flight.tell(number, step.partial)
                if self.control.stopping:
                    steps.close()
                    raise Stopped
                yield Progress(number, step.fraction, step.message)
        except StopIteration as stop:
            self.state, outcome = stop.value
            return outcome

    def _relieved(
        self, at: int, error: DeviceMemoryError, fit: Arrays
    ) -> Generator[Event, None, Arrays | None]:
        """Go on with the settings that need less memory, written down as an intervention.

        Return the fit, where it comes out the same with these settings.
        """
        engine = self.loop.setup(at).engine
        changed = self.experiment.intervened(at, error.settings)
        self.flight.forget()
        yield from self._adopt(changed)
        yield Progress(at, 0.0, str(error))
        yield Intervened(at, error.settings, curves_of(changed)[0])
        if not fit or not self.loop.setup(at).engine.fits_as(engine):
            return None
        self.flight.tell(at, fit)
        return fit

    def _go_on(self, last: int) -> Generator[Event, None, None]:
        """Run and record the next step, and those after it that are quick."""
        started, before = time.monotonic(), self.state
        try:
            burst = yield from self._advance(lambda outcome: self._burst(outcome, started, last))
        except BaseException:
            # What was not recorded is no state to save.
            self.state = before
            raise
        for number, (step, record) in enumerate(burst):
            # What was asked for since the last record holds from here on.
            if number > 0 and self.control.asked:
                return
            self.attempted, self.state = record.generation, step.state
            if self.folder is not None:
                self.folder.append(record, seconds=step.seconds)
            yield record
            # The first is kept for good: a fork at an early generation starts from it.
            due = self.recorded == 0 or time.monotonic() - self.clock > CHECKPOINT_SECONDS
            if due and self._checkpoint():
                yield Checkpointed(self.saved)

    def _burst(self, outcome: Outcome, started: float, last: int) -> list[tuple[Ahead, Generation]]:
        """Return the step that was run and those that follow it, with their records."""
        assert self.state is not None  # noqa: S101 - the step has just left it
        first = Ahead(self.state, outcome, time.monotonic() - started)
        ahead = self.burst.after(self.loop, first, last, self.control)
        try:
            records = self.measurer.measure([step.outcome for step in ahead])
        except Exception:
            if len(ahead) == 1:
                raise
            # Which one is at fault shows when it is alone; what comes before it is kept.
            ahead = ahead[:1]
            records = self.measurer.measure([outcome])
        self.burst.took(time.monotonic() - started)
        return list(zip(ahead, records, strict=True))

    def _replay(self, last: int) -> Generator[Event, None, None]:
        """Compute again what is recorded beyond the state, and compare it with the records."""
        start = self.state.generation if self.state else -1
        told = time.monotonic()
        for number in range(start + 1, last + 1):
            yield from self._advance(self._compare)
            if time.monotonic() - told > 0.25:
                told = time.monotonic()
                share = (number - start) / (last - start)
                yield Progress(number, share, f"replaying generation {number} of {last}")

    def _compare(self, outcome: Outcome) -> None:
        if self.folder is None or self.differences:
            return
        [record] = self.measurer.measure([outcome])
        if not self.folder.matches(record):
            n = outcome.generation
            raise GenerationError(
                f"generation {n} computed again differs from its record in {self.folder.path}:"
                f" the records or the experiment were edited; `collapse-tui resume"
                f" {self.folder.path} --from {max(n - 1, 0)}` discards what comes after"
            )

    def _checkpoint(self) -> bool:
        self.clock = time.monotonic()
        state = self.state
        if self.folder is None or state is None or state.generation in (self.saved, -1):
            return False
        if state.generation != self.folder.last:
            return False
        self.folder.checkpoint(state.generation, to_arrays(state))
        self.saved = state.generation
        self.flight.landed(state.generation)
        return True

    def _turn_knobs(self) -> Generator[Event, None, None]:
        settings = self.control.take()
        if not settings:
            return
        at = self.recorded + 1
        try:
            changed = self._intervened(max(at, 1), settings)
        except InvalidExperimentError as error:
            yield Refused(at, settings, str(error))
            return
        self.flight.forget()
        yield from self._adopt(changed)
        curves, _ = curves_of(changed)
        yield Intervened(max(at, 1), settings, curves)

    def _intervened(self, at: int, settings: Mapping[str, Any]) -> Experiment:
        changed = self.experiment.intervened(at, settings)
        if changed.form is not self.experiment.form:
            raise InvalidExperimentError(
                f"{', '.join(settings)} needs {changed.form.value}, but this run keeps only"
                f" {self.experiment.form.value}: start it anew with the change"
            )
        return changed

    def _adopt(self, changed: Experiment) -> Generator[Event, None, None]:
        """Go on with a changed experiment, on disk before its first step."""
        if self.folder is not None:
            self.folder.amend(changed.to_toml())
        covered = self.loop.needs.covers(changed.needs)
        self.experiment = changed
        # What the new policy needs of the past and was not kept is made again by replay.
        needs = self.loop.needs | changed.needs
        self.loop = replace(changed.recursion(self.device), needs=needs)
        self.measurer.experiment = changed
        self.measurer.loop = self.loop
        if not covered and self.state is not None:
            last = self.state.generation
            yield Progress(last, 0.0, f"replaying {last} generations for what the change needs")
            self.state = None
            yield from self._replay(last)
