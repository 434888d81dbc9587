"""Signals that end a run in an orderly way: its state is saved, the exit code names the signal."""

import signal
import threading
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from collapse_tui.control import Control

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupts:
    """The signals that a run has received.

    Attributes
    ----------
    number : int or None
        The last one.
    """

    def __init__(self, control: Control) -> None:
        self.number: int | None = None
        self._control = control

    @property
    def exit_code(self) -> int:
        """128 + the number of the signal."""
        return 128 + (self.number or 0)

    @property
    def name(self) -> str:
        """The name of the signal, for messages."""
        return signal.Signals(self.number).name if self.number else "a request"

    def handle(self, number: int, frame: FrameType | None) -> None:
        """Ask the run to stop; on a second signal do not wait for the generation in progress."""
        del frame
        first, self.number = self.number is None, number
        if first:
            self._control.stop(f"stopped by {self.name}")
            return
        # a third one kills the process, in case the run hangs
        signal.signal(number, signal.SIG_DFL)
        raise KeyboardInterrupt


@contextmanager
def catch_signals(control: Control) -> Generator[Interrupts]:
    """Handle signals within the block: the first one asks the run to stop.

    Signals that were ignored before stay ignored. After the block further signals are ignored
    if one has come, because only the last messages are left to print.
    """
    interrupts = Interrupts(control)
    before: dict[int, Any] = {}
    if threading.current_thread() is threading.main_thread():
        for number in ENDING:
            # nohup and `&` ignore some on purpose
            if signal.getsignal(number) is not signal.SIG_IGN:
                before[number] = signal.signal(number, interrupts.handle)
    try:
        yield interrupts
    finally:
        for number, handler in before.items():
            signal.signal(number, handler if interrupts.number is None else signal.SIG_IGN)
