"""What ends the screen at a request, whatever else hangs."""

import signal
import threading
import time
from collections.abc import Callable, Sequence
from typing import Protocol

from typing_extensions import override

from collapse_tui.signal_watch import PATIENCE, Reply, SignalWatch

SAVING = 6.0
"""Seconds in which runs that have answered save their state; what is on disk is enough then."""
GRACE = 1.5
"""Seconds to close in order once every state is saved; twice as many where a key asked for it."""


class Stoppable(Protocol):
    """A run in progress."""

    @property
    def answered(self) -> bool:
        """Whether it has looked at the request to stop."""
        ...

    def stop(self) -> None:
        """Ask the run to save its state and end."""


class Watchdog(Reply):
    """Stops the runs at a signal, or when the user leaves, and ends the process if need be.

    The main thread may wait for a terminal that takes nothing any more, and a run may be inside
    numpy for minutes; so a thread that waits for nothing does both.

    Parameters
    ----------
    leave : callable
        Gets the exit code, 128 and the signal's number; asks the screen to close.
    running : callable
        Returns the runs whose state is not saved yet.
    abandon : callable
        Gets the reason; gives the terminal back and says what is left to say of the runs.
    """

    def __init__(
        self,
        leave: Callable[[int], object],
        running: Callable[[], Sequence[Stoppable]],
        abandon: Callable[[str], object],
    ) -> None:
        super().__init__()
        self._leave, self._running, self._abandon = leave, running, abandon
        self._watch = SignalWatch(self)
        self._lock = threading.Lock()
        self._hurried = self._expected = False
        self._left_with = 0
        self._saved_at: float | None = None

    @property
    @override
    def exit_code(self) -> int:
        return super().exit_code or self._left_with

    def open(self) -> None:
        """Handle the signals from now on, but for those that are ignored on purpose."""
        self._watch.open()

    def close(self) -> None:
        """Let the process end by itself; the signals do what they did before."""
        self._watch.close()

    def end(self, number: int) -> None:
        """Save all states and leave, as at a signal; a second request does not wait for them."""
        with self._lock:
            if self.number is not None:
                # a closed terminal sends SIGHUP and is then found gone: that is one request
                self._hurried |= signal.SIGHUP not in {number, self.number}
                return
            self.number, self._expected = number, True
        self._watch.begin()
        self._leave(self.exit_code)

    def expect_end(self, exit_code: int) -> None:
        """See to it that the runs, which were asked to stop, and the screen come to their end."""
        if not self._expected:
            self._expected, self._left_with = True, exit_code
            self._watch.begin()

    @override
    def handle(self, number: int) -> None:
        """Do nothing: `notice` does, even where the main thread cannot."""

    @override
    def notice(self, number: int) -> None:
        self.end(number)

    @override
    def is_late(self, seconds: float) -> bool:
        running = self._running()
        for session in running:
            session.stop()
        if self._hurried:
            return True
        if running:
            # who leaves with a key sees on the screen what is still being saved
            limit = SAVING if self.number else float("inf")
            return seconds > (limit if all(one.answered for one in running) else PATIENCE)
        now = time.monotonic()
        self._saved_at = self._saved_at or now
        return now - self._saved_at > (GRACE if self.number else 2 * GRACE)

    @override
    def give_up(self) -> None:
        name = signal.Signals(self.number).name if self.number else "a request"
        self._abandon(f"stopped by {name}")
