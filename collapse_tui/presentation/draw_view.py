"""The drawing of each kind of view, looked up by its name."""

from collections.abc import Callable, Mapping

from collapse_tui.charts import Canvas, Marker, draw
from collapse_tui.charts.canvas import blank_canvas
from collapse_tui.presentation.views.images import images
from collapse_tui.presentation.views.text import text
from collapse_tui.presentation.scene import chart_of_view
from collapse_tui.presentation.view_history import ViewHistory

Drawing = Callable[[ViewHistory, int, int, Marker], Canvas]


def _chart(history: ViewHistory, width: int, height: int, marker: Marker) -> Canvas:
    return draw(chart_of_view(history.view, log=history.log), width, height, marker)


DRAWINGS: Mapping[str, Drawing] = {
    "histogram": _chart,
    "states": _chart,
    "scatter": _chart,
    "tokens": _chart,
    "images": images,
    "text": text,
}

TALL = {"images": 26, "text": 24}
"""Rows that a view reads best on where there is no limit: a page has none."""


def draw_view(history: ViewHistory | None, width: int, height: int, marker: Marker) -> Canvas:
    """Return a view drawn on `width` × `height` cells; nothing where there is none.

    Parameters
    ----------
    history : ViewHistory or None
    width, height : int
    marker : str

    Returns
    -------
    Canvas
    """
    drawing = DRAWINGS.get(history.view.kind) if history else None
    if history is None or drawing is None or width <= 1 or height < 1:
        return blank_canvas(width, height)
    return drawing(history, width, height, marker)
