"""Mixtures of normal laws on the real line, replicates side by side."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy.special import ndtr
from typing_extensions import override

from engines.arrays import FloatArray
from engines.laws.law import Components, Part
from engines.laws.real import RealLaw

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

    replicate_fields: ClassVar[tuple[str, ...]] = ("weights", "means", "sds")

    weights: FloatArray
    means: FloatArray
    sds: FloatArray

    @property
    @override
    def parts(self) -> frozenset[Part]:
        return frozenset({Part.COMPONENTS})

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
        return [
            (x - self.means[:, k, None]) / self.sds[:, k, None] for k in self._component_numbers
        ]

    @property
    def _component_numbers(self) -> range:
        return range(self.weights.shape[1])

    @override
    def cdf(self, x: FloatArray) -> FloatArray:
        scores = self._scores(x)
        return sum(
            (self.weights[:, k, None] * ndtr(scores[k]) for k in self._component_numbers),
            start=np.zeros_like(scores[0]),
        )

    @override
    def density(self, x: FloatArray) -> FloatArray:
        heights = self.weights / (self.sds * np.sqrt(2 * np.pi))
        scores = self._scores(x)
        return sum(
            (heights[:, k, None] * np.exp(-0.5 * scores[k] ** 2) for k in self._component_numbers),
            start=np.zeros_like(scores[0]),
        )

    def log_density(self, x: FloatArray) -> FloatArray:
        """Return the logarithm of the density, shape (R, N); it does not underflow."""
        heights = np.log(self.weights) - np.log(self.sds * np.sqrt(2 * np.pi))
        scores = self._scores(x)
        parts = [heights[:, k, None] - 0.5 * scores[k] ** 2 for k in self._component_numbers]
        return np.logaddexp.reduce(parts, axis=0)

    def nodes(self) -> FloatArray:
        """Return nodes that resolve every component, ascending, shape (N,) or (R, N)."""
        scores = np.linspace(-7.5, 7.5, NODES)
        parts = [
            self.means[:, k, None] + self.sds[:, k, None] * scores for k in self._component_numbers
        ]
        rows = np.sort(np.concatenate(parts, axis=1), axis=1)
        return rows[0] if len(rows) == 1 else rows

    @override
    def span(self) -> tuple[FloatArray, FloatArray]:
        low, high = self.means - 7.5 * self.sds, self.means + 7.5 * self.sds
        return low.min(axis=1), high.max(axis=1)
