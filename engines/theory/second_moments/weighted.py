"""Weighted fits of fresh real and synthetic data: second moments and the best weight.

References
----------
.. [1] H. He, S. Xu, G. Cheng, "Golden Ratio Weighting Prevents Model Collapse", 2025,
   arXiv:2502.18049.
"""

import numpy as np

from engines.theory.case import Case
from engines.theory.second_moments.base import (
    DataMoments,
    SecondMoments,
    fit_variance,
    initial_moments,
    initial_table,
    sampling_bias,
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


def weighted_moments(case: Case, variance: float) -> SecondMoments:
    """Return the exact second moments when every T_n is a weighted union.

    Parameters
    ----------
    case : Case
        The experiment.
    variance : float
        V, of p_0.

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
    trained = initial_moments(case, variance)
    moments = initial_table(case, variance, trained)
    sizes = case.sizes.astype(np.float64).tolist()
    for n in range(1, len(sizes)):
        model = fit_variance(case.engines[n], sizes[n - 1], trained.mean_of_var)
        moments.var_of_mean[n], moments.mean_of_var[n] = trained.var_of_mean, model
        policy = case.policies[n]
        if policy.name != "weighted":
            break
        real = float(round(policy.fresh * sizes[n]))
        counts = real, sizes[n] - real
        drawn = DataMoments(trained.var_of_mean, sampling_bias(case.engines[n]) * model)
        trained = _weighted_union(policy.weight, counts, drawn, variance)
        sample = _weighted_union(real / sizes[n], counts, drawn, variance)
        moments.sample_var_of_mean[n], moments.sample_mean_of_var[n] = sample
    return moments


def _weighted_union(
    weight: float, counts: tuple[float, float], model: DataMoments, variance: float
) -> DataMoments:
    """Return the moments of n_r points of p_0 with a weight and n_s of the model with the rest."""
    real, synthetic = counts
    other = 1 - weight
    own = model.var_of_mean + model.mean_of_var / synthetic
    fresh = variance / real
    within = weight * (1 - 1 / real) * variance + other * (1 - 1 / synthetic) * model.mean_of_var
    return DataMoments(other**2 * own + weight**2 * fresh, within + weight * other * (own + fresh))
