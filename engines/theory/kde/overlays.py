"""Overlays of the kde engine beyond second moments: M to infinity, and E9 as published."""

import numpy as np

from engines.numerics.kernels import KERNELS
from engines.theory.case import Case, FloatArray
from engines.theory.conditions import (
    Condition,
    all_of,
    engine_is,
    finite_variance,
    is_replace,
    law_source,
    reach,
    replaces,
    source_is,
    until,
)
from engines.theory.gaussian.evaluate import Values
from engines.theory.kde import limit as kde_limit
from engines.theory.kde.moments import bandwidths
from engines.theory.overlay import Overlay
from engines.theory.references import BORJI2024, DERIVED, at

_REPLACE = all_of(engine_is("kde"), source_is("real"), finite_variance, replaces)


def _density(case: Case) -> str | None:
    if getattr(case.source.law, "has_density", True):
        return None
    return "the source has no density (a file's rows are atoms)"


def _variance(case: Case) -> FloatArray:
    variance = float(case.source.covariance[0, 0])
    squares = bandwidths(case.engines, case.sizes, variance) ** 2
    kernels = [0.0, *(KERNELS[engine.kernel].variance for engine in case.engines[1:])]
    return until(variance + np.cumsum(np.array(kernels) * squares), reach(case, is_replace))


def _published(case: Case) -> FloatArray:
    variance = float(case.source.covariance[0, 0])
    sizes = case.sizes[:-1].astype(np.float64)
    growth = np.concatenate(([0.0], np.cumsum(1 / sizes)))
    return until(variance * (1 + growth), reach(case, is_replace))


def _curve(measure: kde_limit.Measure) -> Values:
    def values(case: Case) -> FloatArray:
        return kde_limit.curve(case, measure)

    return values


def _limit(metric: str, values: Values, condition: Condition = _REPLACE) -> Overlay:
    return Overlay(
        name=f"kde.limit.{metric}",
        label="M to infinity",
        metric=metric,
        statistic="limit",
        status="limit",
        condition=condition,
        values=values,
        reference=at(DERIVED, "§7, p_0 * N(0, n h^2)"),
    )


_WITH_DENSITY = all_of(_REPLACE, _density)

OVERLAYS: tuple[Overlay, ...] = (
    _limit("variance", _variance),
    _limit("w1", _curve(kde_limit.w1)),
    _limit("w2", _curve(kde_limit.w2)),
    _limit("w2_squared", _curve(kde_limit.w2_squared)),
    _limit("kl", _curve(kde_limit.kl), _WITH_DENSITY),
    _limit("kl_reverse", _curve(kde_limit.kl_reverse), _WITH_DENSITY),
    _limit("tv", _curve(kde_limit.tv), _WITH_DENSITY),
    Overlay(
        name="kde.published.variance.mean",
        label="Borji's account (E9)",
        metric="variance",
        statistic="mean",
        status="published",
        condition=all_of(_REPLACE, law_source),
        values=_published,
        reference=at(BORJI2024, "eq. 2, of Gaussian fits: sampling alone"),
    ),
)
