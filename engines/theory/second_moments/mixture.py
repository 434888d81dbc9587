"""Second moments under the policy mix: alpha p_model + beta p_previous + gamma p_0."""

from typing import Any

import numpy as np

from engines.theory.case import Case
from engines.theory.conditions import is_mixture
from engines.theory.second_moments.base import (
    DataMoments,
    SecondMoments,
    fit_variance,
    initial_moments,
    initial_table,
    sampling_bias,
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


class _MixtureLaw:
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

    def __init__(self, variance: float, start: DataMoments, rows: float) -> None:
        self.variance, self.start, self.rows = variance, start, rows
        self.e, self.t, self.c, self.share = 0.0, variance, 0.0, 1.0

    def step(self, model: DataMoments, policy: Any, size: float) -> DataMoments:
        """Return the moments of D_n, given those of the model that is sampled."""
        alpha, beta, gamma = policy.shares
        centre, spread = model
        other = 1 - self.share
        with_previous = self.share * self.c + other * self.e
        with_start = self.share * self.start.var_of_mean + other * self.c
        self.t = alpha * (spread + centre) + beta * self.t + gamma * self.variance
        self.e = alpha**2 * centre + beta**2 * self.e + 2 * alpha * beta * with_previous
        self.c = alpha * with_start + beta * self.c
        if policy.counts == "fixed":
            within = alpha * spread + gamma * self.variance
        else:
            within = self.t - self.e
        return self._sample(within, float(round(policy.keep * size)), size)

    def _sample(self, within: float, kept: float, size: float) -> DataMoments:
        share, start = kept / size, self.start
        centre = 2 * share * (1 - share) * self.c
        if kept > 0:
            left = (self.rows - kept) / max(self.rows - 1, 1)
            centre += share**2 * (start.var_of_mean + start.mean_of_var / kept * left)
        if kept < size:
            centre += (1 - share) ** 2 * (self.e + within / (size - kept))
        self.share = share
        mean_square = share * (start.var_of_mean + start.mean_of_var) + (1 - share) * self.t
        return DataMoments(centre, mean_square - centre)


def mixture_moments(case: Case, variance: float) -> SecondMoments:
    """Return the exact second moments; every setting may change with the generation.

    Parameters
    ----------
    case : Case
        The experiment.
    variance : float
        Variance of p_0.

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
    return mixture_moments_from(case, variance, initial_moments(case, variance))


def mixture_moments_from(case: Case, variance: float, sample: DataMoments) -> SecondMoments:
    """Return the same where D_0 has the moments `sample`; those of its mean about that of p_0."""
    moments = initial_table(case, variance, sample)
    sizes = case.sizes.astype(np.float64).tolist()
    law = _MixtureLaw(variance, sample, sizes[0])
    for n in range(1, len(sizes)):
        model = fit_variance(case.engines[n], sizes[n - 1], sample.mean_of_var)
        moments.var_of_mean[n], moments.mean_of_var[n] = sample.var_of_mean, model
        if not is_mixture(case.policies[n]):
            break
        drawn = DataMoments(sample.var_of_mean, sampling_bias(case.engines[n]) * model)
        sample = law.step(drawn, case.policies[n], sizes[n])
        moments.sample_var_of_mean[n], moments.sample_mean_of_var[n] = sample
    return moments


def mixture_solved(case: Case) -> str | None:
    """Check that the policy is mix, with settings for which `mixture_moments` is exact."""
    if not all(is_mixture(policy) for policy in case.policies[1:2]):
        return "the policy must be mix"
    for first, last, policy in case.policy_spans:
        if not is_mixture(policy) or policy.counts != "fixed":
            continue
        if policy.previous > 0 or (policy.keep > 0 and policy.fresh > 0):
            return 'counts = "fixed" is solved for fresh data alone (previous and keep 0)'
        points = policy.shares[2] * case.sizes[first : last + 1].astype(np.float64)
        broken = points[np.abs(points - np.rint(points)) > 1e-9 * np.maximum(1.0, points)]
        if len(broken):
            found = f"not {broken[0]:g}"
            return f"the fixed share of fresh data must be a whole number of points, {found}"
    return None
