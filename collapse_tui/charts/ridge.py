"""A ridge plot: the densities of several generations, one below the other."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from collapse_tui.charts.canvas import Canvas, blank_canvas
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


def draw_ridges(
    rows: Sequence[Ridge],
    limits: tuple[float, float],
    width: int,
    height: int,
    marker: Marker,
    *,
    log: bool = False,
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
    gutter = max(len(row.label) for row in kept) + 1
    columns = width - gutter
    if columns <= 1:
        return canvas
    tall = min(HIGHEST, room // len(kept))
    heights = [mass_by_column(row.shares, columns) for row in kept]
    for index, (row, part) in enumerate(zip(kept, heights, strict=True)):
        bottom = (index + 1) * tall - 1
        canvas.write(
            bottom, 0, row.label, row.colour if row.colour == Colour.SERIES else Colour.TEXT
        )
        own = part / (float(part.max(initial=0.0)) or 1.0)
        draw_hill(canvas, bottom, gutter, tall, own, row.colour, marker)
    if axis:
        _axis(canvas, len(kept) * tall, gutter, limits, marker, log=log)
    return canvas


def mass_by_column(shares: FloatArray, columns: int) -> FloatArray:
    """Return the shares of equally wide bins as shares of `columns`; their sum is the same."""
    mass = np.concatenate([[0.0], np.cumsum(np.nan_to_num(shares))])
    edges = np.linspace(0, len(shares), columns + 1)
    return np.diff(np.interp(edges, np.arange(len(mass)), mass))


def draw_hill(  # noqa: PLR0913, PLR0917 - what, and where
    canvas: Canvas,
    bottom: int,
    left: int,
    tall: int,
    heights: FloatArray,
    colour: Colour,
    marker: Marker,
) -> None:
    """Draw heights from 0 to 1 as columns on the row `bottom`, `tall` rows high at most."""
    for level in range(tall):
        part = np.clip(heights * tall - level, 0, 1)
        if marker == "ascii":
            places = np.rint(part * (len(ASCII_RAMP) - 1)).astype(np.int64)
            signs = np.array(list(ASCII_RAMP), dtype="<U1")[places]
        else:
            places = np.rint(part * 8).astype(np.int64)
            if level == 0:
                # A share that is not negligible is drawn at least one eighth high.
                places = np.where((heights > 0) & (places == 0) & (heights > 0.01), 1, places)
            signs = EIGHTHS[places]
        canvas.chars[bottom - level, left : left + len(signs)] = signs
        canvas.foreground[bottom - level, left : left + len(signs)] = colour


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
