"""Metrics between two sets of points, and Borji's histogram estimates of KL."""

from collections.abc import Callable

import numpy as np

from engines.arrays import FloatArray
from engines.laws.law import narrow
from engines.laws.real import RealLaw
from engines.metrics.observation import Observation
from engines.numerics.segments import segment_sums
from engines.streams import Purpose

FLOOR = 1e-10
"""Density given to empty bins in Borji's listing, before renormalising."""
BINS = 100
SUBSAMPLE = 1_000
"""Points of each set on which metrics of quadratic cost are computed."""


def w1_sorted(ordered: FloatArray, fixed: FloatArray) -> float:
    """Return W₁ between two empirical laws: one sort, segment sums and a binary search.

    Between neighbouring points of `fixed` its cdf is a constant c, and the other cdf F
    crosses it at most once, at a point of its own; ∫ F has a closed form by the sums of
    the points between these places.

    Parameters
    ----------
    ordered : ndarray, shape (n,)
        Ascending.
    fixed : ndarray, shape (m,)
        Ascending; m may differ from n.

    Returns
    -------
    float
        ∫ |F - G|, exact up to rounding; equals `scipy.stats.wasserstein_distance`.
    """
    n, m = len(ordered), len(fixed)
    pivot = fixed[m // 2]
    if abs(pivot) > fixed[-1] - fixed[0]:
        # Far from 0 the sums below would leave no digits of the distance.
        ordered, fixed = ordered - pivot, fixed - pivot
    left, right = fixed[:-1], fixed[1:]
    level = np.arange(1, m) / m
    crossing = ordered[np.minimum(np.arange(1, m) * n // m, n - 1)]
    turn = np.minimum(np.maximum(crossing, left), right)
    places = np.empty(2 * m - 1)
    places[::2], places[1::2] = fixed, turn
    below = np.searchsorted(ordered, places)
    sums = np.cumsum(segment_sums(ordered, np.concatenate([[0], below, [n]])))
    integral = (places * below - sums[:-1]) / n
    at_fixed, at_turn = integral[::2], integral[1::2]
    before = level * (turn - left) - (at_turn - at_fixed[:-1])
    after = (at_fixed[1:] - at_turn) - level * (right - turn)
    beyond = (sums[-1] - sums[-2] - float(fixed[-1]) * (n - int(below[-1]))) / n
    return max(0.0, float(at_fixed[0] + before.sum() + after.sum() + beyond))


def w1_sample(observation: Observation) -> FloatArray:
    """Return W₁ between D_n and D_0, shape (R,)."""
    rows, real = observation.points.sorted_rows, observation.real_counterpart.points.sorted_rows
    return np.array([w1_sorted(x, y) for x, y in zip(rows, real, strict=True)])


def w2_sample(observation: Observation) -> FloatArray:
    """Return W₂ between D_n and D_0, shape (R,): quantile functions on all their jumps."""
    rows, real = observation.points.sorted_rows, observation.real_counterpart.points.sorted_rows
    n, m = int(rows.shape[1]), int(real.shape[1])
    jumps: FloatArray = np.union1d(np.arange(1, n + 1) / n, np.arange(1, m + 1) / m)
    widths = np.diff(jumps, prepend=0.0)
    middles = jumps - 0.5 * widths
    # np.take keeps rows contiguous, so that a row's sum does not depend on how many there are.
    own = np.take(rows, (middles * n).astype(np.int64), axis=1)
    gaps = own - np.take(real, (middles * m).astype(np.int64), axis=1)
    return np.sqrt((gaps**2 * widths).sum(axis=1))


def _subsample(observation: Observation) -> tuple[FloatArray, FloatArray]:
    rows, real = observation.points.rows, observation.real_counterpart.points.rows
    chosen: list[FloatArray] = []
    for index, array in enumerate((rows, real)):
        generator = observation.streams.of(Purpose.METRIC, index)
        size = min(SUBSAMPLE, array.shape[1])
        columns = generator.choice(array.shape[1], size, replace=False)
        chosen.append(array[:, columns])
    return chosen[0], chosen[1]


def _double_sum(
    observation: Observation, function: Callable[[FloatArray], FloatArray], sign: float
) -> FloatArray:
    rows, real = _subsample(observation)

    def mean(x: FloatArray, y: FloatArray) -> float:
        return float(function(x[:, None] - y[None, :]).mean())

    return np.array(
        [sign * (2 * mean(x, y) - mean(x, x) - mean(y, y)) for x, y in zip(rows, real, strict=True)]
    )


def energy_sample(observation: Observation) -> FloatArray:
    """Return the energy distance between at most 1,000 points of D_n and of D_0, shape (R,)."""
    return _double_sum(observation, np.abs, 1.0)


def mmd_sample(observation: Observation) -> FloatArray:
    """Return MMD² (V-statistic) between at most 1,000 points of D_n and of D_0, shape (R,)."""
    length = float(narrow(observation.source, RealLaw).sd()[0])
    return _double_sum(observation, lambda gap: np.exp(-0.5 * (gap / length) ** 2), -1.0)


def density_histogram(ordered: FloatArray, edges: FloatArray) -> FloatArray:
    """Return the density histogram of sorted points, as `numpy.histogram` gives it.

    Parameters
    ----------
    ordered : ndarray, shape (n,)
        Ascending.
    edges : ndarray, shape (b + 1,)

    Returns
    -------
    ndarray, shape (b,)
        Counts over (points within the edges times the bin width); NaN where the edges are
        closer than numbers can be.
    """
    below = np.searchsorted(ordered, edges, side="left")
    below[-1] = np.searchsorted(ordered, edges[-1], side="right")
    counts, widths = np.diff(below), np.diff(edges)
    if not (widths > 0).all():
        return np.full(len(widths), np.nan)
    return counts / widths / counts.sum()


def kl_floored(p: FloatArray, q: FloatArray) -> float:
    """Return Σ p ln(p / q) of two histograms, renormalised with a floor in their empty bins."""
    p, q = np.where(p == 0, FLOOR, p), np.where(q == 0, FLOOR, q)
    p, q = p / p.sum(), q / q.sum()
    return float((p * np.log(p / q)).sum())


def _own_range(ordered: FloatArray) -> FloatArray:
    low, high = float(ordered[0]), float(ordered[-1])
    if low == high:
        low, high = low - 0.5, high + 0.5
    return density_histogram(ordered, np.linspace(low, high, BINS + 1))


def kl_as_published(observation: Observation) -> FloatArray:
    """Return Borji's listed estimate, shape (R,): each histogram on its own range.

    It is not a divergence between the two laws: it does not change when D_n is shifted or
    stretched (arXiv:2410.12954, listing 1).
    """
    rows, real = _own_ranges(observation), _own_ranges(observation.real_counterpart)
    return np.array([kl_floored(x, y) for x, y in zip(rows, real, strict=True)])


def _own_ranges(observation: Observation) -> FloatArray:
    rows = observation.points.sorted_rows
    return observation.memo.get(
        "histograms on own ranges", lambda: np.array([_own_range(row) for row in rows])
    )


def kl_shared_bins(observation: Observation, *, reverse: bool = False) -> FloatArray:
    """Return KL(D_n ‖ D_0) of histograms on 100 bins over the union of their ranges.

    Parameters
    ----------
    observation : Observation
    reverse : bool
        Whether it is KL(D_0 ‖ D_n).
    """
    rows, real = observation.points.sorted_rows, observation.real_counterpart.points.sorted_rows
    values: list[float] = []
    for x, y in zip(rows, real, strict=True):
        low, high = min(float(x[0]), float(y[0])), max(float(x[-1]), float(y[-1]))
        edges = np.linspace(low, high if high > low else low + 1.0, BINS + 1)
        p, q = density_histogram(x, edges), density_histogram(y, edges)
        values.append(kl_floored(q, p) if reverse else kl_floored(p, q))
    return np.array(values)


def kl_shared_bins_reverse(observation: Observation) -> FloatArray:
    """Return KL(D_0 ‖ D_n) of histograms on 100 bins over the union of their ranges."""
    return kl_shared_bins(observation, reverse=True)
