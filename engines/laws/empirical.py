"""The law of a finite sample: each of its points with the same probability."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from typing_extensions import override

from engines.arrays import FloatArray, IntArray, even_indices
from engines.laws.real import RealLaw
from engines.numerics.segments import segment_sums

MOST_NODES = 4_097
"""So many points are all nodes of their law; more are where they are needed."""
THINNED = 1e-4
"""Distance W₂, in sd, of the law through the nodes from that of all points."""


@dataclass(frozen=True, eq=False)
class EmpiricalLaw(RealLaw):
    """The empirical law of n numbers (one replicate).

    Attributes
    ----------
    points : ndarray, shape (n,)
        Ascending.
    """

    points: FloatArray
    has_density = False

    @cached_property
    def _moments(self) -> FloatArray:
        """The mean and the central moments of order 2, 3 and 4."""
        mean = self.points.mean()
        deviations = self.points - mean
        return np.array([mean, *((deviations**order).mean() for order in (2, 3, 4))])

    @override
    def mean(self) -> FloatArray:
        return self._moments[:1]

    def variance(self) -> FloatArray:
        """Return the variance with ddof 0, shape (1,)."""
        return self._moments[1:2]

    @override
    def skewness(self) -> FloatArray:
        return self._moments[2:3] / self.variance() ** 1.5

    @override
    def kurtosis(self) -> FloatArray:
        return self._moments[3:] / self.variance() ** 2 - 3.0

    def cdf(self, x: FloatArray) -> FloatArray:
        """Return the share of points at or below x, shape (1, N) or like x."""
        return np.atleast_2d(np.searchsorted(self.points, x, side="right") / len(self.points))

    def cdf_before(self, x: FloatArray) -> FloatArray:
        """Return the share of points below x, shape (1, N) or like x."""
        return np.atleast_2d(np.searchsorted(self.points, x, side="left") / len(self.points))

    def quantile(self, u: FloatArray) -> FloatArray:
        """Return the quantiles by linear interpolation, shape (1, N)."""
        return np.atleast_2d(np.quantile(self.points, u))

    def modes(self) -> FloatArray:
        """Return NaN, shape (1,): a finite sample has no density whose modes could be counted."""
        return np.array([np.nan])

    def span(self) -> tuple[FloatArray, FloatArray]:
        """Return the smallest and the largest point, shape (1,) each."""
        return self.points[:1], self.points[-1:]

    def nodes(self) -> FloatArray:
        """Return the points, or as many as describe the law, ascending.

        The quantile function through them alone differs from that of all points by less than
        `THINNED` sd (root mean square), and so do W₁ and W₂.
        """
        return self._nodes

    @cached_property
    def _nodes(self) -> FloatArray:
        kept = even_indices(len(self.points), MOST_NODES)
        budget = THINNED**2 * float(self.variance()[0])
        while len(kept) < len(self.points):
            errors = self._errors_between(kept)
            if not errors.sum() > budget:
                break
            wrong = errors > budget / (2 * len(errors))
            middles = (kept[:-1] + kept[1:])[wrong] // 2
            kept = np.unique(np.concatenate([kept, middles]))
        return self.points[kept]

    def _errors_between(self, kept: IntArray) -> FloatArray:
        """Return ∫ (G⁻¹ - chord)² du between kept points, shape (k - 1,)."""
        count, gaps = len(self.points), np.diff(kept)
        left, right = self.points[kept[:-1]], self.points[kept[1:]]
        # The chord runs over the steps of the points between two kept ones.
        slope = (right - left) / np.maximum(gaps - 1, 1)
        owner = np.repeat(np.arange(len(gaps)), gaps)
        rank = np.arange(count - 1) - kept[owner]
        chord = left[owner] + slope[owner] * (rank - 0.5)
        squares = np.where(rank > 0, (self.points[:-1] - chord) ** 2, 0.0)
        return (segment_sums(squares, kept) + (gaps - 1) * slope**2 / 12) / count
