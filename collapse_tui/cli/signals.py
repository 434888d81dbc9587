"""Signals that end a run in order: its state is saved, and the exit code says which it was."""

import signal
import threading
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from collapse_tui.control import Control

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupts:
    """What was received.

    Attributes
    ----------
    number : int or None
        The last signal.
    """

    def __init__(self, control: Control) -> None:
        self.number: int | None = None
        self._control = control
        self._count = 0

    @property
    def exit_code(self) -> int:
        """128 + the number of the signal."""
        return 128 + (self.number or 0)

    @property
    def name(self) -> str:
        """For messages."""
        return signal.Signals(self.number).name if self.number else "a request"

    def take(self, number: int, frame: FrameType | None) -> None:
        """Ask the run to stop; on a second signal do not wait for the generation in flight."""
        del frame
        self.number = number
        self._count += 1
        if self._count == 1:
            self._control.stop(f"stopped by {self.name}")
            return
        # a third one kills: nothing that hangs may hold the user
        signal.signal(number, signal.SIG_DFL)
        raise KeyboardInterrupt


@contextmanager
def caught(control: Control) -> Generator[Interrupts]:
    """Give what is received while a run goes on.

    What was ignored before stays so. Once a signal has come, all that is left is to say so
    and to end: further ones are ignored then.
    """
    interrupts = Interrupts(control)
    before: dict[int, Any] = {}
    if threading.current_thread() is threading.main_thread():
        for number in ENDING:
            # nohup and `&` ignore some on purpose
            if signal.getsignal(number) is not signal.SIG_IGN:
                before[number] = signal.signal(number, interrupts.take)
    try:
        yield interrupts
    finally:
        for number, handler in before.items():
            signal.signal(number, handler if interrupts.number is None else signal.SIG_IGN)
