"""The 1-D Gaussian fit on its own samples: exact laws for a normal source N(0, 1).

sigma_n^2 = prod_i f_i S_i and mu_n = sum_i sigma_i Z_i / sqrt(M_i) with independent S_i,
Z_i, where S_i = chi2_{M_i - 1}/(M_i - 1) and f_i = 1 (unbiased) or 1 - 1/M_i (MLE). Below T
is sigma_n^2 and V = sum_i sigma_i^2/M_i, the variance of mu_n given all sigma_i.

Every law takes the `Fits` of a run (or their sizes, where the estimator does not matter) and
returns values by generation 0 … G, shape (G + 1,). Multiply means by sigma, variances by
sigma^2.

References
----------
.. [1] I. Shumailov et al., "The Curse of Recursion", 2023, arXiv:2305.17493, eq. 1-5.
.. [2] docs/theory.md §1; E2 and E3 for eq. 4 and 5 as published.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from engines.arrays import FloatArray
from engines.numerics.special import ndtri
from engines.theory.gaussian.chi import (
    c4,
    log_c4,
    log_cumulant,
    log_mean,
    log_variance,
    power_moment,
    weighted_log_mean,
)

_CANCELS = 1e-5
"""Sums of 1/M below which the exact variances cancel, and their leading terms are better."""

_SD_CANCELS = 1e-7
"""Sums of 1/2M below which E sigma^2 - (E sigma)^2 is all rounding."""


class Fits(NamedTuple):
    """The fits of a run under replacement.

    Attributes
    ----------
    sizes : ndarray, shape (G,)
        M_0 … M_{G-1}.
    shrink : ndarray, shape (G,)
        f_0 … f_{G-1}, see `shrinkage`.
    """

    sizes: FloatArray
    shrink: FloatArray


def shrinkage(sizes: ArrayLike, estimators: ArrayLike) -> FloatArray:
    """Return f_i: 1 where the estimator is ``unbiased``, 1 - 1/M_i where it is ``mle``."""
    numbers = np.asarray(sizes, dtype=np.float64)
    unbiased = np.asarray(estimators) == "unbiased"
    return np.where(unbiased, 1.0, 1 - 1 / numbers)


def products(factors: FloatArray) -> FloatArray:
    """Return the running products, 1 first."""
    return np.concatenate(([1.0], np.cumprod(factors)))


def sums(terms: FloatArray) -> FloatArray:
    """Return the running sums, 0 first."""
    return np.concatenate(([0.0], np.cumsum(terms)))


def recursion(factors: FloatArray, terms: FloatArray) -> FloatArray:
    """Return y with y_0 = 0 and y_{n+1} = factors_n (y_n + terms_n)."""
    values = np.zeros(len(factors) + 1)
    for n, (factor, term) in enumerate(zip(factors, terms, strict=True)):
        values[n + 1] = factor * (values[n] + term)
    return values


def variance_power(fits: Fits, power: float) -> FloatArray:
    """Return E T^power: 1 gives E sigma_n^2, 1/2 E sigma_n, 2 E sigma_n^4."""
    return products(fits.shrink**power * power_moment(fits.sizes, power))


def mean_variance(fits: Fits) -> FloatArray:
    """Return Var mu_n = E V: sum 1/M_i (unbiased), 1 - prod (1 - 1/M_i) (MLE)."""
    return sums(products(fits.shrink)[:-1] / fits.sizes)


def point_variance(fits: Fits) -> FloatArray:
    """Return Var X^n_j: 1 + sum 1/M_i without remainder (unbiased), always 1 (MLE)."""
    return mean_variance(fits) + products(fits.shrink)


def log_variance_mean(fits: Fits) -> FloatArray:
    """Return E log sigma_n^2 = sum (d(M_i) + log f_i)."""
    return sums(log_mean(fits.sizes) + np.log(fits.shrink))


def log_variance_variance(sizes: FloatArray) -> FloatArray:
    """Return Var log sigma_n^2 = sum v(M_i), for either estimator."""
    return sums(log_variance(sizes))


def sd_mean(fits: Fits) -> FloatArray:
    """Return E sigma_n."""
    return variance_power(fits, 0.5)


def sd_variance(fits: Fits) -> FloatArray:
    """Return Var sigma_n; its leading term where the exact form cancels."""
    square = products(fits.shrink)
    leading = sums(0.5 / fits.sizes)
    return np.where(leading > _SD_CANCELS, square - sd_mean(fits) ** 2, leading * square)


def log_sigma_mean(fits: Fits) -> FloatArray:
    """Return E log sigma_n."""
    return log_variance_mean(fits) / 2


def log_sigma_variance(fits: Fits) -> FloatArray:
    """Return Var log sigma_n."""
    return log_variance_variance(fits.sizes) / 4


def log_sigma_quantile(fits: Fits, level: float) -> FloatArray:
    """Return the quantile of log sigma_n by Cornish and Fisher's third-order expansion.

    An approximation: log sigma_n is half a sum of independent log chi-squares, whose
    cumulants are exact and whose quantiles have no closed form.
    """
    z = float(ndtri(level))
    mean = log_sigma_mean(fits)[1:]
    second, third, fourth = (
        sums(log_cumulant(fits.sizes, order))[1:] / 2**order for order in (2, 3, 4)
    )
    skew, excess = third / second**1.5, fourth / second**2
    score = (
        z + skew * (z**2 - 1) / 6 + excess * (z**3 - 3 * z) / 24 - skew**2 * (2 * z**3 - 5 * z) / 36
    )
    return np.concatenate(([0.0], mean + np.sqrt(second) * score))


def risk_mean(fits: Fits) -> FloatArray:
    """Return E R_n, R_n = W2^2 = mu_n^2 + (sigma_n - 1)^2: E V + E T - 2 E sqrt T + 1."""
    # Differences from 1 are taken in logarithms: at M = 10^15 they are of the order of rounding.
    logs = np.log(fits.shrink)
    lost = np.expm1(sums(logs)) - 2 * np.expm1(sums(log_c4(fits.sizes) + 0.5 * logs))
    return mean_variance(fits) + lost


def risk_variance(fits: Fits) -> FloatArray:
    """Return Var R_n, exact; (5/2) (sum 1/M_i)^2 to leading order.

    Notes
    -----
    Given all sigma_i, mu_n is N(0, V), so E R^2 = 3 E V^2 + 2 E V (sqrt T - 1)^2 +
    E (sqrt T - 1)^4; E V T^a obeys y' = f^a E S^a (y + E T^{a+1}/M).
    """
    sizes, shrink = fits
    root, whole, three, four = (variance_power(fits, k / 2) for k in (1, 2, 3, 4))
    centre = mean_variance(fits)
    half = recursion(np.sqrt(shrink) * c4(sizes), three[:-1] / sizes)
    full = recursion(shrink, four[:-1] / sizes)
    square = sums((2 * full[:-1] + four[:-1] / sizes) / sizes)
    mean_square = (
        3 * square + 2 * (full - 2 * half + centre) + (four - 4 * three + 6 * whole - 4 * root + 1)
    )
    exact = mean_square - risk_mean(fits) ** 2
    return _or_leading(exact, 2.5, sizes)


def published_risk_mean(sizes: FloatArray) -> FloatArray:
    """Return (3/2) sum 1/M_i, eq. 4 (its R^{n+1} is our model n + 1): first order only."""
    return 1.5 * sums(1 / sizes)


def published_risk_variance(sizes: FloatArray) -> FloatArray:
    """Return eq. 5, (1/2) (3 sum 1/M_i^2 + 4 sum_{i != j} 1/(M_i M_j)): wrong, see E2."""
    squares = sums(1 / sizes**2)
    return 0.5 * (3 * squares + 4 * (sums(1 / sizes) ** 2 - squares))


def divergence_mean(fits: Fits) -> FloatArray:
    """Return E KL(p_n||p_0) = (E V + E T - 1 - E log T)/2, about n/M for either estimator."""
    excess = mean_variance(fits) + np.expm1(sums(np.log(fits.shrink)))
    return (excess - log_variance_mean(fits)) / 2


def divergence_variance(fits: Fits) -> FloatArray:
    """Return Var KL(p_n||p_0), exact.

    Notes
    -----
    KL = (mu^2 + T - 1 - L)/2 with L = log T; the second moments of (mu^2, T, L) follow from
    E V^2, E V T, E V L, E T L by one step of the recursion each.
    """
    sizes, shrink = fits
    drift = log_mean(sizes) + np.log(shrink)
    centre, whole = mean_variance(fits), products(shrink)
    log = sums(drift)
    log_square = log**2 + log_variance_variance(sizes)
    four = variance_power(fits, 2)
    full = recursion(shrink, four[:-1] / sizes)
    square = sums((2 * full[:-1] + four[:-1] / sizes) / sizes)
    tilt = np.log(shrink) + weighted_log_mean(sizes)
    with_log = whole * sums(tilt)
    centre_log = sums(with_log[:-1] / sizes + drift * centre[1:])
    mean_square = (
        3 * square
        + four
        + log_square
        + 1
        + 2 * (full - centre - centre_log - whole - with_log + log)
    )
    exact = (mean_square - (centre + whole - 1 - log) ** 2) / 4
    return _or_leading(exact, 1.0, sizes)


def _or_leading(exact: FloatArray, factor: float, sizes: FloatArray) -> FloatArray:
    """Return factor * (sum 1/M_i)^2 where that is so small that the exact form cancels."""
    small = sums(1 / sizes)
    return np.where(small < _CANCELS, factor * small**2, exact)
