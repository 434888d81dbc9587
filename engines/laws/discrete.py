"""A law on K states, with or without numbers attached to them."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from typing_extensions import override

from engines.arrays import FloatArray
from engines.laws.law import NumberLaw


@dataclass(frozen=True, eq=False)
class DiscreteLaw(NumberLaw):
    """R laws on the same K states.

    Attributes
    ----------
    probabilities : ndarray, shape (R, K)
    values : ndarray, shape (K,)
        Numbers attached to the states, by which mean, variance and Wasserstein
        distances are taken.
    has_values : bool
        Whether these numbers mean something; False where states are only numbered.
    """

    replicate_fields: ClassVar[tuple[str, ...]] = ("probabilities",)

    probabilities: FloatArray
    values: FloatArray
    has_values: bool = True

    @override
    def mean(self) -> FloatArray:
        return (self.probabilities * self.values).sum(axis=1)

    def central_moment(self, order: int) -> FloatArray:
        """Return the central moment of the given order, shape (R,)."""
        deviations = self.values[None, :] - self.mean()[:, None]
        return (self.probabilities * deviations**order).sum(axis=1)

    @override
    def variance(self) -> FloatArray:
        return self.central_moment(2)

    @override
    def skewness(self) -> FloatArray:
        with np.errstate(divide="ignore", invalid="ignore"):
            return self.central_moment(3) / self.sd() ** 3

    @override
    def kurtosis(self) -> FloatArray:
        with np.errstate(divide="ignore", invalid="ignore"):
            return self.central_moment(4) / self.variance() ** 2 - 3.0

    @override
    def outside(self, low: float, high: float) -> FloatArray:
        beyond = (self.values < low) | (self.values > high)
        return self.probabilities.compress(beyond, axis=1).sum(axis=1)

    def heterozygosity(self) -> FloatArray:
        """Return 1 - Σ p², the chance that two draws differ, shape (R,)."""
        return 1.0 - (self.probabilities**2).sum(axis=1)

    def support_alive(self) -> FloatArray:
        """Return the number of states with mass, shape (R,)."""
        return (self.probabilities > 0).sum(axis=1).astype(np.float64)

    def cdf_table(self) -> tuple[FloatArray, FloatArray]:
        """Return (values ascending (K,), cumulative probabilities (R, K))."""
        order = np.argsort(self.values, kind="stable")
        # `take`, for rows that lie in memory as rows: sums over them do not depend on R.
        return self.values[order], np.cumsum(self.probabilities.take(order, axis=1), axis=1)
