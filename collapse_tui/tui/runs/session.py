"""One run on the screen: it takes the events at a pace and publishes them as snapshots."""

import math
import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple

from collapse_tui.events import (
    Event,
    Failed,
    Finished,
    Generation,
    Intervened,
    Progress,
    Refused,
    Started,
    TheoryExtended,
)
from collapse_tui.experiment.knobs import Knob, setting_labels
from collapse_tui.presentation.eta import Timing
from collapse_tui.presentation.snapshot import RunHistory, Snapshot, StepProgress
from collapse_tui.tui.foreground import FOREGROUND
from collapse_tui.tui.runs.descriptions import CannotStart
from collapse_tui.tui.runs.launcher import OpenRun
from collapse_tui.tui.runs.pace import Pace, watchable_rate
from collapse_tui.visible_text import to_visible_line

Clock = Callable[[], float]


class Notice(NamedTuple):
    """A message for the user."""

    text: str
    severity: Literal["information", "warning", "error"] = "information"


class Fork(NamedTuple):
    """Where a run comes from that was forked from another one.

    Attributes
    ----------
    letter : str
        Of the run it was forked from.
    at : int
        Last generation that both share.
    settings : mapping
        What was changed.
    """

    letter: str
    at: int
    settings: Mapping[str, object]


