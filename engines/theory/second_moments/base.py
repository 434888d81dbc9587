"""Second moments by generation, and what a fit does to them.

Every family fitted here keeps the mean of its training set and turns its ddof-0
variance s^2 into ``gain * s^2 + offset``. With a policy that is linear in laws,
E of the model's variance and Var of its mean then obey linear recursions that are
exact for every source with a finite variance (docs/theory.md §2, §4, §5, §7).
"""

from typing import Any, NamedTuple

import numpy as np

from engines.numerics.kernels import KERNELS
from engines.theory.case import Case, FloatArray
from engines.theory.kernels import squared_bandwidth


class SecondMoments(NamedTuple):
    """Moments of model n and of D_n, arrays of shape (G + 1,), index n.

    Attributes
    ----------
    centre : ndarray
        Var of the mean of model n.
    spread : ndarray
        E of the variance of model n.
    sample_centre : ndarray
        Var of the mean of D_n.
    sample_spread : ndarray
        E of the ddof-0 variance of D_n.
    """

    centre: FloatArray
    spread: FloatArray
    sample_centre: FloatArray
    sample_spread: FloatArray


class Start(NamedTuple):
    """Moments of D_0: Var of its mean, and E of its ddof-0 variance."""

    centre: float
    spread: float


def iid_start(variance: float, size: float) -> Start:
    """Return the moments of D_0 drawn iid from a law with the given variance."""
    return Start(variance / size, variance * (1 - 1 / size))


def start_of(case: Case, variance: float) -> Start:
    """Return the moments of D_0 of the case.

    Drawn iid; or the rows of a file, with nothing random; or components in fixed shares of
    whole points, where only the variance within components makes the mean vary.
    """
    if case.source.rows is not None:
        return Start(0.0, variance)
    if case.source.fixed:
        within = within_components(case.source.law)
        return Start(within / case.sizes[0], variance - within / case.sizes[0])
    return iid_start(variance, float(case.sizes[0]))


def within_components(law: Any) -> float:
    """Return the mean over the components of a mixture law of their variances."""
    moments = [shape.raw_moments() for shape in law.shapes]
    variances = np.array([second - first**2 for first, second, *_ in moments])
    return float(law.weights @ variances)


def empty(generations: int, variance: float, start: Start) -> SecondMoments:
    """Return moments that are NaN except at generation 0: the source and D_0."""
    arrays = [np.full(generations + 1, np.nan) for _ in range(4)]
    for array, first in zip(arrays, (0.0, variance, *start), strict=True):
        array[0] = first
    return SecondMoments(*arrays)


def fitted(engine: Any, size: float, spread: float) -> float:
    """Return E of the fitted model's variance.

    Parameters
    ----------
    engine : engine configuration
        gaussian (unbiased: gain M/(M-1); MLE: 1), discrete (1), kde (1, plus the variance of
        the kernel) or gmm (1, plus reg_covar: the mixture as a whole, after any M-step).
    size : float
        Number of training points M.
    spread : float
        E of their ddof-0 variance.

    Returns
    -------
    float
    """
    if engine.name == "kde":
        fixed, scaled = squared_bandwidth(engine.bandwidth, size)
        kernel = KERNELS[engine.kernel].variance
        unbiased = spread * size / (size - 1) if scaled > 0 else 0.0
        return spread + kernel * (fixed + scaled * unbiased)
    if engine.name == "gaussian" and engine.estimator == "unbiased":
        return spread * size / (size - 1)
    return spread + engine.reg_covar if engine.name == "gmm" else spread


def sampling_bias(engine: Any) -> float:
    """Return the factor on the variance of a model when it is sampled; mostly 1.

    References
    ----------
    .. [1] S. Alemohammad et al., "Self-Consuming Generative Models Go MAD", 2023,
       arXiv:2307.01850, section 5: samples of N(mu, lambda Sigma).
    """
    return getattr(engine, "sampling_bias", 1.0)


def least_size(engine: Any) -> int:
    """Return the smallest number of points that the engine's law of variance allows."""
    if engine.name == "gaussian" and engine.estimator == "unbiased":
        return 2
    scaled = engine.name == "kde" and engine.bandwidth in {"scott", "silverman"}
    return 2 if scaled else 1
