"""A ridge plot: the densities of several generations, one below the other."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from collapse_tui.charts.canvas import Canvas, CharArray, blank_canvas
from collapse_tui.charts.fill import EIGHTHS
from collapse_tui.charts.layout import label_ticks
from collapse_tui.charts.palette import ASCII_RAMP, Colour
from collapse_tui.charts.spec import Marker
from engines.arrays import FloatArray

HIGHEST = 3
"""Rows that one density takes at most."""
AXIS_FROM = 4
"""Rows from which on the last one is the axis."""
TICK = 8
"""Columns per number below the axis."""


@dataclass(frozen=True, slots=True, eq=False)
class Ridge:
    """One density.

    Attributes
    ----------
    label : str
    shares : ndarray, shape (b,)
        By bin.
    colour : Colour
    """

    label: str
    shares: FloatArray
    colour: Colour


def draw_ridges(  # noqa: PLR0913 - rows by position, all else by keyword
    rows: Sequence[Ridge],
    limits: tuple[float, float],
    width: int,
    height: int,
    marker: Marker,
    *,
    log: bool = False,
    gutter: int = 0,
) -> Canvas:
    """Return densities one below the other, each scaled to its own mode.

    A collapse shows in their widths; on a common scale its spike would flatten the others.

    Parameters
    ----------
    rows : sequence of Ridge
        From the first generation to the last. If not all fit, the first one and the last
        ones are kept.
    limits : (float, float)
        Of the bins, which are all equally wide.
    width, height : int
    marker : str
    log : bool
        Limits are decimal logarithms.
    gutter : int
        Columns left of the data at least.

    Returns
    -------
    Canvas
    """
    canvas = blank_canvas(width, height)
    axis = 1 if height >= AXIS_FROM else 0
    room = height - axis
    if room < 1 or not rows:
        return canvas
    kept = rows if len(rows) <= room else [*rows[:1], *rows[len(rows) - room + 1 :]][:room]
    gutter = max(gutter, label_width(kept))
    columns = width - gutter
    if columns <= 1:
        return canvas
    tall = min(HIGHEST, room // len(kept))
    for index, row in enumerate(kept):
        bottom = (index + 1) * tall - 1
        colour = row.colour if row.colour == Colour.SERIES else Colour.TEXT
        canvas.write(bottom, 0, row.label, colour)
        part = mass_by_column(row.shares, columns)
        own = part / (float(part.max(initial=0.0)) or 1.0)
        place = slice(bottom + 1 - tall, bottom + 1), slice(gutter, None)
        canvas.chars[place], canvas.foreground[place] = hill_signs(own, tall, marker), row.colour
    if axis:
        _axis(canvas, len(kept) * tall, gutter, limits, marker, log=log)
    return canvas


def label_width(rows: Sequence[Ridge]) -> int:
    """Return the columns that the labels take, with the blank after them."""
    return max((len(row.label) for row in rows), default=-1) + 1


def mass_by_column(shares: FloatArray, columns: int) -> FloatArray:
    """Return the shares of equally wide bins as shares of `columns`; their sum is the same."""
    mass = np.concatenate([[0.0], np.cumsum(np.nan_to_num(shares))])
    edges = np.linspace(0, len(shares), columns + 1)
    return np.diff(np.interp(edges, np.arange(len(mass)), mass))


def hill_signs(heights: FloatArray, tall: int, marker: Marker) -> CharArray:
    """Return heights from 0 to 1 as columns of characters, `tall` rows high at most."""
    part = np.clip(heights * tall - np.arange(tall)[::-1, None], 0, 1)
    ramp = np.array(list(ASCII_RAMP), dtype="<U1") if marker == "ascii" else EIGHTHS
    places = np.rint(part * (len(ramp) - 1)).astype(np.int64)
    if marker != "ascii":
        # A share that is not negligible is drawn at least one eighth high.
        places[-1] = np.maximum(places[-1], heights > 0.01)
    return ramp[places]


def _axis(
    canvas: Canvas, row: int, left: int, limits: tuple[float, float], marker: Marker, *, log: bool
) -> None:
    low, high = limits
    columns = canvas.width - left
    places, labels = label_ticks(low, high, max(1, columns // TICK), marker, log=log)
    free = left
    for at, sign in zip(places, labels, strict=True):
        middle = left + (at - low) / (high - low) * (columns - 1)
        start = min(canvas.width - len(sign), max(left, round(middle - (len(sign) - 1) / 2)))
        if start >= free:
            canvas.write(row, start, sign, Colour.AXIS)
            free = start + len(sign) + 1
