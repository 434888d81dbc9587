"""The density of a kernel estimate far from all its points, where a table holds no digits."""

from functools import lru_cache

import numpy as np

from engines.arrays import FloatArray, IntArray
from engines.numerics.kernels import Kernel

PLACES = 33
"""Places in a gap between points at which kernels are summed; between them is interpolated."""
NEAREST = 64
"""So many points on each side are summed one by one, those beyond in blocks."""
GROWTH = 1.05
"""Growth of the blocks with the rank."""


def far_log_density(
    points: FloatArray, bandwidth: float, kernel: Kernel, x: FloatArray
) -> FloatArray:
    """Return the logarithm of the density at places far from all points, shape (N,).

    Parameters
    ----------
    points : ndarray, shape (n,)
        Ascending.
    bandwidth : float
    kernel : Kernel
    x : ndarray, shape (N,)
    """
    if not len(x):
        return np.zeros(0)
    order = np.argsort(x)
    ordered, logs = x[order], np.full(len(x), -np.inf)
    index = np.searchsorted(points, ordered)
    gaps, starts = np.unique(index, return_index=True)
    for gap, start, end in zip(gaps.tolist(), starts.tolist(), [*starts[1:], len(x)], strict=True):
        # Scores are distances: both sides of a gap look alike to an even kernel.
        at = ordered[start:end]
        for below, side in ((True, points[:gap][::-1]), (False, points[gap:])):
            if len(side):
                distances = at - side[0] if below else side[0] - at
                steps = np.abs(side[_blocks(len(side))[0]] - side[0])
                part = _log_sum(distances / bandwidth, steps / bandwidth, kernel, len(side))
                logs[start:end] = np.logaddexp(logs[start:end], part)
    found = np.empty_like(logs)
    found[order] = logs - np.log(len(points) * bandwidth)
    return found


def _log_sum(distances: FloatArray, steps: FloatArray, kernel: Kernel, count: int) -> FloatArray:
    """Return ln Σ K(distance + step), shape (N,): the nearest kernel's, plus what others add."""
    nearest = kernel.log_density(distances)
    if count == 1 or kernel.bounded:
        return nearest
    places = np.sort(distances)
    if len(places) > PLACES:
        ends = np.log(np.maximum(places[[0, -1]], [1e-3, 2e-3]))
        places = np.exp(np.linspace(float(ends[0]), float(ends[1]), PLACES))
    gains = kernel.log_density(places[:, None] + steps) - kernel.log_density(places)[:, None]
    added = np.log(np.exp(gains) @ _blocks(count)[1])
    return nearest + np.interp(distances, places, added)


@lru_cache(maxsize=64)
def _blocks(count: int) -> tuple[IntArray, FloatArray]:
    """Return the middle rank and the size of blocks of so many ranks, ascending."""
    edges = list(range(min(NEAREST, count) + 1))
    while edges[-1] < count:
        edges.append(min(count, int(edges[-1] * GROWTH) + 1))
    bounds = np.array(edges)
    return (bounds[:-1] + bounds[1:] - 1) // 2, np.diff(bounds).astype(np.float64)
