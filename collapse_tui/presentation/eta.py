"""How long the generation in flight and the run will still take, from what they tell.

A generation is one or more parts, each of which tells fractions that rise from 0 to 1: a fit,
then draws from it. What is left of the part in hand follows from its own speed; parts and
generations still to come are taken to last as long as those before them.
"""

import math
from dataclasses import dataclass, replace

UNKNOWN = float("nan")

MINUTE, HOUR, DAY = 60, 3600, 86400

RECENT = 5
"""Generations whose mean stands for those to come."""
FALLS = 0.02
"""A fraction that falls by more than this begins another part."""
LEAST = 1e-3
"""Progress from which on a speed can be told."""


@dataclass(frozen=True, slots=True)
class TimeEstimate:
    """Where a run stands at one moment.

    Attributes
    ----------
    fraction : float
        Of the part in hand, 0 to 1; NaN if nothing has been told.
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
    """The clock of one run: a value, so that any thread may read it.

    Attributes
    ----------
    generations : int
        G.
    generation : int
        The one in flight, or the last one done.
    message : str
        What it told last.
    parts : tuple of float
        Seconds of the parts that it has finished.
    before : tuple of float
        Seconds of the parts of the generation before; empty if there is none.
    totals : tuple of float
        Seconds of the last generations.
    flying : bool
        Whether it is in flight.
    """

    generations: int = 0
    generation: int = -1
    message: str = ""
    parts: tuple[float, ...] = ()
    before: tuple[float, ...] = ()
    totals: tuple[float, ...] = ()
    flying: bool = False
    _began: float = 0.0
    _part_began: float = 0.0
    _first: tuple[float, float] | None = None
    _last: tuple[float, float] | None = None

    def begin(self, generation: int, now: float) -> "Timing":
        """Return the clock as a generation begins at second `now`."""
        return replace(
            self, generation=generation, message="", parts=(), flying=True, _began=now,
            _part_began=now, _first=None, _last=None,
        )  # fmt: skip

    def report(self, generation: int, fraction: float, message: str, now: float) -> "Timing":
        """Return the clock after a generation told how much of it is done."""
        if not self.flying or generation != self.generation:
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
        """Return the clock after the generation in flight ended; as it was if none is."""
        if not self.flying:
            return self
        parts = (*self.parts, now - self._part_began)
        totals = (*self.totals, now - self._began)[-RECENT:]
        return replace(self, flying=False, message="", before=parts, totals=totals, parts=())

    def delay(self, seconds: float) -> "Timing":
        """Return the clock after it stood still for so many seconds."""
        first, last = (
            None if point is None else (point[0] + seconds, point[1])
            for point in (self._first, self._last)
        )
        return replace(
            self, _began=self._began + seconds, _part_began=self._part_began + seconds,
            _first=first, _last=last,
        )  # fmt: skip

    def estimate(self, now: float) -> TimeEstimate:
        """Return where the run stands at second `now`."""
        fraction = UNKNOWN if self._last is None else self._last[1]
        if not self.flying:
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
        """Return the seconds until the part in hand ends, by its own speed."""
        if self._first is None or self._last is None:
            return UNKNOWN
        (start, first), (end, last) = self._first, self._last
        # A run that goes on within a generation begins with a fraction that it never earned,
        # so that the first one told says nothing of the speed.
        if last - first < LEAST or end <= start:
            return UNKNOWN
        left = (1 - last) * (end - start) / (last - first)
        return max(0.0, left - (now - end))


def format_duration(seconds: float) -> str:
    """Return a time in one unit, such as ``45 s``, ``12 min`` or ``3.5 h``."""
    if seconds < 1.5 * MINUTE:
        return f"{math.ceil(seconds)} s"
    if seconds < 1.5 * HOUR:
        return f"{round(seconds / MINUTE)} min"
    if seconds < 2 * DAY:
        return f"{seconds / HOUR:.1f} h"
    return f"{seconds / DAY:.1f} d"
