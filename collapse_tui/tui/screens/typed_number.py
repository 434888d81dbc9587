"""A number that is typed digit by digit before a key that uses it, such as 42 before g."""

import time
from collections.abc import Callable

PATIENCE = 3.0
"""Seconds after which digits are forgotten."""
LONGEST = 9
"""Digits that a number has at most."""


class TypedNumber:
    """Digits typed so far.

    Parameters
    ----------
    clock : callable
        Seconds, monotonic.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._digits = ""
        self._typed_at = 0.0

    @property
    def digits(self) -> str:
        """The digits that still count, empty for none."""
        if self._digits and self._clock() - self._typed_at > PATIENCE:
            self._digits = ""
        return self._digits

    def add(self, digit: str) -> str:
        """Append a digit; return all of them."""
        self._digits = (self.digits + digit)[:LONGEST]
        self._typed_at = self._clock()
        return self._digits

    def take(self) -> int | None:
        """Return the number and forget it; None where nothing was typed."""
        digits, self._digits = self.digits, ""
        return int(digits) if digits else None
