"""What concerns the terminal around the screen: its title, and its end."""

import asyncio
import signal
import sys
from collections.abc import Callable
from contextlib import suppress

from textual.theme import BUILTIN_THEMES

from collapse_tui.tui.themes import DARK, LIGHT, THEMES


def name_terminal(title: str) -> None:
    """Set the title of the terminal's window."""
    if sys.__stderr__ is not None and sys.__stderr__.isatty():
        sys.__stderr__.write(f"\x1b]0;{title}\x07")
        sys.__stderr__.flush()


def on_ending(leave: Callable[[int], object]) -> None:
    """Leave in order when the terminal is closed or the process is asked to end.

    Parameters
    ----------
    leave : callable
        Gets the exit code, 128 and the signal's number.
    """
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGHUP):
        with suppress(NotImplementedError, RuntimeError, ValueError):
            loop.add_signal_handler(number, leave, 128 + number)


def cannot_show(theme: str) -> str:
    """Return why there can be no screen, in one sentence; nothing if there can."""
    known = {*THEMES, *BUILTIN_THEMES, DARK.name, LIGHT.name}
    if theme not in known:
        return f"theme must be one of {', '.join(sorted(known))}, got {theme!r}"
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return "the screen needs a terminal; `collapse-tui batch` runs without one"
    return ""
