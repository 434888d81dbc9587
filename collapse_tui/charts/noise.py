"""Curves with so many points that they would be a solid blob: a thin line and its range.

The range is tinted from the least to the greatest value of each column, so that no extreme is
lost; the line through the medians shows where the curve goes.
"""

from dataclasses import replace

import numpy as np

from collapse_tui.charts.decimate import summarise_columns
from collapse_tui.charts.layout import Scales
from collapse_tui.charts.palette import Colour
from collapse_tui.charts.spec import Band, Line, LineChart
from engines.arrays import FloatArray

MANY, HIGH = 2.5, 1.2
"""Points in a column of dots, and dots from the least to the greatest in a column of cells beyond
what the curve rises or falls there, from which on it is noise."""
OWN = (Colour.SERIES, Colour.MEAN)
"""Curves of the run that is shown: their range has a tint of its own."""


def thin_noise(chart: LineChart, scales: Scales) -> LineChart:
    """Return a chart with noisy curves as their medians by column, above a band of their range."""
    lines: list[Line] = []
    ranges: list[Band] = []
    for line in chart.lines:
        found = _thin(line, scales) if line.colour in OWN and not line.steps else None
        lines.append(found[0] if found else line)
        if found:
            ranges.append(found[1])
    if not ranges:
        return chart
    ranges[0] = replace(ranges[0], label="range in a column")
    return replace(chart, lines=tuple(lines), bands=(*chart.bands, *ranges))


def _thin(line: Line, scales: Scales) -> tuple[Line, Band] | None:
    area = scales.area
    x = scales.x_dots(line.x)
    inside = (x >= 0) & (x <= scales.columns)
    if np.count_nonzero(inside) < MANY * scales.columns:
        return None
    cells = np.minimum(x[inside] / scales.across, area.width - 1e-9)
    middle, median, low, high = summarise_columns(cells, line.y[inside], area.width)
    if (
        area.width < 2
        or _noise_of(*(scales.y_dots(values) for values in (median, low, high))) < HIGH
    ):
        return None
    at = area.low + middle / area.width * (area.high - area.low)
    edges = np.linspace(area.low, area.high, area.width + 1)
    return replace(line, x=at, y=median), Band(edges, low, high, Colour.RANGE, steps=True)


def _noise_of(median: FloatArray, low: FloatArray, high: FloatArray) -> float:
    """Return by how much the range of a column typically exceeds its trend, in dots."""
    excess = high - low - np.abs(np.gradient(median))
    excess = excess[np.isfinite(excess)]
    return float(np.median(excess)) if excess.size else 0.0
