"""One run on the screen: its events taken at a pace, its history published as snapshots."""

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
)
from collapse_tui.presentation.eta import Timing
from collapse_tui.presentation.snapshot import History, Snapshot
from collapse_tui.tui.runs.descriptions import CannotStart, Knob, RunHandle
from collapse_tui.tui.runs.pace import Pace, watchable

Clock = Callable[[], float]


class Notice(NamedTuple):
    """Something to say to the reader."""

    text: str
    severity: Literal["information", "warning", "error"] = "information"


class Session:
    """A run and everything the screen knows of it.

    `work` runs in a worker thread; all else may be called from the screen's thread and
    returns at once.

    Parameters
    ----------
    open_run : callable
        Returns the run; called in the worker, because it imports engines.
    paused : bool
        Stop before the first generation.
    free_until : int
        Generations up to this one are not held to the pace (a fork repeats its parent).
    clock : callable
    rate : float or None
        Generations a second; None lets the run take about 20 s.
    """

    def __init__(
        self,
        open_run: Callable[[], RunHandle],
        *,
        paused: bool = False,
        free_until: int = 0,
        clock: Clock = time.monotonic,
        rate: float | None = None,
    ) -> None:
        self.handle: RunHandle | None = None
        self.notices: deque[Notice] = deque(maxlen=20)
        self.pending: dict[str, object] = {}
        self.forked_at: int | None = None
        self.pace = Pace(rate or 1.0, paused=paused, clock=clock)
        self._rate = rate
        self._open = open_run
        self._clock = clock
        self._recent: deque[float] = deque(maxlen=40)
        self._history = History()
        self._stopping = False
        self._stored = -1
        self.pace.skip_to(free_until)

    @property
    def now(self) -> float:
        """Seconds on the clock that the run is timed by."""
        return self._clock()

    @property
    def stopping(self) -> bool:
        """Whether it was asked to end and has not yet done so."""
        return self._stopping and not self.snapshot.over

    @property
    def snapshot(self) -> Snapshot:
        """The run as it stands: replaced, never changed."""
        return self._history.snapshot

    def work(self) -> None:
        """Run to the end. Never raises: a fault becomes a failed snapshot."""
        try:
            self.handle = handle = self._open()
            if self._rate is None:
                self.pace.retime(watchable(handle.generations))
            changes = tuple(Intervened(at, settings) for at, settings in handle.interventions)
            self._history.note(generations=handle.generations, interventions=changes)
            if self._stopping:
                handle.control.stop()
            for event in handle.events:
                # The iterator is always exhausted: closing it early would read as a crash.
                self._take(event)
                if isinstance(event, Generation):
                    self.pace.wait(event.generation + 1)
                    self._begin(event.generation + 1)
            if not self.snapshot.over:
                self._end("stopped" if self._stopping else "finished", "")
        except CannotStart as refusal:
            self._end("failed", str(refusal))
        except Exception as fault:  # noqa: BLE001 - the screen must outlive any engine
            self._end("failed", f"{type(fault).__name__}: {fault}")

    @property
    def closed(self) -> str:
        """Why nothing can be turned now; empty if it can."""
        if self.snapshot.over:
            return "the run is over; f forks it from the generation shown"
        return "the run is still opening" if self.handle is None else ""

    def set(self, settings: Mapping[str, object]) -> str:
        """Turn knobs; return why that is refused, or nothing."""
        if self.handle is None or self.closed:
            return self.closed
        try:
            self.handle.control.set(settings)
        except (ValueError, TypeError, KeyError) as refusal:
            return str(refusal)
        self.pending = {**self.pending, **settings}
        return ""

    def value(self, knob: Knob) -> object:
        """Return where a knob stands: as asked for, as it was turned, or as it began."""
        if knob.key in self.pending:
            return self.pending[knob.key]
        begun = self.snapshot.generation + 1
        for change in reversed(self.snapshot.interventions):
            if change.at <= begun and knob.key in change.settings:
                return change.settings[knob.key]
        return knob.value

    def stop(self) -> None:
        """Ask the run to save its state and end."""
        self._stopping = True
        if self.handle is not None:
            self.handle.control.stop()
        self.pace.close()

    def _take(self, event: Event) -> None:
        history = self._history
        match event:
            case Generation():
                history.clock(self.snapshot.timing.finish(self._clock()))
                history.take(event, self._measured())
            case Started():
                self.notices.extend(Notice(note) for note in event.notes)
                self.pace.skip_to(event.generation)
                history.clock(Timing(event.generations, event.generation))
                self._stored = event.generation
                history.note(
                    phase="running", generations=event.generations, device=event.device,
                    folder=str(event.folder or ""), curves=event.curves, absent=event.absent,
                )  # fmt: skip
            case Progress():
                self._progress(event)
            case Intervened():
                changes = (*self.snapshot.interventions, event)
                curves = event.curves or self.snapshot.curves
                self._settle(event.settings)
                history.note(interventions=changes, curves=curves)
            case Refused():
                self._settle(event.settings)
                self.notices.append(Notice(event.reason, "error"))
                history.note()
            case Finished():
                self._end(event.reason, "", str(event.folder or ""))
            case Failed():
                self._end("failed", event.reason, str(event.folder or ""))
            case _:
                pass

    def _begin(self, generation: int) -> None:
        timing = self.snapshot.timing
        # What is read from disk takes no time that says anything of the rest.
        ahead = self._stored + 1 < generation <= timing.generations
        if ahead and not self._stopping:
            self._history.clock(timing.begin(generation, self._clock()))

    def _progress(self, event: Progress) -> None:
        timing = self.snapshot.timing
        timing = timing.report(event.generation, event.fraction, event.message, self._clock())
        recorded = event.generation <= self.snapshot.generation
        self._history.clock(timing)
        if recorded or not self.pace.holds(event.generation):
            return
        since = self._clock()
        self._history.clock(timing, since)
        self.pace.hold(event.generation)
        self._history.clock(timing.delay(self._clock() - since))

    def _settle(self, settings: Mapping[str, object]) -> None:
        self.pending = {
            key: value
            for key, value in self.pending.items()
            if key not in settings or settings[key] != value
        }

    def _end(self, phase: str, message: str, folder: str = "") -> None:
        self._history.clock(self.snapshot.timing.finish(self._clock()))
        self._history.note(
            phase=phase, message=message, folder=folder or self.snapshot.folder,
            rate=float("nan"),
        )  # fmt: skip

    def _measured(self) -> float:
        self._recent.append(self._clock())
        span = self._recent[-1] - self._recent[0]
        return (len(self._recent) - 1) / span if span > 0 else float("nan")
