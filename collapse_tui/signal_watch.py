"""Signals that end the program, answered even while the main thread is inside numpy.

Python runs the handler of a signal between two steps of the main thread, and one step of numpy
may take minutes. A thread learns of the signal at once, and ends the process where nothing else
has done so in time. A run's folder is whole at every instant, so that this costs no records.
"""

import os
import select
import signal
import threading
import time
from contextlib import suppress
from types import FrameType
from typing import Any, Self

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PATIENCE = 0.8
"""Seconds in which what computes has to reach a point where it looks for a request to stop."""
LAST_WORDS = 1.0
"""Seconds that the last words may take, which a terminal or a disk may keep waiting."""
TICK = 0.05


class Reply:
    """What a part of the program does at a signal that ends it; as it stands, it ends in time.

    Attributes
    ----------
    number : int or None
        The signal that came last.
    """

    def __init__(self) -> None:
        self.number: int | None = None

    @property
    def exit_code(self) -> int:
        """128 and the number of the signal; 0 if none has come."""
        return 128 + self.number if self.number else 0

    def handle(self, number: int) -> None:
        """Answer a signal, in the main thread, between two of its steps."""
        self.number = number

    def notice(self, number: int) -> None:
        """Answer a signal, in the thread that watches, whatever the main thread does."""
        self.number = number

    def is_late(self, seconds: float) -> bool:
        """Return whether the process has to end now, so long after the last signal."""
        return seconds > PATIENCE

    def give_up(self) -> None:
        """Say and store what is left to say and to store; the process ends after it."""


class SignalWatch:
    """Handles the signals that end the program within a ``with`` block, by a `Reply`.

    Signals that were ignored before stay ignored: `nohup` and `&` mean it. After the block all
    are ignored if one has come, because only the last messages are left to print. A block may
    stand in another one, which then learns of no signal. Outside the main thread it does nothing.
    """

    def __init__(self, reply: Reply) -> None:
        self._reply = reply
        self._before: dict[int, Any] = {}
        self._pipe: int | None = None
        self._pipe_before = -1

    def open(self) -> None:
        """Handle the signals from now on."""
        if threading.current_thread() is not threading.main_thread():
            return
        read, self._pipe = os.pipe()
        # a handler written in C, which waits for nothing, sends the numbers
        os.set_blocking(self._pipe, False)
        self._pipe_before = signal.set_wakeup_fd(self._pipe, warn_on_full_buffer=False)
        self._thread = threading.Thread(
            target=self._watch, args=(read,), name="signals", daemon=True
        )
        self._thread.start()
        for number in ENDING:
            if signal.getsignal(number) is not signal.SIG_IGN:
                self._before[number] = signal.signal(number, self._handle)

    def close(self) -> None:
        """Let the signals do what they did before; idempotent."""
        if self._pipe is None:
            return
        for number, handler in self._before.items():
            # a block within this one may have left the signal ignored
            if signal.getsignal(number) == self._handle:
                signal.signal(number, signal.SIG_IGN if self._reply.number else handler)
        self._before.clear()
        signal.set_wakeup_fd(self._pipe_before)
        os.close(self._pipe)
        self._pipe = None
        self._thread.join()

    def __enter__(self) -> Self:
        """Open the watch."""
        self.open()
        return self

    def __exit__(self, *_: object) -> None:
        """Close the watch."""
        self.close()

    def begin(self) -> None:
        """Begin to count the seconds, as at a signal, for a request that came as none."""
        with suppress(OSError):  # it is being closed
            if self._pipe is not None:
                os.write(self._pipe, b"\0")

    def _handle(self, number: int, frame: FrameType | None) -> None:
        del frame
        self._reply.handle(number)

    def _watch(self, pipe: int) -> None:
        since: float | None = None
        while True:
            ready, _, _ = select.select([pipe], [], [], None if since is None else TICK)
            numbers = os.read(pipe, 64) if ready else b""
            if ready and not numbers:
                os.close(pipe)
                return
            for number in numbers:
                if number == 0 or number in self._before:
                    since = time.monotonic()
                if number in self._before:
                    self._reply.notice(number)
            if since is not None and self._reply.is_late(time.monotonic() - since):
                self._end()

    def _end(self) -> None:
        # a disk or a terminal that does not answer must not hold the process
        last = threading.Thread(target=self._reply.give_up, name="last words", daemon=True)
        last.start()
        last.join(LAST_WORDS)
        os._exit(self._reply.exit_code)
