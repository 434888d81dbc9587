"""Laws in several dimensions: the base class, the normal law, and mixtures of normal laws."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np
from typing_extensions import override

from engines.arrays import FloatArray
from engines.data.moments import triangular
from engines.laws.law import Components, Law, Part


class RealNDLaw(Law, ABC):
    """R laws in d dimensions, each with a mean and a covariance."""

    @abstractmethod
    def matching_normal(self) -> "NormalNDLaw":
        """Return the normal law with the same mean and covariance."""

    def components(self) -> Components:
        """Return the normal components; of a law without any, `matching_normal` as the only one."""
        law = self.matching_normal()
        ones = np.ones((len(law.means), 1))
        return Components(ones, law.means[:, None], law.factors[:, None])

    def mean(self) -> FloatArray:
        """Return the mean, shape (R, d)."""
        return self.matching_normal().means

    def covariance(self) -> FloatArray:
        """Return the covariance, shape (R, d, d)."""
        factors = self.matching_normal().factors
        return factors @ np.swapaxes(factors, 1, 2)


@dataclass(frozen=True, eq=False)
class NormalNDLaw(RealNDLaw):
    """R normal laws in d dimensions.

    Attributes
    ----------
    means : ndarray, shape (R, d)
    factors : ndarray, shape (R, d, d)
        Lower triangular L with covariance L Lᵀ.
    """

    parts = frozenset({Part.NORMAL, Part.COMPONENTS})
    replicate_fields: ClassVar[tuple[str, ...]] = ("means", "factors")

    means: FloatArray
    factors: FloatArray

    @override
    def matching_normal(self) -> "NormalNDLaw":
        return self


@dataclass(frozen=True, eq=False)
class NormalMixtureNDLaw(RealNDLaw):
    """R mixtures Σ w_k N(m_k, L_k L_kᵀ).

    Attributes
    ----------
    weights : ndarray, shape (R, K)
        Positive, sum 1.
    means : ndarray, shape (R, K, d)
    factors : ndarray, shape (R, K, d, d)
        Lower triangular L_k.
    """

    parts = frozenset({Part.COMPONENTS})

    weights: FloatArray
    means: FloatArray
    factors: FloatArray

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
