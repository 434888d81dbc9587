"""Overlays of second moments: one set per engine and policy, all from `SecondMoments`."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from engines.arrays import FloatArray
from engines.theory.case import Case, Condition, Values
from engines.theory.conditions import all_of, finite_variance, known_start, source_is
from engines.theory.overlay import Overlay
from engines.theory.references import Reference
from engines.theory.second_moments.base import SecondMoments, minimum_size

Law = Callable[[Case, float], SecondMoments]
"""Returns the moments of a case, given the variance of p_0."""


def _heterozygosity(case: Case) -> float:
    """Return H_0: sums over the states of the variance of each state's indicator."""
    return case.source.heterozygosity


def _one(_: Case) -> float:
    return 1.0


def _variance(case: Case) -> float:
    return case.source.variance


def _trace(case: Case) -> float:
    return float(np.trace(case.source.covariance))


class _Metric(NamedTuple):
    """A metric, its statistic, its field of `SecondMoments`, and their unit in the case."""

    metric: str
    statistic: str
    field: str
    scale: Callable[[Case], float]


_REAL = (
    _Metric("variance", "mean", "mean_of_var", _variance),
    _Metric("mean", "mean", "source_mean", _variance),
    _Metric("mean", "variance", "var_of_mean", _variance),
    _Metric("variance_sample", "mean", "sample_mean_of_var", _variance),
    _Metric("mean_sample", "variance", "sample_var_of_mean", _variance),
)
_REAL_ND = (
    _Metric("trace_ratio", "mean", "mean_of_var", _one),
    _Metric("mean_error", "mean", "var_of_mean", _trace),
)
_STATES = (
    _Metric("heterozygosity", "mean", "mean_of_var", _heterozygosity),
    _Metric("l2_squared", "mean", "var_of_mean", _heterozygosity),
    *_REAL,
)
_METRICS = {"real": _REAL, "real-nd": _REAL_ND, "states": _STATES}


def moment_overlays(
    prefix: str,
    kind: str,
    condition: Condition,
    law: Law,
    reference: Reference,
    variances: Mapping[str, Values],
) -> tuple[Overlay, ...]:
    """Return the overlays of one engine under one policy, one for each metric of its data.

    Parameters
    ----------
    prefix : str
        Start of the overlays' names: ``gaussian.replace``.
    kind : str
        Kind of source: real, real-nd or states.
    condition : Condition
        When the law holds, beyond what is checked of all second moments.
    law : Law
    reference : Reference
    variances : mapping
        Exact variances across replicates, by metric, where known; that of the metric ``mean``
        follows from the law.
    """
    variances = {"mean": variance_of_mean(law), **variances}
    unit = _one if kind == "states" else _unit_variance
    return tuple(
        Overlay.create(
            f"{prefix}.{row.metric}.{row.statistic}",
            label=f"exact {row.statistic}",
            values=_values(row, law, unit),
            condition=all_of(
                source_is(kind),
                *([] if row.scale is _heterozygosity else [finite_variance]),
                condition,
                known_start,
                enough_points,
            ),
            reference=reference,
            variance=variances.get(row.metric) if row.statistic == "mean" else None,
        )
        for row in _METRICS[kind]
    )


def _values(row: _Metric, law: Law, unit: Callable[[Case], float]) -> Values:
    def values(case: Case) -> FloatArray:
        variance = unit(case)
        moments = _moments(law, case, variance)
        if row.field == "source_mean":
            return np.where(np.isnan(moments.var_of_mean), np.nan, case.source.mean[0])
        return getattr(moments, row.field) * (row.scale(case) / variance)

    return values


def variance_of_mean(law: Law) -> Values:
    """Return Var of the model's mean as a function of the case (one dimension)."""
    return lambda case: _moments(law, case, case.source.variance).var_of_mean


def _unit_variance(case: Case) -> float:
    """Return the variance of one coordinate; the `offset` of a fit is in the same unit."""
    return float(np.diagonal(case.source.covariance).mean())


@lru_cache(maxsize=64)
def _moments(law: Law, case: Case, variance: float) -> SecondMoments:
    """Return ``law(case, variance)``, computed once."""
    return law(case, variance)


def enough_points(case: Case) -> str | None:
    """Check that every training set is large enough for its estimator."""
    for first, last, engine in case.engine_spans:
        least = minimum_size(engine)
        few = np.flatnonzero(case.sizes[first - 1 : last] < least)
        if len(few):
            n = first + int(few[0])
            return f"model {n} needs at least {least} points, it has {case.sizes[n - 1]}"
    return None
