"""The time bar: click and drag show a generation, the wheel walks, the pointer asks what was."""

from dataclasses import dataclass

from textual import events
from textual.message import Message

from collapse_tui.presentation.scene import Scene
from collapse_tui.presentation.time_bar import TimeScale, draw_time_bar, time_scale
from collapse_tui.tui.widgets.strips import StripView, make_strip


class TimeBar(StripView):
    """One row: what is computed, what has changed, forks, and the generation shown."""

    DEFAULT_CSS = "TimeBar { height: 1; padding: 0 1; }"

    @dataclass
    class Moved(Message):
        """A generation is to be shown."""

        generation: int

    @dataclass
    class Turned(Message):
        """The wheel was turned back (-1) or forward (1), with ctrl to zoom at a generation."""

        step: int
        generation: int
        ctrl: bool

    @dataclass
    class Hovered(Message):
        """The pointer is over a generation, or has left (None)."""

        generation: int | None

    def __init__(self) -> None:
        super().__init__()
        self._scale = TimeScale(0, 1, 1)
        self._dragging = False

    def update(self, scene: Scene, palette: str) -> None:
        """Show the bar of a scene."""
        width = self.size.width
        self._scale = time_scale(scene, width)
        canvas = draw_time_bar(scene, width)
        self.show_rows([make_strip(canvas.runs(0), palette)] if width > 0 else [])

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Show the generation under the pointer; moving on drags it along."""
        if event.button == 1:
            self._dragging = True
            self.capture_mouse()
            self.post_message(self.Moved(self._generation(event)))

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Drag, or say what is under the pointer."""
        generation = self._generation(event)
        self.post_message(self.Moved(generation) if self._dragging else self.Hovered(generation))

    def on_mouse_up(self) -> None:
        """Let go."""
        self._dragging = False
        self.release_mouse()

    def on_leave(self) -> None:
        """Say no more of what was under the pointer."""
        self.post_message(self.Hovered(None))

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Step back, or zoom in."""
        self._turn(event, -1)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Step forward, or zoom out."""
        self._turn(event, 1)

    def _turn(self, event: events.MouseEvent, step: int) -> None:
        event.stop()
        self.post_message(self.Turned(step, self._generation(event), event.ctrl))

    def _generation(self, event: events.MouseEvent) -> int:
        return self._scale.generation(event.x - self.gutter.left)
