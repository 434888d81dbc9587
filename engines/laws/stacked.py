"""Several laws of one replicate each, side by side."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from typing_extensions import override

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
        """Return a function of each law, concatenated along the first axis."""
        return np.concatenate([function(law) for law in self.laws])

    @override
    def split(self) -> tuple[RealLaw, ...]:
        return self.laws

    @override
    def select(self, replicates: BoolArray | slice) -> "StackedLaw":
        chosen: list[int] = np.arange(len(self.laws))[replicates].tolist()
        return StackedLaw(tuple(self.laws[number] for number in chosen))

    @override
    def mean(self) -> FloatArray:
        return self.each(lambda law: law.mean())

    @override
    def variance(self) -> FloatArray:
        return self.each(lambda law: law.variance())

    @override
    def skewness(self) -> FloatArray:
        return self.each(lambda law: law.skewness())

    @override
    def kurtosis(self) -> FloatArray:
        return self.each(lambda law: law.kurtosis())

    @override
    def modes(self) -> FloatArray:
        return self.each(lambda law: law.modes())

    def cdf(self, x: FloatArray) -> FloatArray:
        """Return P(X <= x), shape (R, N); x is shared, shape (N,)."""
        return self.each(lambda law: law.cdf(x))

    def density(self, x: FloatArray) -> FloatArray:
        """Return the density at x, shape (R, N); x is shared, shape (N,)."""
        return self.each(lambda law: law.density(x))

    @override
    def span(self) -> tuple[FloatArray, FloatArray]:
        spans = [law.span() for law in self.laws]
        return np.concatenate([s[0] for s in spans]), np.concatenate([s[1] for s in spans])
