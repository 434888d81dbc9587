"""Weighted fits of fresh real and synthetic data: second moments and the best weight.

References
----------
.. [1] H. He, S. Xu, G. Cheng, "Golden Ratio Weighting Prevents Model Collapse", 2025,
   arXiv:2502.18049.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from engines.theory.case import Case
from engines.theory.second_moments.accumulate import limited
from engines.theory.second_moments.base import (
    SecondMoments,
    Start,
    empty,
    fitted,
    sampling_bias,
    start_of,
)


def best_weight(ratio: float) -> float:
    """Return the weight ω* = (√(k² + 4k) - k) / 2 that is best for the mean.

    Parameters
    ----------
    ratio : float
        k, real points for each synthetic one; at 1 the golden ratio's inverse.
    """
    return float((np.sqrt(ratio**2 + 4 * ratio) - ratio) / 2)


def stationary_error(weight: float, real: float, synthetic: float) -> float:
    """Return Var of the mean in the long run, [(1-ω)²/n_s + ω²/n_r] / (ω (2 - ω)).

    For a law of known variance 1; at the best weight it is ω* / n_r.

    Parameters
    ----------
    weight : float
        ω.
    real, synthetic : float
        n_r and n_s.
    """
    drawn = (1 - weight) ** 2 / synthetic + weight**2 / real
    return drawn / (weight * (2 - weight))


def weighted_moments(
    variance: float, sizes: ArrayLike, engines: Any, policies: Any, start: Start
) -> SecondMoments:
    """Return the exact second moments when every T_n is a weighted union.

    Parameters
    ----------
    variance : float
        V, of p_0.
    sizes : array_like, shape (G + 1,)
        M_n.
    engines, policies : sequences of length G + 1
    start : Start
        Moments of D_0.

    Returns
    -------
    SecondMoments
        NaN from where the policy is another.

    Notes
    -----
    With c and v the moments of model n as it is sampled and ω the weight, the weighted mean
    has variance (1-ω)² (c + v/n_s) + ω² V/n_r, and the weighted ddof-0 variance the expectation
    ω (1 - 1/n_r) V + (1-ω)(1 - 1/n_s) v + ω (1-ω) (V/n_r + c + v/n_s).
    """
    numbers = np.asarray(sizes, dtype=np.float64).tolist()
    moments = empty(len(numbers) - 1, variance, start)
    trained = start
    for n in range(1, len(numbers)):
        spread = fitted(engines[n], numbers[n - 1], trained.spread)
        moments.centre[n], moments.spread[n] = trained.centre, spread
        if policies[n].name != "weighted":
            break
        real = float(round(policies[n].fresh * numbers[n]))
        own = trained.centre, sampling_bias(engines[n]) * spread
        trained = _union(policies[n].weight, real, numbers[n] - real, own, variance)
        drawn = _union(real / numbers[n], real, numbers[n] - real, own, variance)
        moments.sample_centre[n], moments.sample_spread[n] = drawn
    return moments


def _union(
    weight: float, real: float, synthetic: float, model: tuple[float, float], variance: float
) -> Start:
    centre, spread = model
    other = 1 - weight
    own = centre + spread / synthetic
    fresh = variance / real
    within = weight * (1 - 1 / real) * variance + other * (1 - 1 / synthetic) * spread
    return Start(other**2 * own + weight**2 * fresh, within + weight * other * (own + fresh))


def of_case(case: Case, variance: float) -> SecondMoments:
    """Return `weighted_moments` of the case, NaN after the policy changes."""
    moments = weighted_moments(
        variance, case.sizes, case.engines, case.policies, start_of(case, variance)
    )
    return limited(moments, case, is_weighted)


def is_weighted(policy: Any) -> bool:
    """Return whether the policy is weighted."""
    return policy.name == "weighted"


def refusal(case: Case) -> str | None:
    """Return why the law does not hold of the policy, or None."""
    if all(is_weighted(policy) for policy in case.policies[1:2]):
        return None
    return "the policy must be weighted from the start"
