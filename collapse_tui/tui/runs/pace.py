"""How fast generations follow one another on the screen."""

import threading
import time
from collections.abc import Callable

LEVELS = (1.0, 5.0, 30.0, 100.0, float("inf"))
"""Generations a second; infinity is as fast as the engine goes."""

WATCHABLE = 20.0
"""Seconds that a run takes by default where it could be faster."""


class Pace:
    """A gate that each generation waits at; any thread may change its rate.

    Parameters
    ----------
    rate : float
        Generations a second; infinity for no limit.
    paused : bool
    clock : callable
        Seconds, monotonic.

    Attributes
    ----------
    rate : float
    paused : bool
        Whether generations are held back.
    stepping : bool
        Whether the generation in flight was requested as a single step.
    """

    def __init__(
        self, rate: float, *, paused: bool = False, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._turned = threading.Condition()
        self._clock = clock
        self.rate = rate
        self.paused = paused
        self._steps = 0
        self.stepping = False
        self._free_until = -1
        self._closed = False
        self._due = clock()

    def change_level(self, sign: int) -> float:
        """Go to the next level of `LEVELS` above (`sign` 1) or below (-1), and return it."""
        levels = [level for level in LEVELS if (level - self.rate) * sign > 0]
        if levels:
            self.set_rate(levels[0] if sign > 0 else levels[-1])
        return self.rate

    def set_rate(self, rate: float) -> None:
        """Continue at `rate` generations a second."""
        with self._turned:
            self.rate = rate
            self._due = self._clock()
            self._turned.notify_all()

    def pause(self, *, paused: bool) -> None:
        """Hold generations back, or let them continue."""
        with self._turned:
            self.paused, self._steps, self.stepping = paused, 0, False
            self._due = self._clock()
            self._turned.notify_all()

    def step(self, count: int = 1) -> None:
        """Pause, but let `count` more generations through."""
        with self._turned:
            self._steps = self._steps + count if self.paused else count
            self.paused = True
            self._turned.notify_all()

    def skip_to(self, generation: int) -> None:
        """Let everything up to `generation` through at once."""
        with self._turned:
            self._free_until = max(self._free_until, generation)
            self._turned.notify_all()

    def close(self) -> None:
        """Let everything through from now on, because the run is ending."""
        with self._turned:
            self._closed = True
            self._turned.notify_all()

    def wait(self, generation: int) -> None:
        """Block until `generation` may be computed.

        Parameters
        ----------
        generation : int
            The one that is next.
        """
        with self._turned:
            self.stepping = False
            while not (self._closed or generation <= self._free_until):
                if self.paused:
                    if self._take_step():
                        return
                    continue
                remaining = self._due - self._clock()
                if remaining <= 0:
                    # After a slow generation the next ones do not come faster to catch up.
                    self._due = max(self._due + 1 / self.rate, self._clock() - 1 / self.rate)
                    return
                self._turned.wait(remaining)

    def _take_step(self) -> bool:
        """Return whether a step was requested; where none was, wait for a change."""
        self.stepping = self._steps > 0
        if self.stepping:
            self._steps -= 1
        else:
            self._turned.wait()
        return self.stepping

    def holds(self, generation: int) -> bool:
        """Return whether a generation that has begun should pause where it is."""
        free = self._closed or self.stepping or generation <= self._free_until
        return self.paused and not free

    def hold(self, generation: int) -> None:
        """Block until `generation`, which has begun, may continue.

        Parameters
        ----------
        generation : int
            One that was requested as a single step is not held.
        """
        with self._turned:
            while self.holds(generation):
                if self._take_step():
                    return


def watchable_rate(generations: int) -> float:
    """Return the rate at which `generations` take about 20 s, at least 1 a second."""
    return max(1.0, generations / WATCHABLE)
