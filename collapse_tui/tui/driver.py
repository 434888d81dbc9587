"""Textual's driver, on terminals that hang up, are stopped and continued, or cannot take a text."""

import os
import signal
import sys
import termios
from collections.abc import Callable
from contextlib import suppress
from typing import IO, Any

from textual.app import App
from textual.drivers.linux_driver import LinuxDriver
from typing_extensions import override

from collapse_tui.visible_text import to_visible_line

LEAVE_SCREEN = b"\x1b[<u\x1b[?1000l\x1b[?1003l\x1b[?1006l\x1b[?2004l\x1b[?1049l\x1b[?25h\x1b[23;0t"
"""What a terminal needs where the screen is left without Textual."""


SAVE_TITLE, RESTORE_TITLE = "\x1b[22;0t", "\x1b[23;0t"
"""The terminal keeps a stack of titles; one that does not know these sequences ignores them."""


class TerminalFile:
    """The terminal as a file; when it is gone, what is written is dropped.

    Textual's writer thread must live as long as somebody writes: without it the main thread
    waits for ever.

    Parameters
    ----------
    file : text file
        The terminal.
    on_loss : callable
        Called once, in the thread that finds the terminal gone.
    """

    def __init__(self, file: IO[str], on_loss: Callable[[], object]) -> None:
        self._file = file
        self._on_loss = on_loss
        self.lost: bool = False

    def fileno(self) -> int:
        """Return the number of the file."""
        return self._file.fileno()

    def isatty(self) -> bool:
        """Return whether it is a terminal."""
        return self._file.isatty()

    def write(self, text: str) -> None:
        """Write a text."""
        self._try(lambda: self._file.write(text))

    def flush(self) -> None:
        """Send what was written."""
        self._try(self._file.flush)

    def lose(self) -> None:
        """Take the terminal for gone."""
        lost, self.lost = self.lost, True
        if not lost:
            self._on_loss()

    def _try(self, action: Callable[[], object]) -> None:
        if self.lost:
            return
        try:
            action()
        except (OSError, ValueError):
            self.lose()


class TerminalDriver(LinuxDriver):
    """Textual's driver for Linux and macOS, which outlives its terminal.

    Attributes
    ----------
    on_loss : callable
        Called once when the terminal is gone; it may be called in any thread.
    """

    def __init__(
        self,
        app: App[Any],
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)  # pyright: ignore[reportUnknownMemberType]
        self._stopped = False
        self._title = ""
        self.on_loss: Callable[[], object] = lambda: None
        self._file: Any = TerminalFile(screen_file(), self._report_loss)

    @property
    def lost(self) -> bool:
        """Whether the terminal is gone."""
        return self._file.lost

    def set_title(self, title: str) -> None:
        """Set the title of the terminal's window, until the screen is left."""
        self._title = title
        self.write(f"\x1b]0;{to_visible_line(title)}\x07")

    @override
    def start_application_mode(self) -> None:
        super().start_application_mode()
        self.write(SAVE_TITLE)
        if self._title:
            self.set_title(self._title)

    @override
    def stop_application_mode(self) -> None:
        self.write(RESTORE_TITLE)
        super().stop_application_mode()

    def check(self) -> None:
        """Find out whether the terminal is gone, where no signal says so."""
        try:
            termios.tcgetattr(self.fileno)
        except termios.error:
            self.lose()

    def lose(self) -> None:
        """Write nothing more, and never start again."""
        self._file.lose()

    def abandon(self) -> None:
        """Give the terminal back without Textual, which hangs; never waits."""
        with suppress(OSError, termios.error):
            if self.attrs_before is not None:
                termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)
            os.set_blocking(self._file.fileno(), False)
            os.write(self._file.fileno(), LEAVE_SCREEN)
            os.set_blocking(self._file.fileno(), True)

    def _report_loss(self) -> None:
        self.on_loss()

    @override
    def run_input_thread(self) -> None:
        try:
            super().run_input_thread()
        except OSError:
            self.lose()

    @override
    def _sigtstp_application(self, *_: object) -> None:
        if self.lost or not can_stop():
            return
        self._stopped = True
        super()._sigtstp_application()  # pyright: ignore[reportUnknownMemberType]

    @override
    def _sigcont_application(self, *_: object) -> None:
        # A hang-up sends SIGCONT too, and another process may: a second writer and a second
        # reader beside those that run would never end.
        self.check()
        if self.lost:
            return
        if not self._stopped:
            # stopped by SIGSTOP: the shell has changed the terminal meanwhile
            self.suspend_application_mode()
        self._stopped = False
        super()._sigcont_application()  # pyright: ignore[reportUnknownMemberType]


def screen_file() -> IO[str]:
    """Return the terminal that the screen is drawn on: standard error, else standard output."""
    for file in (sys.__stderr__, sys.__stdout__):
        if file is not None and file.isatty():
            return file
    raise OSError("neither standard error nor standard output is a terminal")


def can_stop() -> bool:
    """Return whether a shell would continue this process if it stopped.

    Without one, as in a window of its own, a stopped process sleeps for ever.
    """
    import psutil

    try:
        parent = psutil.Process(os.getpgrp()).ppid()
        return os.getsid(parent) == os.getsid(0) and os.getpgid(parent) != os.getpgrp()
    except (OSError, psutil.Error):
        return False


def stop_group() -> None:
    """Stop this process and those it was started with, as the terminal does at ctrl+z."""
    os.killpg(os.getpgrp(), signal.SIGTSTP)
