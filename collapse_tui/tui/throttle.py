"""Calls that come more often than the screen should change: the newest of them, in time."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Generic, TypeVar

from textual.message_pump import MessagePump

if TYPE_CHECKING:
    from textual.timer import Timer

Value = TypeVar("Value")


class Throttle(Generic[Value]):
    """Calls a function with the newest of many values, at most once in an interval.

    The first value is passed on at once, so that a single one never waits.

    Parameters
    ----------
    owner : MessagePump
        Its timers are used; they end with it.
    interval : float
        Seconds between two calls.
    act : callable
    """

    def __init__(self, owner: MessagePump, interval: float, act: Callable[[Value], object]) -> None:
        self._owner = owner
        self._interval = interval
        self._act = act
        self._timer: Timer | None = None
        self._waiting: list[Value] = []

    def offer(self, value: Value) -> None:
        """Pass a value on now, or once the interval is over, unless a newer one has come."""
        if self._timer is not None:
            self._waiting = [value]
            return
        self._timer = self._owner.set_timer(self._interval, self._continue)
        self._act(value)

    def _continue(self) -> None:
        self._timer = None
        if self._waiting:
            self.offer(self._waiting.pop())
