"""The Poisson law."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from typing_extensions import override

from engines.arrays import FloatArray
from engines.laws.real import RealLaw
from engines.numerics.special import gammaln, pdtr, xlogy

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

    @override
    def mean(self) -> FloatArray:
        return self.rates

    @override
    def variance(self) -> FloatArray:
        return self.rates

    @override
    def skewness(self) -> FloatArray:
        with np.errstate(divide="ignore"):
            return np.where(self.rates > 0, 1 / np.sqrt(self.rates), np.nan)

    @override
    def kurtosis(self) -> FloatArray:
        with np.errstate(divide="ignore"):
            return np.where(self.rates > 0, 1 / self.rates, np.nan)

    @override
    def cdf(self, x: FloatArray) -> FloatArray:
        whole = np.floor(x)
        below, rates = whole < 0, self.rates[:, None]
        if below.all():
            return np.zeros(np.broadcast_shapes(whole.shape, rates.shape))
        return np.where(below, 0.0, pdtr(np.maximum(whole, 0.0), rates))

    @override
    def cdf_before(self, x: FloatArray) -> FloatArray:
        return self.cdf(np.ceil(x) - 1)

    @override
    def quantile(self, u: FloatArray) -> FloatArray:
        # Just below a whole number all of its mass would lie beyond.
        return np.rint(super().quantile(u))

    def log_density(self, x: FloatArray) -> FloatArray:
        """Return the logarithm of P(X = x) for whole numbers x, shape (R, N)."""
        rates = self.rates[:, None]
        return xlogy(x, rates) - rates - gammaln(x + 1)

    def span(self) -> tuple[FloatArray, FloatArray]:
        """Return (-1, a number with less than 1e-13 of the mass above it), shape (R,) each."""
        high = np.ceil(self.rates + 8 * np.sqrt(self.rates) + 25)
        return np.full_like(self.rates, -1.0), high

    def nodes(self) -> FloatArray:
        """Return the whole numbers within the span of any replicate, about 4,097 at most."""
        low = max(-1.0, float((self.rates - 8 * np.sqrt(self.rates) - 25).min()))
        high = float(self.span()[1].max())
        step = max(1.0, np.ceil((high - low) / MOST_NODES))
        return np.arange(np.floor(low), high + step, step)
