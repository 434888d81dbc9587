"""Pixels in half blocks, two in one cell, and what stands for them where nothing can be tinted."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from collapse_tui.charts.canvas import Canvas, blank_canvas
from collapse_tui.charts.palette import Colour

GAP = -1
"""A pixel that is not drawn."""


def half_blocks(
    levels: NDArray[np.int64], scale: Sequence[Colour], *, blank_pairs: bool = False
) -> Canvas:
    """Return levels of a colour scale as half blocks, two rows of pixels to a row of cells.

    Parameters
    ----------
    levels : ndarray of int, shape (h, w)
        Indices of `scale`; `GAP` for none.
    scale : sequence of Colour
        With consecutive numbers.
    blank_pairs : bool
        Draw two pixels of one colour as a blank on it, which costs a terminal less.
    """
    if len(levels) % 2:
        levels = np.pad(levels, [(0, 1), (0, 0)], constant_values=GAP)
    above, below = levels[::2], levels[1::2]
    canvas = blank_canvas(levels.shape[1], len(above))
    upper, lower = above != GAP, below != GAP
    canvas.chars[upper] = "▀"
    canvas.chars[~upper & lower] = "▄"
    colour = np.where(upper, above, below) + int(scale[0])
    canvas.foreground[upper | lower] = colour[upper | lower]
    both = upper & lower
    canvas.background[both] = (below + int(scale[0]))[both]
    same = both & (above == below) & blank_pairs
    canvas.chars[same], canvas.foreground[same] = " ", Colour.NONE
    return canvas
