"""Charts as objects of JSON: numbers of arrays, colours by their names, limits of the axes."""

from typing import Any

import numpy as np

from collapse_tui.charts.decimate import step_outline
from collapse_tui.charts.layout import axis_values, x_limits, y_limits
from collapse_tui.charts.spec import Band, LineChart
from collapse_tui.presentation.figures.figure_style import dash_of
from collapse_tui.presentation.html.array_pool import ArrayPool
from engines.arrays import FloatArray


def describe_chart(chart: LineChart, pool: ArrayPool) -> dict[str, Any]:
    """Return a chart for the page; on a logarithmic axis its numbers are decimal logarithms.

    Parameters
    ----------
    chart : LineChart
    pool : ArrayPool
        Where its arrays go.
    """
    return {
        "x": _finite(x_limits(chart)),
        "y": _finite(y_limits(chart)),
        "log": chart.log,
        "logX": chart.log_x,
        "whole": chart.whole_x,
        "note": chart.note,
        "marks": [float(mark) for mark in chart.marks],
        "bands": [_describe_band(band, chart, pool) for band in chart.bands],
        "lines": [
            {
                "label": line.label,
                "colour": line.colour.name,
                "dash": list(dash_of(line.colour, line.dash)),
                **_points(line.x, axis_values(line.y, log=chart.log), pool, steps=line.steps),
            }
            for line in chart.lines
        ],
        "dots": [
            {
                "label": dots.label,
                "colour": dots.colour.name,
                "sign": dots.sign,
                **_points(dots.x, axis_values(dots.y, log=chart.log), pool, steps=False),
            }
            for dots in chart.dots
        ],
    }


def _describe_band(band: Band, chart: LineChart, pool: ArrayPool) -> dict[str, Any]:
    low, high = (axis_values(edge, log=chart.log) for edge in (band.low, band.high))
    if chart.log:
        low = np.where(np.isnan(low) & ~np.isnan(high), y_limits(chart)[0], low)
    upper = _points(band.x, high, pool, steps=band.steps)
    lower = _points(band.x, low, pool, steps=band.steps)
    return {"label": band.label, "colour": band.colour.name, **upper, "low": lower["y"]}


def _points(x: FloatArray, y: FloatArray, pool: ArrayPool, *, steps: bool) -> dict[str, int]:
    if steps:
        x, y = step_outline(x, y)
    return {"x": pool.add(x), "y": pool.add(y)}


def _finite(limits: tuple[float, float]) -> list[float]:
    return [float(np.clip(limit, -1e300, 1e300)) for limit in limits]
