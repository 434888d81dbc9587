"""The terminal around the screen: its size, and whether it can show a screen."""

import os
import sys
from contextlib import suppress
from dataclasses import replace

from collapse_tui.served import is_served
from collapse_tui.terminal_colours import find_background, find_depth
from collapse_tui.tui.settings import KNOWN_THEMES, ScreenSettings

FOLLOWING = ("auto", "ansi")
"""Themes that depend on the terminal's background."""


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
    if theme not in KNOWN_THEMES:
        return f"theme must be one of {', '.join(sorted(KNOWN_THEMES))}, got {theme!r}"
    if not is_served() and not (sys.stdin.isatty() and sys.stdout.isatty()):
        return "the screen needs a terminal; `collapse-tui batch` runs without one"
    return ""


def see_terminal(settings: ScreenSettings) -> ScreenSettings:
    """Return settings with the terminal's colours, and its background if the theme follows it."""
    if is_served():  # a browser shows every colour, on a page that is dark
        return settings
    background = find_background(os.environ) if settings.theme in FOLLOWING else "dark"
    return replace(settings, depth=find_depth(os.environ), background=background)
