"""Overlays of the kde engine beyond second moments: M to infinity, and E9 as published."""

import numpy as np

from engines.arrays import FloatArray
from engines.numerics.kernels import KERNELS
from engines.theory.case import Case, Condition, Values
from engines.theory.conditions import (
    all_of,
    engine_is,
    finite_variance,
    independent_start,
    replace_first,
    require,
    source_is,
    under_replace,
)
from engines.theory.kde import limit
from engines.theory.kde.moments import bandwidths
from engines.theory.overlay import Overlay
from engines.theory.references import OWN, cite

_REPLACE = all_of(engine_is("kde"), source_is("real"), finite_variance, replace_first)
_WITH_DENSITY = all_of(
    _REPLACE,
    require(
        lambda case: getattr(case.source.law, "has_density", True),
        "the source has no density (a file's rows are point masses)",
    ),
)


def _variance(case: Case) -> FloatArray:
    variance = case.source.variance
    squares = bandwidths(case.engines, case.sizes, variance) ** 2
    kernels = [0.0, *(KERNELS[engine.kernel].variance for engine in case.engines[1:])]
    return under_replace(variance + np.cumsum(np.array(kernels) * squares), case)


def _published_variance(case: Case) -> FloatArray:
    sizes = case.sizes[:-1].astype(np.float64)
    growth = np.concatenate(([0.0], np.cumsum(1 / sizes)))
    return under_replace(case.source.variance * (1 + growth), case)


def _limit(metric: str, values: Values, condition: Condition = _REPLACE) -> Overlay:
    return Overlay(
        name=f"kde.limit.{metric}",
        label="theory, M→∞",
        metric=metric,
        statistic="limit",
        status="limit",
        condition=condition,
        values=values,
        reference=cite(OWN, "§7, p_0 * N(0, n h^2)"),
    )


def _distance(metric: str, distance: limit.Distance, condition: Condition = _REPLACE) -> Overlay:
    return _limit(metric, lambda case: limit.distance_curve(case, distance), condition)


OVERLAYS: tuple[Overlay, ...] = (
    _limit("variance", _variance),
    _distance("w1", limit.w1),
    _distance("w2", limit.w2),
    _distance("w2_squared", limit.w2_squared),
    _distance("kl", limit.kl, _WITH_DENSITY),
    _distance("kl_reverse", limit.kl_reverse, _WITH_DENSITY),
    _distance("tv", limit.tv, _WITH_DENSITY),
    Overlay.create(
        "kde.published.variance.mean",
        label="as Borji has it (E9)",
        values=_published_variance,
        condition=all_of(_REPLACE, independent_start),
        reference=cite("borji2024", "eq. 2, of Gaussian fits: sampling alone"),
        status="published",
    ),
)
