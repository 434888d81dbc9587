"""Second moments under the policy mix: alpha p_model + beta p_previous + gamma p_0."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from engines.theory.case import Case
from engines.theory.conditions import is_mixture, trained_shares
from engines.theory.second_moments.base import (
    SecondMoments,
    Start,
    empty,
    fitted,
    sampling_bias,
    start_of,
)


def law_moments(
    shares: tuple[float, float, float], size: float, shrink: float, generations: int
) -> tuple[float, float]:
    """Return (e, u) of the mixture law p_n after n = `generations` steps, unit source.

    Parameters
    ----------
    shares : tuple of float
        alpha, beta, gamma.
    size : float
        M, constant.
    shrink : float
        phi: 1 (unbiased) or 1 - 1/M (MLE).
    generations : int
        n.

    Returns
    -------
    tuple of float
        e = Var of the mean of p_n, u = E of its variance. For the model fitted next,
        Var mu = e + u/M and E sigma^2 = phi u.

    Notes
    -----
    With s = alpha + beta: e' = s^2 e + alpha^2 u/M and
    u' = (alpha phi + beta) u + gamma + gamma s e + alpha (1 - alpha) u/M (docs/theory.md §2.1).
    """
    alpha, beta, gamma = shares
    s = alpha + beta
    e, u = 0.0, 1.0
    for _ in range(generations):
        e, u = (
            s**2 * e + alpha**2 * u / size,
            (alpha * shrink + beta) * u + gamma + gamma * s * e + alpha * (1 - alpha) * u / size,
        )
    return e, u


def stationary(
    shares: tuple[float, float, float], size: float, estimator: str
) -> tuple[float, float]:
    """Return the limits (e*, u*) of `law_moments`; infinite where second moments diverge.

    Parameters
    ----------
    shares : tuple of float
        alpha, beta, gamma, gamma above 0.
    size : float
        M.
    estimator : str
        ``unbiased`` or ``mle``.

    Returns
    -------
    tuple of float
        MLE: e* = r/(1 + r), u* = 1 - e*, r = alpha^2 / (M gamma (1 + s)). Unbiased:
        u* = gamma / (gamma - alpha (1 - alpha)/M - s alpha^2/(M (1 + s))), e* = r u*.
    """
    alpha, beta, gamma = shares
    s = alpha + beta
    ratio = alpha**2 / (size * gamma * (1 + s))
    if estimator == "mle":
        return ratio / (1 + ratio), 1 / (1 + ratio)
    loss = gamma - alpha * (1 - alpha) / size - s * alpha**2 / (size * (1 + s))
    if loss <= 0:
        return np.inf, np.inf
    return ratio * gamma / loss, gamma / loss


def critical_fresh(size: float) -> float:
    """Return gamma_c(M), about 1/(2M): with less fresh data second moments diverge.

    For beta = 0 and the unbiased estimator. The condition of `stationary` is then
    M gamma (2 - gamma) > 1 - gamma, i.e. M a^2 + a < M with a = 1 - gamma.
    """
    return float(1 - (np.sqrt(1 + 4 * size**2) - 1) / (2 * size))


class _Mixing:
    """Moments of the mixture law p_n and of what it shares with D_0, about the source's mean.

    Attributes
    ----------
    e : float
        E m^2, m the mean of p_n.
    t : float
        E (v + m^2), v the variance of p_n.
    c : float
        E m x_0, x_0 the mean of D_0.
    share : float
        Share of T_n that is rows of D_0 (1 for T_0 = D_0).
    """

    def __init__(self, variance: float, start: Start, rows: float) -> None:
        self.variance, self.start, self.rows = variance, start, rows
        self.e, self.t, self.c, self.share = 0.0, variance, 0.0, 1.0

    def step(self, centre: float, spread: float, policy: Any, size: float) -> Start:
        """Return Var of the mean and E of the variance of D_n, given those that are drawn."""
        alpha, beta, gamma = trained_shares(policy)
        other = 1 - self.share
        with_previous = self.share * self.c + other * self.e
        with_start = self.share * self.start.centre + other * self.c
        self.t = alpha * (spread + centre) + beta * self.t + gamma * self.variance
        self.e = alpha**2 * centre + beta**2 * self.e + 2 * alpha * beta * with_previous
        self.c = alpha * with_start + beta * self.c
        if policy.counts == "fixed":
            within = alpha * spread + gamma * self.variance
        else:
            within = self.t - self.e
        return self._sampled(within, float(round(policy.keep * size)), size)

    def _sampled(self, within: float, kept: float, size: float) -> Start:
        share, start = kept / size, self.start
        centre = 2 * share * (1 - share) * self.c
        if kept > 0:
            left = (self.rows - kept) / max(self.rows - 1, 1)
            centre += share**2 * (start.centre + start.spread / kept * left)
        if kept < size:
            centre += (1 - share) ** 2 * (self.e + within / (size - kept))
        self.share = share
        mean_square = share * (start.centre + start.spread) + (1 - share) * self.t
        return Start(centre, mean_square - centre)


def mixture_moments(
    variance: float,
    sizes: ArrayLike,
    engines: Sequence[Any],
    policies: Sequence[Any],
    start: Start,
) -> SecondMoments:
    """Return the exact second moments, every setting free to change with the generation.

    Parameters
    ----------
    variance : float
        Variance of p_0.
    sizes : array_like, shape (G + 1,)
        M_n.
    engines, policies : sequences of length G + 1
        ``engines[n]`` fits model n, ``policies[n]`` forms T_n = D_n; entry 0 is not used.
    start : Start
        Moments of D_0.

    Returns
    -------
    SecondMoments
        NaN from where the policy is no longer mix.

    Notes
    -----
    K = round(keep M) rows of D_0 are drawn without replacement, the others from p_n: iid, or
    (``counts = "fixed"``) in fixed shares, where only the variance within components makes
    the mean vary. With keep = 0 and all constant this is `law_moments`; see docs/theory.md §2.1
    and, for fixed shares, §2.4.
    """
    numbers = np.asarray(sizes, dtype=np.float64).tolist()
    moments = empty(len(numbers) - 1, variance, start)
    law, sample = _Mixing(variance, start, numbers[0]), start
    for n in range(1, len(numbers)):
        spread = fitted(engines[n], numbers[n - 1], sample.spread)
        moments.centre[n], moments.spread[n] = sample.centre, spread
        if not is_mixture(policies[n]):
            break
        drawn = sampling_bias(engines[n]) * spread
        sample = law.step(sample.centre, drawn, policies[n], numbers[n])
        moments.sample_centre[n], moments.sample_spread[n] = sample
    return moments


def of_case(case: Case, variance: float) -> SecondMoments:
    """Return `mixture_moments` of the case."""
    start = start_of(case, variance)
    return mixture_moments(variance, case.sizes, case.engines, case.policies, start)


def refusal(case: Case) -> str | None:
    """Return why the law does not hold of the mix policy, or None."""
    if not all(is_mixture(policy) for policy in case.policies[1:2]):
        return "the policy must be mix"
    for n in range(1, case.generations + 1):
        policy = case.policies[n]
        if not is_mixture(policy) or policy.counts != "fixed":
            continue
        if policy.previous > 0 or (policy.keep > 0 and policy.fresh > 0):
            return 'counts = "fixed" is solved for fresh data alone (previous and keep 0)'
        points = trained_shares(policy)[2] * float(case.sizes[n])
        if abs(points - round(points)) > 1e-9 * max(1.0, points):
            return f"the fixed share of fresh data must be whole points, not {points:g}"
    return None
