"""Areas on a canvas as tinted background, smooth to an eighth of a row at the upper edge."""

import numpy as np

from collapse_tui.charts.canvas import Area, Canvas
from collapse_tui.charts.palette import Colour
from engines.arrays import FloatArray

SLIVER, HALF = 1 / 16, 0.5
"""Shares of a cell: below the first it is not drawn; from the second on it counts as full."""

EIGHTHS = np.array(list(" ▁▂▃▄▅▆▇█"), dtype="<U1")


def fill_between(
    canvas: Canvas, area: Area, low: FloatArray, high: FloatArray, colour: Colour, *, smooth: bool
) -> None:
    """Tint the cells between two curves.

    Parameters
    ----------
    canvas : Canvas
        Changed in place.
    area : Area
    low, high : ndarray, shape (area.width,)
        Heights above the bottom of the area in rows, one for each column; NaN leaves a gap.
    colour : Colour
        The tint.
    smooth : bool
        Draw the edges with partial blocks where nothing else stands in the cell.
    """
    top = area.height
    with np.errstate(invalid="ignore"):
        low, high = np.clip(np.minimum(low, high), 0, top), np.clip(np.maximum(low, high), 0, top)
    floors = (top - 1 - np.arange(top, dtype=np.float64))[:, None]
    upper = np.clip(high[None, :] - floors, 0, 1)
    lower = np.clip(low[None, :] - floors, 0, 1)
    cover = np.nan_to_num(upper - lower)
    upper = np.nan_to_num(upper)
    rows = slice(area.top, area.top + area.height)
    columns = slice(area.left, area.left + area.width)
    chars, foregrounds, backgrounds = (
        part[rows, columns] for part in (canvas.chars, canvas.foreground, canvas.background)
    )
    full = cover >= (1 - SLIVER if smooth else HALF)
    if smooth:
        free = chars == " "
        rising = free & ~full & (lower < SLIVER) & (cover >= SLIVER)
        eighths = np.clip(np.rint(upper * 8), 1, 7).astype(np.int64)
        chars[rising], foregrounds[rising] = EIGHTHS[eighths[rising]], colour
        hanging = free & ~full & ~rising & (upper > 1 - SLIVER) & (cover >= HALF / 2)
        half = hanging & (cover < 1 - HALF / 2)
        chars[half], foregrounds[half] = "▀", colour
        full |= (hanging & ~half) | (~free & (cover >= HALF))
    backgrounds[full] = colour


def to_row_heights(values: FloatArray, rows: int, low: float, high: float) -> FloatArray:
    """Return `values` as heights in rows of an area that spans [low, high]."""
    with np.errstate(invalid="ignore", over="ignore"):
        heights = (np.clip(values, -1e150, 1e150) - low) / (high - low) * rows
    return np.clip(heights, -1.0, rows + 1.0)
