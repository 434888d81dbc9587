"""One run in memory: its experiment, loop and state, advanced, changed and replayed."""

import time
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

from collapse_tui.control import Control
from collapse_tui.events import Event, Generation, Intervened, Progress, Refused
from collapse_tui.execution.burst import Burst, PendingStep
from collapse_tui.execution.overlays import curves_of
from collapse_tui.execution.recorder import Recorder
from collapse_tui.execution.step_in_flight import StepInFlight
from collapse_tui.execution.theory_starts import TheoryStarts
from collapse_tui.experiment.edit import with_intervention
from collapse_tui.experiment.experiment import Experiment
from collapse_tui.storage.checkpoints import Checkpoints
from collapse_tui.storage.errors import DamagedCheckpointError
from collapse_tui.storage.folder import RunFolder
from collapse_tui.storage.resume_command import resume_command
from collapse_tui.storage.saved import SavedRun
from engines.arrays import Arrays
from engines.checkpoint import from_arrays
from engines.errors import DeviceMemoryError, GenerationError, InvalidExperimentError
from engines.recursion import Outcome, State
from engines.runtime.journal import finished_fit

if TYPE_CHECKING:
    from engines.runtime.step import Step

Value = TypeVar("Value")


class StopRequest(Exception):  # noqa: N818 - a request, not an error
    """Stop requested inside a generation."""


