"""The normal law N(mean, sd²)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy.special import ndtr, ndtri

from engines.arrays import BoolArray, FloatArray
from engines.laws.law import Components, Part
from engines.laws.real import RealLaw


@dataclass(frozen=True, eq=False)
class NormalLaw(RealLaw):
    """R normal laws.

    Attributes
    ----------
    means, sds : ndarray, shape (R,)
        An sd of 0 is the point mass at the mean.
    """

    replicate_fields: ClassVar[tuple[str, ...]] = ("means", "sds")

    means: FloatArray
    sds: FloatArray

    @property
    def parts(self) -> frozenset[Part]:
        """It is normal, a mixture of one."""
        return frozenset({Part.NORMAL, Part.COMPONENTS})

    def components(self) -> Components:
        """Return the law as its only component."""
        ones = np.ones((len(self.means), 1))
        return Components(ones, self.means[:, None, None], self.sds[:, None, None, None])

    def mean(self) -> FloatArray:
        """Return the mean, shape (R,)."""
        return self.means

    def variance(self) -> FloatArray:
        """Return the variance, shape (R,)."""
        return self.sds**2

    def sd(self) -> FloatArray:
        """Return the standard deviation, shape (R,)."""
        return self.sds

    def skewness(self) -> FloatArray:
        """Return zeros, shape (R,)."""
        return np.zeros_like(self.means)

    def kurtosis(self) -> FloatArray:
        """Return zeros, shape (R,)."""
        return np.zeros_like(self.means)

    def split(self) -> Sequence["NormalLaw"]:
        """Return each replicate's law alone."""
        pairs = zip(self.means[:, None], self.sds[:, None], strict=True)
        return [NormalLaw(mean, sd) for mean, sd in pairs]

    def first(self) -> "NormalLaw":
        """Return the law of replicate 0 alone."""
        return NormalLaw(self.means[:1], self.sds[:1])

    def taken(self, chosen: BoolArray) -> "NormalLaw":
        """Return the laws of the chosen replicates."""
        return NormalLaw(self.means[chosen], self.sds[chosen])

    def modes(self) -> FloatArray:
        """Return ones, shape (R,)."""
        return np.ones_like(self.means)

    def standardised(self, x: FloatArray, *, on_atom: float | FloatArray = 0.0) -> FloatArray:
        """Return (x - mean) / sd, shape (R, N); ±inf beside a point mass, `on_atom` on it.

        An sd that is lost beside the mean in rounding counts as a point mass.
        """
        shift = x - self.means[:, None]
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            scores = shift / self.sds[:, None]
        at_mean = shift == 0
        if not at_mean.any():
            return scores
        is_atom = (self.means + 7.5 * self.sds == self.means)[:, None]
        return np.where(at_mean, np.where(is_atom, on_atom, 0.0), scores)

    def cdf(self, x: FloatArray) -> FloatArray:
        """Return P(X <= x), shape (R, N)."""
        return ndtr(self.standardised(x, on_atom=np.inf))

    def cdf_before(self, x: FloatArray) -> FloatArray:
        """Return P(X < x), shape (R, N)."""
        return ndtr(self.standardised(x, on_atom=-np.inf))

    def outside(self, low: float, high: float) -> FloatArray:
        """Return P(X < low) + P(X > high), shape (R,)."""
        # A point mass on an end lies inside.
        on_atom = np.array([-np.inf, np.inf])
        masses = ndtr(self.standardised(np.array([low, high]), on_atom=on_atom))
        return masses[:, 0] + (1.0 - masses[:, 1])

    def density(self, x: FloatArray) -> FloatArray:
        """Return the density at x, shape (R, N)."""
        return np.exp(self.log_density(x))

    def log_density(self, x: FloatArray) -> FloatArray:
        """Return the logarithm of the density, shape (R, N)."""
        scores = self.standardised(x)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            logs = -0.5 * scores**2 - np.log(self.sds)[:, None] - 0.5 * np.log(2 * np.pi)
        return np.where(np.isinf(scores), -np.inf, logs)

    def quantile(self, u: FloatArray) -> FloatArray:
        """Return the quantiles at probabilities `u`, shape (R, N)."""
        return self.means[:, None] + self.sds[:, None] * ndtri(u)

    def span(self) -> tuple[FloatArray, FloatArray]:
        """Return the mean minus and plus 7.5 sd, shape (R,) each."""
        return self.means - 7.5 * self.sds, self.means + 7.5 * self.sds
