"""Kernels of the kernel density estimate: characteristic functions and bandwidth rules."""

from collections.abc import Callable, Mapping

import numpy as np

from engines.arrays import FloatArray

_SILVERMAN = (4 / 3) ** 0.2
_SMALL = 0.03
"""Below this argument a series replaces formulas that cancel."""

_POLE = 1e-6
"""Distance from a removable singularity within which its limit is taken."""


def _epanechnikov(t: FloatArray) -> FloatArray:
    safe = np.where(np.abs(t) < _SMALL, 1.0, t)
    exact = 3 * (np.sin(safe) - safe * np.cos(safe)) / safe**3
    return np.where(np.abs(t) < _SMALL, 1 - t**2 / 10 + t**4 / 280, exact)


def _cosine(t: FloatArray) -> FloatArray:
    pole = np.pi / 2
    near = np.abs(np.abs(t) - pole) < _POLE
    safe = np.where(near, 0.0, t)
    return np.where(near, np.pi / 4, pole**2 * np.cos(safe) / (pole**2 - safe**2))


_CHARACTERISTIC: Mapping[str, Callable[[FloatArray], FloatArray]] = {
    "gaussian": lambda t: np.exp(-(t**2) / 2),
    "tophat": lambda t: np.sinc(t / np.pi),
    "epanechnikov": _epanechnikov,
    "exponential": lambda t: 1 / (1 + t**2),
    "linear": lambda t: np.sinc(t / (2 * np.pi)) ** 2,
    "cosine": _cosine,
}


def characteristic(kernel: str, t: FloatArray) -> FloatArray:
    """Return the characteristic function of the kernel at bandwidth 1 (real: it is even).

    Parameters
    ----------
    kernel : str
        A key of `engines.numerics.kernels.KERNELS`.
    t : ndarray, shape (n,)
        Angular frequencies.

    Returns
    -------
    ndarray, shape (n,)
    """
    return _CHARACTERISTIC[kernel](t)


def squared_bandwidth(bandwidth: float | str, size: float) -> tuple[float, float]:
    """Return (a, b) such that h^2 = a + b * (ddof-1 variance of the training set).

    Parameters
    ----------
    bandwidth : float or str
        A number (b = 0); ``scott`` or ``silverman``, scaled by the standard deviation as in
        scipy (a = 0); ``scott-sklearn`` or ``silverman-sklearn``, not scaled (b = 0).
    size : float
        Number of training points M; the rules are c M^(-1/5), c = 1 or (4/3)^(1/5).

    Returns
    -------
    tuple of float

    Notes
    -----
    docs/theory.md §7, library traps: scipy scales the rule by the data, scikit-learn does not.
    """
    if not isinstance(bandwidth, str):
        return float(bandwidth) ** 2, 0.0
    rule, _, library = bandwidth.partition("-")
    factor = {"scott": 1.0, "silverman": _SILVERMAN}[rule]
    square = (factor * size**-0.2) ** 2
    return (square, 0.0) if library == "sklearn" else (0.0, square)
