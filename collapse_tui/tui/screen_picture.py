"""What a screen shows, cell by cell, for pictures of it that need no terminal."""

from collections.abc import Iterable
from typing import Any

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from rich.terminal_theme import MONOKAI
from textual.app import App

from collapse_tui.charts.svg import StyledRun


def screen_rows(app: App[Any]) -> list[list[StyledRun]]:
    """Return the rows of the screen that an application shows now.

    Parameters
    ----------
    app : App
        Running, in a terminal or without one.

    Returns
    -------
    list of list of StyledRun
    """
    screen = app.screen
    compositor = screen._compositor  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    strips = compositor.render_strips(screen.size)
    return [_merge(strip) for strip in strips]


def _merge(segments: Iterable[Segment]) -> list[StyledRun]:
    """Return segments as runs, neighbours of equal looks together."""
    runs: list[StyledRun] = []
    for text, style, control in segments:
        if control or not text:
            continue
        run = _look(text, style or Style.null())
        if runs and runs[-1][1:] == run[1:]:
            run = run._replace(text=runs.pop().text + run.text)
        runs.append(run)
    return runs


def _look(text: str, style: Style) -> StyledRun:
    front, back = _hex(style.color, foreground=True), _hex(style.bgcolor, foreground=False)
    if style.reverse:
        front, back = back, front
    if style.dim:
        front = _halfway(front, back)
    return StyledRun(text, front, back, bool(style.bold))


def _hex(colour: Color | None, *, foreground: bool) -> str:
    triplet = (colour or Color.default()).get_truecolor(MONOKAI, foreground=foreground)
    return triplet.hex


def _halfway(one: str, other: str) -> str:
    pairs = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{(a + b) // 2:02x}" for a, b in pairs)


def _channels(colour: str) -> list[int]:
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
