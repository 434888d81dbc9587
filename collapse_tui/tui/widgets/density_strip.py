"""The strip of a run, which is also how one goes to a generation: click and drag."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from textual import events
from textual.message import Message
from typing_extensions import override

from collapse_tui.charts.canvas import adapt_to_palette
from collapse_tui.charts.palette import PALETTES
from collapse_tui.tui.widgets.panes import Chart

if TYPE_CHECKING:
    from textual.app import App


class DensityStrip(Chart):
    """The whole run in one picture; the generation under the pointer is shown while it is held."""

    @dataclass
    class Moved(Message):
        """A generation is to be shown."""

        generation: int

    GUIDES_OVER = True

    def __init__(self) -> None:
        super().__init__(id="strip")
        self._dragging = False

    @override
    def text(self) -> str:
        """Return the rows with characters for the brightness, which a clipboard can hold."""
        if self.canvas is None:
            return super().text()
        plain = cast("App[object]", self.app).has_class("-ascii")
        shown = adapt_to_palette(self.canvas, PALETTES["plain"], ascii_only=plain)
        return "\n".join("".join(row).rstrip() for row in shown.chars)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Show the generation under the pointer; moving on drags it along."""
        if event.button == 1:
            self._dragging = True
            self.capture_mouse()
            self._move(event)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Drag."""
        if self._dragging:
            self._move(event)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Let go."""
        del event
        self._dragging = False
        self.release_mouse()

    def _move(self, event: events.MouseEvent) -> None:
        area = self.canvas.area if self.canvas is not None else None
        if area is not None:
            # left and right of the data are its ends: a drag may leave it
            value = area.value(event.x - self.gutter.left)
            self.post_message(self.Moved(round(value)))
