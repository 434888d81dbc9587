"""Mixtures of normal laws on the real line, replicates side by side."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from typing_extensions import override

from engines.arrays import FloatArray
from engines.laws.law import Components, Part
from engines.laws.real import RealLaw
from engines.numerics.special import ndtr

NODES = 513
"""Nodes of each component."""


@dataclass(frozen=True, eq=False)
class NormalMixtureLaw(RealLaw):
    """R mixtures Σ w_k N(m_k, s_k²).

    Attributes
    ----------
    weights, means, sds : ndarray, shape (R, K)
        Weights and sds are positive; weights sum to 1.
    """

    parts = frozenset({Part.COMPONENTS})
    replicate_fields: ClassVar[tuple[str, ...]] = ("weights", "means", "sds")

    weights: FloatArray
    means: FloatArray
    sds: FloatArray

    @override
    def components(self) -> Components:
        """Return the components."""
        return Components(self.weights, self.means[..., None], self.sds[..., None, None])

    # Moments about the mean are sums over the components: a collapsed law keeps its digits.

    def _central_moment(
        self, of_component: Callable[[FloatArray, FloatArray], FloatArray]
    ) -> FloatArray:
        shifts = self.means - self.mean()[:, None]
        return (self.weights * of_component(shifts, self.sds**2)).sum(axis=1)

    @override
    def mean(self) -> FloatArray:
        return (self.weights * self.means).sum(axis=1)

    @override
    def variance(self) -> FloatArray:
        return self._central_moment(lambda m, v: m**2 + v)

    @override
    def skewness(self) -> FloatArray:
        return self._central_moment(lambda m, v: m**3 + 3 * m * v) / self.variance() ** 1.5

    @override
    def kurtosis(self) -> FloatArray:
        fourth = self._central_moment(lambda m, v: m**4 + 6 * m**2 * v + 3 * v**2)
        return fourth / self.variance() ** 2 - 3.0

    # Components are added one by one: the order of a sum does not depend on R.

    def _scores(self, x: FloatArray) -> list[FloatArray]:
        pairs = zip(_columns(self.means), _columns(self.sds), strict=True)
        return [(x - mean) / sd for mean, sd in pairs]

    @override
    def cdf(self, x: FloatArray) -> FloatArray:
        pairs = zip(_columns(self.weights), self._scores(x), strict=True)
        parts = [weight * ndtr(scores) for weight, scores in pairs]
        return sum(parts, np.zeros_like(parts[0]))

    @override
    def density(self, x: FloatArray) -> FloatArray:
        heights = _columns(self.weights / (self.sds * np.sqrt(2 * np.pi)))
        pairs = zip(heights, self._scores(x), strict=True)
        parts = [height * np.exp(-0.5 * scores**2) for height, scores in pairs]
        return sum(parts, np.zeros_like(parts[0]))

    def log_density(self, x: FloatArray) -> FloatArray:
        """Return the logarithm of the density, shape (R, N); it does not underflow."""
        heights = _columns(np.log(self.weights) - np.log(self.sds * np.sqrt(2 * np.pi)))
        pairs = zip(heights, self._scores(x), strict=True)
        return np.logaddexp.reduce([height - 0.5 * scores**2 for height, scores in pairs], axis=0)

    def nodes(self) -> FloatArray:
        """Return nodes that resolve every component, ascending, shape (N,) or (R, N)."""
        scores = np.linspace(-7.5, 7.5, NODES)
        pairs = zip(_columns(self.means), _columns(self.sds), strict=True)
        parts = [mean + sd * scores for mean, sd in pairs]
        rows = np.sort(np.concatenate(parts, axis=1), axis=1)
        return rows[0] if len(rows) == 1 else rows

    @override
    def span(self) -> tuple[FloatArray, FloatArray]:
        low, high = self.means - 7.5 * self.sds, self.means + 7.5 * self.sds
        return low.min(axis=1), high.max(axis=1)


def _columns(table: FloatArray) -> list[FloatArray]:
    """Return the numbers of each component, shape (R, 1) each."""
    return list(table.T[..., None])
