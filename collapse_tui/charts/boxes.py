"""A chart of few generations as boxes: nothing lies between two generations, so no area does."""

from dataclasses import replace

import numpy as np

from collapse_tui.charts.spec import Band, Line, LineChart
from engines.arrays import FloatArray

FEW = 10
"""Generations up to which a distribution is drawn as boxes."""
BOX, LAW = 0.3, 0.42
"""Half of the width of a box, and of a law, which shows beside it where both coincide."""


def as_boxes(chart: LineChart, laws: int) -> LineChart:
    """Return a chart with each band as boxes and each line as dashes over them.

    Parameters
    ----------
    chart : LineChart
        Whose x are whole numbers.
    laws : int
        How many of its lines, the last ones, are laws.
    """
    low, high = chart.x_limits or (0.0, 1.0)
    runs = len(chart.lines) - laws
    lines = tuple(_dashes(line, BOX if at < runs else LAW) for at, line in enumerate(chart.lines))
    bands = tuple(_boxes(band) for band in chart.bands)
    return replace(chart, lines=lines, bands=bands, x_limits=(low - 0.5, high + 0.5))


def _dashes(line: Line, half: float) -> Line:
    edges, y = _around(line.x, half), _between(line.y)
    return replace(line, x=edges, y=y, dash="solid", steps=True)


def _boxes(band: Band) -> Band:
    low, high = _between(band.low), _between(band.high)
    return replace(band, x=_around(band.x, BOX), low=low, high=high, steps=True)


def _around(x: FloatArray, half: float) -> FloatArray:
    return np.stack([x - half, x + half], axis=1).ravel()


def _between(y: FloatArray) -> FloatArray:
    """Return values with NaN between every two."""
    spread = np.full(max(0, 2 * y.size - 1), np.nan)
    spread[::2] = y
    return spread
