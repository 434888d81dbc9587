"""What one will see of a run before it begins: a sketch, drawn in the render thread."""

from collections.abc import Callable, Sequence
from functools import partial

from textual.strip import Strip

from collapse_tui.charts.canvas import Canvas, blank_canvas
from collapse_tui.charts.palette import Colour
from collapse_tui.charts.spec import Marker
from collapse_tui.charts.text import draw_text
from collapse_tui.presentation.scene import Scene
from collapse_tui.presentation.sketch_chart import draw_sketch
from collapse_tui.tui.widgets.strips import StripView

NO_PICTURE = "no picture before a run"

Deliver = Callable[[Sequence[Strip], Canvas], object]
Submit = Callable[[Callable[[int, int, Marker], Canvas], int, int, Deliver], object]
"""(what paints, width, height, what gets the rows): has it painted in the render thread."""


class SketchView(StripView):
    """The sketch of the chosen preset, or a sentence where there is none.

    Parameters
    ----------
    submit : callable
        See `Submit`.
    """

    def __init__(self, submit: Submit) -> None:
        super().__init__(id="sketch")
        self._submit = submit
        self._scene: Scene | None = None
        self._sentence = ""

    def on_resize(self) -> None:
        """Draw what fits."""
        self.draw()

    def show_scene(self, scene: Scene | None, sentence: str = NO_PICTURE) -> None:
        """Show a run, or a sentence where there is none."""
        self._scene, self._sentence = scene, sentence
        self.set_class(scene is None, "without")
        self.draw()

    def show_nothing(self) -> None:
        """Show nothing until more is known; the place stays."""
        self._scene, self._sentence = None, ""
        self.draw()

    def draw(self) -> None:
        """Have it drawn: in the present colours, as large as it is."""
        width, height = self.size
        if width > 0 and height > 0:
            paint = partial(_paint, self._scene, self._sentence)
            self._submit(paint, width, height, self._deliver)

    def _deliver(self, rows: Sequence[Strip], _canvas: Canvas) -> None:
        self.call_later(self.show_rows, rows)


def _paint(scene: Scene | None, sentence: str, width: int, height: int, marker: Marker) -> Canvas:
    if scene is not None:
        return draw_sketch(scene, width, height, marker)
    if sentence:
        return draw_text([(sentence, Colour.TEXT)], width, height)
    return blank_canvas(width, height)
