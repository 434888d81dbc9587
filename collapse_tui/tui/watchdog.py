"""What ends the screen when a signal asks for it, whatever else hangs."""

import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from types import FrameType
from typing import Any, Protocol

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PATIENCE = 6.0
"""Seconds in which a run saves its state; after them what is on disk already is enough."""
GRACE = 1.5
"""Seconds in which the screen may close in order once every state is saved."""


class Stoppable(Protocol):
    """A run in progress."""

    def stop(self) -> None:
        """Ask the run to save its state and end."""


class Watchdog:
    """Handles the signals that end the screen, and ends the process if the screen does not.

    The main thread may wait for a terminal that takes nothing any more; so the runs are
    stopped, and the process ended, by a thread that waits for nothing.

    Parameters
    ----------
    leave : callable
        Gets the exit code, 128 and the signal's number; asks the screen to close.
    running : callable
        Returns the runs whose state is not saved yet.
    abandon : callable
        Gives the terminal back, just before the process ends.
    exit : callable
        Ends the process with a code.
    """

    def __init__(
        self,
        leave: Callable[[int], object],
        running: Callable[[], Sequence[Stoppable]],
        abandon: Callable[[], object],
        exit: Callable[[int], object] = os._exit,  # noqa: A002 - what it is
    ) -> None:
        self.number: int | None = None
        self._leave, self._running, self._abandon, self._exit = leave, running, abandon, exit
        self._hurry = threading.Event()
        self._closed = threading.Event()
        self._before: dict[int, Any] = {}

    @property
    def exit_code(self) -> int:
        """128 and the number of the signal; 0 if none has come."""
        return 128 + self.number if self.number else 0

    def open(self) -> None:
        """Handle the signals from now on, but for those that are ignored on purpose."""
        if threading.current_thread() is not threading.main_thread():
            return
        for number in ENDING:
            if signal.getsignal(number) is not signal.SIG_IGN:
                self._before[number] = signal.signal(number, self._handle)

    def close(self) -> None:
        """Let the process end by itself; the signals do what they did before."""
        self._closed.set()
        for number, handler in self._before.items():
            # once one has come, another must not cost the last messages
            signal.signal(number, signal.SIG_IGN if self.number else handler)
        self._before.clear()

    def end(self, number: int) -> None:
        """Save all states and leave, as at a signal; a second request does not wait for them."""
        if self.number is not None:
            # a closed terminal sends SIGHUP and is then found gone: that is one request
            if signal.SIGHUP not in {number, self.number}:
                self._hurry.set()
            return
        self.number = number
        threading.Thread(target=self._watch, name="watchdog", daemon=True).start()
        self._leave(self.exit_code)

    def _handle(self, number: int, frame: FrameType | None) -> None:
        del frame
        self.end(number)

    def _watch(self) -> None:
        limit = time.monotonic() + PATIENCE
        while (running := self._running()) and time.monotonic() < limit:
            for session in running:
                session.stop()
            if self._hurry.wait(0.02) or self._closed.is_set():
                break
        if not self._hurry.is_set() and self._closed.wait(GRACE):
            return
        self._abandon()
        self._exit(self.exit_code)
