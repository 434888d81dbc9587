"""The table of saved runs: only the rows that are seen are made, only changed cells painted."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len, set_cell_size
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.strip import Strip

from collapse_tui.charts.palette import RUNS, Colour
from collapse_tui.tui.widgets.bars import truncate
from collapse_tui.tui.widgets.strips import StripView, make_strip

if TYPE_CHECKING:
    from collapse_tui.charts.text import Span
    from collapse_tui.presentation.run_columns import Group, RunColumn
    from collapse_tui.presentation.run_rows import RunRow

PREFIX = 4
"""Cells before the first column: the cursor, the letter of a run, and its pin."""

STATES = {
    "running": Colour.GOOD, "failed": Colour.BAD, "damaged": Colour.BAD, "killed": Colour.BAD,
    "paused": Colour.SERIES, "interrupted": Colour.SERIES,
}  # fmt: skip
"""The colour of a status; others have that of text."""


@dataclass(frozen=True, slots=True)
class TableState:
    """What a table shows beside its rows.

    Attributes
    ----------
    columns : sequence of (RunColumn, int)
        With their widths.
    sorted_by : str
        Key of a column.
    falling : bool
        Whether its largest value stands first.
    marks : mapping
        Run → its letter, empty for one beyond the last letter.
    pins : collection of Path
    """

    columns: "Sequence[tuple[RunColumn, int]]"
    sorted_by: str
    falling: bool
    marks: Mapping[Path, str]
    pins: Collection[Path]


class RunTable(StripView, can_focus=True):
    """Rows of runs, in groups; the cursor stays on its run when they are sorted anew."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "Up", show=False),
        Binding("down", "move(1)", "Down", show=False),
        Binding("pageup", "page(-1)", "A page up", show=False),
        Binding("pagedown", "page(1)", "A page down", show=False),
        Binding("home", "move(-1000000)", "First", show=False),
        Binding("end", "move(1000000)", "Last", show=False),
    ]

    class Moved(Message):
        """The cursor is on another run."""

    class Opened(Message):
        """The run under the pointer was clicked twice."""

    @dataclass
    class Sorted(Message):
        """The title of a column was clicked."""

        column: str

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[RunRow | str] = []
        self._state: TableState | None = None
        self._palette = "dark"
        self._top = 0
        self.cursor: Path | None = None

    @property
    def room(self) -> int:
        """Cells for the columns."""
        return max(0, self.size.width - PREFIX)

    @property
    def rows(self) -> "list[RunRow]":
        """The runs, in the order shown."""
        return [line for line in self._lines if not isinstance(line, str)]

    @property
    def chosen(self) -> "RunRow | None":
        """The run under the cursor."""
        return next((row for row in self.rows if row.path == self.cursor), None)

    def update(self, groups: "Sequence[Group]", state: TableState, palette: str) -> None:
        """Show these rows; a cursor whose run is gone goes to the one that took its place."""
        before = self._index()
        lines: list[RunRow | str] = []
        for group in groups:
            lines += [group.heading] if group.heading else []
            lines += group.rows
        self._lines, self._state, self._palette = lines, state, palette
        if self.chosen is None:
            self.cursor = None
            rows = self.rows
            if rows:
                after = (line for line in lines[max(0, before) :] if not isinstance(line, str))
                self.cursor = next(after, rows[-1]).path
            self.post_message(self.Moved())
        self._paint()

    def go_to(self, path: Path) -> None:
        """Put the cursor on a run."""
        if path != self.cursor:
            self.cursor = path
            self.post_message(self.Moved())
        self._paint()

    def action_move(self, step: int) -> None:
        """Go up or down, over headings."""
        rows = self.rows
        if rows:
            places = [row.path for row in rows]
            at = places.index(self.cursor) if self.cursor in places else 0
            self.go_to(places[min(max(0, at + step), len(rows) - 1)])

    def action_page(self, sign: int) -> None:
        """Go up or down by a page."""
        self.action_move(sign * max(1, self.size.height - 2))

    def on_resize(self) -> None:
        """Show as many rows as there is room for."""
        self._paint()

    def on_click(self, event: events.Click) -> None:
        """Sort by the title under the pointer, or go to the run there."""
        offset = event.get_content_offset(self)
        if offset is None or self._state is None:
            return
        if offset.y == 0:
            column = self._column_at(offset.x)
            if column:
                self.post_message(self.Sorted(column))
            return
        index = self._top + offset.y - 1
        line = self._lines[index] if index < len(self._lines) else ""
        if not isinstance(line, str):
            self.go_to(line.path)
            if event.chain > 1:
                self.post_message(self.Opened())

    def on_mouse_scroll_up(self) -> None:
        """Go up."""
        self.action_move(-3)

    def on_mouse_scroll_down(self) -> None:
        """Go down."""
        self.action_move(3)

    def _column_at(self, place: int) -> str:
        left = PREFIX
        for column, width in self._state.columns if self._state else ():
            if left <= place < left + width:
                return column.key
            left += width + 1
        return ""

    def _index(self) -> int:
        for index, line in enumerate(self._lines):
            if not isinstance(line, str) and line.path == self.cursor:
                return index
        return -1

    def _paint(self) -> None:
        state, height = self._state, self.size.height - 1
        if state is None or height < 1:
            return
        at = max(0, self._index())
        highest = max(0, len(self._lines) - height)
        self._top = min(max(self._top, at - height + 1), at, highest)
        if at and self._top == at and isinstance(self._lines[at - 1], str):
            self._top -= 1  # the heading of a group goes with its first run
        seen = self._lines[self._top : self._top + height]
        self.show_rows([self._titles(state), *(self._line(line, state) for line in seen)])

    def _titles(self, state: TableState) -> Strip:
        spans: list[Span] = [(" " * PREFIX, Colour.TEXT)]
        for column, width in state.columns:
            title, colour = column.title, Colour.TEXT
            if column.key == state.sorted_by:
                title, colour = f"{title} {'▾' if state.falling else '▴'}", Colour.STRONG
            spans += [(_fit(title, width, right=column.right), colour), (" ", Colour.NONE)]
        return make_strip(spans, self._palette)

    def _line(self, line: "RunRow | str", state: TableState) -> Strip:
        if isinstance(line, str):
            return make_strip(truncate([(line, Colour.ACCENT)], self.size.width), self._palette)
        here = line.path == self.cursor
        letter = state.marks.get(line.path)
        colour = RUNS["ABCDEF".index(letter)] if letter else Colour.STRONG
        spans: list[Span] = [
            ("▸" if here else " ", Colour.ACCENT),
            (" " if letter is None else letter or "×", colour),
            ("◆ " if line.path in state.pins else "  ", Colour.MARK),
        ]
        for column, width in state.columns:
            shown = _fit(column.fit(line, width), width, right=column.right)
            spans += [(shown, _cell_colour(column.key, line, here=here)), (" ", Colour.NONE)]
        return make_strip(spans, self._palette)


def _cell_colour(key: str, row: "RunRow", *, here: bool) -> Colour:
    if key == "status":
        return STATES.get(row.state, Colour.TEXT)
    return Colour.STRONG if here or key == "name" else Colour.TEXT


def _fit(text: str, width: int, *, right: bool) -> str:
    if cell_len(text) > width:
        return set_cell_size(text, width - 1) + "…" if width > 1 else text[:width]
    return text.rjust(width) if right else set_cell_size(text, width)
