"""What one will see, beside the description of a preset: its curve and its strip, small."""

from dataclasses import replace

from collapse_tui.charts.canvas import Canvas, blank_canvas
from collapse_tui.charts.draw import draw
from collapse_tui.charts.palette import Colour
from collapse_tui.charts.spec import Marker
from collapse_tui.charts.text import draw_text
from collapse_tui.presentation.metric_chart import metric_chart
from collapse_tui.presentation.metric_words import metric_words
from collapse_tui.presentation.scene import Scene
from collapse_tui.presentation.strip_chart import draw_strip, strip_title

BESIDE = 64
"""Cells from which on the strip stands beside the curve, not below it."""
BY_GENERATION = " by generation"
GAP = 2
"""Cells between curve and strip."""
SHORTEST, STRIP_ROWS = 9, 4
"""Rows from which on there is room for a strip below the curve, and its rows at least."""
LABEL_ROWS = 8
"""Rows from which on a curve has room for the names of its lines."""


def draw_sketch(scene: Scene, width: int, height: int, marker: Marker) -> Canvas:
    """Return the first curve of a run and its strip, each below its name.

    Parameters
    ----------
    scene : Scene
        A run at its end.
    width, height : int
    marker : str
    """
    canvas = blank_canvas(width, height)
    if width < 1 or height < 2:
        return canvas
    if scene.snapshot.strip is None or (width < BESIDE and height < SHORTEST):
        canvas.paste(_curve(scene, width, height, marker), 0, 0)
    elif width >= BESIDE:
        left = (width - GAP) * 3 // 5
        canvas.paste(_curve(scene, left, height, marker), 0, 0)
        canvas.paste(_strip(scene, width - left - GAP, height, marker), 0, left + GAP)
    else:
        rows = max(STRIP_ROWS, height * 2 // 5)
        canvas.paste(_curve(scene, width, height - rows, marker), 0, 0)
        canvas.paste(_strip(scene, width, rows, marker), height - rows, 0)
    return canvas


def _curve(scene: Scene, width: int, height: int, marker: Marker) -> Canvas:
    chart = metric_chart(scene, scene.topic)
    if height < LABEL_ROWS:
        chart = replace(chart, labels="none")
    body = draw(chart, width, height - 1, marker)
    across = f" by {chart.x_name}" if chart.x_name else BY_GENERATION
    return _below(f"{metric_words(scene.topic).short}{across}", body, width)


def _strip(scene: Scene, width: int, height: int, marker: Marker) -> Canvas:
    return _below(strip_title(scene), draw_strip(scene, width, height - 1, marker), width)


def _below(title: str, body: Canvas, width: int) -> Canvas:
    canvas = blank_canvas(width, body.height + 1)
    if len(title) > width:
        title = title.replace(BY_GENERATION, "")
    canvas.paste(draw_text([(title, Colour.TEXT)], width, 1), 0, 0)
    canvas.paste(body, 1, 0)
    return canvas
