"""Poisson fits from a state on: the rate, whose error obeys a linear recursion."""

from functools import lru_cache

import numpy as np

from engines.arrays import FloatArray
from engines.theory.case import Case
from engines.theory.conditions import all_of, last_model, nan_after, require
from engines.theory.given_state.law import MIXTURE, Averages, StateLaw, StateValues, forgets
from engines.theory.given_state.second_moments import (
    kept_deviation,
    mean_values,
    scatter_of_mean,
    spread_of_mean,
)
from engines.theory.references import OWN, cite
from engines.theory.second_moments.mixture import mixture_solved

_REFERENCE = cite(OWN, "§13, from §6")


def rate_error(case: Case, averages: Averages) -> FloatArray:
    """Return E (λ - λ_0)² of models after the state, shape (G - n + 1,), averaged over runs.

    The mean of M points of α Poisson(λ) + γ Poisson(λ_0) has the variance
    (α λ + γ λ_0 + α γ (λ - λ_0)²) / M given λ, without the last term for fixed shares.
    """
    return _rate_error(case, averages["mean"], averages["mean_error"])


@lru_cache(maxsize=32)
def _rate_error(case: Case, rate: float, error: float) -> FloatArray:
    real = float(case.source.mean[0])
    values = np.full(case.generations + 1, np.nan)
    for k in range(1, case.generations + 1):
        values[k] = error
        policy = case.policies[k]
        alpha, _, gamma = policy.shares
        within = alpha * rate + gamma * real
        if policy.counts != "fixed":
            within += alpha * gamma * error
        error = alpha**2 * error + within / float(case.sizes[k])
        rate = alpha * rate + gamma * real
        if not forgets(policy):
            break
    return nan_after(values, last_model(case, forgets))


_SCATTER = scatter_of_mean(rate_error, kept_deviation)
_HOLDS = all_of(
    MIXTURE,
    mixture_solved,
    require(lambda case: case.source.law.has_density, "the source must be a Poisson law"),
)
_NEEDS = ("mean", "mean_error")


def _law(
    name: str, needs: tuple[str, ...], values: StateValues, variance: StateValues | None = None
) -> StateLaw:
    name = f"poisson.state.{name}"
    return StateLaw(name, "poisson", "counts", _HOLDS, needs, values, _REFERENCE, variance)


LAWS: tuple[StateLaw, ...] = (
    _law("mean.mean", _NEEDS, mean_values(kept_deviation), _SCATTER),
    _law("variance.mean", _NEEDS, mean_values(kept_deviation), _SCATTER),
    _law("mean.variance", (*_NEEDS, "mean_spread"), spread_of_mean(_SCATTER, kept_deviation)),
)
"""The variance of a Poisson law is its mean."""
