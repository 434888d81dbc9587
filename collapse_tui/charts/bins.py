"""Bins of a histogram merged to what a chart can show and what so few points can say."""

import numpy as np

from engines.arrays import FloatArray

AXIS = 6
"""Columns left of the data, about."""
FEWEST = 8
"""Bins that every histogram may have."""
ENOUGH = 4.0
"""Points that share a bin, on average over the points, from which on bins are not merged."""
SEEN = 6
"""Bins with points below which they are not merged: the shape would be lost."""
BAR, BAR_COLUMNS = 0.8, 4
"""Share of the axis that bars take where one has so many columns or more."""


def column_size(count: int, width: int) -> int:
    """Return how many of `count` bins or states share a column of `width` cells, axis included."""
    return max(1, -(-count // max(FEWEST, width - AXIS)))


def sum_groups(values: FloatArray, size: int) -> FloatArray:
    """Return the sums of so many neighbours; the last group may be smaller."""
    return np.add.reduceat(values, np.arange(0, values.size, size)) if values.size else values


def group_edges(edges: FloatArray, size: int) -> FloatArray:
    """Return the edges of groups of so many bins."""
    return np.append(edges[:-1:size], edges[-1])


def bins_to_merge(shares: FloatArray) -> int:
    """Return how many neighbouring bins are to be one, so that few points do not make a comb.

    Parameters
    ----------
    shares : ndarray, shape (b,)
        Of points: multiples of one over their number.

    Returns
    -------
    int
        A power of 2; 1 where the points are many, or stand close together.
    """
    filled = shares[shares > 0]
    size = 1
    if not filled.size:
        return size
    # the smallest share is one point, unless each bin has several: then none is to be merged
    counts = shares / filled.min()
    while size < shares.size:
        groups = sum_groups(counts, size)
        if (groups > 0).sum() <= SEEN or (groups**2).sum() >= ENOUGH * groups.sum():
            break
        size *= 2
    return size


def smooth_points(edges: FloatArray, shares: FloatArray) -> FloatArray:
    """Return the density of points in each bin, averaged over bins where the points are few."""
    size = bins_to_merge(shares)
    wide = np.diff(group_edges(edges, size))
    return np.repeat(sum_groups(shares, size) / wide, size)[: shares.size]


def are_whole_numbers(edges: FloatArray) -> bool:
    """Return whether bins are those of whole numbers: each from half below to half above some."""
    steps = np.diff(edges)
    return bool(edges[0] % 1 == 0.5 and (steps % 1 == 0).all())


def split_bars(edges: FloatArray, width: int) -> tuple[FloatArray, int]:
    """Return the edges of bars with gaps between them, and the distance from bar to bar.

    Parameters
    ----------
    edges : ndarray, shape (b + 1,)
    width : int
        In cells.

    Returns
    -------
    edges : ndarray
        Unchanged where bars would be too narrow for gaps.
    step : int
        2 where every second bin is a gap, else 1.
    """
    count = edges.size - 1
    if max(FEWEST, width - AXIS) < BAR_COLUMNS * count:
        return edges, 1
    middles, halves = (edges[:-1] + edges[1:]) / 2, np.diff(edges) * BAR / 2
    return np.stack([middles - halves, middles + halves], axis=1).ravel(), 2


def with_gaps(values: FloatArray, step: int) -> FloatArray:
    """Return values for the bins of `split_bars`: NaN in the gaps."""
    if step == 1 or not values.size:
        return values
    spread = np.full(2 * values.size - 1, np.nan)
    spread[::2] = values
    return spread
