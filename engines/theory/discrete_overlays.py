"""Overlays of the discrete engine beyond second moments: survivors and limits."""

import numpy as np

from engines.theory import discrete
from engines.theory.borkar import effective_size
from engines.theory.case import Case, FloatArray
from engines.theory.condition import (
    all_of,
    constant_size,
    engine_is,
    finite_variance,
    is_replace,
    law_source,
    reach,
    replaces,
    source_is,
    until,
)
from engines.theory.overlay import Overlay
from engines.theory.references import BORKAR2025, DERIVED, EWENS2004, at

LARGEST = 1000
"""M up to which survivors are computed exactly (M^2 numbers)."""

_STATES = all_of(engine_is("discrete"), source_is("states"))


def _small(case: Case) -> str | None:
    if case.sizes[0] <= LARGEST:
        return None
    return f"M is above {LARGEST}: see the branching approximation"


def _large(case: Case) -> str | None:
    if constant_size(case) is None and _small(case) is None:
        return "the exact law is drawn"
    return None


def _survivors(case: Case) -> FloatArray:
    found = discrete.survivors(case.source.probabilities, int(case.sizes[0]), case.generations)
    return until(found, reach(case, is_replace))


def _branching(case: Case) -> FloatArray:
    found = discrete.survivors_branching(case.source.probabilities, case.sizes[:-1])
    return until(found, reach(case, is_replace))


def _excited(case: Case) -> str | None:
    """Return why not, unless nothing but a constant share of iid fresh data is added."""
    first = case.policies[1]
    if first.name != "mix" or getattr(first, "detector", None) is not None:
        return "the policy must be mix, without a detector"
    if first.fresh == 0:
        return "without fresh data every run ends in one state"
    if first.previous > 0 or first.keep > 0 or first.counts == "fixed":
        return "it speaks of iid fresh data and the newest model alone"
    return None


def _dimension(case: Case) -> float:
    return effective_size(float(case.sizes[0]), case.policies[1].fresh)


def _flat(case: Case, value: float) -> FloatArray:
    return until(np.full(case.generations + 1, value), case.until)


def _heterozygosity_limit(case: Case) -> FloatArray:
    start = 1 - float(np.sum(case.source.probabilities**2))
    return _flat(case, start * (1 - 1 / _dimension(case)))


def _mean_limit(case: Case) -> FloatArray:
    return _flat(case, float(case.source.covariance[0, 0]) / _dimension(case))


_STATIONARY = all_of(_STATES, _excited, constant_size)

OVERLAYS: tuple[Overlay, ...] = (
    Overlay(
        name="discrete.replace.support_alive.mean",
        label="mean, exact",
        metric="support_alive",
        statistic="mean",
        status="exact",
        condition=all_of(_STATES, replaces, law_source, constant_size, _small),
        values=_survivors,
        reference=at(EWENS2004, "section 3.2, two-state chain"),
    ),
    Overlay(
        name="discrete.branching.support_alive.mean",
        label="mean, branching",
        metric="support_alive",
        statistic="mean",
        status="approximation",
        condition=all_of(_STATES, replaces, law_source, _large),
        values=_branching,
        reference=at(DERIVED, "§4, Poisson branching"),
    ),
    Overlay(
        name="borkar.limit.heterozygosity.mean",
        label="mean, n to infinity",
        metric="heterozygosity",
        statistic="mean",
        status="limit",
        condition=_STATIONARY,
        values=_heterozygosity_limit,
        reference=at(BORKAR2025, "Theorem III.3; D: theory §5"),
    ),
    Overlay(
        name="borkar.limit.mean.variance",
        label="variance, n to infinity",
        metric="mean",
        statistic="variance",
        status="limit",
        condition=all_of(_STATIONARY, finite_variance),
        values=_mean_limit,
        reference=at(BORKAR2025, "Theorem III.3; D: theory §5"),
    ),
)
