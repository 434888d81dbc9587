"""Laws in several dimensions: the base class, and the normal law."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from typing_extensions import override

from engines.arrays import FloatArray
from engines.laws.law import Components, Law, Part


class RealNDLaw(Law, ABC):
    """R laws in d dimensions, each with a mean, a covariance and a density."""

    @abstractmethod
    def matching_normal(self) -> "NormalNDLaw":
        """Return the normal law with the same mean and covariance."""

    @abstractmethod
    def log_density(self, x: FloatArray) -> FloatArray:
        """Return the logarithm of the density at x (N, d), shape (R, N)."""

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

    def density(self, x: FloatArray) -> FloatArray:
        """Return the density at x (N, d), shape (R, N)."""
        return np.exp(self.log_density(x))


@dataclass(frozen=True, eq=False)
class NormalNDLaw(RealNDLaw):
    """R normal laws in d dimensions.

    Attributes
    ----------
    means : ndarray, shape (R, d)
    factors : ndarray, shape (R, d, d)
        Lower triangular L with covariance L Lᵀ.
    """

    replicate_fields: ClassVar[tuple[str, ...]] = ("means", "factors")

    means: FloatArray
    factors: FloatArray

    @property
    @override
    def parts(self) -> frozenset[Part]:
        return frozenset({Part.NORMAL, Part.COMPONENTS})

    @override
    def matching_normal(self) -> "NormalNDLaw":
        return self

    @override
    def log_density(self, x: FloatArray) -> FloatArray:
        """Return the logarithm of the density at x (N, d), shape (R, N); regular laws only."""
        return log_normal(x, self.means, self.factors)


def log_normal(x: FloatArray, mean: FloatArray, factor: FloatArray) -> FloatArray:
    """Return the logarithm of the densities of R normal laws, shape (R, N).

    Parameters
    ----------
    x : ndarray, shape (N, d)
    mean : ndarray, shape (R, d)
    factor : ndarray, shape (R, d, d)
        Lower triangular, regular.
    """
    deviations = np.swapaxes(x[None] - mean[:, None], 1, 2)
    scores = np.linalg.solve(factor, deviations)
    scales = np.log(np.diagonal(factor, axis1=1, axis2=2)).sum(axis=1)
    constant = scales + 0.5 * x.shape[1] * np.log(2 * np.pi)
    return -0.5 * np.einsum("rdn,rdn->rn", scores, scores) - constant[:, None]
