"""Mixtures of normal laws in d dimensions."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from typing_extensions import override

from engines.arrays import FloatArray
from engines.data.moments import triangular
from engines.laws.law import Components, Part
from engines.laws.real_nd import NormalNDLaw, RealNDLaw, log_normal


@dataclass(frozen=True, eq=False)
class NormalMixtureNDLaw(RealNDLaw):
    """R mixtures Σ w_k N(m_k, L_k L_kᵀ).

    Attributes
    ----------
    weights : ndarray, shape (R, K)
        Positive, sum 1.
    means : ndarray, shape (R, K, d)
    factors : ndarray, shape (R, K, d, d)
        Lower triangular L_k, regular.
    """

    weights: FloatArray
    means: FloatArray
    factors: FloatArray

    @property
    @override
    def parts(self) -> frozenset[Part]:
        return frozenset({Part.COMPONENTS})

    @override
    def components(self) -> Components:
        return Components(self.weights, self.means, self.factors)

    @override
    def matching_normal(self) -> NormalNDLaw:
        return self._matched

    @cached_property
    def _matched(self) -> NormalNDLaw:
        # The law of total variance, with roots side by side: L Lᵀ = Σ w (L_k L_kᵀ + δ_k δ_kᵀ).
        replicates, _, dimension = self.means.shape
        mean = (self.weights[:, :, None] * self.means).sum(axis=1)
        between = (self.means - mean[:, None])[..., None]
        roots = np.concatenate([self.factors, between], axis=3)
        roots = np.sqrt(self.weights)[:, :, None, None] * roots
        side_by_side = np.swapaxes(roots, 1, 2).reshape(replicates, dimension, -1)
        return NormalNDLaw(mean, triangular(side_by_side))

    @override
    def log_density(self, x: FloatArray) -> FloatArray:
        parts = [
            np.log(self.weights[:, k, None]) + log_normal(x, self.means[:, k], self.factors[:, k])
            for k in range(self.weights.shape[1])
        ]
        return np.logaddexp.reduce(parts, axis=0)
