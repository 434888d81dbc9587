"""The six kernels of scikit-learn's KernelDensity: moments, formulas and exact draws.

The scale of a kernel is that of scikit-learn: the bandwidth is the standard deviation of the
Gaussian kernel and half the width of the compact ones. scikit-learn draws from the Gaussian and
the tophat kernel only; here all six are drawn from exactly.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engines.arrays import FloatArray
from engines.numerics.special import ndtr

Formula = Callable[[FloatArray], FloatArray]
"""A function of each element of an array."""

_SMALL = 0.03
"""Below this argument a series replaces formulas that cancel."""

_POLE = 1e-6
"""Distance from a removable singularity within which its limit is taken."""


@dataclass(frozen=True)
class Kernel:
    """A kernel of bandwidth 1.

    Attributes
    ----------
    variance : float
        Its variance.
    fourth : float
        Its fourth moment.
    roughness : float
        The integral of its squared density.
    reach : float
        Half the width of the support; for unbounded kernels the distance beyond which less
        than 1e-13 of the mass lies.
    cdf : callable
        x → P(X <= x).
    log_density : callable
        x → the logarithm of the density; -inf outside the support.
    characteristic : callable
        t → E exp(i t X), which is real, because the kernel is even.
    draw : callable
        Number of points, generator → that many points, shape (size,).
    bounded : bool
        Whether the support is bounded.
    jumps : bool
        Whether the density is constant on the support and jumps at its ends.
    """

    variance: float
    fourth: float
    roughness: float
    reach: float
    cdf: Formula
    log_density: Formula
    characteristic: Formula
    draw: Callable[[int, np.random.Generator], FloatArray]
    bounded: bool = True
    jumps: bool = False


def _inside(x: FloatArray) -> FloatArray:
    return np.clip(x, -1.0, 1.0)


def _log(density: FloatArray) -> FloatArray:
    with np.errstate(divide="ignore"):
        return np.log(density)


def _laplace_cdf(x: FloatArray) -> FloatArray:
    tail = 0.5 * np.exp(-np.abs(x))
    return np.where(x < 0, tail, 1.0 - tail)


def _triangle_cdf(x: FloatArray) -> FloatArray:
    z = _inside(x)
    return np.where(z < 0, 0.5 * (1 + z) ** 2, 1.0 - 0.5 * (1 - z) ** 2)


def _cosine_log_density(x: FloatArray) -> FloatArray:
    return _log(np.where(np.abs(x) < 1, 0.25 * np.pi * np.cos(0.5 * np.pi * x), 0.0))


def _epanechnikov_characteristic(t: FloatArray) -> FloatArray:
    safe = np.where(np.abs(t) < _SMALL, 1.0, t)
    exact = 3 * (np.sin(safe) - safe * np.cos(safe)) / safe**3
    return np.where(np.abs(t) < _SMALL, 1 - t**2 / 10 + t**4 / 280, exact)


def _cosine_characteristic(t: FloatArray) -> FloatArray:
    pole = np.pi / 2
    near = np.abs(np.abs(t) - pole) < _POLE
    safe = np.where(near, 0.0, t)
    return np.where(near, np.pi / 4, pole**2 * np.cos(safe) / (pole**2 - safe**2))


KERNELS = {
    # exp(-x²/2) / √(2π)
    "gaussian": Kernel(
        variance=1.0,
        fourth=3.0,
        roughness=0.5 / np.sqrt(np.pi),
        reach=7.5,
        bounded=False,
        cdf=ndtr,
        log_density=lambda x: -0.5 * x**2 - 0.5 * np.log(2 * np.pi),
        characteristic=lambda t: np.exp(-(t**2) / 2),
        draw=lambda size, generator: generator.standard_normal(size),
    ),
    # 1/2 on [-1, 1]
    "tophat": Kernel(
        variance=1 / 3,
        fourth=1 / 5,
        roughness=1 / 2,
        reach=1.0,
        jumps=True,
        cdf=lambda x: np.clip(0.5 * (x + 1), 0.0, 1.0),
        log_density=lambda x: np.where(np.abs(x) <= 1, np.log(0.5), -np.inf),
        characteristic=lambda t: np.sinc(t / np.pi),
        draw=lambda size, generator: generator.uniform(-1.0, 1.0, size),
    ),
    # 3/4 (1 - x²) on [-1, 1]: Beta(2, 2), stretched
    "epanechnikov": Kernel(
        variance=1 / 5,
        fourth=3 / 35,
        roughness=3 / 5,
        reach=1.0,
        cdf=lambda x: 0.5 + 0.75 * _inside(x) - 0.25 * _inside(x) ** 3,
        log_density=lambda x: _log(0.75 * np.maximum(1 - x**2, 0.0)),
        characteristic=_epanechnikov_characteristic,
        draw=lambda size, generator: 2.0 * generator.beta(2.0, 2.0, size) - 1.0,
    ),
    # exp(-|x|) / 2
    "exponential": Kernel(
        variance=2.0,
        fourth=24.0,
        roughness=1 / 4,
        reach=30.0,
        bounded=False,
        cdf=_laplace_cdf,
        log_density=lambda x: -np.abs(x) - np.log(2.0),
        characteristic=lambda t: 1 / (1 + t**2),
        draw=lambda size, generator: generator.laplace(0.0, 1.0, size),
    ),
    # 1 - |x| on [-1, 1]
    "linear": Kernel(
        variance=1 / 6,
        fourth=1 / 15,
        roughness=2 / 3,
        reach=1.0,
        cdf=_triangle_cdf,
        log_density=lambda x: _log(np.maximum(1 - np.abs(x), 0.0)),
        characteristic=lambda t: np.sinc(t / (2 * np.pi)) ** 2,
        draw=lambda size, generator: generator.triangular(-1.0, 0.0, 1.0, size),
    ),
    # π/4 cos(πx/2) on [-1, 1], drawn by inverting the cdf
    "cosine": Kernel(
        variance=1 - 8 / np.pi**2,
        fourth=1 - 48 / np.pi**2 + 384 / np.pi**4,
        roughness=np.pi**2 / 16,
        reach=1.0,
        cdf=lambda x: 0.5 * (1.0 + np.sin(0.5 * np.pi * _inside(x))),
        log_density=_cosine_log_density,
        characteristic=_cosine_characteristic,
        draw=lambda size, generator: (2.0 / np.pi) * np.arcsin(2.0 * generator.random(size) - 1.0),
    ),
}
"""The kernels by scikit-learn's names."""
