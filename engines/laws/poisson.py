"""The Poisson law."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy.special import gammaln, pdtr, xlogy

from engines.arrays import BoolArray, FloatArray
from engines.laws.real import RealLaw

MOST_NODES = 4_097


@dataclass(frozen=True, eq=False)
class PoissonLaw(RealLaw):
    """R Poisson laws; a rate of 0 is the point mass at 0.

    Attributes
    ----------
    rates : ndarray, shape (R,)
    """

    replicate_fields: ClassVar[tuple[str, ...]] = ("rates",)

    rates: FloatArray
    whole_numbers = True
    shares_nodes = True

    def split(self) -> Sequence["PoissonLaw"]:
        """Return each replicate's law alone."""
        return [PoissonLaw(rate) for rate in self.rates[:, None]]

    def first(self) -> "PoissonLaw":
        """Return the law of replicate 0 alone."""
        return PoissonLaw(self.rates[:1])

    def taken(self, chosen: BoolArray) -> "PoissonLaw":
        """Return the laws of the chosen replicates."""
        return PoissonLaw(self.rates[chosen])

    def mean(self) -> FloatArray:
        """Return the mean, shape (R,)."""
        return self.rates

    def variance(self) -> FloatArray:
        """Return the variance, shape (R,)."""
        return self.rates

    def skewness(self) -> FloatArray:
        """Return the skewness, shape (R,); NaN for a point mass."""
        with np.errstate(divide="ignore"):
            return np.where(self.rates > 0, 1 / np.sqrt(self.rates), np.nan)

    def kurtosis(self) -> FloatArray:
        """Return the excess kurtosis, shape (R,); NaN for a point mass."""
        with np.errstate(divide="ignore"):
            return np.where(self.rates > 0, 1 / self.rates, np.nan)

    def cdf(self, x: FloatArray) -> FloatArray:
        """Return P(X <= x), shape (R, N)."""
        whole = np.floor(x)
        below, rates = whole < 0, self.rates[:, None]
        if below.all():
            return np.zeros(np.broadcast_shapes(whole.shape, rates.shape))
        return np.where(below, 0.0, pdtr(np.maximum(whole, 0.0), rates))

    def cdf_before(self, x: FloatArray) -> FloatArray:
        """Return P(X < x), shape (R, N)."""
        return self.cdf(np.ceil(x) - 1)

    def log_density(self, x: FloatArray) -> FloatArray:
        """Return the logarithm of P(X = x) for whole numbers x, shape (R, N)."""
        rates = self.rates[:, None]
        return xlogy(x, rates) - rates - gammaln(x + 1)

    def density(self, x: FloatArray) -> FloatArray:
        """Raise: a law on whole numbers has no density.

        Raises
        ------
        TypeError
            Always.
        """
        raise TypeError("the Poisson law has no density")

    def span(self) -> tuple[FloatArray, FloatArray]:
        """Return (-1, a number with less than 1e-13 of the mass above it), shape (R,) each."""
        high = np.ceil(self.rates + 8 * np.sqrt(self.rates) + 25)
        return np.full_like(self.rates, -1.0), high

    def nodes(self) -> FloatArray:
        """Return the whole numbers that matter to any replicate, thinned to at most 4,097."""
        low = max(-1.0, float((self.rates - 8 * np.sqrt(self.rates) - 25).min()))
        high = float(self.span()[1].max())
        step = max(1.0, np.ceil((high - low) / MOST_NODES))
        return np.arange(np.floor(low), high + step, step)
