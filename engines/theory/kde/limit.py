"""Distances of p_n from p_0 for the kernel estimate as M tends to infinity, and its bins.

Deterministic curves, p_n = p_0 * N(0, n h^2): the growth under kernel estimates is kernel
error and persists without any sampling noise (docs/theory.md §7, E9).
"""

from collections.abc import Callable

import numpy as np

from engines.arrays import FloatArray, IntArray
from engines.theory.case import Case
from engines.theory.conditions import is_replace, last_model
from engines.theory.kde.convolution import Convolution, convolve, cumulative, densities

Distance = Callable[[Convolution], float]

_DENSE = 40
"""IntArray of a constant setting that are all computed, before knots are set."""

_RATIO = 1.06
"""Ratio of successive knots."""

_NEGLIGIBLE = 1e-15
"""Mass of a cell that counts as none."""

_JUMP = 0.2
"""Relative difference across a cell from which its density is taken by its two edges."""


def w1(grid: Convolution) -> float:
    """Return the Wasserstein-1 distance: the integral of |F_n - F_0|."""
    gap = np.abs(cumulative(grid.model) - cumulative(grid.source))
    return float(np.sum((gap[1:] + gap[:-1]) / 2) * grid.width)


def w2_squared(grid: Convolution) -> float:
    """Return the squared Wasserstein-2 distance: the integral of (Q_n - Q_0)^2 by level."""
    first, second = cumulative(grid.source), cumulative(grid.model)
    levels = np.sort(np.concatenate((first, second)), kind="stable")
    middle = (levels[1:] + levels[:-1]) / 2
    gap = _quantile(middle, second, grid.edges) - _quantile(middle, first, grid.edges)
    return float(np.sum(np.diff(levels) * gap**2))


def _quantile(levels: FloatArray, cdf: FloatArray, edges: FloatArray) -> FloatArray:
    rising = np.concatenate((np.diff(cdf) > _NEGLIGIBLE, [True]))
    rising[1:] |= rising[:-1]
    return np.interp(levels, cdf[rising], edges[rising])


def w2(grid: Convolution) -> float:
    """Return the Wasserstein-2 distance."""
    return float(np.sqrt(w2_squared(grid)))


def kl(grid: Convolution) -> float:
    """Return KL(p_n||p_0) in nats; infinite where p_n reaches beyond p_0's support."""
    density = densities(grid)
    used = grid.model > _NEGLIGIBLE
    model = grid.model[used]
    source = density.mean(density.left, density.right)[used]
    return float(np.sum(model * (np.log(model / grid.width) - source)))


def kl_reverse(grid: Convolution) -> float:
    """Return KL(p_0||p_n) in nats."""
    density = densities(grid)
    left, right = np.exp(density.left), np.exp(density.right)
    entropy = (
        density.mean(left * _finite(density.left), right * _finite(density.right)) * grid.width
    )
    model = np.maximum(grid.model, _NEGLIGIBLE) / grid.width
    return float(np.sum(entropy - grid.source * np.log(model)))


def _finite(logs: FloatArray) -> FloatArray:
    """Return the logarithms, 0 outside the support, where they are multiplied by 0."""
    return np.where(np.isfinite(logs), logs, 0.0)


def tv(grid: Convolution) -> float:
    """Return the total variation distance, half the integral of |p_n - p_0|."""
    density = densities(grid)
    model = grid.model / grid.width
    left, right = np.exp(density.left), np.exp(density.right)
    split = density.mean(np.abs(model - left), np.abs(model - right)) * grid.width
    whole = np.abs(grid.model - grid.source)
    jump = np.abs(left - right) > _JUMP * (left + right)
    return float(np.sum(np.where(jump, np.maximum(split, whole), whole)) / 2)


def distance_curve(case: Case, distance: Distance) -> FloatArray:
    """Return a distance by generation, shape (G + 1,); NaN after the last replacement.

    Every generation up to 40 of a constant setting is computed, later ones at knots 6 %
    apart and by cubic interpolation in log n between them (error below 1e-6 relative).
    """
    values = np.full(case.generations + 1, np.nan)
    values[0] = 0.0
    for first, end in _constant_ranges(case, last_model(case, is_replace)):
        generations = np.arange(first, end + 1, dtype=np.int64)
        knots = _knots(first, end) if _is_steady(case) else generations
        at_knots = np.array([distance(convolve(case, int(n))) for n in knots])
        values[first : end + 1] = _interpolate(generations, knots, at_knots)
    return values


def _is_steady(case: Case) -> bool:
    # A bandwidth given as a number does not follow the sizes.
    given = all(isinstance(engine.bandwidth, float) for engine in case.fitting_engines)
    return given or bool(np.all(case.sizes[:-1] == case.sizes[0]))


def _constant_ranges(case: Case, last: int) -> list[tuple[int, int]]:
    """Return the ranges of generations, inclusive, within which the engine does not change."""
    changes = [first for first, _, _ in case.engine_spans[1:] if first <= last]
    return list(zip([1, *changes], [*(n - 1 for n in changes), last], strict=True))


def _knots(first: int, end: int) -> IntArray:
    dense = np.arange(first, min(end, first + _DENSE) + 1)
    count = max(0.0, np.log(max(end - first, 1) / _DENSE) / np.log(_RATIO))
    sparse = first + _DENSE * _RATIO ** np.arange(1, count)
    return np.unique(np.concatenate((dense, np.rint(sparse).astype(np.int64), [end])))


def _interpolate(points: IntArray, knots: IntArray, values: FloatArray) -> FloatArray:
    """Return the values at integer points by local cubics in log n."""
    width = 4
    if len(knots) <= width or not np.all(np.isfinite(values)):
        return np.interp(points, knots, values)
    x, target = np.log(knots), np.log(points)
    right = np.searchsorted(knots, points).clip(2, len(knots) - 2)
    interpolated = np.zeros(len(points))
    for j in range(-2, 2):
        weight = np.ones(len(points))
        for k in range(-2, 2):
            if k != j:
                weight *= (target - x[right + k]) / (x[right + j] - x[right + k])
        interpolated += weight * values[right + j]
    return interpolated


def is_kernel_case(case: Case) -> bool:
    """Return whether the laws of models may be known: kernel estimates of real numbers."""
    return case.engines[-1].name == "kde" and case.source.kind == "real"


def bin_masses(case: Case, generation: int, edges: FloatArray) -> FloatArray | None:
    """Return the mass of p_n in each bin, for the histogram on the screen.

    Parameters
    ----------
    case : Case
        The experiment.
    generation : int
        n, 0 … G.
    edges : ndarray, shape (B + 1,)
        Ascending.

    Returns
    -------
    ndarray, shape (B,), or None
        None where the law of model n is not known: only that of kernel estimates of a
        one-dimensional source under replacement is.
    """
    if not is_kernel_case(case) or generation > last_model(case, is_replace):
        return None
    if generation == 0:
        return np.diff(np.ravel(case.source.law.cdf(edges)))
    grid = convolve(case, generation)
    return np.diff(np.interp(edges, grid.edges, cumulative(grid.model), left=0.0, right=1.0))
