"""The table of metrics: rows are chosen, filtered, shown in the main chart or drawn beside it."""

from dataclasses import dataclass

from textual import events
from textual.binding import Binding
from textual.message import Message

from collapse_tui.charts.palette import Colour
from collapse_tui.charts.text import Span
from collapse_tui.presentation.metric_rows import (
    MetricRow,
    arrange_columns,
    heading,
    metric_rows,
    row_spans,
)
from collapse_tui.presentation.scene import Scene
from collapse_tui.tui.keys import Action
from collapse_tui.tui.widgets.strips import StripView, make_strip

TABLE_ACTIONS = (
    Action("focused.choose(-1)", "up", "↑", "choose", "Previous metric", 2, "↑↓"),
    Action("focused.choose(1)", "down", "↓", "", "Next metric"),
    Action("focused.lead", "enter", "enter", "show", "Show it in the main chart", 0),
    Action("focused.add", "space", "space", "add", "Draw it beside the main one, or no longer", 0),
    Action("focused.filter", "slash", "/", "filter", "Show only some metrics", 1),
    Action("focused.explain", "question_mark", "?", "what it is", "What the metric is", 1),
    Action("focused.clear", "escape", "esc", "", "Show all metrics"),
)
"""What the keys do while the table has the focus."""


class MetricTable(StripView, can_focus=True):
    """A list of metrics with their numbers: keys choose one, the mouse too."""

    BINDINGS = [  # noqa: RUF012 - Textual reads it from the class
        Binding(action.keys, action.name.removeprefix("focused."), action.help, show=False)
        for action in TABLE_ACTIONS
    ]
    HINTS = TABLE_ACTIONS

    class Changed(Message):
        """Another row was chosen, the filter has changed, or the focus."""

    @dataclass
    class Led(Message):
        """A topic is to be shown in the main chart."""

        topic: str

    @dataclass
    class Added(Message):
        """A topic is to be drawn beside the leading one, or no longer."""

        topic: str

    @dataclass
    class Explained(Message):
        """The definition of a topic is asked for."""

        row: MetricRow

    def __init__(self) -> None:
        super().__init__(id="table")
        self._shown: list[MetricRow] = []
        self._all = 0
        self._chosen = 0
        self._first = 0
        self._filter = ""
        self._typing = False

    def update(self, scene: Scene, palette: str, *, ascii_only: bool) -> None:
        """Show the numbers of a scene; where not all rows fit, the chosen one stays visible."""
        rows = metric_rows(scene, filtered=self._filter)
        self._shown, self._all = rows, len(scene.topics)
        self._chosen = max(0, min(self._chosen, len(rows) - 1))
        height = max(1, self.size.height - 1)
        self._first = max(0, min(self._first, self._chosen, len(rows) - height))
        self._first = max(self._first, self._chosen - height + 1)
        if not scene.topics:
            self.show_rows([])
            return
        columns = arrange_columns(scene, rows, self.size.width)
        lines = [make_strip(heading(scene, columns), palette)]
        for index in range(self._first, min(len(rows), self._first + height)):
            chosen = self.has_focus and index == self._chosen
            spans = row_spans(scene, rows[index], columns, chosen=chosen, ascii_only=ascii_only)
            lines.append(make_strip(spans, palette))
        if not rows:
            why = f"no metric is called “{self._filter}”: escape shows all"
            lines.append(make_strip([(why, Colour.TEXT)], palette))
        self.show_rows(lines)

    @property
    def title(self) -> str:
        """What the table shows, and how its rows can be used, while it has the focus."""
        if self._typing or self._filter:
            return f"metrics · /{self._filter}{'▏' if self._typing else ''}"
        return "metrics"

    @property
    def caption(self) -> list[Span]:
        """What the chosen metric is, while the table has the focus; else which rows are seen."""
        if not self.has_focus or self.chosen is None:
            return [(self.visible_range, Colour.TEXT)] if self.visible_range else []
        row = self.chosen
        keys = " · enter shows it, space adds it, / filters"
        return [
            (row.topic, Colour.ACCENT), (f" {row.words.sentence}", Colour.TEXT), (keys, Colour.TEXT)
        ]  # fmt: skip

    @property
    def visible_range(self) -> str:
        """Which of the rows are visible; empty if all are."""
        height = max(1, self.size.height - 1)
        last = min(len(self._shown), self._first + height)
        if last - self._first == self._all:
            return ""
        return f"{min(self._first + 1, last)}–{last} of {self._all}"

    @property
    def chosen(self) -> MetricRow | None:
        """The row that keys act on."""
        return self._shown[self._chosen] if self._chosen < len(self._shown) else None

    def action_choose(self, step: int) -> None:
        """Go to another row."""
        self._chosen = max(0, min(len(self._shown) - 1, self._chosen + step))
        self.post_message(self.Changed())

    def action_lead(self) -> None:
        """Show the chosen metric in the main chart."""
        if self.chosen is not None:
            self.post_message(self.Led(self.chosen.topic))

    def action_add(self) -> None:
        """Draw the chosen metric beside the leading one, or no longer."""
        if self.chosen is not None:
            self.post_message(self.Added(self.chosen.topic))

    def action_explain(self) -> None:
        """Ask for the definition of the chosen metric."""
        if self.chosen is not None:
            self.post_message(self.Explained(self.chosen))

    def action_filter(self) -> None:
        """Read a part of a name from the keys that follow."""
        self._typing = True
        self.post_message(self.Changed())

    def action_clear(self) -> None:
        """Show all metrics."""
        self._typing, self._filter = False, ""
        self.post_message(self.Changed())

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Return whether a key is text of the filter."""
        del key
        return self._typing and character is not None and character.isprintable()

    def on_key(self, event: events.Key) -> None:
        """Take letters for the filter while it is typed."""
        if not self._typing:
            return
        if event.key in {"enter", "escape"}:
            self._typing = False
            if event.key == "escape":
                self._filter = ""
        elif event.key == "backspace":
            self._filter = self._filter[:-1]
        elif event.is_printable and event.character is not None:
            self._filter += event.character
        else:
            return
        event.stop()
        event.prevent_default()
        self._chosen = 0
        self.post_message(self.Changed())

    def on_focus(self) -> None:
        """Show which row is chosen."""
        self.post_message(self.Changed())

    def on_blur(self) -> None:
        """Show that none is, and end the typing."""
        self._typing = False
        self.post_message(self.Changed())

    def on_click(self, event: events.Click) -> None:
        """Show the metric that was clicked in the main chart."""
        offset = event.get_content_offset(self)
        if offset is None or not 1 <= offset.y <= len(self._shown) - self._first:
            return
        self._chosen = self._first + offset.y - 1
        self.action_lead()

    def on_mouse_scroll_up(self) -> None:
        """Go up one row."""
        self.action_choose(-1)

    def on_mouse_scroll_down(self) -> None:
        """Go down one row."""
        self.action_choose(1)
