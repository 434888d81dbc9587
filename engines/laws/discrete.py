"""A law on K states, with or without numbers attached to them."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from engines.arrays import FloatArray
from engines.laws.law import Law


@dataclass(frozen=True, eq=False)
class DiscreteLaw(Law):
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

    def mean(self) -> FloatArray:
        """Return the mean of the values, shape (R,)."""
        return (self.probabilities * self.values).sum(axis=1)

    def central_moment(self, order: int) -> FloatArray:
        """Return the central moment of the given order, shape (R,)."""
        deviations = self.values[None, :] - self.mean()[:, None]
        return (self.probabilities * deviations**order).sum(axis=1)

    def variance(self) -> FloatArray:
        """Return the variance of the values, shape (R,)."""
        return self.central_moment(2)

    def sd(self) -> FloatArray:
        """Return the standard deviation of the values, shape (R,)."""
        return np.sqrt(self.variance())

    def log_sd(self) -> FloatArray:
        """Return the logarithm of the standard deviation, shape (R,); -inf for a point mass."""
        with np.errstate(divide="ignore"):
            return np.log(self.sd())

    def skewness(self) -> FloatArray:
        """Return the skewness, shape (R,); NaN for a point mass."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return self.central_moment(3) / self.sd() ** 3

    def kurtosis(self) -> FloatArray:
        """Return the excess kurtosis, shape (R,); NaN for a point mass."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return self.central_moment(4) / self.variance() ** 2 - 3.0

    def cdf_table(self) -> tuple[FloatArray, FloatArray]:
        """Return (values ascending (K,), cumulative probabilities (R, K))."""
        order = np.argsort(self.values, kind="stable")
        # `take`, for rows that lie in memory as rows: sums over them do not depend on R.
        return self.values[order], np.cumsum(self.probabilities.take(order, axis=1), axis=1)
