"""Kernel density estimates of their own samples: closed forms of the spread.

References
----------
.. [1] A. Borji, "A Note on Shumailov et al. (2024)", 2024, arXiv:2410.12954.
.. [2] docs/theory.md §7, E9.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from engines.arrays import FloatArray
from engines.numerics.kernels import KERNELS


def sample_variance(
    start: float, size: float, kernel_variance: float, generations: int
) -> FloatArray:
    """Return E s_n^2 = q^n s_0^2 + (M - 1) h^2 (1 - q^n), q = 1 - 1/M: it saturates.

    Parameters
    ----------
    start : float
        s_0^2, ddof-0 variance of D_0 (or its expectation).
    size : float
        M, constant.
    kernel_variance : float
        h^2 times the variance of the kernel.
    generations : int
        G.

    Returns
    -------
    ndarray, shape (G + 1,)
        ddof-0 variance of D_n.
    """
    left = (1 - 1 / size) ** np.arange(generations + 1)
    return left * start + (size - 1) * kernel_variance * (1 - left)


def sample_mean_variance(
    start: float, size: float, kernel_variance: float, generations: int
) -> FloatArray:
    """Return E (mean of D_n - mean of D_0)^2 = s_0^2 + n h^2 - E s_n^2, shape (G + 1,).

    The total second moment, s_0^2 + n h^2, is exact: once the variance has saturated, the
    mean follows a random walk.
    """
    total = start + kernel_variance * np.arange(generations + 1)
    return total - sample_variance(start, size, kernel_variance, generations)


def growth_rate(size: float, factor: float) -> float:
    """Return rho = 1 - 1/M + c^2 M^(-2/5): E of the ddof-1 variance grows like rho^n.

    Parameters
    ----------
    size : float
        M.
    factor : float
        c of h = c sd M^(-1/5): 1 (Scott), (4/3)^(1/5) (Silverman).

    Returns
    -------
    float
    """
    return 1 - 1 / size + factor**2 * size**-0.4


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
    factor = {"scott": 1.0, "silverman": (4 / 3) ** 0.2}[rule]
    square = (factor * size**-0.2) ** 2
    return (square, 0.0) if library == "sklearn" else (0.0, square)


def bandwidths(engines: Sequence[Any], sizes: ArrayLike, variance: float) -> FloatArray:
    """Return h_n of each fit without sampling noise, shape (G + 1,), h_0 = 0.

    Rules scaled by the data use the variance that the earlier kernels have added:
    h_{n+1}^2 = c^2 M^(-2/5) (variance + sum of the kernels' variances up to n).

    Parameters
    ----------
    engines : sequence of length G + 1
        ``engines[n]`` fits model n.
    sizes : array_like, shape (G + 1,)
        M_n.
    variance : float
        Variance of p_0.
    """
    numbers = np.asarray(sizes, dtype=np.float64).tolist()
    widths = np.zeros(len(numbers))
    for n in range(1, len(numbers)):
        fixed, scaled = squared_bandwidth(engines[n].bandwidth, numbers[n - 1])
        square = fixed + scaled * variance
        widths[n] = np.sqrt(square)
        variance += KERNELS[engines[n].kernel].variance * square
    return widths
