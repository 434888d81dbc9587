"""Curves reduced to what a grid of dots can show."""

import numpy as np

from engines.arrays import FloatArray

DASHES = {
    "dashed": (5, 3),
    "dotted": (1, 4),
    "dash-dot": (5, 2, 1, 2),
    "sparse": (1, 7),
}
"""Half cells that are drawn, and that are left out, in turn."""


def step_outline(x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the outline of steps.

    Parameters
    ----------
    x : ndarray, shape (n + 1,) or (n,)
        Edges, or starts of the steps.
    y : ndarray, shape (n,)

    Returns
    -------
    x, y : ndarray
    """
    if x.size == y.size + 1:
        return np.repeat(x, 2)[1:-1], np.repeat(y, 2)
    return np.repeat(x, 2)[1:], np.repeat(y, 2)[:-1]


def keep_extremes(x: FloatArray, y: FloatArray, columns: int) -> tuple[FloatArray, FloatArray]:
    """Return the first, least, greatest and last point of each column of dots, in order.

    Parameters
    ----------
    x : ndarray, shape (n,)
        Ascending, in dots.
    y : ndarray, shape (n,)
        NaN marks gaps; one NaN is kept for each.
    columns : int
        Number of columns of dots.

    Returns
    -------
    x, y : ndarray
        At most five points a column; unchanged if there are no more already.
    """
    if x.size <= 4 * max(1, columns):
        return x, y
    column = np.floor(x).astype(np.int64)
    starts = np.flatnonzero(np.r_[True, np.diff(column) != 0])
    bounds = np.r_[starts, x.size]
    keep = np.zeros(x.size, dtype=bool)
    for start, stop in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
        part = y[start:stop]
        keep[[start, stop - 1]] = True
        gaps = np.isnan(part)
        if gaps.all():
            continue
        keep[[start + int(np.nanargmin(part)), start + int(np.nanargmax(part))]] = True
        if gaps.any():
            keep[start + int(np.argmax(gaps))] = True
    return x[keep], y[keep]


def cut_dashes(
    x: FloatArray, y: FloatArray, columns: int, dash: str, across: int = 2
) -> tuple[FloatArray, FloatArray]:
    """Return the curve with gaps at regular distances along the x axis.

    Parameters
    ----------
    x, y : ndarray, shape (n,)
        In dots, x ascending.
    columns : int
        Number of columns of dots.
    dash : str
        A key of `DASHES`.
    across : int
        Columns of dots in one cell.

    Returns
    -------
    x, y : ndarray
        Sampled once a column; NaN in the gaps.
    """
    finite = np.isfinite(y)
    if finite.sum() <= 1:
        return x, y
    shown = np.concatenate(
        [
            np.full(max(1, round(part * across / 2)), index % 2 == 0)
            for index, part in enumerate(DASHES[dash])
        ]
    )
    at = np.arange(columns, dtype=np.float64) + np.float64(0.5)
    result = np.interp(at, x[finite], y[finite], left=np.nan, right=np.nan)
    holes = np.interp(at, x, (~finite).astype(float), left=1.0, right=1.0) > 0
    result[holes | ~shown[np.arange(columns) % shown.size]] = np.nan
    return at, result


def interpolate(x: FloatArray, y: FloatArray, at: FloatArray, *, steps: bool) -> FloatArray:
    """Return `y` at the positions `at`; NaN outside of `x` and beside gaps.

    Parameters
    ----------
    x : ndarray, shape (n,) or, for steps, (n + 1,)
    y : ndarray, shape (n,)
    at : ndarray
    steps : bool

    Returns
    -------
    ndarray, shape of `at`
    """
    if y.size == 0:
        return np.full(at.shape, np.nan)
    if steps:
        index = np.searchsorted(x, at, side="right") - 1
        inside = (index >= 0) & (at <= x[-1])
        return np.where(inside, y[np.clip(index, 0, y.size - 1)], np.nan)
    if y.size == 1:
        return np.full(at.shape, np.nan)
    return np.interp(at, x, y, left=np.nan, right=np.nan)


def summarise_columns(
    x: FloatArray, y: FloatArray, columns: int
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return the median, the least and the greatest value of each column, NaN where there is none.

    Parameters
    ----------
    x : ndarray, shape (n,)
        Ascending, in columns.
    y : ndarray, shape (n,)
        NaN marks gaps.
    columns : int

    Returns
    -------
    middle, median, low, high : ndarray, shape (columns,)
        The middles of the columns, and of each the values.
    """
    middle = np.arange(columns, dtype=np.float64) + np.float64(0.5)
    medians, lows, highs = (np.full(columns, np.nan) for _ in range(3))
    bounds = np.searchsorted(x, np.arange(columns + 1))
    for column in range(columns):
        part = y[bounds[column] : bounds[column + 1]]
        part = part[np.isfinite(part)]
        if part.size:
            medians[column], lows[column], highs[column] = np.median(part), part.min(), part.max()
    return middle, medians, lows, highs
