"""Overlays of the discrete engine beyond second moments: survivors and limits."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from engines.theory.case import Case, FloatArray
from engines.theory.conditions import (
    all_of,
    constant_size,
    engine_is,
    finite_variance,
    is_replace,
    known_start,
    reach,
    replaces,
    source_is,
    trained_shares,
    until,
)
from engines.theory.discrete import wright_fisher as discrete
from engines.theory.discrete.borkar import effective_size
from engines.theory.gaussian.evaluate import Values
from engines.theory.overlay import Overlay
from engines.theory.references import BORKAR2025, DERIVED, EWENS2004, at

LARGEST = 1000
"""M up to which survivors are computed exactly (M^2 numbers)."""

_STATES = all_of(engine_is("discrete"), source_is("states"))


def _draws(case: Case) -> NDArray[np.int64]:
    """Return the sizes of the draws from p_0 on: D_0 too, unless it is a file as it stands."""
    return case.sizes[:-1] if case.source.rows is None else case.sizes[1:-1]


def _constant(case: Case) -> str | None:
    return None if len(set(_draws(case).tolist())) <= 1 else "the schedule must be constant"


def _small(case: Case) -> str | None:
    if np.all(_draws(case) <= LARGEST):
        return None
    return f"M is above {LARGEST}: see the branching approximation"


def _large(case: Case) -> str | None:
    if _constant(case) is None and _small(case) is None:
        return "the exact law is drawn"
    return None


def _alive(law: Callable[[FloatArray, NDArray[np.int64]], FloatArray]) -> Values:
    """Return the survivors by generation; where model 1 is p_0 itself, one generation later."""

    def values(case: Case) -> FloatArray:
        draws, found = _draws(case), np.empty(0)
        if len(draws):
            found = law(case.source.probabilities, draws)
        late = case.generations + 1 - len(found)
        whole = np.full(late, float(np.count_nonzero(case.source.probabilities)))
        return until(np.concatenate([whole, found]), reach(case, is_replace))

    return values


def _exact(probabilities: FloatArray, draws: NDArray[np.int64]) -> FloatArray:
    return discrete.survivors(probabilities, int(draws[0]), len(draws))


def _excited(case: Case) -> str | None:
    """Return why not, unless nothing but a constant share of iid fresh data is added."""
    first = case.policies[1]
    if first.name != "mix":
        return "the policy must be mix"
    if first.fresh == 0:
        return "without fresh data every run ends in one state"
    if first.previous > 0 or first.keep > 0 or first.counts == "fixed":
        return "it speaks of iid fresh data and the newest model alone"
    return None


def _dimension(case: Case) -> float:
    return effective_size(float(case.sizes[0]), trained_shares(case.policies[1])[2])


def _flat(case: Case, value: float) -> FloatArray:
    return until(np.full(case.generations + 1, value), case.until)


def _heterozygosity_limit(case: Case) -> FloatArray:
    start = 1 - float(np.sum(case.source.probabilities**2))
    return _flat(case, start * (1 - 1 / _dimension(case)))


def _mean_limit(case: Case) -> FloatArray:
    return _flat(case, float(case.source.covariance[0, 0]) / _dimension(case))


def _survival(metric: str) -> tuple[Overlay, Overlay]:
    """Return the exact law of the number of states alive, and the one for many points."""
    exact = Overlay(
        name=f"discrete.replace.{metric}.mean",
        label="mean, exact",
        metric=metric,
        statistic="mean",
        status="exact",
        condition=all_of(_STATES, replaces, known_start, _constant, _small),
        values=_alive(_exact),
        reference=at(EWENS2004, "section 3.2, two-state chain"),
    )
    branching = Overlay(
        name=f"discrete.branching.{metric}.mean",
        label="mean, branching",
        metric=metric,
        statistic="mean",
        status="approximation",
        condition=all_of(_STATES, replaces, known_start, _large),
        values=_alive(discrete.survivors_branching),
        reference=at(DERIVED, "§4, Poisson branching"),
    )
    return exact, branching


_STATIONARY = all_of(_STATES, _excited, constant_size)

OVERLAYS: tuple[Overlay, ...] = (
    *_survival("support_alive"),
    *_survival("vocabulary_alive"),
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
