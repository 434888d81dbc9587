"""Accumulate: model n is fitted on D_0, …, D_{n-1} together. Nothing collapses or diverges."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from engines.arrays import FloatArray
from engines.theory.case import Case
from engines.theory.second_moments.base import (
    SecondMoments,
    fit_variance,
    initial_moments,
    initial_table,
    sampling_bias,
)


def variance_product(size: float, generations: int, estimator: str) -> FloatArray:
    """Return E sigma_n^2 of the Gaussian fit, constant schedule, unit source.

    Parameters
    ----------
    size : float
        M.
    generations : int
        G.
    estimator : str
        ``unbiased``: prod_{k=2}^n (1 - 1/(k (k M - 1))); ``mle``: prod_{k=1}^n
        (1 - 1/(M k^2)), docs/theory.md §2.2.

    Returns
    -------
    ndarray, shape (G + 1,)
    """
    k = np.arange(1, generations + 1, dtype=np.float64)
    if estimator == "mle":
        factors = 1 - 1 / (size * k**2)
    else:
        factors = np.where(k > 1, 1 - 1 / (k * (k * size - 1)), 1.0)
    return np.concatenate(([1.0], np.cumprod(factors)))


def variance_limit(size: float) -> float:
    """Return lim E sigma_n^2 of the MLE, unit source: sin(x)/x with x = pi / sqrt(M).

    References
    ----------
    .. [1] J. Kazdan et al., "Collapse or Thrive?", 2024, arXiv:2410.16713.
    .. [2] A. Dey, D. Donoho, "Universality of the pi^2/6 Pathway in Avoiding Model Collapse",
       2024, arXiv:2410.22812: Var mu_n tends to about pi^2/6 times that of one real fit.
    """
    return float(np.sinc(1 / np.sqrt(size)))


def accumulate_moments(case: Case, variance: float) -> SecondMoments:
    """Return the exact second moments for any schedule and source with finite variance.

    Parameters
    ----------
    case : Case
        The experiment.
    variance : float
        Variance of p_0.

    Returns
    -------
    SecondMoments
        NaN from where the policy is another.

    Notes
    -----
    The pool of N points has scatter SS and mean m; adding M points drawn with variance T
    about m: E SS' = SS + T (M - 1 + N/(N + M)), Var m' = Var m + M T/(N + M)^2.
    """
    start = initial_moments(case, variance)
    moments = initial_table(case, variance, start)
    sizes = case.sizes.astype(np.float64).tolist()
    pool, scatter, centre = sizes[0], sizes[0] * start.mean_of_var, start.var_of_mean
    for n in range(1, len(sizes)):
        size = sizes[n]
        model = fit_variance(case.engines[n], pool, scatter / pool)
        moments.var_of_mean[n], moments.mean_of_var[n] = centre, model
        if case.policies[n].name != "accumulate":
            break
        drawn = sampling_bias(case.engines[n]) * model
        moments.sample_var_of_mean[n] = centre + drawn / size
        moments.sample_mean_of_var[n] = drawn * (1 - 1 / size)
        scatter += drawn * (size - 1 + pool / (pool + size))
        centre += size * drawn / (pool + size) ** 2
        pool += size
    return moments


def variance_of_variance(sizes: ArrayLike, estimators: Sequence[str]) -> FloatArray:
    """Return Var sigma_n^2 of the Gaussian fit on accumulated data, unit normal source.

    Parameters
    ----------
    sizes : array_like, shape (G + 1,)
        M_n.
    estimators : sequence of str, length G + 1
        ``estimators[n]`` of model n.

    Returns
    -------
    ndarray, shape (G + 1,)

    Notes
    -----
    SS' = SS (1 + A/c), c = N or N - 1 and A = chi2_{M-1} + N/(N + M) chi2_1, independent of
    SS: the scatter is a product of independent factors.
    """
    numbers = np.asarray(sizes, dtype=np.float64).tolist()
    pool = numbers[0]
    first, second = pool - 1, (pool - 1) * (pool + 1)
    values = np.zeros(len(numbers))
    for n, size in enumerate(numbers[1:], start=1):
        divisor = pool - (estimators[n] == "unbiased")
        values[n] = (second - first**2) / divisor**2
        ratio = pool / (pool + size)
        mean, variance = size - 1 + ratio, 2 * (size - 1) + 2 * ratio**2
        second *= (1 + mean / divisor) ** 2 + variance / divisor**2
        first *= 1 + mean / divisor
        pool += size
    return values
