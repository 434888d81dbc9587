"""The d-dimensional Gaussian fit on its own samples: exact laws for a normal source.

Sigma_{t+1} | Sigma_t is f_t Wishart_d(Sigma_t, M_t - 1)/(M_t - 1) with f_t = 1 (unbiased) or
1 - 1/M_t (MLE); every projection a'X is the 1-D process. Laws take the `Fits` of
`engines.theory.gaussian.moments` (or their sizes) and return shape (G + 1,).

References
----------
.. [1] R. J. Muirhead, "Aspects of Multivariate Statistical Theory", 1982, sections 3.2.
.. [2] I. Shumailov et al., 2023, arXiv:2305.17493, eq. 15 (lower bound of the risk).
.. [3] docs/theory.md §3.
"""

from typing import NamedTuple

import numpy as np

from engines.arrays import FloatArray
from engines.numerics.special import polygamma, psi
from engines.theory.gaussian.moments import Fits, mean_variance, products, recursion, sums


def lyapunov(size: float, dimension: int) -> FloatArray:
    """Return the Lyapunov exponents of Sigma_n, unbiased, shape (d,), descending.

    lambda_k = psi((M - k)/2) - log((M - 1)/2), k = 1 … d: they differ, so that an isotropic
    Gaussian becomes elongated; log det falls by their sum per generation on average.
    """
    k = np.arange(1, dimension + 1)
    return psi((size - k) / 2) - np.log((size - 1) / 2)


def log_det_mean(fits: Fits, dimension: int) -> FloatArray:
    """Return E ln det Sigma_n/det Sigma."""
    steps = np.array([np.sum(lyapunov(size, dimension)) for size in fits.sizes.tolist()])
    return sums(steps + dimension * np.log(fits.shrink))


def log_det_variance(sizes: FloatArray, dimension: int) -> FloatArray:
    """Return Var ln det Sigma_n/det Sigma = sum_i sum_k psi1((M_i - k)/2) (Bartlett)."""
    k = np.arange(1, dimension + 1)
    return sums(np.sum(polygamma(1, (sizes[:, None] - k) / 2), axis=1))


def log_condition_bound(sizes: FloatArray, dimension: int) -> FloatArray:
    """Return a lower bound of E log condition number: the sum of lambda_1 - lambda_d.

    The largest eigenvalue is at least any fixed quadratic form e'Sigma_n e, the inverse of
    the smallest at least e'Sigma_n^{-1}e, and their expected logarithms are exact. As n
    grows the bound has the right slope.
    """
    gap = psi((sizes - 1) / 2) - psi((sizes - dimension) / 2)
    return sums(gap)


def divergence_mean(fits: Fits, dimension: int) -> FloatArray:
    """Return E KL(p_n||p_0) = (d E T + d Var mu - d - E log det)/2, T and mu of the 1-D law."""
    trace = dimension * (products(fits.shrink) + mean_variance(fits) - 1)
    return (trace - log_det_mean(fits, dimension)) / 2


def reverse_divergence_mean(fits: Fits, dimension: int) -> FloatArray:
    """Return E KL(p_0||p_n), finite for M_i > d + 2, growing like e^(2n/M).

    Notes
    -----
    E Sigma_n^{-1} = I_n Sigma^{-1} with I_{n+1} = kappa I_n, and F_n = E mu_n'Sigma_n^{-1}mu_n
    obeys F_{n+1} = kappa (F_n + d/M), where kappa = (M - 1)/((M - d - 2) f).
    """
    kappa = (fits.sizes - 1) / ((fits.sizes - dimension - 2) * fits.shrink)
    inverse = products(kappa)
    shift = recursion(kappa, dimension / fits.sizes)
    log = log_det_mean(fits, dimension)
    return (log + dimension * inverse + shift - dimension) / 2


class FourthMoments(NamedTuple):
    """Variances of tr Sigma_n and of ||mu_n - mu||^2, shape (G + 1,)."""

    trace: FloatArray
    mean_error: FloatArray


def fourth_moments(fits: Fits, covariance: FloatArray) -> FourthMoments:
    """Return the exact variances of the trace and of the squared error of the mean.

    Parameters
    ----------
    fits : Fits
    covariance : ndarray, shape (d, d)
        Sigma.

    Returns
    -------
    FourthMoments

    Notes
    -----
    With m = M - 1: E (tr S')^2 = f^2 ((tr S)^2 + 2 tr S^2/m), E tr S'^2 = f^2 ((1 + 1/m)
    tr S^2 + (tr S)^2/m). Given all Sigma_i, mu_n is N(0, V), V = sum Sigma_i/M_i, so that
    E ||mu_n||^4 = E (tr V)^2 + 2 E tr V^2, each with its cross moment with Sigma_n. The pair
    below is (of traces, of products): (tr A tr B, tr AB).
    """
    trace = float(np.trace(covariance))
    model = np.array([trace**2, float(np.sum(covariance**2))])
    cross, squares = np.zeros(2), np.zeros(2)
    rows = [(model[0], 0.0)]
    for size, factor in zip(fits.sizes.tolist(), fits.shrink.tolist(), strict=True):
        squares = squares + 2 * cross / size + model / size**2
        cross = factor * (cross + model / size)
        spread = np.array([2 * model[1], model[1] + model[0]]) / (size - 1)
        model = factor**2 * (model + spread)
        rows.append((model[0], squares[0] + 2 * squares[1]))
    second = np.array(rows)
    means = trace * products(fits.shrink), trace * mean_variance(fits)
    return FourthMoments(second[:, 0] - means[0] ** 2, second[:, 1] - means[1] ** 2)
