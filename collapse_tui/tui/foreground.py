"""What the reader waits for comes before what is computed.

Threads of one interpreter take turns. While an engine computes without pause, each line of the
thread that answers keys waits for its turn; it goes two or three times as fast where the engine
stands aside for these few milliseconds.
"""

import threading
from collections.abc import Generator
from contextlib import contextmanager

PATIENCE = 0.05
"""Seconds for which the others stand aside at most."""


class Foreground:
    """Whether the thread of the screen is at work, for threads that can wait."""

    def __init__(self) -> None:
        self._idle = threading.Event()
        self._idle.set()
        self._depth = 0

    @contextmanager
    def busy(self) -> Generator[None]:
        """Keep the others waiting; in the thread of the screen only, also within itself."""
        self._depth += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._depth -= 1
            if not self._depth:
                self._idle.set()

    def stand_aside(self) -> None:
        """Wait until the screen has done what it is at, or `PATIENCE` is over."""
        self._idle.wait(PATIENCE)


FOREGROUND = Foreground()
"""Of this process: it has one screen."""
