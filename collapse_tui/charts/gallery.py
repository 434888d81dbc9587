"""Real and generated grey pictures in half blocks, two pixels in one cell."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from collapse_tui.charts.canvas import Canvas, blank_canvas
from collapse_tui.charts.half_blocks import GAP, half_blocks
from collapse_tui.charts.palette import GREYS, Colour
from collapse_tui.charts.spec import Marker
from engines.arrays import FloatArray

IntArray = NDArray[np.int64]

ENOUGH = 3
"""Pictures of each kind that are enough: they are not made smaller to show more."""
SMALLEST = 6
"""Pixels of a side below which a digit cannot be recognised."""
BETWEEN = 3
"""Columns between the real and the generated pictures."""


@dataclass(frozen=True, slots=True)
class Arrangement:
    """How one half of a gallery is filled.

    Attributes
    ----------
    beside : bool
        The real half is left of the other; otherwise above it.
    shrink : int
        Pixels of a side that become one.
    columns, rows : int
        Pictures across and down.
    """

    beside: bool
    shrink: int
    columns: int
    rows: int

    @property
    def count(self) -> int:
        """How many pictures a half holds."""
        return self.columns * self.rows


def arrange(
    shape: tuple[int, int], most: int, width: int, height: int, gap: int = 1
) -> Arrangement | None:
    """Return the arrangement that shows the most, or None where not one picture fits.

    Parameters
    ----------
    shape : (int, int)
        Height and width of a picture in pixels.
    most : int
        Pictures that there are of each kind.
    width, height : int
        Cells for both halves, the row of their names included.
    gap : int
        Pixels between two pictures, one above the other.
    """
    best = Arrangement(beside=True, shrink=1, columns=0, rows=0)
    for shrink in range(1, max(1, min(shape) // SMALLEST) + 1):
        high, wide = (-(-side // shrink) for side in shape)
        for beside in (True, False):
            across = (width - BETWEEN) // 2 if beside else width
            down = height - 1 if beside else height // 2 - 1
            columns = max(0, min(most, (across + 1) // (wide + 1)))
            rows = min(max(0, (2 * down + gap) // (high + gap)), -(-most // max(1, columns)))
            if columns * rows > best.count:
                best = Arrangement(beside, shrink, columns, rows)
        if 0 < best.count >= min(ENOUGH, most):
            break
    return best if best.count else None


def draw_gallery(
    real: FloatArray,
    now: FloatArray,
    names: tuple[str, str],
    width: int,
    height: int,
    marker: Marker,
) -> Canvas:
    """Return real and generated pictures on `width` × `height` cells, as many as fit.

    Parameters
    ----------
    real, now : ndarray, shape (m, h, w)
        0 (black) to 1 (white); what lies outside is cut, NaN is black.
    names : (str, str)
        Of the two halves.
    width, height : int
    marker : str

    Returns
    -------
    Canvas
    """
    canvas = blank_canvas(width, height)
    # In characters that stand for two pixels, pictures must begin at whole rows.
    gap = 2 if marker == "ascii" else 1
    shape = (int(real.shape[1]), int(real.shape[2]))
    plan = arrange(shape, max(len(real), len(now)), width, height, gap)
    if plan is None:
        canvas.write(0, 0, f"no room for {shape[0]} × {shape[1]} pixels: m enlarges", Colour.TEXT)
        return canvas
    for index, (pictures, name, colour) in enumerate(
        zip((real, now), names, (Colour.REAL, Colour.SERIES), strict=True)
    ):
        half = half_blocks(
            mosaic(shrink(pictures, plan.shrink), plan.columns, plan.rows, gap), GREYS
        )
        step = (width + BETWEEN) // 2 if plan.beside else 1 + half.height
        top, left = (0, index * step) if plan.beside else (index * step, 0)
        canvas.write(top, left, name, colour)
        canvas.paste(half, top + 1, left)
    return canvas


def shrink(pictures: FloatArray, factor: int) -> FloatArray:
    """Return pictures (m, h, w) with squares of `factor` pixels averaged."""
    count, height, width = pictures.shape
    pad = [(0, 0), (0, -height % factor), (0, -width % factor)]
    whole = np.pad(pictures, pad, mode="edge")
    high, wide = whole.shape[1] // factor, whole.shape[2] // factor
    return whole.reshape(count, high, factor, wide, factor).mean(axis=(2, 4))


def mosaic(pictures: FloatArray, columns: int, rows: int, gap: int = 1) -> IntArray:
    """Return pictures (m, h, w) side by side as grey levels, `GAP` between them."""
    _, high, wide = pictures.shape
    levels = np.full((rows * (high + gap) - gap, columns * (wide + 1) - 1), GAP, dtype=np.int64)
    greys = np.rint(np.clip(np.nan_to_num(pictures), 0, 1) * (len(GREYS) - 1)).astype(np.int64)
    for index, picture in enumerate(greys[: columns * rows]):
        row, column = divmod(index, columns)
        top, left = row * (high + gap), column * (wide + 1)
        levels[top : top + high, left : left + wide] = picture
    return levels