class Session:
    """A run and everything that the screen knows of it.

    `run_to_end` runs in a worker thread; everything else may be called from the screen's
    thread and returns at once.

    Parameters
    ----------
    open_run : callable
        Returns the run; called in the worker, because it imports engines.
    paused : bool
        Pause before the first generation.
    free_until : int
        Generations up to this one are not held to the pace (a fork repeats its parent).
    clock : callable
        Seconds, monotonic.
    rate : float or None
        Generations a second; None lets the run take about 20 s.

    Attributes
    ----------
    run : OpenRun or None
        None until it is open.
    pace : Pace
    notices : deque of Notice
        Messages that are not shown yet.
    letter : str
        A to F: how it is called on the screen.
    fork : Fork or None
        Where it comes from; None for a run that is no fork.
    fault : Exception or None
        What ended the run where that is a defect: of the program, or of another package.
    """

    def __init__(
        self,
        open_run: Callable[[], OpenRun],
        *,
        paused: bool = False,
        free_until: int = 0,
        clock: Clock = time.monotonic,
        rate: float | None = None,
    ) -> None:
        self.run: OpenRun | None = None
        self.notices: deque[Notice] = deque(maxlen=20)
        self.letter = "A"
        self.fork: Fork | None = None
        self.fault: Exception | None = None
        self.pace = Pace(rate or 1.0, paused=paused, clock=clock)
        self._pending: dict[str, object] = {}
        self._rate = rate
        self._open_run = open_run
        self._clock = clock
        self._recent: deque[float] = deque(maxlen=40)
        self._history = RunHistory()
        self._stopping = False
        self._stored = -1
        self.pace.skip_to(free_until)

    @property
    def snapshot(self) -> Snapshot:
        """The run as it stands: replaced, never changed."""
        return self._history.snapshot

    @property
    def forked_at(self) -> int | None:
        """Last generation that a fork shares with the run it was forked from."""
        return self.fork.at if self.fork else None

    @property
    def step(self) -> StepProgress:
        """The generation in flight as it stands now."""
        snapshot = self.snapshot
        now = self._clock() if snapshot.held_at is None else snapshot.held_at
        stopping = self._stopping and not snapshot.over
        return StepProgress(now, snapshot.timing.estimate(now), stopping)

    def run_to_end(self) -> None:
        """Run all generations. Never raises: an error becomes a snapshot of a failed run."""
        try:
            run = self._open()
            self._open_run = _open_no_more  # it holds the run that this one was forked from
            for event in run.events:
                # The iterator is always exhausted: closing it early would look like a crash.
                self._handle(event)
                if isinstance(event, Generation):
                    self.pace.wait(event.generation + 1)
                    FOREGROUND.stand_aside()
                    self._begin_generation(event.generation + 1)
            if not self.snapshot.over:
                self._finish("stopped" if self._stopping else "finished", "")
        except CannotStart as refusal:
            self.fault = _foreign_fault(refusal)
            self._finish("failed", str(refusal))
        except Exception as fault:  # noqa: BLE001 - the screen must outlive any engine
            self.fault = fault
            self._finish("failed", f"{type(fault).__name__}: {fault}")

    def _open(self) -> OpenRun:
        """Open the run and publish what is known of it before its first event."""
        self.run = run = self._open_run()
        if run.watched:
            self.pace.set_rate(math.inf)  # as fast as its own process goes
        elif self._rate is None:
            self.pace.set_rate(watchable_rate(run.generations))
        changes = tuple(Intervened(change.at, change.settings) for change in run.interventions)
        self._history.publish(
            generations=run.generations, interventions=changes, writer=run.writer,
            labels=setting_labels(run.knobs),
        )  # fmt: skip
        if self._stopping:
            run.control.stop()
        return run

    @property
    def why_no_changes(self) -> str:
        """Why no setting can be changed now, empty if one can."""
        if self.snapshot.over:
            return "the run is over; f forks it from the generation shown"
        return "the run is still opening" if self.run is None else self.watched

    @property
    def watched(self) -> str:
        """Why nothing can be changed of a run of another process, empty for one of this one."""
        return self.run.watched if self.run is not None else ""

    def set(self, settings: Mapping[str, object]) -> str:
        """Request new settings; return why that is refused, empty if it is not."""
        if self.run is None or self.why_no_changes:
            return self.why_no_changes
        try:
            self.run.control.set(settings)
        except (ValueError, TypeError, KeyError) as refusal:
            return str(refusal)
        self._pending = {**self._pending, **settings}
        return ""

    def withdraw(self) -> Mapping[str, object]:
        """Take back the last settings requested, and return them; none if the run has them."""
        if self.run is None:
            return {}
        control = self.run.control
        withdrawn = control.withdraw()
        self._pending = control.queued
        return withdrawn

    def value_of(self, knob: Knob) -> object:
        """Return the value of a setting: as requested, as changed last, or as at the start."""
        if knob.key in self._pending:
            return self._pending[knob.key]
        if self.fork and self.snapshot.generation <= self.fork.at:
            requested = self.fork.settings
            if knob.key in requested:
                return requested[knob.key]
        upcoming = self.snapshot.generation + 1
        for change in reversed(self.snapshot.interventions):
            if change.at <= upcoming and knob.key in change.settings:
                return change.settings[knob.key]
        return knob.value

    def stop(self) -> None:
        """Ask the run to save its state and end."""
        self._stopping = True
        if self.run is not None:
            self.run.control.stop()
        self.pace.close()

    @property
    def answered(self) -> bool:
        """Whether the run has looked at the request to stop."""
        return self.run is not None and self.run.control.answered

    def record_interruption(self, reason: str) -> None:
        """Store that the run was interrupted, in place of a run that does not answer."""
        if self.run is not None and self.run.control.record_interruption is not None:
            self.run.control.record_interruption(reason)

    def _handle(self, event: Event) -> None:
        history = self._history
        match event:
            case Generation():
                history.set_timing(self.snapshot.timing.finish(self._clock()))
                history.add_record(event, self._measure_rate())
            case Started():
                self.notices.extend(Notice(note) for note in event.notes)
                self.pace.skip_to(event.generation)
                history.set_timing(Timing(event.generations, event.generation))
                self._stored = event.generation
                history.publish(
                    phase="running", generations=event.generations, device=event.device,
                    folder=str(event.folder or ""), curves=event.curves, absent=event.absent,
                    resumed_at=self._stored if self._stored >= 0 and not self.fork else None,
                    sizes=event.sizes,
                )  # fmt: skip
            case Progress():
                self._report(event)
            case Intervened():
                changes = (*self.snapshot.interventions, event)
                curves = event.curves or self.snapshot.curves
                absent = event.absent or self.snapshot.absent
                self._clear_pending(event.settings)
                history.publish(interventions=changes, curves=curves, absent=absent)
            case TheoryExtended():
                history.publish(curves=event.curves, absent=event.absent)
            case Refused():
                self._clear_pending(event.settings)
                self.notices.append(Notice(event.reason, "error"))
                history.publish()
            case Finished() | Failed():
                self._end(event)
            case _:
                pass

    def _end(self, event: Finished | Failed) -> None:
        failed = isinstance(event, Failed)
        if not failed and event.condition:
            self.notices.append(Notice(f"stopped: {event.condition}"))
        phase, message = ("failed", event.reason) if failed else (event.reason, "")
        self._finish(phase, message, str(event.folder or ""))

    def _begin_generation(self, generation: int) -> None:
        timing = self.snapshot.timing
        # Records read from disk are not timed: that says nothing about those to come.
        computed = self._stored + 1 < generation <= timing.generations
        if computed and not self._stopping:
            self._history.set_timing(timing.begin(generation, self._clock()))

    def _report(self, event: Progress) -> None:
        timing = self.snapshot.timing
        message = to_visible_line(event.message)
        timing = timing.report(event.generation, event.fraction, message, self._clock())
        recorded = event.generation <= self.snapshot.generation
        self._history.set_timing(timing)
        if recorded or not self.pace.holds(event.generation):
            return
        since = self._clock()
        self._history.set_timing(timing, since)
        self.pace.hold(event.generation)
        self._history.set_timing(timing.delay(self._clock() - since))

    def _clear_pending(self, settings: Mapping[str, object]) -> None:
        self._pending = {
            key: value
            for key, value in self._pending.items()
            if key not in settings or settings[key] != value
        }

    def _finish(self, phase: str, message: str, folder: str = "") -> None:
        self._history.set_timing(self.snapshot.timing.finish(self._clock()))
        # a run of another process goes on where only its watching was stopped
        writer = self.snapshot.writer if self._stopping else ""
        self._history.publish(
            phase=phase, message=to_visible_line(message), folder=folder or self.snapshot.folder,
            rate=float("nan"), writer=writer,
        )  # fmt: skip

    def _measure_rate(self) -> float:
        self._recent.append(self._clock())
        span = self._recent[-1] - self._recent[0]
        return (len(self._recent) - 1) / span if span > 0 else float("nan")


def _open_no_more() -> OpenRun:
    raise CannotStart("a session runs once")


def _foreign_fault(refusal: CannotStart) -> Exception | None:
    """Return the defect of another package that is behind a refusal, None if there is none."""
    from engines.errors import ForeignFaultError  # the first paint does not wait for it

    cause = refusal.__cause__
    return cause if isinstance(cause, ForeignFaultError) else None
