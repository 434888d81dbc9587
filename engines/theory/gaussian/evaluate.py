"""Evaluate the Gaussian laws on a case: their arguments, and which values may be shown."""

from collections.abc import Callable

import numpy as np

from engines.arrays import FloatArray
from engines.theory.case import Case, Values
from engines.theory.conditions import (
    SCOPE,
    all_of,
    engine_is,
    independent_start,
    is_replace,
    last_model,
    normal_source,
    replace_first,
    require,
    under_replace,
)
from engines.theory.gaussian.moments import Fits, log_variance_variance, shrinkage
from engines.theory.second_moments.base import sampling_bias

Law = Callable[[Fits], FloatArray]
"""Returns values by generation, shape (G + 1,), for a standard normal source."""

HEAVY = 1.0
"""Var log sigma_n^2 above which rare runs dominate the means: no variance is given there."""

own_variance = require(
    lambda case: all(sampling_bias(engine) == 1 for engine in case.fitting_engines),
    f"{SCOPE} samples with the model's own variance (sampling_bias = 1)",
)

NORMAL_SPREADS = all_of(engine_is("gaussian"), replace_first, normal_source, independent_start)
"""A normal source, each replicate with its own D_0, Gaussian fits on the newest samples.

Enough for laws of sigma_n alone: `fits_of` includes a sampling bias in their factors."""

NORMAL_REPLACE = all_of(NORMAL_SPREADS, own_variance)
"""The same without a sampling bias, for laws that depend on the means as well."""


def fits_of(case: Case) -> Fits:
    """Return sizes and factors of the fits of a case.

    The factors are those of sigma_{n+1}^2 = shrink_n S_n sigma_n^2: of the estimator, times
    the sampling bias of D_n (D_0 has none). With a bias Var mu_n is no longer a sum over these
    factors.
    """
    sizes = case.sizes[:-1].astype(np.float64)
    lengths = [last - first + 1 for first, last, _ in case.engine_spans]
    bias = np.repeat([sampling_bias(engine) for engine in case.fitting_engines], lengths)
    estimators = np.repeat([engine.estimator for engine in case.fitting_engines], lengths)
    return Fits(sizes, shrinkage(sizes, estimators) * np.concatenate(([1.0], bias[:-1])))


def replace_values(law: Law, power: float = 0.0, shift: float = 0.0) -> Values:
    """Return values = sd^power * law + shift * ln sd, NaN after the last replacement.

    Parameters
    ----------
    law : callable
        Fits → values by generation for a standard normal source.
    power, shift : float
        How the metric changes with the source's standard deviation.
    """

    def values(case: Case) -> FloatArray:
        sd = float(np.sqrt(case.source.covariance[0, 0]))
        return under_replace(sd**power * law(fits_of(case)) + shift * np.log(sd), case)

    return values


def until_rare_runs(values: Values) -> Values:
    """Return the values, NaN once replacement has brought Var log sigma_n^2 above `HEAVY`."""

    def limited(case: Case) -> FloatArray:
        sizes = np.maximum(case.sizes[:-1].astype(np.float64), 2)
        replacements = np.minimum(np.arange(len(case.sizes)), last_model(case, is_replace))
        spread = log_variance_variance(sizes)[replacements]
        return np.where(spread > HEAVY, np.nan, values(case))

    return limited
