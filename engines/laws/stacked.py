"""Several laws of one replicate each, side by side."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from typing_extensions import override

from engines.arrays import BoolArray, FloatArray
from engines.laws.real import RealLaw


def _of_each(name: str) -> Callable[..., FloatArray]:
    """Return the method that concatenates what this method of each law returns."""

    def method(stack: "StackedLaw", *points: FloatArray) -> FloatArray:
        return np.concatenate([getattr(law, name)(*points) for law in stack.laws])

    return method


@dataclass(frozen=True, eq=False)
class StackedLaw(RealLaw):
    """R laws of one replicate each, evaluated one by one at points (N,) that all share.

    Attributes
    ----------
    laws : tuple of RealLaw
    """

    laws: tuple[RealLaw, ...]
    shares_nodes = True

    mean, variance, skewness, kurtosis = map(_of_each, ("mean", "variance", "skewness", "kurtosis"))
    modes, cdf, density = map(_of_each, ("modes", "cdf", "density"))

    @override
    def split(self) -> tuple[RealLaw, ...]:
        return self.laws

    @override
    def select(self, replicates: BoolArray | slice) -> "StackedLaw":
        chosen: list[int] = np.arange(len(self.laws))[replicates].tolist()
        return StackedLaw(tuple(self.laws[number] for number in chosen))

    @override
    def span(self) -> tuple[FloatArray, FloatArray]:
        low, high = zip(*(law.span() for law in self.laws), strict=True)
        return np.concatenate(low), np.concatenate(high)
