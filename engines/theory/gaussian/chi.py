"""Moments of S_M = chi2_{M-1} / (M - 1), the factor by which a fit changes a variance."""

import numpy as np
from numpy.typing import ArrayLike

from engines.arrays import FloatArray
from engines.numerics.special import poch, polygamma, psi

_LARGE = 1e4
"""M/2 from which psi(M/2) - log(M/2) cancels and its series is better."""


def power_moment(sizes: ArrayLike, power: float) -> FloatArray:
    """Return E S_M^power.

    Parameters
    ----------
    sizes : array_like, shape (n,)
        M, at least 2 and above 1 - 2 * power.
    power : float
        Exponent.

    Returns
    -------
    ndarray, shape (n,)
        (2/k)^a Gamma(k/2 + a) / Gamma(k/2) with k = M - 1 degrees of freedom, a = `power`.
    """
    half = (np.asarray(sizes, dtype=np.float64) - 1) / 2
    return poch(half, power) / half**power


def c4(sizes: ArrayLike) -> FloatArray:
    """Return E sqrt(S_M) = 1 - 1/(4M) - 7/(32 M^2) - …, shape (n,)."""
    return power_moment(sizes, 0.5)


def log_c4(sizes: ArrayLike) -> FloatArray:
    """Return ln c4(M), shape (n,): about -1/(4(M-1)), precise at any size."""
    freedom = np.asarray(sizes, dtype=np.float64) - 1
    return np.where(freedom > _LARGE, -1 / (4 * freedom), np.log(c4(sizes)))


def log_mean(sizes: ArrayLike) -> FloatArray:
    """Return d(M) = E log S_M = psi((M-1)/2) - log((M-1)/2), shape (n,); about -1/(M-1)."""
    half = (np.asarray(sizes, dtype=np.float64) - 1) / 2
    series = -1 / (2 * half) - 1 / (12 * half**2)
    return np.where(half > _LARGE, series, psi(half) - np.log(half))


def log_variance(sizes: ArrayLike) -> FloatArray:
    """Return v(M) = Var log S_M = psi1((M-1)/2), shape (n,); about 2/(M-1)."""
    return log_cumulant(sizes, 2)


def log_cumulant(sizes: ArrayLike, order: int) -> FloatArray:
    """Return the cumulant of log S_M of the given order, 2 or more, shape (n,)."""
    return polygamma(order - 1, (np.asarray(sizes, dtype=np.float64) - 1) / 2)


def weighted_log_mean(sizes: ArrayLike) -> FloatArray:
    """Return E S_M log S_M = psi((M+1)/2) - log((M-1)/2), shape (n,)."""
    half = (np.asarray(sizes, dtype=np.float64) - 1) / 2
    return psi(half + 1) - np.log(half)
