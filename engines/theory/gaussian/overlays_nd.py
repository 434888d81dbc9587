"""Overlays of the d-dimensional Gaussian engine beyond second moments."""

from collections.abc import Callable

import numpy as np

from engines.arrays import FloatArray
from engines.theory.case import Case, Condition, Values
from engines.theory.conditions import all_of, sizes_above, source_is, under_replace, values_if
from engines.theory.gaussian import moments_nd as gaussian_nd
from engines.theory.gaussian.evaluate import (
    NORMAL_REPLACE,
    NORMAL_SPREADS,
    fits_of,
    own_variance,
    until_rare_runs,
)
from engines.theory.gaussian.moments import Fits, mean_variance
from engines.theory.overlay import Overlay
from engines.theory.references import OWN, cite


def _replace_values(law: Callable[[Fits, int], FloatArray]) -> Values:
    return lambda case: under_replace(law(fits_of(case), case.source.dimension), case)


def _more_points_than_dimensions(condition: Condition, extra: int = 0) -> Condition:
    return all_of(condition, source_is("real-nd"), sizes_above(extra, plus_dimension=True))


def _trace_variance(case: Case) -> FloatArray:
    trace = float(np.trace(case.source.covariance))
    moments = gaussian_nd.fourth_moments(fits_of(case), case.source.covariance)
    return under_replace(moments.trace / trace**2, case)


def _error_variance(case: Case) -> FloatArray:
    moments = gaussian_nd.fourth_moments(fits_of(case), case.source.covariance)
    return under_replace(moments.mean_error, case)


def _risk_bound(case: Case) -> FloatArray:
    return under_replace(np.trace(case.source.covariance) * mean_variance(fits_of(case)), case)


TRACE_VARIANCE = until_rare_runs(_trace_variance)
ERROR_VARIANCE = values_if(own_variance, until_rare_runs(_error_variance))

_REPLACE = _more_points_than_dimensions(NORMAL_REPLACE)
_SPREADS = _more_points_than_dimensions(NORMAL_SPREADS)
_LOG_DET_VARIANCE = _replace_values(lambda fits, d: gaussian_nd.log_det_variance(fits.sizes, d))

OVERLAYS: tuple[Overlay, ...] = (
    Overlay.create(
        "gaussian_nd.replace.log_det_ratio.mean",
        label="exact mean",
        values=_replace_values(gaussian_nd.log_det_mean),
        condition=_SPREADS,
        reference=cite("muirhead1982", "section 3.2, Bartlett"),
        variance=_LOG_DET_VARIANCE,
    ),
    Overlay.create(
        "gaussian_nd.replace.log_det_ratio.variance",
        label="exact variance",
        values=_LOG_DET_VARIANCE,
        condition=_SPREADS,
        reference=cite("muirhead1982", "section 3.2, Bartlett"),
    ),
    Overlay.create(
        "gaussian_nd.replace.kl.mean",
        label="exact mean",
        values=_replace_values(gaussian_nd.divergence_mean),
        condition=_REPLACE,
        reference=cite(OWN, "§3"),
    ),
    Overlay.create(
        "gaussian_nd.replace.kl_reverse.mean",
        label="exact mean",
        values=_replace_values(gaussian_nd.reverse_divergence_mean),
        condition=_more_points_than_dimensions(NORMAL_REPLACE, 2),
        reference=cite(OWN, "§3"),
    ),
    Overlay.create(
        "gaussian_nd.bound.log_condition.mean",
        label="lower bound",
        values=_replace_values(lambda fits, d: gaussian_nd.log_condition_bound(fits.sizes, d)),
        condition=_SPREADS,
        reference=cite(OWN, "§3, Lyapunov exponents"),
        status="bound",
    ),
    Overlay.create(
        "gaussian_nd.bound.w2_squared.mean",
        label="lower bound",
        values=_risk_bound,
        condition=_REPLACE,
        reference=cite("shumailov2023", "eq. 15"),
        status="bound",
    ),
)
