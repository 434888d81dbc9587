"""The normal law N(mean, sd²)."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from typing_extensions import override

from engines.arrays import FloatArray
from engines.laws.law import Components, Part
from engines.laws.real import RealLaw
from engines.numerics.special import ndtr, ndtri


@dataclass(frozen=True, eq=False)
class NormalLaw(RealLaw):
    """R normal laws.

    Attributes
    ----------
    means, sds : ndarray, shape (R,)
        An sd of 0 is the point mass at the mean.
    """

    parts = frozenset({Part.NORMAL, Part.COMPONENTS})
    replicate_fields: ClassVar[tuple[str, ...]] = ("means", "sds")
    least_sd: ClassVar[float] = float(np.finfo(np.float64).tiny)

    means: FloatArray
    sds: FloatArray

    @override
    def components(self) -> Components:
        """Return the law as its only component."""
        ones = np.ones((len(self.means), 1))
        return Components(ones, self.means[:, None, None], self.sds[:, None, None, None])

    @override
    def mean(self) -> FloatArray:
        return self.means

    @override
    def variance(self) -> FloatArray:
        return self.sds**2

    @override
    def sd(self) -> FloatArray:
        return self.sds

    @override
    def skewness(self) -> FloatArray:
        return np.zeros_like(self.means)

    @override
    def kurtosis(self) -> FloatArray:
        return np.zeros_like(self.means)

    @override
    def modes(self) -> FloatArray:
        return np.ones_like(self.means)

    def scores(self, x: FloatArray, *, on_atom: float | FloatArray = 0.0) -> FloatArray:
        """Return (x - mean) / sd, shape (R, N); ±inf beside a point mass, `on_atom` at it.

        Where mean + 7.5 sd rounds to the mean, the law counts as a point mass.
        """
        shift = x - self.means[:, None]
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            scores = shift / self.sds[:, None]
        at_mean = shift == 0
        if not at_mean.any():
            return scores
        is_atom = (self.means + 7.5 * self.sds == self.means)[:, None]
        return np.where(at_mean, np.where(is_atom, on_atom, 0.0), scores)

    @override
    def fault(self, *, density: bool = False) -> str:
        return ""

    @override
    def cdf(self, x: FloatArray) -> FloatArray:
        return ndtr(self.scores(x, on_atom=np.inf))

    @override
    def cdf_before(self, x: FloatArray) -> FloatArray:
        return ndtr(self.scores(x, on_atom=-np.inf))

    @override
    def outside(self, low: float, high: float) -> FloatArray:
        # A point mass on an end lies inside.
        on_atom = np.array([-np.inf, np.inf])
        masses = ndtr(self.scores(np.array([low, high]), on_atom=on_atom))
        return masses[:, 0] + (1.0 - masses[:, 1])

    @override
    def density(self, x: FloatArray) -> FloatArray:
        return np.exp(self.log_density(x))

    @override
    def log_density(self, x: FloatArray) -> FloatArray:
        scores = self.scores(x)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            logs = -0.5 * scores**2 - np.log(self.sds)[:, None] - 0.5 * np.log(2 * np.pi)
        return np.where(np.isinf(scores), -np.inf, logs)

    @override
    def quantile(self, u: FloatArray) -> FloatArray:
        return self.means[:, None] + self.sds[:, None] * ndtri(u)

    @override
    def span(self) -> tuple[FloatArray, FloatArray]:
        return self.means - 7.5 * self.sds, self.means + 7.5 * self.sds
