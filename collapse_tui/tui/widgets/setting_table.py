"""Settings of one run, or of several side by side with their differences marked."""

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from textual.binding import Binding, BindingType

from collapse_tui.charts.palette import RUNS, Colour
from collapse_tui.charts.text import Span
from collapse_tui.presentation.run_settings import Difference
from collapse_tui.tui.widgets.strips import StripView, make_strip
from collapse_tui.visible_text import to_visible_line

LETTERS = "ABCDEF"
NARROWEST = 6
"""Cells of a column of values at least."""


class SettingTable(StripView, can_focus=True):
    """One row a setting, one column a run; it scrolls."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "scroll(-1)", "Up", show=False),
        Binding("down", "scroll(1)", "Down", show=False),
        Binding("pageup", "scroll(-10)", "A page up", show=False),
        Binding("pagedown", "scroll(10)", "A page down", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._rows_shown: Sequence[Difference] = ()
        self._palette = "dark"
        self._top = 0

    def update(self, rows: Sequence[Difference], palette: str) -> None:
        """Show these settings; from two runs on a first row names them by letter."""
        if rows != self._rows_shown:
            self._top = 0
        self._rows_shown, self._palette = rows, palette
        self._paint()

    def on_resize(self) -> None:
        """Fit the columns anew."""
        self._paint()

    def action_scroll(self, step: int) -> None:
        """Scroll by some rows."""
        highest = max(0, len(self._rows_shown) - max(1, self.size.height - 1))
        self._top = min(max(0, self._top + step), highest)
        self._paint()

    def on_mouse_scroll_up(self) -> None:
        """Scroll up."""
        self.action_scroll(-3)

    def on_mouse_scroll_down(self) -> None:
        """Scroll down."""
        self.action_scroll(3)

    def _paint(self) -> None:
        width, height = self.size
        count = len(self._rows_shown[0].values) if self._rows_shown else 0
        if width < 1 or height < 1:
            return
        longest = max((cell_len(row.key) for row in self._rows_shown), default=0) + 2
        key = min(longest, max(width // 2 if count < 2 else width - count * (NARROWEST + 1), 8))
        value = max(1, (width - key) // max(1, count) - 1)
        head = [_heading(key, value, count)] if count > 1 else []
        seen = self._rows_shown[self._top : self._top + height - len(head)]
        lines = [*head, *(_line(row, key, value) for row in seen)]
        self.show_rows([make_strip(line, self._palette) for line in lines])


def _heading(key: int, value: int, count: int) -> list[Span]:
    spans: list[Span] = [(" " * key, Colour.NONE)]
    for letter, colour in zip(LETTERS[:count], RUNS, strict=False):
        spans += [(" ", Colour.NONE), (set_cell_size(letter, value), colour)]
    return spans


def _line(row: Difference, key: int, value: int) -> list[Span]:
    marked = Colour.STRONG if row.differs else Colour.TEXT
    sign = "≠ " if row.differs else "  "
    spans: list[Span] = [(sign, Colour.ACCENT), (_cut(row.key, key - 2), marked)]
    for index, text in enumerate(row.values):
        colour = RUNS[index % len(RUNS)] if row.differs else Colour.TEXT
        spans += [(" ", Colour.NONE), (_cut(text or "–", value), colour)]
    return spans


def _cut(text: str, width: int) -> str:
    shown = to_visible_line(text)
    if cell_len(shown) > width > 1:
        return set_cell_size(shown, width - 1) + "…"
    return set_cell_size(shown, width)
