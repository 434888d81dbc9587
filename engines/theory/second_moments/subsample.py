"""Accumulate, then subsample: model n is fitted on M_{n-1} points of D_0, …, D_{n-1}."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from engines.theory.case import Case, FloatArray
from engines.theory.second_moments.accumulate import limited
from engines.theory.second_moments.base import (
    SecondMoments,
    Start,
    empty,
    fitted,
    sampling_bias,
    start_of,
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
    variance: float,
    sizes: ArrayLike,
    engines: Sequence[Any],
    start: Start,
    *,
    replacement: bool,
    resample_first: bool = False,
) -> SecondMoments:
    """Return the exact second moments for any schedule and source with finite variance.

    Parameters
    ----------
    variance : float
        Variance of p_0.
    sizes : array_like, shape (G + 1,)
        M_n.
    engines : sequence of length G + 1
        ``engines[n]`` fits model n.
    start : Start
        Moments of D_0.
    replacement : bool
        Whether T_n is drawn from the pool with replacement.
    resample_first : bool
        Whether T_0 is a resample of D_0, as docs/theory.md §2.3 has it, rather than D_0.

    Returns
    -------
    SecondMoments

    Notes
    -----
    The pool of N points has mean m and ddof-0 variance L. The mean of T_n is off by
    L/M, times (N - M)/(N - 1) without replacement, in mean square: `noise`; its ddof-0
    variance is L - noise in expectation. Adding D_n, drawn with variance T, whose mean is
    off by `gap`: N' L' = N L + (M - 1) T + (N M/N') gap, Var m' = Var m + (M/N')^2 gap.
    """
    numbers = np.asarray(sizes, dtype=np.float64).tolist()
    moments = empty(len(numbers) - 1, variance, start)
    pool, spread, centre = numbers[0], start.spread, start.centre
    for n in range(1, len(numbers)):
        used, size = numbers[n - 1], numbers[n]
        noise = spread / used
        if not replacement:
            noise *= (pool - used) / max(pool - 1, 1)
        if n == 1 and not resample_first:
            noise = 0.0
        model = fitted(engines[n], used, spread - noise)
        moments.centre[n], moments.spread[n] = centre + noise, model
        drawn = sampling_bias(engines[n]) * model
        moments.sample_centre[n] = centre + noise + drawn / size
        moments.sample_spread[n] = drawn * (1 - 1 / size)
        gap, total = noise + drawn / size, pool + size
        spread = (pool * spread + (size - 1) * drawn + pool * size / total * gap) / total
        centre += (size / total) ** 2 * gap
        pool = total
    return moments


def of_case(case: Case, variance: float) -> SecondMoments:
    """Return `subsample_moments` of the case, NaN after the policy changes."""
    policy = case.policies[1]

    def accepts(other: Any) -> bool:
        return other.name == "subsample" and other.replacement == policy.replacement

    moments = subsample_moments(
        variance,
        case.sizes,
        case.engines,
        start_of(case, variance),
        replacement=policy.replacement,
    )
    return limited(moments, case, accepts)


def refusal(case: Case) -> str | None:
    """Return why the law does not hold of the policy, or None."""
    if all(policy.name == "subsample" for policy in case.policies[1:2]):
        return None
    return "the policy must be subsample from the start"
