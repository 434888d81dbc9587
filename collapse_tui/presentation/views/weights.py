"""The kind of view `weights`: the weights of a linear model on their way, and its error."""

from dataclasses import replace

import numpy as np

from collapse_tui.charts.canvas import Canvas, blank_canvas
from collapse_tui.charts.draw import draw
from collapse_tui.charts.palette import Colour
from collapse_tui.charts.spec import Line, LineChart, Marker
from collapse_tui.charts.text import Span
from collapse_tui.number_format import format_number
from collapse_tui.presentation.law_lines import axis_values_of
from collapse_tui.presentation.view_history import ViewHistory
from collapse_tui.presentation.views.kind import ViewKind, list_parts
from engines.arrays import FloatArray, even_indices
from engines.views.view import View

MOST = 16
"""Most weights whose paths are drawn: of more, some evenly chosen ones."""
BESIDE, BELOW = 90, 20
"""Columns and rows from which on the error is drawn beside the paths, or below them."""
ERROR = "test_error"
"""The metric that the squared distance of the weights is; its laws are drawn with it."""


def draw_weights(history: ViewHistory, width: int, height: int, marker: Marker) -> Canvas:
    """Return the path of each weight by generation and, where it fits, the error with its laws."""
    if width >= BESIDE:
        left, tall, place = width // 2 - 1, height, (0, width - width // 2 + 1)
    elif height >= BELOW:
        left, tall, place = width, height // 2, (height // 2, 0)
    else:
        return replace(draw(paths_chart(history), width, height, marker), parts=("paths",))
    canvas = blank_canvas(width, height)
    canvas.paste(draw(paths_chart(history), left, tall, marker), 0, 0)
    error = draw(error_chart(history), width - place[1], height - place[0], marker)
    canvas.paste(error, *place)
    return replace(canvas, parts=("paths", "error"))


def _table(history: ViewHistory) -> tuple[FloatArray, FloatArray]:
    """Return the generations whose weights are known, and the weights of each, shape (n, d)."""
    kind = history.view.kind
    past = [(at, view) for at, view in history.past if view.kind == kind]
    steps = [*past, (history.generation, history.view)]
    return np.array([float(at) for at, _ in steps]), np.stack(
        [view.arrays["now"] for _, view in steps]
    )


def paths_chart(history: ViewHistory) -> LineChart:
    """Return the weights by generation, and the true ones that they leave."""
    x, table = _table(history)
    shown = even_indices(table.shape[1], MOST)
    true = np.unique(history.view.arrays["real"][shown])
    end = max(1.0, float(x[-1]))
    labels = ["this run", *[""] * (shown.size - 1)]
    lines = [
        Line(x, table[:, at], Colour.SERIES, label)
        for at, label in zip(shown.tolist(), labels, strict=True)
    ]
    lines += [
        Line(np.array([0.0, end]), np.full(2, weight), Colour.EXACT, "" if at else "w*")
        for at, weight in enumerate(true.tolist())
    ]
    return LineChart(tuple(lines), x_limits=(0.0, end), whole_x=True, title="weights")


def error_chart(history: ViewHistory) -> LineChart:
    """Return the squared distance from the true weights by generation, with its laws."""
    x, table = _table(history)
    error = ((table - history.view.arrays["real"]) ** 2).sum(axis=1)
    end = max(1.0, float(x[-1]))
    until = [
        replace(law, x=law.x[law.x <= end], y=law.y[law.x <= end]) for law in history.laws_of(ERROR)
    ]
    own = Line(x, error, Colour.SERIES, "this run")
    return LineChart(
        (*until, own), x_limits=(0.0, end), y_data=axis_values_of(error, tuple(until)),
        zero=True, log=history.log, whole_x=True, title="error ‖w − w*‖²",
    )  # fmt: skip


def explain_weights(canvas: Canvas) -> str:
    """Return what is drawn of the weights and of their error."""
    return list_parts(canvas, {
        "paths": "the path of each weight, orange, away from the true one, blue",
        "error": "the squared distance between them beside the laws of its mean",
    })  # fmt: skip


def weights_caption(view: View) -> list[Span]:
    """Return the squared distance from the true weights."""
    error = float(((view.arrays["now"] - view.arrays["real"]) ** 2).sum())
    return [(f" · ‖w − w*‖² {format_number(error)}", Colour.TEXT)]


WEIGHTS = ViewKind(draw_weights, explain_weights, weights_caption, page_height=BELOW)
