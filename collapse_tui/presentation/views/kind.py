"""What one kind of view is to its readers: a drawing, a caption and an explanation."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from collapse_tui.charts.canvas import Canvas
from collapse_tui.charts.palette import Colour
from collapse_tui.charts.spec import Marker
from collapse_tui.charts.text import Span
from collapse_tui.presentation.view_history import ViewHistory
from engines.views.view import View

PAGE_HEIGHT = 11
"""Rows of a drawing on a page, which has no limit of its own, where a kind asks for no more."""


DrawView = Callable[[ViewHistory, int, int, Marker], Canvas]
"""(history, width, height, marker) → a canvas of that many cells."""


@dataclass(frozen=True, slots=True)
class ViewKind:
    """A row of the table of view kinds.

    Attributes
    ----------
    draw : callable
        See `DrawView`.
    explain : callable
        The canvas as drawn → what it shows, as part of a sentence of the help.
    caption : callable
        View → what the line below the drawing says of it.
    page_height : int
        Rows that the drawing takes on a page.
    drawn_notes : tuple of str
        First words of those notes of the view that are part of the drawing.
    """

    draw: DrawView
    explain: Callable[[Canvas], str]
    caption: Callable[[View], list[Span]] = lambda _view: []
    page_height: int = PAGE_HEIGHT
    drawn_notes: tuple[str, ...] = ()


def alive_caption(alive: int, total: int, what: str) -> list[Span]:
    """Return how many of `total` states, words or classes still have probability."""
    return [(f" · {alive:,}/{total:,} {what}", Colour.TEXT), (" alive", Colour.TEXT)]


def list_parts(canvas: Canvas, words: Mapping[str, str], last: str = " and ") -> str:
    """Return the words for those parts that are drawn, as an enumeration.

    Parameters
    ----------
    canvas : Canvas
    words : dict of str to str
        Part of the drawing → what it shows.
    last : str
        Stands before the last of them.
    """
    drawn = [text for part, text in words.items() if part in canvas.parts]
    if len(drawn) < 2:
        return "".join(drawn) or "nothing fits: m enlarges the pane that has the focus"
    return f"{', '.join(drawn[:-1])}{',' if len(drawn) > 2 else ''}{last}{drawn[-1]}"
