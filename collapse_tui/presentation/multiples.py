"""Small multiples: each other metric as a line without axes, below its name and value."""

import math
from dataclasses import dataclass

from collapse_tui.charts.canvas import Canvas, blank_canvas
from collapse_tui.charts.draw import draw
from collapse_tui.charts.palette import Colour
from collapse_tui.charts.spec import Marker
from collapse_tui.number_format import format_fixed
from collapse_tui.presentation.scene import Scene, metric_chart, topic_label, typical_values
from engines.arrays import FloatArray

NARROWEST, LOWEST = 17, 3
"""Cells that one of them takes at least, with its name."""

ASPECT = 4.5
"""Width over height, in cells, that the charts should have."""


@dataclass(frozen=True, slots=True)
class Grid:
    """The grid: columns × rows charts of width × height cells, `count` of them used."""

    columns: int
    rows: int
    width: int
    height: int
    count: int

    def index(self, column: int, row: int) -> int | None:
        """Return the index of the chart at a cell of the pane, None if there is none."""
        at = (row // self.height) * self.columns + column // self.width
        return at if column // self.width < self.columns and at < self.count else None


def arrange_grid(count: int, width: int, height: int) -> Grid:
    """Return the arrangement of `count` small charts on `width` × `height` cells."""
    width, height = max(1, width), max(1, height)
    most = max(1, min(count, width // NARROWEST))
    deepest = max(1, height // LOWEST)

    def shape(columns: int) -> tuple[int, float]:
        rows = min(deepest, -(-count // columns))
        return -min(count, rows * columns), abs(math.log(width / columns * rows / height / ASPECT))

    columns = min(range(1, most + 1), key=shape)
    rows = max(1, min(deepest, -(-count // columns)))
    shown = min(count, rows * columns)
    return Grid(columns, rows, max(1, width // columns), max(1, height // rows), shown)


def draw_multiples(scene: Scene, width: int, height: int, marker: Marker) -> Canvas:
    """Return small charts of the topics that are not in the main pane.

    Parameters
    ----------
    scene : Scene
    width, height : int
    marker : str

    Returns
    -------
    Canvas
    """
    others = scene.topics[1:]
    canvas = blank_canvas(width, height)
    if not others or height <= 1:
        return canvas
    cells = arrange_grid(len(others), width, height)
    for index, topic in enumerate(others[: cells.count]):
        row, column = divmod(index, cells.columns)
        top, left = row * cells.height, column * cells.width
        inner = cells.width - 2
        values = typical_values(scene.snapshot, topic)
        value = format_fixed(_value_at(scene, values)) if values.size else "–"
        name = topic_label(topic).replace("_", " ")[: max(0, inner - len(value) - 1)]
        canvas.write(top, left, name, Colour.TEXT)
        canvas.write(top, left + inner - len(value), value, Colour.STRONG)
        chart = metric_chart(scene, topic, small=True)
        canvas.paste(draw(chart, inner, cells.height - 1, marker), top + 1, left)
    return canvas


def _value_at(scene: Scene, values: FloatArray) -> float:
    return float(values[scene.row])
