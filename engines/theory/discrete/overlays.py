"""Overlays of the discrete engine: survivors, and Borkar's curves with their limits."""

from collections.abc import Callable

import numpy as np

from engines.arrays import FloatArray, IntArray
from engines.theory.case import Case, Values
from engines.theory.conditions import (
    SCOPE,
    adds_fresh_data,
    all_of,
    constant_size,
    constant_values,
    engine_is,
    finite_variance,
    is_mixture,
    known_start,
    nan_after,
    only_fresh_data,
    replace_first,
    require,
    source_is,
    starts_with,
    under_replace,
)
from engines.theory.discrete.borkar import effective_size
from engines.theory.discrete.wright_fisher import survivors, survivors_branching
from engines.theory.overlay import Overlay
from engines.theory.references import OWN, cite
from engines.theory.second_moments.mixture import mixture_moments
from engines.theory.second_moments.overlays import moment_overlays

LARGEST = 1000
"""M up to which survivors are computed exactly (M^2 numbers)."""

_STATES = all_of(engine_is("discrete"), source_is("states"))


def _draws(case: Case) -> IntArray:
    """Return the sizes of all draws: that of D_0 too, unless it is a whole file."""
    return case.sizes[:-1] if case.source.rows is None else case.sizes[1:-1]


_constant_draws = require(
    lambda case: len(set(_draws(case).tolist())) <= 1, "the schedule must be constant"
)
_small_draws = require(
    lambda case: bool(np.all(_draws(case) <= LARGEST)),
    f"M is above {LARGEST}: the branching approximation applies",
)
_no_exact_law = require(
    lambda case: _constant_draws(case) is not None or _small_draws(case) is not None,
    "the exact law applies",
)


def _alive(law: Callable[[FloatArray, IntArray], FloatArray]) -> Values:
    """Return the survivors by generation; where model 1 is p_0 itself, one generation later."""

    def values(case: Case) -> FloatArray:
        draws, alive = _draws(case), np.empty(0)
        if len(draws):
            alive = law(case.source.probabilities, draws)
        late = case.generations + 1 - len(alive)
        whole = np.full(late, float(np.count_nonzero(case.source.probabilities)))
        return under_replace(np.concatenate([whole, alive]), case)

    return values


_excitation = all_of(
    starts_with(is_mixture, "mix"),
    require(
        lambda case: case.policies[1].fresh > 0, "without fresh data every run ends in one state"
    ),
    require(
        lambda case: adds_fresh_data(case.policies[1]),
        f"{SCOPE} iid fresh data and samples of the newest model",
    ),
)
"""A share of iid fresh data, and nothing else, is added to the model's samples."""


def _limit(law: Callable[[Case, float], float]) -> Values:
    """Return the values of a law of (case, Borkar's D), the same for all generations."""

    def values(case: Case) -> FloatArray:
        size = effective_size(float(case.sizes[0]), case.policies[1].shares[2])
        return nan_after(constant_values(case, law(case, size)), case.last_unchanged)

    return values


def _survivor_overlays(metric: str) -> tuple[Overlay, Overlay]:
    """Return the exact law of the number of states alive, and the one for many points."""
    holds = all_of(_STATES, replace_first, known_start)
    exact = Overlay.create(
        f"discrete.replace.{metric}.mean",
        label="exact mean",
        values=_alive(lambda p, draws: survivors(p, int(draws[0]), len(draws))),
        condition=all_of(holds, _constant_draws, _small_draws),
        work=lambda case: float(case.sizes[0]) ** 2,
        reference=cite("ewens2004", "section 3.2, two-state chain"),
    )
    branching = Overlay.create(
        f"discrete.branching.{metric}.mean",
        label="mean by branching",
        values=_alive(survivors_branching),
        condition=all_of(holds, _no_exact_law),
        work=lambda case: 10.0 * len(case.source.probabilities) + case.generations,
        reference=cite(OWN, "§4, Poisson branching"),
        status="approximation",
    )
    return exact, branching


_STATIONARY = all_of(_STATES, _excitation, constant_size)

OVERLAYS: tuple[Overlay, ...] = (
    *moment_overlays(
        "borkar",
        "states",
        all_of(engine_is("discrete"), only_fresh_data),
        mixture_moments,
        cite("borkar2025", "closed forms: theory §5"),
        {},
    ),
    *_survivor_overlays("support_alive"),
    *_survivor_overlays("vocabulary_alive"),
    Overlay.create(
        "borkar.limit.heterozygosity.mean",
        label="mean, gen→∞",
        values=_limit(lambda case, size: case.source.heterozygosity * (1 - 1 / size)),
        condition=_STATIONARY,
        reference=cite("borkar2025", "Theorem III.3; D: theory §5"),
        status="limit",
    ),
    Overlay.create(
        "borkar.limit.mean.variance",
        label="variance, gen→∞",
        values=_limit(lambda case, size: case.source.variance / size),
        condition=all_of(_STATIONARY, finite_variance),
        reference=cite("borkar2025", "Theorem III.3; D: theory §5"),
        status="limit",
    ),
)
