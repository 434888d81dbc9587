"""The program in a pseudo-terminal, and the screen as its user sees it."""

import os
import sys
import time
from collections.abc import Callable, Sequence

import pexpect
import pyte

PATIENCE = 30.0
"""Seconds."""


class Terminal:
    """A Python program in a terminal of 16 million colours.

    Parameters
    ----------
    arguments : sequence of str
        Of Python.
    columns, lines : int
    **environment : str
        Variables in addition.
    """

    def __init__(
        self, arguments: Sequence[str], columns: int = 100, lines: int = 30, **environment: str
    ) -> None:
        usual = {**os.environ, "TERM": "xterm-256color", "TEXTUAL_ANIMATIONS": "none",
                 "COLORTERM": "truecolor"}  # fmt: skip
        for name in ("NO_COLOR", "COLUMNS", "LINES"):  # pytest's workers export the last two
            usual.pop(name, None)
        self.screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self.screen)
        self.bytes = b""
        self.program = pexpect.spawn(
            sys.executable, list(arguments), env={**usual, **environment},
            dimensions=(lines, columns), timeout=PATIENCE,
        )  # fmt: skip

    def resize(self, columns: int, lines: int) -> None:
        """Give the terminal another size, as a window manager does."""
        self.screen.resize(lines, columns)
        self.program.setwinsize(lines, columns)

    def send(self, keys: str) -> None:
        """Press keys."""
        self.program.send(keys)

    def read(self, seconds: float) -> None:
        """Take what the program writes during `seconds`."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            try:
                data = self.program.read_nonblocking(65536, timeout=left)
            except pexpect.TIMEOUT:
                return
            except pexpect.EOF:
                return
            self.bytes += data
            self._stream.feed(data)

    def text(self) -> str:
        """Return what can be read."""
        return "\n".join(self.screen.display)

    def until(self, holds: Callable[[str], object]) -> str:
        """Wait for something to be seen."""
        end = time.monotonic() + PATIENCE
        while not holds(self.text()):
            assert time.monotonic() < end, self.text()
            self.read(0.02)
        return self.text()

    def end(self) -> int:
        """Wait for the program's end and return its exit code."""
        self.program.expect(pexpect.EOF)
        self.program.wait()
        return self.program.exitstatus