@dataclass(eq=False)
class LiveRun:
    """The state of a run, and the steps that change it; records are written by the driver.

    Attributes
    ----------
    experiment : Experiment
    folder : RunFolder or None
    control : Control
    verify : bool
        Whether replayed generations must equal their records byte for byte.
    views : bool
        Whether records get a view.
    origin : SavedRun or None
        The run that the records of a replay are of, if that is not the folder.
    state : State or None
        After the newest step; None before generation 0.
    attempted : int
        Generation of the newest step begun.
    """

    experiment: Experiment
    folder: RunFolder | None
    control: Control
    verify: bool
    views: bool
    origin: SavedRun | None = None
    state: State | None = None
    attempted: int = 0

    def __post_init__(self) -> None:
        """Build the loop and what measures it."""
        self.loop = self.experiment.recursion()
        self.recorder = Recorder(self.experiment, self.loop, self.views)
        self.in_flight = StepInFlight(self.folder)
        self.starts = TheoryStarts(self.folder, self.experiment.source)
        self.burst = Burst(self.experiment.replicates)

    def restore(self, checkpoints: Checkpoints, last: int, *, spare_damaged: bool = False) -> int:
        """Load the newest checkpoint that suffices; return its generation, -1 if none does.

        Parameters
        ----------
        checkpoints : Checkpoints
        last : int
            Later ones are not looked at.
        spare_damaged : bool
            Whether an older one, or none, serves in place of a damaged one; else
            DamagedCheckpointError.
        """
        for generation in reversed(checkpoints.generations()):
            if generation > last:
                continue
            try:
                state = from_arrays(checkpoints.load(generation), generation, self.loop)
            except DamagedCheckpointError:
                if spare_damaged:
                    continue
                raise
            if self._suffices(state):
                self.state = state
                return generation
        return -1

    def _suffices(self, state: State) -> bool:
        # A policy that came later may need earlier data or models: then all is replayed.
        needs, n = self.loop.needs, state.generation
        has_union = state.union is not None or not needs.union
        has_pool = state.pool is not None or not needs.pool
        kept = self.loop.setup(1).engine.keeps_reference and n > 0
        has_reference = state.reference is not None or not kept
        has_past = not needs.past or len(state.past) == n
        return has_union and has_pool and has_past and has_reference

    def run_ahead(self, last: int) -> Generator[Event, None, list[tuple[PendingStep, Generation]]]:
        """Run the next step, and quick ones after it up to `last`; return them with their records.

        Yields
        ------
        Event
            Progress of the step, and interventions that too little memory makes necessary.
        """
        started, before = time.monotonic(), self.state
        try:
            return (yield from self._advance(lambda outcome: self._pending(outcome, started, last)))
        except BaseException:
            # A step without a record must not be saved.
            self.state = before
            raise

    def _pending(
        self, outcome: Outcome, started: float, last: int
    ) -> list[tuple[PendingStep, Generation]]:
        assert self.state is not None  # noqa: S101 - the step has just set it
        first = PendingStep(self.state, outcome, time.monotonic() - started)
        steps = self.burst.steps(self.loop, first, last, self.control)
        try:
            records = self.recorder.measure([step.outcome for step in steps])
        except Exception:
            if len(steps) == 1:
                raise
            # The step at fault fails again when it is first; those before it are recorded.
            steps = steps[:1]
            records = self.recorder.measure([outcome])
        self.burst.adapt(time.monotonic() - started)
        return list(zip(steps, records, strict=True))

    def replay(self, last: int) -> Generator[Event, None, None]:
        """Recompute the generations after the state up to `last`, and verify their records."""
        start = self.state.generation if self.state else -1
        reported = time.monotonic()
        for number in range(start + 1, last + 1):
            if self.control.stop_requested:
                raise StopRequest
            yield from self._advance(self._verify)
            self.note_state()
            if time.monotonic() - reported > 0.25:
                reported = time.monotonic()
                share = (number - start) / (last - start)
                yield Progress(number, share, f"replaying generation {number} of {last}")

    def _verify(self, outcome: Outcome) -> None:
        stored = self.folder or self.origin
        if stored is None or not self.verify:
            return
        [record] = self.recorder.measure([outcome])
        if not stored.matches(record):
            n, path = outcome.generation, (self.origin or stored).path
            raise GenerationError(
                f"generation {n}, recomputed, differs from its record in {path}:"
                " the records or the experiment were edited, or computed by another version or on"
                " another machine (provenance.json);"
                f" `{resume_command(path, '--from', str(max(n - 1, 0)))}` discards"
                " what comes after"
            )

    def _advance(self, use: Callable[[Outcome], Value]) -> Generator[Event, None, Value]:
        """Run one step (the first is generation 0) and return what `use` makes of its outcome.

        `use` belongs to the step: metrics run networks too, and may find too little memory.
        """
        before = self.state
        self.attempted = before.generation + 1 if before else 0
        if before is None:
            self.state, outcome = self.loop.start()
            return use(outcome)
        number = before.generation + 1
        partial, tried = self.in_flight.load_partial(number), list[dict[str, Any]]()
        while True:
            try:
                return use((yield from self._step(before, partial)))
            except DeviceMemoryError as error:
                if error.settings in tried:
                    raise GenerationError(f"{error}, which was tried already") from None
                tried.append(error.settings)
                self.state = before
                fit = finished_fit(self.in_flight.partial or partial or {})
                partial = yield from self._reduce_memory(number, error, fit)

    def _step(self, state: State, partial: Arrays | None) -> Generator[Event, None, Outcome]:
        number = state.generation + 1
        steps = self.loop.step(state, partial)
        try:
            while True:
                step: Step = next(steps)
                self.burst.disable()
                self.in_flight.save_partial(number, step.partial)
                if self.control.stop_requested:
                    steps.close()
                    raise StopRequest
                yield Progress(number, step.fraction, step.message)
        except StopIteration as stop:
            self.state, outcome = stop.value
            return outcome

    def _reduce_memory(
        self, at: int, error: DeviceMemoryError, fit: Arrays
    ) -> Generator[Event, None, Arrays | None]:
        """Adopt the settings that need less memory, as an intervention.

        Return the fit where it is the same with these settings, to the last digit.
        """
        engine = self.loop.setup(at).engine
        changed = with_intervention(self.experiment, at, error.settings)
        yield from self._adopt(changed)
        yield Progress(at, 0.0, str(error))
        yield self._intervened(at, error.settings)
        if not fit or not self.loop.setup(at).engine.same_fit_as(engine):
            return None
        self.in_flight.save_partial(at, fit)
        return fit

    def intervene(self, at: int, settings: Mapping[str, Any]) -> Generator[Event, None, None]:
        """Change settings from step `at` on, or say why that is refused."""
        step = max(at, 1)
        try:
            changed = self._with_intervention(step, settings)
        except InvalidExperimentError as error:
            yield Refused(at, settings, str(error))
            return
        yield from self._adopt(changed)
        yield self._intervened(step, settings)

    def _intervened(self, at: int, settings: Mapping[str, Any]) -> Intervened:
        self.note_state()
        curves, absent = curves_of(self.experiment, 0, self.starts.states)
        return Intervened(at, settings, curves, absent)

    def note_state(self) -> None:
        """Keep what theory needs of the present state if the step after it has other settings."""
        self.starts.note(self.experiment, self.loop, self.state)

    def _with_intervention(self, at: int, settings: Mapping[str, Any]) -> Experiment:
        changed = with_intervention(self.experiment, at, settings)
        if changed.form is not self.experiment.form:
            raise InvalidExperimentError(
                f"{', '.join(settings)} needs {changed.form.value}, but this run keeps only"
                f" {self.experiment.form.value}: start a new run with the change"
            )
        return changed

    def _adopt(self, changed: Experiment) -> Generator[Event, None, None]:
        """Continue with a changed experiment, which is on disk before its first step."""
        self.in_flight.discard()
        if self.folder is not None:
            self.folder.replace_experiment(changed.to_toml())
        covered = self.loop.needs.covers(changed.needs)
        self.experiment = self.recorder.experiment = changed
        needs = self.loop.needs | changed.needs
        self.loop = self.recorder.loop = replace(changed.recursion(), needs=needs)
        if not covered and self.state is not None:
            # What the new policy needs of the past was not kept: it is recomputed.
            last = self.state.generation
            yield Progress(last, 0.0, f"replaying {last} generations for what the change needs")
            self.state = None
            yield from self.replay(last)
