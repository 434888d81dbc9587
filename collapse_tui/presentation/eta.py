"""How long the generation in flight and the run will still take, from their reports.

A generation consists of parts, such as a fit and draws from it, each of which reports fractions
that rise from 0 to 1. The time left for the current part follows from its speed; later parts
and generations are assumed to last as long as those before them.
"""

import math
from dataclasses import dataclass, replace

UNKNOWN = float("nan")

RECENT = 5
"""Generations whose mean duration is assumed for those to come."""
FALLS = 0.02
"""A fraction that falls by more than this starts another part."""
LEAST = 1e-3
"""Progress from which on a speed can be computed."""


@dataclass(frozen=True, slots=True)
class TimeEstimate:
    """Progress and time left at one instant.

    Attributes
    ----------
    fraction : float
        Of the current part, 0 to 1; NaN if nothing has been reported.
    elapsed : float
        Seconds since the generation began.
    left : float
        Seconds until it ends; NaN if unknown.
    run_left : float
        Seconds until the last generation ends; NaN if unknown.
    """

    fraction: float
    elapsed: float
    left: float
    run_left: float


@dataclass(frozen=True, slots=True)
class Timing:
    """The times of one run, as an immutable value that any thread may read.

    Attributes
    ----------
    generations : int
        G.
    generation : int
        The one in flight, or the last one done.
    message : str
        Its last report.
    parts : tuple of float
        Seconds of the parts that it has finished.
    before : tuple of float
        Seconds of the parts of the generation before; empty if there is none.
    totals : tuple of float
        Seconds of the last generations.
    in_flight : bool
        Whether it is in flight.
    """

    generations: int = 0
    generation: int = -1
    message: str = ""
    parts: tuple[float, ...] = ()
    before: tuple[float, ...] = ()
    totals: tuple[float, ...] = ()
    in_flight: bool = False
    _began: float = 0.0
    _part_began: float = 0.0
    _first: tuple[float, float] | None = None
    _last: tuple[float, float] | None = None

    def begin(self, generation: int, now: float) -> "Timing":
        """Return the times after a generation has begun at second `now`."""
        return replace(
            self, generation=generation, message="", parts=(), in_flight=True, _began=now,
            _part_began=now, _first=None, _last=None,
        )  # fmt: skip

    def report(self, generation: int, fraction: float, message: str, now: float) -> "Timing":
        """Return the times after a generation has reported the fraction that is done."""
        if not self.in_flight or generation != self.generation:
            return self.begin(generation, now).report(generation, fraction, message, now)
        here = (now, min(1.0, max(0.0, fraction)))
        if self._last is not None and here[1] < self._last[1] - FALLS:
            done = self._last[0] - self._part_began
            return replace(
                self, message=message, parts=(*self.parts, done), _part_began=self._last[0],
                _first=here, _last=here,
            )  # fmt: skip
        return replace(self, message=message, _first=self._first or here, _last=here)

    def finish(self, now: float) -> "Timing":
        """Return the times after the generation in flight has ended; unchanged if there is none."""
        if not self.in_flight:
            return self
        parts = (*self.parts, now - self._part_began)
        totals = (*self.totals, now - self._began)[-RECENT:]
        return replace(self, in_flight=False, message="", before=parts, totals=totals, parts=())

    def delay(self, seconds: float) -> "Timing":
        """Return the times after a pause of so many seconds."""
        first, last = (
            None if point is None else (point[0] + seconds, point[1])
            for point in (self._first, self._last)
        )
        return replace(
            self, _began=self._began + seconds, _part_began=self._part_began + seconds,
            _first=first, _last=last,
        )  # fmt: skip

    def estimate(self, now: float) -> TimeEstimate:
        """Return progress and time left at second `now`."""
        fraction = UNKNOWN if self._last is None else self._last[1]
        if not self.in_flight:
            left = (self.generations - self.generation) * self._typical()
            return TimeEstimate(UNKNOWN, 0.0, UNKNOWN, left)
        elapsed = max(0.0, now - self._began)
        left = self._left(now)
        typical = self._typical() if self.totals else elapsed + left
        rest = (self.generations - self.generation) * typical
        return TimeEstimate(fraction, elapsed, left, left + rest)

    def _typical(self) -> float:
        return sum(self.totals) / len(self.totals) if self.totals else UNKNOWN

    def _left(self, now: float) -> float:
        index = len(self.parts)
        here = self._here(now)
        if math.isnan(here) and index < len(self.before):
            here = max(0.0, self.before[index] - (now - self._part_began))
        return here + sum(self.before[index + 1 :])

    def _here(self, now: float) -> float:
        """Return the seconds until the current part ends, by its own speed."""
        if self._first is None or self._last is None:
            return UNKNOWN
        (start, first), (end, last) = self._first, self._last
        # A run resumed within a generation starts at a fraction that took no time now, so
        # that the first report says nothing about the speed.
        if last - first < LEAST or end <= start:
            return UNKNOWN
        left = (1 - last) * (end - start) / (last - first)
        return max(0.0, left - (now - end))


def time_left(generations: int, rate: float, reported: float = UNKNOWN) -> float:
    """Return the seconds that a run still takes; NaN if unknown.

    Parameters
    ----------
    generations : int
        How many are left.
    rate : float
        Generations a second; NaN or 0 if unknown.
    reported : float
        What the generation in flight says of the run (`TimeEstimate.run_left`), which goes first.
    """
    if math.isfinite(reported):
        return reported
    return generations / rate if rate > 0 else UNKNOWN
