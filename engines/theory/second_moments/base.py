"""Second moments by generation, and how a fit changes them.

Every family covered here keeps the mean of its training set and turns its ddof-0
variance s^2 into ``gain * s^2 + offset``. With a policy that is linear in laws,
E of the model's variance and Var of its mean then obey linear recursions that are
exact for every source with a finite variance (docs/theory.md §2, §4, §5, §7).
"""

from typing import Any, NamedTuple

import numpy as np

from engines.arrays import FloatArray
from engines.numerics.kernels import KERNELS
from engines.theory.case import Case
from engines.theory.kde.moments import squared_bandwidth


class SecondMoments(NamedTuple):
    """Moments of model n and of D_n, arrays of shape (G + 1,), index n.

    Attributes
    ----------
    var_of_mean : ndarray
        Var of the mean of model n.
    mean_of_var : ndarray
        E of the variance of model n.
    sample_var_of_mean : ndarray
        Var of the mean of D_n.
    sample_mean_of_var : ndarray
        E of the ddof-0 variance of D_n.
    """

    var_of_mean: FloatArray
    mean_of_var: FloatArray
    sample_var_of_mean: FloatArray
    sample_mean_of_var: FloatArray


class DataMoments(NamedTuple):
    """Moments of one data set: Var of its mean, and E of its ddof-0 variance."""

    var_of_mean: float
    mean_of_var: float


def initial_moments(case: Case, variance: float) -> DataMoments:
    """Return the moments of D_0 of a case whose source has the given variance.

    D_0 is drawn iid; or is the rows of a file, with nothing random; or has components in
    fixed shares of whole points, where only the variance within components makes the mean
    vary.
    """
    size = float(case.sizes[0])
    if case.source.rows is not None:
        return DataMoments(0.0, variance)
    if case.source.fixed:
        within = _variance_within_components(case.source.law)
        return DataMoments(within / size, variance - within / size)
    return DataMoments(variance / size, variance * (1 - 1 / size))


def _variance_within_components(law: Any) -> float:
    """Return the mean over the components of a mixture law of their variances."""
    return float(law.weights @ np.array([shape.moments()[1] for shape in law.shapes]))


def initial_table(case: Case, variance: float, start: DataMoments) -> SecondMoments:
    """Return moments that are NaN except at generation 0: the source and D_0."""
    table = SecondMoments(*(np.full(case.generations + 1, np.nan) for _ in range(4)))
    for column, first in zip(table, (0.0, variance, *start), strict=True):
        column[0] = first
    return table


def fit_variance(engine: Any, size: float, variance: float) -> float:
    """Return E of the variance of the model that an engine fits.

    Parameters
    ----------
    engine : engine configuration
        gaussian (unbiased: gain M/(M-1); MLE: 1), discrete (1), kde (1, plus the variance of
        the kernel) or gmm (1, plus reg_covar: the mixture as a whole, after any M-step).
    size : float
        Number of training points M.
    variance : float
        E of their ddof-0 variance.

    Returns
    -------
    float
    """
    if engine.name == "kde":
        fixed, scaled = squared_bandwidth(engine.bandwidth, size)
        kernel = KERNELS[engine.kernel].variance
        unbiased = variance * size / (size - 1) if scaled > 0 else 0.0
        return variance + kernel * (fixed + scaled * unbiased)
    if engine.name == "gaussian" and engine.estimator == "unbiased":
        return variance * size / (size - 1)
    return variance + engine.reg_covar if engine.name == "gmm" else variance


def sampling_bias(engine: Any) -> float:
    """Return the factor on the variance of a model when it is sampled; mostly 1.

    References
    ----------
    .. [1] S. Alemohammad et al., "Self-Consuming Generative Models Go MAD", 2023,
       arXiv:2307.01850, section 5: samples of N(mu, lambda Sigma).
    """
    return getattr(engine, "sampling_bias", 1.0)


def minimum_size(engine: Any) -> int:
    """Return the smallest number of points for which the law of the engine's variance holds."""
    if engine.name == "gaussian" and engine.estimator == "unbiased":
        return 2
    scaled = engine.name == "kde" and engine.bandwidth in {"scott", "silverman"}
    return 2 if scaled else 1
