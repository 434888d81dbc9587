"""Accumulate, then subsample: model n is fitted on M_{n-1} points of D_0, …, D_{n-1}."""

import numpy as np

from engines.arrays import FloatArray
from engines.theory.case import Case
from engines.theory.second_moments.base import (
    SecondMoments,
    fit_variance,
    initial_moments,
    initial_table,
    sampling_bias,
)


def pool_variance(size: float, generations: int) -> FloatArray:
    """Return L_n = E of the pool's variance before fit n, unit source.

    For the MLE on points drawn with replacement, D_0 itself resampled for fit 1 (the
    recursion of docs/theory.md §2.3; ours fits model 1 on D_0): L_n = (1 - 1/M)
    prod_{k=2}^n (1 - a/k^2), a = (2 - 1/M)/M; E sigma_n^2 = (1 - 1/M) L_n and
    Var mu_n = 1 - L_n + L_n/M.

    Parameters
    ----------
    size : float
        M, constant.
    generations : int
        n = 1 … `generations`.

    Returns
    -------
    ndarray, shape (generations,)
    """
    k = np.arange(1, generations + 1, dtype=np.float64)
    shrink = (2 - 1 / size) / size
    factors: FloatArray = np.where(k > 1, 1 - shrink / k**2, 1.0)
    return np.asarray((1 - 1 / size) * np.cumprod(factors), dtype=np.float64)


def pool_variance_limit(size: float) -> float:
    """Return lim L_n = (1 - 1/M)/(1 - a) sin(x)/x with x = pi sqrt(a), a = (2 - 1/M)/M."""
    shrink = (2 - 1 / size) / size
    return float((1 - 1 / size) / (1 - shrink) * np.sinc(np.sqrt(shrink)))


def subsample_moments(
    case: Case, variance: float, *, resample_first: bool = False
) -> SecondMoments:
    """Return the exact second moments for any schedule and source with finite variance.

    Parameters
    ----------
    case : Case
        The experiment.
    variance : float
        Variance of p_0.
    resample_first : bool
        Whether T_0 is a resample of D_0, as docs/theory.md §2.3 has it, rather than D_0.

    Returns
    -------
    SecondMoments
        NaN from where the policy is another.

    Notes
    -----
    The pool of N points has mean m and ddof-0 variance L. The mean of T_n differs from m by
    L/M, times (N - M)/(N - 1) without replacement, in mean square: `noise`; its ddof-0
    variance is L - noise in expectation. Adding D_n, drawn with variance T, whose mean differs
    by `gap`: N' L' = N L + (M - 1) T + (N M/N') gap, Var m' = Var m + (M/N')^2 gap.
    """
    start = initial_moments(case, variance)
    moments = initial_table(case, variance, start)
    sizes = case.sizes.astype(np.float64).tolist()
    replacement = case.policies[1].replacement
    pool, spread, centre = sizes[0], start.mean_of_var, start.var_of_mean
    for n in range(1, len(sizes)):
        used, size = sizes[n - 1], sizes[n]
        noise = spread / used
        if not replacement:
            noise *= (pool - used) / max(pool - 1, 1)
        if n == 1 and not resample_first:
            noise = 0.0
        model = fit_variance(case.engines[n], used, spread - noise)
        moments.var_of_mean[n], moments.mean_of_var[n] = centre + noise, model
        policy = case.policies[n]
        if policy.name != "subsample" or policy.replacement != replacement:
            break
        drawn = sampling_bias(case.engines[n]) * model
        moments.sample_var_of_mean[n] = centre + noise + drawn / size
        moments.sample_mean_of_var[n] = drawn * (1 - 1 / size)
        gap, total = noise + drawn / size, pool + size
        spread = (pool * spread + (size - 1) * drawn + pool * size / total * gap) / total
        centre += (size / total) ** 2 * gap
        pool = total
    return moments
