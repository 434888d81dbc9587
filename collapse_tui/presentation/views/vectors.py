"""The kind of view `scatter`: points in a plane, with the ellipses of their laws."""

from dataclasses import replace

import numpy as np

from collapse_tui.charts.canvas import Canvas
from collapse_tui.charts.draw import draw
from collapse_tui.charts.layout import compute_scales
from collapse_tui.charts.palette import Colour
from collapse_tui.charts.spec import LineChart, Marker
from collapse_tui.charts.text import Span
from collapse_tui.charts.to_lines import scatter_lines
from collapse_tui.number_format import format_number
from collapse_tui.presentation.view_history import ViewHistory
from collapse_tui.presentation.views.kind import ViewKind
from engines.arrays import FloatArray
from engines.views.view import View

REACH = 3.0
"""Standard deviations along the first axis to each side of the mean."""
SMALL = 8.0
"""How many times smaller than the source a cloud is when it is enlarged."""


def draw_scatter(history: ViewHistory, width: int, height: int, marker: Marker) -> Canvas:
    """Return points and the ellipse of each component that the view holds.

    In the plane of the first and the last principal axis both have one scale, so that a needle
    looks like one.
    """
    chart = scatter_chart(history)
    if axis_sds(history.view).size:
        chart = _one_scale(chart, history.view, width, height, marker)
    return draw(chart, width, height, marker)


def scatter_chart(history: ViewHistory) -> LineChart:
    """Return points and ellipses, with the names of the axes where they are principal ones."""
    arrays = history.view.arrays
    chart = scatter_lines(arrays["real"], arrays["now"], *_ellipses(history.view))
    if not axis_sds(history.view).size:
        return chart
    return replace(chart, x_name="first axis →", title="last axis ↑")


def axis_sds(view: View) -> FloatArray:
    """Return the standard deviations of source and model along both axes, empty if not principal.

    Runs that were stored before they were known have none.
    """
    return view.arrays.get("axis_sds", np.empty(0))


def _ellipses(view: View) -> tuple[FloatArray, FloatArray]:
    none = np.empty((0, 2, 3))
    return view.arrays.get("real_ellipses", none), view.arrays.get("now_ellipses", none)


def enlargement(sds: FloatArray) -> float:
    """Return how many times the cloud is enlarged, 1 where the source fits beside it."""
    if not sds.size or not sds[1, 0] > 0:
        return 1.0
    times = float(sds[0].max() / sds[1, 0])
    return times if times > SMALL else 1.0


def _one_scale(chart: LineChart, view: View, width: int, height: int, marker: Marker) -> LineChart:
    """Return the chart with limits at which a step to the right is as long as one up."""
    ellipses, sds = _ellipses(view), axis_sds(view)
    enlarged = enlargement(sds) > 1
    shown = ellipses[1:] if enlarged else ellipses
    if not all(np.isfinite(one).all() for one in (*ellipses, sds)):
        return chart
    centres = np.concatenate([one[:, :, 0] for one in shown])
    if enlarged:
        middle, half = centres.mean(axis=0), REACH * sds[1]
    else:
        spreads = np.concatenate([np.sqrt(np.diagonal(one[:, :, 1:], 0, 1, 2)) for one in shown])
        ends = np.concatenate([centres - REACH * spreads, centres + REACH * spreads])
        middle, half = (ends.max(axis=0) + ends.min(axis=0)) / 2, np.ptp(ends, axis=0) / 2
    for _ in range(2):  # the labels of the y axis take more columns, or fewer, than at first
        area = compute_scales(chart, width, max(1, height - 1), marker).area
        # a column of cells is half as wide as a row is high
        cells = np.array([area.width, 2.0 * area.height])
        reach = cells * max(float((half / cells).max()), 1e-300)
        (x_low, y_low), (x_high, y_high) = (middle - reach).tolist(), (middle + reach).tolist()
        chart = replace(chart, x_limits=(x_low, x_high), y_limits=(y_low, y_high))
    return chart


def explain_scatter(canvas: Canvas) -> str:
    """Return what grey, orange and the ellipses are."""
    ellipses = ", with the two-sigma ellipse of each component" if canvas.has(Colour.LAW) else ""
    return f"grey points are original, orange ones of the generation shown{ellipses}"


def scatter_caption(view: View) -> list[Span]:
    """Return how far the cloud reaches along both axes, and how many times it is enlarged."""
    sds = axis_sds(view)
    if not sds.size:
        return []
    first, last = (format_number(float(sd), 2) for sd in sds[1])
    spans = [(f" · sd {first} along the first axis, {last} along the last", Colour.STRONG)]
    times = enlargement(sds)
    if times > 1:
        spans.append((f" · {format_number(times, 2)} times enlarged", Colour.TEXT))
    return spans


SCATTER = ViewKind(draw_scatter, explain_scatter, scatter_caption)
