"""The six kernels of scikit-learn's KernelDensity: variance, cdf, log-density and draws.

The scale of a kernel is scikit-learn's: its bandwidth is the standard deviation of the
Gaussian kernel and half the width of the compact ones. scikit-learn itself draws from the
Gaussian and the tophat kernel only; the others are drawn here by their exact laws.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from engines.arrays import FloatArray


@dataclass(frozen=True)
class Kernel(ABC):
    """A kernel of scale 1.

    Attributes
    ----------
    variance : float
        Variance at bandwidth 1.
    fourth : float
        Fourth moment at bandwidth 1.
    reach : float
        Half the width of the support; for unbounded kernels the distance beyond which
        less than 1e-13 of the mass lies.
    bounded : bool
    """

    variance: float
    fourth: float
    reach: float
    bounded: bool = True

    @abstractmethod
    def cdf(self, x: FloatArray) -> FloatArray:
        """Return P(X <= x), shaped like x."""

    @abstractmethod
    def log_density(self, x: FloatArray) -> FloatArray:
        """Return the logarithm of the density, shaped like x; -inf outside the support."""

    @abstractmethod
    def draw(self, size: int, generator: np.random.Generator) -> FloatArray:
        """Return `size` points, shape (size,)."""


class GaussianKernel(Kernel):
    """exp(-x²/2) / √(2π)."""

    def cdf(self, x: FloatArray) -> FloatArray:
        """Return P(X <= x)."""
        return ndtr(x)

    def log_density(self, x: FloatArray) -> FloatArray:
        """Return the logarithm of the density."""
        return -0.5 * x**2 - 0.5 * np.log(2 * np.pi)

    def draw(self, size: int, generator: np.random.Generator) -> FloatArray:
        """Return `size` points."""
        return generator.standard_normal(size)


class TophatKernel(Kernel):
    """1/2 on [-1, 1]."""

    def cdf(self, x: FloatArray) -> FloatArray:
        """Return P(X <= x)."""
        return np.clip(0.5 * (x + 1), 0.0, 1.0)

    def log_density(self, x: FloatArray) -> FloatArray:
        """Return the logarithm of the density."""
        return np.where(np.abs(x) <= 1, np.log(0.5), -np.inf)

    def draw(self, size: int, generator: np.random.Generator) -> FloatArray:
        """Return `size` points."""
        return generator.uniform(-1.0, 1.0, size)


class EpanechnikovKernel(Kernel):
    """3/4 (1 - x²) on [-1, 1]."""

    def cdf(self, x: FloatArray) -> FloatArray:
        """Return P(X <= x)."""
        z = np.clip(x, -1.0, 1.0)
        return 0.5 + 0.75 * z - 0.25 * z**3

    def log_density(self, x: FloatArray) -> FloatArray:
        """Return the logarithm of the density."""
        with np.errstate(divide="ignore"):
            return np.log(0.75 * np.maximum(1 - x**2, 0.0))

    def draw(self, size: int, generator: np.random.Generator) -> FloatArray:
        """Return `size` points: Beta(2, 2) stretched to [-1, 1]."""
        return 2.0 * generator.beta(2.0, 2.0, size) - 1.0


class ExponentialKernel(Kernel):
    """exp(-|x|) / 2."""

    def cdf(self, x: FloatArray) -> FloatArray:
        """Return P(X <= x)."""
        tail = 0.5 * np.exp(-np.abs(x))
        return np.where(x < 0, tail, 1.0 - tail)

    def log_density(self, x: FloatArray) -> FloatArray:
        """Return the logarithm of the density."""
        return -np.abs(x) - np.log(2.0)

    def draw(self, size: int, generator: np.random.Generator) -> FloatArray:
        """Return `size` points."""
        return generator.laplace(0.0, 1.0, size)


class LinearKernel(Kernel):
    """1 - |x| on [-1, 1]."""

    def cdf(self, x: FloatArray) -> FloatArray:
        """Return P(X <= x)."""
        z = np.clip(x, -1.0, 1.0)
        return np.where(z < 0, 0.5 * (1 + z) ** 2, 1.0 - 0.5 * (1 - z) ** 2)

    def log_density(self, x: FloatArray) -> FloatArray:
        """Return the logarithm of the density."""
        with np.errstate(divide="ignore"):
            return np.log(np.maximum(1 - np.abs(x), 0.0))

    def draw(self, size: int, generator: np.random.Generator) -> FloatArray:
        """Return `size` points."""
        return generator.triangular(-1.0, 0.0, 1.0, size)


class CosineKernel(Kernel):
    """π/4 cos(πx/2) on [-1, 1]."""

    def cdf(self, x: FloatArray) -> FloatArray:
        """Return P(X <= x)."""
        return 0.5 * (1.0 + np.sin(0.5 * np.pi * np.clip(x, -1.0, 1.0)))

    def log_density(self, x: FloatArray) -> FloatArray:
        """Return the logarithm of the density."""
        inside = np.abs(x) < 1
        with np.errstate(divide="ignore"):
            return np.log(np.where(inside, 0.25 * np.pi * np.cos(0.5 * np.pi * x), 0.0))

    def draw(self, size: int, generator: np.random.Generator) -> FloatArray:
        """Return `size` points by inverting the cdf."""
        return (2.0 / np.pi) * np.arcsin(2.0 * generator.random(size) - 1.0)


KERNELS: dict[str, Kernel] = {
    "gaussian": GaussianKernel(1.0, 3.0, 7.5, bounded=False),
    "tophat": TophatKernel(1 / 3, 1 / 5, 1.0),
    "epanechnikov": EpanechnikovKernel(1 / 5, 3 / 35, 1.0),
    "exponential": ExponentialKernel(2.0, 24.0, 30.0, bounded=False),
    "linear": LinearKernel(1 / 6, 1 / 15, 1.0),
    "cosine": CosineKernel(1 - 8 / np.pi**2, 1 - 48 / np.pi**2 + 384 / np.pi**4, 1.0),
}
"""The kernels by scikit-learn's names."""
