"""The terminal around the screen: its title, its size, and whether it can show a screen."""

import os
import sys
from contextlib import suppress

from textual.theme import BUILTIN_THEMES

from collapse_tui.tui.themes import DARK, LIGHT, THEMES
from collapse_tui.visible_text import to_visible_line


def set_terminal_title(title: str) -> None:
    """Set the title of the terminal's window."""
    # a terminal that hung up has no window either
    with suppress(OSError, ValueError):
        if sys.__stderr__ is not None and sys.__stderr__.isatty():
            sys.__stderr__.write(f"\x1b]0;{to_visible_line(title)}\x07")
            sys.__stderr__.flush()


def follow_terminal_size() -> None:
    """Forget a size of the terminal that the environment states, where the terminal knows its own.

    A shell that exports COLUMNS and LINES would freeze the screen at the size of that moment.
    """
    with suppress(OSError, ValueError, AttributeError):
        if all(os.get_terminal_size(sys.__stdout__.fileno())):  # pyright: ignore[reportOptionalMemberAccess]
            for name in ("COLUMNS", "LINES"):
                os.environ.pop(name, None)


def why_no_screen(theme: str) -> str:
    """Return why the screen cannot be shown, in one sentence; empty if it can."""
    known = {*THEMES, *BUILTIN_THEMES, DARK.name, LIGHT.name}
    if theme not in known:
        return f"theme must be one of {', '.join(sorted(known))}, got {theme!r}"
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return "the screen needs a terminal; `collapse-tui batch` runs without one"
    return ""
