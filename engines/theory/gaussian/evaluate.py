"""From a case to the arguments of the Gaussian laws, and which values may be shown."""

from collections.abc import Callable

import numpy as np

from engines.theory.case import Case, FloatArray
from engines.theory.conditions import (
    all_of,
    engine_is,
    is_replace,
    law_source,
    normal_source,
    reach,
    replaces,
    until,
)
from engines.theory.gaussian.moments import log_variance_variance, shrinkage
from engines.theory.second_moments.base import sampling_bias

Values = Callable[[Case], FloatArray]
Path = Callable[[FloatArray, FloatArray], FloatArray]

HEAVY = 1.0
"""Var log sigma_n^2 above which means are carried by rare runs: no variance is given there."""


def _biases(case: Case) -> FloatArray:
    """Return the sampling bias in the data of each fit, shape (G,); D_0 has none."""
    return np.array([1.0, *(sampling_bias(engine) for engine in case.engines[1:-1])])


def honest(case: Case) -> str | None:
    """Return why not, unless models are sampled with their own variance."""
    if is_honest(case):
        return None
    return "it speaks of samples with the model's own variance (sampling_bias = 1)"


def is_honest(case: Case) -> bool:
    """Return whether models are sampled with their own variance."""
    return all(sampling_bias(engine) == 1 for engine in case.engines[1:])


NORMAL_SPREADS = all_of(engine_is("gaussian"), replaces, normal_source, law_source)
"""A normal source, each replicate with its own D_0, Gaussian fits on the newest samples.

Enough for laws of sigma_n alone, into whose factors `path` takes a sampling bias."""
NORMAL_REPLACE = all_of(NORMAL_SPREADS, honest)
"""The same with honest samples, for laws into which the wandering of the mean enters too."""


def path(case: Case) -> tuple[FloatArray, FloatArray]:
    """Return (sizes, shrink) of the fits, shape (G,) each.

    The factors are those of sigma_{n+1}^2 = shrink_n S_n sigma_n^2: of the estimator, times
    the sampling bias of D_n. Beside a bias Var mu_n is no longer a sum over these factors.
    """
    sizes = case.sizes[:-1].astype(np.float64)
    estimators = [engine.estimator for engine in case.engines[1:]]
    return sizes, shrinkage(sizes, estimators) * _biases(case)


def while_replaced(law: Path, power: float = 0.0, shift: float = 0.0) -> Values:
    """Return values = sd^power * law + shift * ln sd, NaN after the last replacement.

    Parameters
    ----------
    law : callable
        (sizes, shrink) → values by generation for a standard normal source.
    power, shift : float
        How the metric changes with the source's standard deviation.
    """

    def values(case: Case) -> FloatArray:
        sd = float(np.sqrt(case.source.covariance[0, 0]))
        found = sd**power * law(*path(case)) + shift * np.log(sd)
        return until(found, reach(case, is_replace))

    return values


def tame(values: Values) -> Values:
    """Return the values, NaN once replacement has brought Var log sigma_n^2 above `HEAVY`."""

    def limited(case: Case) -> FloatArray:
        sizes = np.maximum(case.sizes[:-1].astype(np.float64), 2)
        replaced = np.minimum(np.arange(len(case.sizes)), reach(case, is_replace))
        spread = log_variance_variance(sizes)[replaced]
        return np.where(spread > HEAVY, np.nan, values(case))

    return limited


def only_honest(values: Values) -> Values:
    """Return the values, NaN where models are not sampled with their own variance."""

    def limited(case: Case) -> FloatArray:
        if not is_honest(case):
            return np.full(case.generations + 1, np.nan)
        return values(case)

    return limited


def only_normal(values: Values) -> Values:
    """Return the values, NaN unless the source is normal and all M_i are at least 2."""

    def limited(case: Case) -> FloatArray:
        if not case.source.normal or np.any(case.sizes[:-1] <= 1):
            return np.full(case.generations + 1, np.nan)
        return values(case)

    return limited
