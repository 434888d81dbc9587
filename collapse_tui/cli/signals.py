"""Signals on the command line: a command ends, a run saves its state first."""

import signal
from collections.abc import Callable

from typing_extensions import override

from collapse_tui.control import Control
from collapse_tui.signal_watch import PATIENCE, Reply

INTERRUPTED = 130
"""The exit code where a question is not answered, or no signal tells another one."""


class Interruption(KeyboardInterrupt):
    """A signal that ends a command."""


class CommandReply(Reply):
    """Ends a command: what it has begun to write is removed on the way out."""

    def __init__(self) -> None:
        super().__init__()
        self._raised = False

    @override
    def handle(self, number: int) -> None:
        super().handle(number)
        if not self._raised:
            # another one must not stop what the first one puts in order
            self._raised = True
            raise Interruption


class RunReply(Reply):
    """Asks a run to stop; a run that does not answer is ended without it.

    Parameters
    ----------
    control : Control
        Where the run looks for requests.
    say_end : callable
        Says how far the run has come and how it is continued.
    """

    def __init__(self, control: Control, say_end: Callable[["RunReply"], object]) -> None:
        super().__init__()
        self._asked = self._hurried = False
        self._control = control
        self._say_end = say_end

    @property
    def name(self) -> str:
        """The name of the signal, for messages."""
        return signal.Signals(self.number).name if self.number else "a request"

    @override
    def handle(self, number: int) -> None:
        super().handle(number)
        if self._control.record_interruption is None:
            # there is no run yet that could stop, only files to be read or copied
            raise Interruption
        if not self._asked:
            self._asked = True
            self._control.stop(f"stopped by {self.name}")
            return
        # a third one kills the process, in case the run hangs
        signal.signal(number, signal.SIG_DFL)
        self._hurried = True
        raise KeyboardInterrupt

    @override
    def is_late(self, seconds: float) -> bool:
        # a run that has answered stores its state, which takes as long as the disk needs
        return seconds > PATIENCE and (self._hurried or not self._control.answered)

    @override
    def give_up(self) -> None:
        if self._control.record_interruption is not None:
            self._control.record_interruption(f"stopped by {self.name}")
        self._say_end(self)
