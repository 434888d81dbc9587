"""A widget made of finished rows, of which only the cells that changed are painted again."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar, cast

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from collapse_tui.charts.canvas import ASCII, Canvas, CellRun, adapt_to_palette
from collapse_tui.charts.palette import PALETTES, Colour
from collapse_tui.charts.text import Span

if TYPE_CHECKING:
    from textual.app import App

    from collapse_tui.tui.keys import Action

Runs = Iterable[Span | CellRun]

BLANK = "⠀ ┊:│|┃"
"""Cells of a chart that a vertical line may be drawn through."""


@lru_cache(maxsize=8192)
def text_style(palette: str, foreground: Colour, background: Colour = Colour.NONE) -> Style:
    """Return the style of text in one colour on another."""
    colours = PALETTES[palette].colours
    colour = colours.get(foreground) or (None if foreground == Colour.NONE else "default")
    return Style(
        color=colour, bgcolor=colours.get(background), bold=foreground == Colour.STRONG or None
    )


def to_segments(runs: Runs, palette: str) -> list[Segment]:
    """Return spans, or cells of a canvas, as segments of a row."""
    return [Segment(text, text_style(palette, *colours)) for text, *colours in runs if text]


def make_strip(runs: Runs, palette: str) -> Strip:
    """Return one row of the screen."""
    return Strip(to_segments(runs, palette))


def canvas_strips(canvas: Canvas, palette: str, *, ascii_only: bool) -> list[Strip]:
    """Return a canvas as rows of the screen."""
    shown = adapt_to_palette(canvas, PALETTES[palette], ascii_only=ascii_only)
    return [make_strip(shown.runs(row), palette) for row in range(shown.height)]


def changed_columns(before: Strip, after: Strip) -> tuple[int, int]:
    """Return the first and one past the last column in which two rows differ.

    Over ssh a growing curve then costs a few cells instead of whole rows.
    """
    if before == after:
        return 0, 0
    old, new = styled_characters(before), styled_characters(after)
    if len(old) != len(new):
        return 0, max(len(old), len(new))
    differing = [
        index for index, pair in enumerate(zip(old, new, strict=True)) if pair[0] != pair[1]
    ]
    return (differing[0], differing[-1] + 1) if differing else (0, 0)


def styled_characters(row: Strip) -> list[tuple[str, Style | None]]:
    """Return the character of each cell of a row, and what is seen of its style."""
    found: list[tuple[str, Style | None]] = []
    for text, style, _ in row:
        blank = _style_of_blank(style) if style is not None and " " in text else style
        found += [(char, blank if char == " " else style) for char in text]
    return found


@lru_cache(maxsize=512)
def _style_of_blank(style: Style) -> Style:
    """Return a style without its foreground, which a blank does not show."""
    seen = style.underline or style.reverse or style.strike
    return style if seen else Style(bgcolor=style.bgcolor)


class StripView(Widget):
    """A widget that shows rows made elsewhere."""

    DEFAULT_CSS = "StripView { height: 1fr; width: 1fr; }"
    ALLOW_MAXIMIZE = False
    HINTS: ClassVar[Sequence["Action"]] = ()
    """What keys do while it has the focus, in place of the screen."""

    _rows: Sequence[Strip] = ()
    _guides: frozenset[int] = frozenset()
    _guided_rows = range(0)
    _guide = Segment("")
    _guides_over = False

    def show_guides(
        self, columns: Iterable[int], rows: range, palette: str, *, over: bool = False
    ) -> None:
        """Draw vertical lines in some columns, and paint only those.

        Parameters
        ----------
        columns : iterable of int
            None of them: the lines go.
        rows : range
        palette : str
        over : bool
            Draw over what is there, not only through blank cells.
        """
        self._guides_over = over
        before, self._guides = self._guides, frozenset(columns)
        sign = "|" if cast("App[object]", self.app).has_class("-ascii") else "│"
        self._guide = Segment(sign, text_style(palette, Colour.ACCENT))
        moved, self._guided_rows = rows != self._guided_rows, rows
        changed = before | self._guides if moved else before ^ self._guides
        if changed:
            self.refresh(*(Region(column, 0, 1, self.size.height) for column in changed))

    def show_rows(self, rows: Sequence[Strip]) -> None:
        """Show these rows; only the cells that differ are painted."""
        if cast("App[object]", self.app).has_class("-ascii"):
            rows = [Strip([Segment(s.text.translate(ASCII), s.style) for s in row]) for row in rows]
        before, self._rows = self._rows, rows
        width = self.size.width
        changed: list[Region] = []
        for index in range(max(len(before), len(rows))):
            known = index < len(before) and index < len(rows)
            start, stop = changed_columns(before[index], rows[index]) if known else (0, width)
            if stop > start:
                changed.append(Region(start, index, stop - start, 1))
        if changed:
            self.refresh(*changed)

    def text(self) -> str:
        """Return the rows as plain text."""
        return "\n".join(row.text.rstrip() for row in self._rows)

    def render_line(self, y: int) -> Strip:
        """Return row `y` on the background of the theme."""
        base, width = self.rich_style, self.size.width
        row = self._rows[y] if y < len(self._rows) else Strip.blank(width)
        if y in self._guided_rows:
            for column in self._guides:
                row = _with_guide(row, column, self._guide, over=self._guides_over)
        return row.adjust_cell_length(width).apply_style(base)


def _with_guide(row: Strip, column: int, guide: Segment, *, over: bool) -> Strip:
    """Return a row with a guide in one of its columns, if it may be drawn there."""
    under = row.crop(column, column + 1)
    if not over and under.text.strip(BLANK):
        return row
    below = next((segment.style for segment in under if segment.style), None)
    style = guide.style if below is None else below + guide.style
    return Strip.join(
        [row.crop(0, column), Strip([Segment(guide.text, style)]), row.crop(column + 1)]
    )
