"""The terminal around the screen: its title, signals, and whether it can show a screen."""

import asyncio
import signal
import sys
from collections.abc import Callable
from contextlib import suppress

from textual.theme import BUILTIN_THEMES

from collapse_tui.tui.themes import DARK, LIGHT, THEMES


def set_terminal_title(title: str) -> None:
    """Set the title of the terminal's window."""
    if sys.__stderr__ is not None and sys.__stderr__.isatty():
        sys.__stderr__.write(f"\x1b]0;{title}\x07")
        sys.__stderr__.flush()


def on_termination(leave: Callable[[int], object]) -> None:
    """Call `leave` when the terminal is closed or the process is asked to end.

    Parameters
    ----------
    leave : callable
        Gets the exit code, 128 and the signal's number.
    """
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGHUP):
        with suppress(NotImplementedError, RuntimeError, ValueError):
            loop.add_signal_handler(number, leave, 128 + number)


def why_no_screen(theme: str) -> str:
    """Return why the screen cannot be shown, in one sentence; empty if it can."""
    known = {*THEMES, *BUILTIN_THEMES, DARK.name, LIGHT.name}
    if theme not in known:
        return f"theme must be one of {', '.join(sorted(known))}, got {theme!r}"
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return "the screen needs a terminal; `collapse-tui batch` runs without one"
    return ""
