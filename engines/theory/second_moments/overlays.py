"""Overlays of second moments: one set per engine and policy, all from `SecondMoments`."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from engines.theory.case import Case, FloatArray
from engines.theory.conditions import (
    Condition,
    all_of,
    finite_variance,
    known_start,
    source_is,
)
from engines.theory.overlay import Overlay, Reference, Statistic
from engines.theory.second_moments.base import SecondMoments, least_size

Law = Callable[[Case, float], SecondMoments]
Values = Callable[[Case], FloatArray]


class _Metric(NamedTuple):
    metric: str
    statistic: Statistic
    field: str


REAL = (
    _Metric("variance", "mean", "spread"),
    _Metric("mean", "mean", "source_mean"),
    _Metric("mean", "variance", "centre"),
    _Metric("variance_sample", "mean", "sample_spread"),
    _Metric("mean_sample", "variance", "sample_centre"),
)
REAL_ND = (
    _Metric("trace_ratio", "mean", "spread"),
    _Metric("mean_error", "mean", "centre"),
)
STATES = (
    _Metric("heterozygosity", "mean", "spread"),
    _Metric("l2_squared", "mean", "centre"),
    *REAL,
)
OF_SHARES = {"heterozygosity", "l2_squared"}
"""Sums over the states of what holds of the indicator of each: H_0 is the sum of variances."""


@dataclass(frozen=True, slots=True)
class Family:
    """What one engine does under one policy.

    Attributes
    ----------
    prefix : str
        Start of the overlays' names: ``gaussian.replace``.
    kind : str
        Kind of source: real, real-nd or states.
    condition : Condition
        When the law holds, beyond what is checked for every family.
    law : callable
        (case, variance of p_0) → SecondMoments.
    reference : Reference
    variances : dict
        Exact variances across replicates, by metric, where known.
    """

    prefix: str
    kind: str
    condition: Condition
    law: Law
    reference: Reference
    variances: dict[str, Values]

    def overlays(self) -> tuple[Overlay, ...]:
        """Return the overlays of the metrics that this kind of source has."""
        metrics = {"real": REAL, "real-nd": REAL_ND, "states": STATES}[self.kind]
        return tuple(self._overlay(metric) for metric in metrics)

    def _overlay(self, metric: _Metric) -> Overlay:
        needs = [source_is(self.kind), self.condition, known_start, enough_points]
        if metric.metric not in OF_SHARES:
            needs.insert(1, finite_variance)
        variance = self.variances.get(metric.metric) if metric.statistic == "mean" else None
        if metric.field == "source_mean" and variance is None:
            variance = centre_of(self.law)
        return Overlay(
            name=f"{self.prefix}.{metric.metric}.{metric.statistic}",
            label=f"{metric.statistic}, exact",
            metric=metric.metric,
            statistic=metric.statistic,
            status="exact",
            condition=all_of(*needs),
            values=self._values(metric),
            reference=self.reference,
            variance=variance,
        )

    def _values(self, metric: _Metric) -> Values:
        def values(case: Case) -> FloatArray:
            scale = _scale(case, metric)
            unit = _unit(case, self.kind)
            found = moments(self.law, case, unit)
            if metric.field == "source_mean":
                return np.where(np.isnan(found.centre), np.nan, case.source.mean[0])
            return getattr(found, metric.field) * (scale / unit)

        return values


def centre_of(law: Law) -> Values:
    """Return Var of the model's mean as a function of the case (one dimension)."""

    def values(case: Case) -> FloatArray:
        variance = float(case.source.covariance[0, 0])
        return moments(law, case, variance).centre

    return values


def _unit(case: Case, kind: str) -> float:
    """Return the variance of one coordinate, in which a fit's `offset` is what it says."""
    return 1.0 if kind == "states" else float(np.diagonal(case.source.covariance).mean())


def _scale(case: Case, metric: _Metric) -> float:
    if metric.metric in OF_SHARES:
        return float(1 - np.sum(case.source.probabilities**2))
    if metric.metric == "mean_error":
        return float(np.trace(case.source.covariance))
    if metric.metric == "trace_ratio":
        return 1.0
    return float(case.source.covariance[0, 0])


@lru_cache(maxsize=64)
def moments(law: Law, case: Case, variance: float) -> SecondMoments:
    """Return ``law(case, variance)``, computed once."""
    return law(case, variance)


def enough_points(case: Case) -> str | None:
    """Return why not, unless every training set is large enough for its estimator."""
    for n in range(1, case.generations + 1):
        least = least_size(case.engines[n])
        if case.sizes[n - 1] < least:
            return f"model {n} needs at least {least} points, it has {case.sizes[n - 1]}"
    return None
