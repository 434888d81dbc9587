"""Several laws of one replicate each, held side by side."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engines.arrays import BoolArray, FloatArray
from engines.laws.real import RealLaw


@dataclass(frozen=True, eq=False)
class StackedLaw(RealLaw):
    """R laws of one replicate each, evaluated one by one.

    Attributes
    ----------
    laws : tuple of RealLaw
    """

    laws: tuple[RealLaw, ...]

    def each(self, function: Callable[[RealLaw], FloatArray]) -> FloatArray:
        """Return the results of a function of each law, joined along the first axis."""
        return np.concatenate([function(law) for law in self.laws])

    def split(self) -> tuple[RealLaw, ...]:
        """Return the laws."""
        return self.laws

    def first(self) -> RealLaw:
        """Return the law of replicate 0 alone."""
        return self.laws[0]

    def taken(self, chosen: BoolArray) -> "StackedLaw":
        """Return the laws of the chosen replicates."""
        return StackedLaw(tuple(law for law, use in zip(self.laws, chosen, strict=True) if use))

    def mean(self) -> FloatArray:
        """Return the mean, shape (R,)."""
        return self.each(lambda law: law.mean())

    def variance(self) -> FloatArray:
        """Return the variance, shape (R,)."""
        return self.each(lambda law: law.variance())

    def skewness(self) -> FloatArray:
        """Return the skewness, shape (R,)."""
        return self.each(lambda law: law.skewness())

    def kurtosis(self) -> FloatArray:
        """Return the excess kurtosis, shape (R,)."""
        return self.each(lambda law: law.kurtosis())

    def modes(self) -> FloatArray:
        """Return the number of local maxima of the density, shape (R,)."""
        return self.each(lambda law: law.modes())

    def cdf(self, x: FloatArray) -> FloatArray:
        """Return P(X <= x), shape (R, N); x is shared, shape (N,)."""
        return self.each(lambda law: law.cdf(x))

    def density(self, x: FloatArray) -> FloatArray:
        """Return the density at x, shape (R, N); x is shared, shape (N,)."""
        return self.each(lambda law: law.density(x))

    def span(self) -> tuple[FloatArray, FloatArray]:
        """Return (low, high), shape (R,) each."""
        spans = [law.span() for law in self.laws]
        return np.concatenate([s[0] for s in spans]), np.concatenate([s[1] for s in spans])
