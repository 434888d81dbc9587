"""Overlays of the d-dimensional Gaussian engine beyond second moments."""

from collections.abc import Callable

import numpy as np

from engines.theory.case import Case, FloatArray
from engines.theory.conditions import Condition, all_of, is_replace, reach, source_is, until
from engines.theory.gaussian import moments_nd as gaussian_nd
from engines.theory.gaussian.evaluate import (
    NORMAL_REPLACE,
    NORMAL_SPREADS,
    Values,
    only_honest,
    path,
    tame,
)
from engines.theory.gaussian.moments import mean_variance
from engines.theory.overlay import Overlay, Reference, Statistic, Status
from engines.theory.references import DERIVED, MUIRHEAD1982, SHUMAILOV2023, at


def _while_replaced(law: Callable[[FloatArray, FloatArray, int], FloatArray]) -> Values:
    def values(case: Case) -> FloatArray:
        found = law(*path(case), len(case.source.mean))
        return until(found, reach(case, is_replace))

    return values


def _more_than(extra: int, runs: Condition) -> Condition:
    def check(case: Case) -> str | None:
        least = len(case.source.mean) + extra
        smallest = int(np.min(case.sizes[: max(1, case.generations)]))
        if smallest > least:
            return None
        return f"every generation needs more than d + {extra} = {least} points"

    return all_of(runs, source_is("real-nd"), check)


def _trace_variance(case: Case) -> FloatArray:
    trace = float(np.trace(case.source.covariance))
    found = gaussian_nd.fourth_moments(*path(case), case.source.covariance)
    return until(found.trace / trace**2, reach(case, is_replace))


def _error_variance(case: Case) -> FloatArray:
    found = gaussian_nd.fourth_moments(*path(case), case.source.covariance)
    return until(found.mean_error, reach(case, is_replace))


TRACE_VARIANCE = tame(_trace_variance)
ERROR_VARIANCE = only_honest(tame(_error_variance))
_OF_SPREADS = {"log_det_ratio", "log_condition"}
"""Metrics of the covariance alone."""


def _log_det_variance(sizes: FloatArray, shrink: FloatArray, dimension: int) -> FloatArray:
    del shrink
    return gaussian_nd.log_det_variance(sizes, dimension)


def _condition_bound(sizes: FloatArray, shrink: FloatArray, dimension: int) -> FloatArray:
    del shrink
    return gaussian_nd.log_condition_bound(sizes, dimension)


def _risk_bound(case: Case) -> FloatArray:
    found = np.trace(case.source.covariance) * mean_variance(*path(case))
    return until(found, reach(case, is_replace))


def _overlay(  # noqa: PLR0913, PLR0917 - one row of the table below
    metric: str,
    statistic: Statistic,
    values: Values,
    extra: int,
    status: Status,
    reference: Reference,
    variance: Values | None = None,
) -> Overlay:
    label = "lower bound" if status == "bound" else f"{statistic}, exact"
    return Overlay(
        name=f"gaussian_nd.{'bound' if status == 'bound' else 'replace'}.{metric}.{statistic}",
        label=label,
        metric=metric,
        statistic=statistic,
        status=status,
        condition=_more_than(extra, NORMAL_SPREADS if metric in _OF_SPREADS else NORMAL_REPLACE),
        values=values,
        reference=reference,
        variance=variance,
    )


_LOG_DET_VARIANCE = _while_replaced(_log_det_variance)
_WISHART = at(MUIRHEAD1982, "section 3.2, Bartlett")

OVERLAYS: tuple[Overlay, ...] = (
    _overlay(
        "log_det_ratio",
        "mean",
        _while_replaced(gaussian_nd.log_det_mean),
        0,
        "exact",
        _WISHART,
        _LOG_DET_VARIANCE,
    ),
    _overlay("log_det_ratio", "variance", _LOG_DET_VARIANCE, 0, "exact", _WISHART),
    _overlay(
        "kl",
        "mean",
        _while_replaced(gaussian_nd.divergence_mean),
        0,
        "exact",
        at(DERIVED, "§3"),
    ),
    _overlay(
        "kl_reverse",
        "mean",
        _while_replaced(gaussian_nd.reverse_divergence_mean),
        2,
        "exact",
        at(DERIVED, "§3"),
    ),
    _overlay(
        "log_condition",
        "mean",
        _while_replaced(_condition_bound),
        0,
        "bound",
        at(DERIVED, "§3, Lyapunov exponents"),
    ),
    _overlay("w2_squared", "mean", _risk_bound, 0, "bound", at(SHUMAILOV2023, "eq. 15")),
)
