"""What every law in several dimensions answers."""

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

import numpy as np

from engines.arrays import FloatArray
from engines.laws.law import Components, Part

if TYPE_CHECKING:
    from engines.laws.normal_nd import NormalNDLaw


class RealNDLaw(ABC):
    """R laws in d dimensions, with mean, covariance and density."""

    @property
    def parts(self) -> frozenset[Part]:
        """What it has beyond that."""
        return frozenset()

    @abstractmethod
    def matched(self) -> "NormalNDLaw":
        """Return the normal law with the same mean and covariance."""

    @abstractmethod
    def log_density(self, x: FloatArray) -> FloatArray:
        """Return the logarithm of the density at x (N, d), shape (R, N)."""

    def components(self) -> Components:
        """Return the normal components; of a law that has none, the matched normal law."""
        law = self.matched()
        ones = np.ones((len(law.means), 1))
        return Components(ones, law.means[:, None], law.factors[:, None])

    def mean(self) -> FloatArray:
        """Return the mean, shape (R, d)."""
        return self.matched().means

    def covariance(self) -> FloatArray:
        """Return the covariance, shape (R, d, d)."""
        factors = self.matched().factors
        return factors @ np.swapaxes(factors, 1, 2)

    def density(self, x: FloatArray) -> FloatArray:
        """Return the density at x (N, d), shape (R, N)."""
        return np.exp(self.log_density(x))


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
