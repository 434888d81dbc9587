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

LEAST_DRAG = 2
"""Columns from which on a movement with the button held is no click."""

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
        ctrl: bool = False

    @dataclass
    class Hovered(Message):
        """The pointer is over a column of the chart, or has left it (None)."""

        chart: "Chart"
        column: int | None

    @dataclass
    class Dragged(Message):
        """The pointer was moved from one column to another with its button held, or let go."""

        chart: "Chart"
        start: int
        end: int
        done: bool

    class Doubled(Message):
        """The chart was clicked twice."""

    class LeftOut(Message):
        """Other labels than before have no place in the drawing."""

    GUIDES_OVER = False
    """Whether vertical lines are drawn over the data, not only beside it."""

    canvas: Canvas | None = None
    _guided: tuple[float, ...] = ()
    _palette = ""
    _pressed: int | None = None
    _dragged = False

    def guide(self, values: tuple[float, ...], palette: str) -> None:
        """Draw vertical lines at these x values until others are given."""
        self._guided, self._palette = values, palette
        area = self.canvas.area if self.canvas is not None else None
        if area is None:
            self.show_guides((), range(0), palette)
            return
        columns = (area.left + area.column(value) for value in values)
        inside = [one for one in columns if area.left <= one < area.left + area.width]
        rows = range(area.top, area.top + area.height)
        self.show_guides(inside, rows, palette, over=self.GUIDES_OVER)

    def deliver(self, rows: list[Strip], canvas: Canvas) -> None:
        """Accept a drawing from the render thread and show it."""
        self.call_later(self._show_drawing, rows, canvas)

    def _show_drawing(self, rows: list[Strip], canvas: Canvas) -> None:
        before, self.canvas = self.canvas, canvas
        self.show_rows(rows)
        if self._guided:
            self.guide(self._guided, self._palette)  # the axis may have moved
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
        """Report where the pointer was, unless it was moved in between."""
        offset = event.get_content_offset(self)
        dragged, self._dragged = self._dragged, False
        if offset is None or dragged:
            return
        if event.chain > 1:
            self.post_message(self.Doubled())
        else:
            self.post_message(self.Pointed(self, offset.x, offset.y))

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Begin to drag."""
        offset = event.get_content_offset(self)
        self._dragged = False
        if event.button == 1 and offset is not None and self.value_at(offset.x) is not None:
            self._pressed = offset.x
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Report the column under the pointer, or how far it was dragged."""
        column = event.get_content_offset_capture(self).x
        if self._pressed is None:
            inside = event.get_content_offset(self) is not None
            known = inside and self.value_at(column) is not None
            self.post_message(self.Hovered(self, column if known else None))
            return
        self._dragged |= abs(column - self._pressed) >= LEAST_DRAG
        if self._dragged:
            self.post_message(self.Dragged(self, self._pressed, column, done=False))

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Let go."""
        start, self._pressed = self._pressed, None
        self.release_mouse()
        if self._dragged and start is not None:
            column = event.get_content_offset_capture(self).x
            self.post_message(self.Dragged(self, start, column, done=True))

    def on_leave(self) -> None:
        """Report that the pointer has left."""
        self.post_message(self.Hovered(self, None))

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Step back, or zoom in."""
        self._turn_wheel(event, -1)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Step forward, or zoom out."""
        self._turn_wheel(event, 1)

    def _turn_wheel(self, event: events.MouseEvent, sign: int) -> None:
        at = event.get_content_offset_capture(self)
        self.post_message(self.Pointed(self, at.x, at.y, sign, event.ctrl))


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
