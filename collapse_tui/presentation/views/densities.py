"""A histogram above the same densities generation by generation, on one x axis."""

from collections.abc import Sequence
from dataclasses import replace

from collapse_tui.charts.canvas import Canvas, blank_canvas
from collapse_tui.charts.draw import draw
from collapse_tui.charts.layout import compute_scales
from collapse_tui.charts.ridge import Ridge, draw_ridges, label_width
from collapse_tui.charts.spec import LineChart, Marker


def draw_stacked(
    chart: LineChart, ridges: Sequence[Ridge], width: int, rows: tuple[int, int], marker: Marker
) -> Canvas:
    """Return the chart with the ridges below it, a value in one column in both.

    Parameters
    ----------
    chart : LineChart
        With the limits of x.
    ridges : sequence of Ridge
    width : int
    rows : (int, int)
        Of the chart and of the ridges; without rows it is not drawn.
    marker : str
    """
    above, below = rows
    canvas = blank_canvas(width, above + below)
    gutter = label_width(ridges) if below else 0
    if above:
        chart = replace(chart, gutter=gutter)
        area = compute_scales(chart, width, above, marker).area
        gutter = max(gutter, area.left)
        canvas.paste(draw(chart, width, above, marker), 0, 0)
    limits = chart.x_limits or (0.0, 1.0)
    low = draw_ridges(ridges, limits, width, below, marker, log=chart.log_x, gutter=gutter)
    canvas.paste(low, above, 0)
    return canvas
