"""Several quick generations at once: measured together, recorded one by one."""

import time
from dataclasses import dataclass

from collapse_tui.control import Control
from engines.recursion import Outcome, Recursion, State

SECONDS = 0.01
"""What a burst should take at most: the screen is drawn less often."""
WIDEST = 64
"""Most generations of one burst,"""
ROWS = 2**15
"""and most rows that it measures: more do not fit into a core's cache."""


@dataclass(frozen=True, slots=True)
class PendingStep:
    """A step that has no record yet: the state after it, its outcome, and the seconds it took."""

    state: State
    outcome: Outcome
    seconds: float


class Burst:
    """How many generations to run before they are measured.

    As many as take about `SECONDS`: a slow run is recorded generation by generation. Steps
    that report progress are always measured alone.

    Parameters
    ----------
    replicates : int
    """

    def __init__(self, replicates: int) -> None:
        self._widest = max(1, min(WIDEST, ROWS // replicates))
        self._width = 1

    def disable(self) -> None:
        """Measure every step alone from here on: one has reported progress."""
        self._widest = self._width = 1

    def steps(
        self, loop: Recursion, first: PendingStep, last: int, control: Control
    ) -> list[PendingStep]:
        """Return a step and those that follow it, up to generation `last`.

        No step starts after `SECONDS`. A step that fails, or reports progress, is left to the
        next burst: steps are functions of the state, so that they can be repeated.
        """
        ahead, spent = [first], first.seconds
        while len(ahead) < self._width and ahead[-1].state.generation < last and spent < SECONDS:
            following = None if control.has_requests else self._quick(loop, ahead[-1].state)
            if following is None:
                break
            ahead.append(following)
            spent += following.seconds
        return ahead

    def _quick(self, loop: Recursion, state: State) -> PendingStep | None:
        started = time.monotonic()
        try:
            next(loop.step(state))
        except StopIteration as stop:
            after, outcome = stop.value
            return PendingStep(after, outcome, time.monotonic() - started)
        except Exception:  # noqa: BLE001 - raised again when the step is the first of its burst
            return None
        self.disable()
        return None

    def adapt(self, seconds: float) -> None:
        """Widen or narrow the next burst by the seconds that this one took."""
        if seconds > SECONDS:
            self._width = max(1, self._width // 2)
        elif seconds < SECONDS / 2:
            self._width = min(self._widest, 2 * self._width)
