"""The end of 1-D Gaussian chains: freezing, first passage, which schedules collapse.

References
----------
.. [1] D. Dufresne, "The distribution of a perpetuity", 1990: the law of mu_infinity.
.. [2] I. Shumailov et al., 2023, arXiv:2305.17493, section 4.2 (superlinear schedules).
.. [3] A. T. Suresh, A. Thangaraj, A. N. K. Khandavally, 2024, arXiv:2412.17646.
.. [4] docs/theory.md §1, E8.
"""

import numpy as np

from engines.numerics.special import psi, stdtrit, zeta
from engines.theory.gaussian.chi import log_mean


def freeze_quantile(level: float, estimator: str) -> float:
    """Return the quantile of (mu_infinity - mu)/sigma for large M.

    Parameters
    ----------
    level : float
        Probability.
    estimator : str
        ``unbiased``: Student's t with 2 degrees of freedom; ``mle``: t with 4 over sqrt 2
        (variance 1 at every M).

    Returns
    -------
    float
    """
    if estimator == "unbiased":
        return float(stdtrit(2, level))
    return float(stdtrit(4, level) / np.sqrt(2))


def first_passage(size: float, epsilon: float, estimator: str = "unbiased") -> float:
    """Return Wald's estimate of E of the first n with sigma_n <= epsilon sigma.

    2 ln(1/epsilon)/|d(M)|, with d(M) + log(1 - 1/M) for the MLE: too low, as it leaves out the
    overshoot.
    """
    drift = float(log_mean(size)) + (0.0 if estimator == "unbiased" else np.log1p(-1 / size))
    return float(2 * np.log(1 / epsilon) / -drift)


def inverse_size_sum(size: float, exponent: float, generations: float) -> float:
    """Return sum_{i < n} 1/M_i for real-valued M_i = size (i + 1)^exponent.

    Parameters
    ----------
    size : float
        M_0.
    exponent : float
        0 constant, 1 linear, 2 quadratic.
    generations : float
        n; infinity gives the limit.

    Returns
    -------
    float
        Harmonic numbers for exponent 1, zeta(s) - zeta(s, n + 1) above.
    """
    if exponent > 1:
        tail = 0.0 if np.isinf(generations) else zeta(exponent, generations + 1)
        return float((zeta(exponent) - tail) / size)
    if np.isinf(generations):
        return np.inf
    if exponent == 1:
        return float((psi(generations + 1) + np.euler_gamma) / size)
    terms = np.arange(1, int(generations) + 1, dtype=np.float64)
    return float(np.sum(terms**-exponent) / size)


def collapses(schedule: str, growth: float = 1.0) -> bool:
    """Return whether sigma_n -> 0 almost surely (unbiased): iff sum 1/M_i diverges.

    Parameters
    ----------
    schedule : str
        ``constant``, ``linear``, ``power`` or ``geometric``.
    growth : float
        Exponent of ``power``, ratio of ``geometric``.

    Returns
    -------
    bool
        Where False, E W2^2 stays bounded and sigma_n tends to a positive limit of mean
        square 1 (Kakutani). Superlinear is not enough: i log i still diverges.

    Raises
    ------
    ValueError
        If the schedule has another name.
    """
    if schedule in {"constant", "linear"}:
        return True
    if schedule in {"power", "geometric"}:
        return growth <= 1
    raise ValueError(f"schedule must be constant, linear, power or geometric, got {schedule!r}")
