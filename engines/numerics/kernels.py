"""The six kernels of scikit-learn's KernelDensity: variance, cdf, log-density and draws.

The scale of a kernel is that of scikit-learn: the bandwidth is the standard deviation of the
Gaussian kernel and half the width of the compact ones. scikit-learn draws from the Gaussian and
the tophat kernel only; here all six are drawn from exactly.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr
from typing_extensions import override

from engines.arrays import FloatArray


@dataclass(frozen=True)
class Kernel(ABC):
    """A kernel of bandwidth 1.

    Attributes
    ----------
    variance : float
        Its variance.
    fourth : float
        Its fourth moment.
    reach : float
        Half the width of the support; for unbounded kernels the distance beyond which less
        than 1e-13 of the mass lies.
    bounded : bool
        Whether the support is bounded.
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

    @override
    def cdf(self, x: FloatArray) -> FloatArray:
        return ndtr(x)

    @override
    def log_density(self, x: FloatArray) -> FloatArray:
        return -0.5 * x**2 - 0.5 * np.log(2 * np.pi)

    @override
    def draw(self, size: int, generator: np.random.Generator) -> FloatArray:
        return generator.standard_normal(size)


class TophatKernel(Kernel):
    """1/2 on [-1, 1]."""

    @override
    def cdf(self, x: FloatArray) -> FloatArray:
        return np.clip(0.5 * (x + 1), 0.0, 1.0)

    @override
    def log_density(self, x: FloatArray) -> FloatArray:
        return np.where(np.abs(x) <= 1, np.log(0.5), -np.inf)

    @override
    def draw(self, size: int, generator: np.random.Generator) -> FloatArray:
        return generator.uniform(-1.0, 1.0, size)


class EpanechnikovKernel(Kernel):
    """3/4 (1 - x²) on [-1, 1]."""

    @override
    def cdf(self, x: FloatArray) -> FloatArray:
        z = np.clip(x, -1.0, 1.0)
        return 0.5 + 0.75 * z - 0.25 * z**3

    @override
    def log_density(self, x: FloatArray) -> FloatArray:
        with np.errstate(divide="ignore"):
            return np.log(0.75 * np.maximum(1 - x**2, 0.0))

    @override
    def draw(self, size: int, generator: np.random.Generator) -> FloatArray:
        """Return `size` points: Beta(2, 2) stretched to [-1, 1]."""
        return 2.0 * generator.beta(2.0, 2.0, size) - 1.0


class ExponentialKernel(Kernel):
    """exp(-|x|) / 2."""

    @override
    def cdf(self, x: FloatArray) -> FloatArray:
        tail = 0.5 * np.exp(-np.abs(x))
        return np.where(x < 0, tail, 1.0 - tail)

    @override
    def log_density(self, x: FloatArray) -> FloatArray:
        return -np.abs(x) - np.log(2.0)

    @override
    def draw(self, size: int, generator: np.random.Generator) -> FloatArray:
        return generator.laplace(0.0, 1.0, size)


class LinearKernel(Kernel):
    """1 - |x| on [-1, 1]."""

    @override
    def cdf(self, x: FloatArray) -> FloatArray:
        z = np.clip(x, -1.0, 1.0)
        return np.where(z < 0, 0.5 * (1 + z) ** 2, 1.0 - 0.5 * (1 - z) ** 2)

    @override
    def log_density(self, x: FloatArray) -> FloatArray:
        with np.errstate(divide="ignore"):
            return np.log(np.maximum(1 - np.abs(x), 0.0))

    @override
    def draw(self, size: int, generator: np.random.Generator) -> FloatArray:
        return generator.triangular(-1.0, 0.0, 1.0, size)


class CosineKernel(Kernel):
    """π/4 cos(πx/2) on [-1, 1]."""

    @override
    def cdf(self, x: FloatArray) -> FloatArray:
        return 0.5 * (1.0 + np.sin(0.5 * np.pi * np.clip(x, -1.0, 1.0)))

    @override
    def log_density(self, x: FloatArray) -> FloatArray:
        inside = np.abs(x) < 1
        with np.errstate(divide="ignore"):
            return np.log(np.where(inside, 0.25 * np.pi * np.cos(0.5 * np.pi * x), 0.0))

    @override
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
