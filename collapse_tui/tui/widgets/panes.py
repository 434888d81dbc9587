"""Panes: a chart or another widget in a border, with a status line in its lower edge."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.strip import Strip

from collapse_tui.charts.canvas import ASCII, Canvas
from collapse_tui.tui.widgets.bars import PaneEdge
from collapse_tui.tui.widgets.strips import StripView

if TYPE_CHECKING:
    from textual.app import App

TOO_SMALL = "collapse-tui needs a terminal of at least 60 columns and 20 rows."


class Chart(StripView, can_focus=True):
    """A drawn chart that can be focused and pointed at."""

    class Resized(Message):
        """The drawing no longer fits."""

    @dataclass
    class Pointed(Message):
        """A cell was clicked, or the wheel turned (`wheel` -1 or 1) over the chart."""

        chart: "Chart"
        column: int
        row: int
        wheel: int = 0

    class Doubled(Message):
        """The chart was clicked twice."""

    class LeftOut(Message):
        """Other labels than before have no place in the drawing."""

    canvas: Canvas | None = None

    def deliver(self, rows: list[Strip], canvas: Canvas) -> None:
        """Accept a drawing from the render thread and show it."""
        self.call_later(self._show_drawing, rows, canvas)

    def _show_drawing(self, rows: list[Strip], canvas: Canvas) -> None:
        before, self.canvas = self.canvas, canvas
        self.show_rows(rows)
        if canvas.left_out != (before.left_out if before is not None else ()):
            self.post_message(self.LeftOut())

    def value_at(self, column: int) -> float | None:
        """Return the x value at a column of the drawing, None left of its data."""
        area = self.canvas.area if self.canvas is not None else None
        return area.value(column) if area is not None and column >= area.left else None

    def on_resize(self) -> None:
        """Ask for a drawing that fits."""
        self.post_message(self.Resized())

    def on_click(self, event: events.Click) -> None:
        """Report where the pointer was."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        if event.chain > 1:
            self.post_message(self.Doubled())
        else:
            self.post_message(self.Pointed(self, offset.x, offset.y))

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Step back."""
        self.post_message(self.Pointed(self, event.x, event.y, -1))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Step forward."""
        self.post_message(self.Pointed(self, event.x, event.y, 1))


class Pane(Vertical):
    """A chart or another widget, and the edge below it."""

    DEFAULT_CSS = """
    Pane { width: 1fr; height: 1fr; }
    Pane > .body {
        border: round $foreground 25%;
        border-bottom: none;
        border-title-color: $text-muted;
        padding: 0 1;
    }
    Pane.-plain > .body, Pane.-plain:focus-within > .body { border: none; }
    Pane.-plain > PaneEdge { display: none; }
    Pane:focus-within > .body { border: round $primary; border-bottom: none; }
    Pane:focus-within > PaneEdge { color: $primary; }
    """

    ALLOW_MAXIMIZE = False

    def __init__(self, body: StripView, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self.body = body
        self.body.add_class("body")
        self.edge = PaneEdge()

    def compose(self) -> ComposeResult:
        """Put the edge under the body."""
        yield self.body
        yield self.edge

    def set_title(self, title: str) -> None:
        """Set the title in the upper border; a change repaints the whole pane."""
        if cast("App[object]", self.app).has_class("-ascii"):
            title = title.translate(ASCII)
        if self.body.border_title != title:
            self.body.border_title = title
