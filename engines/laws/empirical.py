"""The law of a finite sample: each of its points with the same probability."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from typing_extensions import override

from engines.arrays import FloatArray, even_indices
from engines.laws.real import RealLaw


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
        """Return the points themselves, thinned to at most 4,097."""
        return self.points[even_indices(len(self.points), 4097)]
