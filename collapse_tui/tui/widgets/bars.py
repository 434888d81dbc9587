"""Header, status edges and key hints: single rows of text."""

from collections.abc import Sequence

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.message import Message
from textual.strip import Strip

from collapse_tui.charts import Colour
from collapse_tui.charts.text import Span
from collapse_tui.tui.keys import Act
from collapse_tui.tui.widgets.strips import Painted, style

GAP = 2
"""Cells between two hints."""

PASSAGE = 60
"""Cells from which on a clause is a passage of text."""

JOINTS = (" · ", ": ", " (", " alive")
"""How a clause begins that a row makes sense without."""


def width_of(pieces: Sequence[Span]) -> int:
    """Return how many cells the pieces take."""
    return sum(cell_len(text) for text, _ in pieces)


def cut(pieces: Sequence[Span], width: int) -> list[Span]:
    """Return the pieces, ending in … if they take more than `width` cells."""
    if width_of(pieces) <= width:
        return list(pieces)
    kept: list[Span] = []
    room = max(0, width - 1)
    for text, colour in pieces:
        part = text[:room]
        kept.append((part, colour))
        room -= cell_len(part)
        if room <= 0:
            break
    return [*kept, ("…", Colour.TEXT)] if width > 0 else []


def fitting(pieces: Sequence[Span], width: int) -> list[Span]:
    """Return the pieces without the last clauses that there is no room for.

    A passage of text is cut instead: there is something to read as far as it goes.
    """
    kept = list(pieces)
    while width_of(kept) > width:
        joints = [index for index, (text, _) in enumerate(kept) if text.startswith(JOINTS)]
        if not joints or joints[-1] == 0 or width_of(kept[joints[-1] :]) > PASSAGE:
            break
        kept = kept[: joints[-1]]
    return cut(kept, width)


def row(pieces: Sequence[Span], palette: str) -> list[Segment]:
    """Return pieces as segments."""
    return [Segment(text, style(palette, colour, Colour.NONE)) for text, colour in pieces if text]


class Header(Painted):
    """One row: what runs on the left, how it stands on the right."""

    DEFAULT_CSS = "Header { height: 1; dock: top; padding: 0 1; }"

    def say(self, left: Sequence[Span], right: Sequence[Span], palette: str) -> None:
        """Show both halves; the left one gives way."""
        width = self.size.width
        right = cut(right, width)
        left = cut(left, width - width_of(right) - 2)
        gap = max(0, width - width_of(left) - width_of(right))
        segments = [*row(left, palette), Segment(" " * gap), *row(right, palette)]
        self.show([Strip(segments)])


class Edge(Painted):
    """The lower border of a pane, with text set into it."""

    DEFAULT_CSS = "Edge { height: 1; color: $foreground 25%; }"

    def say(self, pieces: Sequence[Span], palette: str, *, ascii_only: bool = False) -> None:
        """Show `pieces` inside the border."""
        width = self.size.width
        left, dash, right = "+-+" if ascii_only else "╰─╯"
        kept = fitting(pieces, width - 6)
        inner = [Segment(" "), *row(kept, palette), Segment(" ")] if kept else []
        used = width_of(kept) + 2 if kept else 0
        rest = Segment(dash * max(0, width - 3 - used) + right)
        self.show([Strip([Segment(left + dash), *inner, rest])])


class Hints(Painted):
    """Keys and what they do, as many as there is room for; each can be clicked."""

    DEFAULT_CSS = "Hints { height: 1; dock: bottom; padding: 0 1; }"

    class Chosen(Message):
        """A hint was clicked."""

        def __init__(self, act: str) -> None:
            super().__init__()
            self.act = act

    def __init__(self, acts: Sequence[Act], *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._acts = acts
        self._spans: list[tuple[int, int, str]] = []

    def say(self, palette: str) -> None:
        """Show the hints that fit."""
        room = self.size.width
        kept: set[str] = set()
        for act in sorted((act for act in self._acts if act.hint), key=lambda act: act.rank):
            room -= cell_len(act.pair or act.shown) + cell_len(act.hint) + GAP + 1
            if room + GAP >= 0:
                kept.add(act.name)
        segments: list[Segment] = []
        self._spans = []
        column = 0
        for act in self._acts:
            if act.name not in kept:
                continue
            keys = act.pair or act.shown
            end = column + cell_len(keys) + cell_len(act.hint) + 1
            self._spans.append((column, end, act.name))
            key = style(palette, Colour.ACCENT, Colour.NONE) + Style(bold=True)
            segments += [Segment(keys, key), *row([(f" {act.hint}  ", Colour.TEXT)], palette)]
            column = end + GAP
        self.show([Strip(segments)])

    def on_click(self, event: events.Click) -> None:
        """Do what the hint under the pointer says."""
        column = event.get_content_offset(self)
        for start, end, act in self._spans:
            if column is not None and start <= column.x < end:
                self.post_message(self.Chosen(act))
