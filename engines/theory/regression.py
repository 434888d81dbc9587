"""Excess test error of least squares on recursively answered data.

References
----------
.. [1] E. Dohmatob, Y. Feng, J. Kempe, "Model Collapse Demystified: The Case of
   Regression", 2024, arXiv:2402.07712.
.. [2] M. Gerstgrasser et al., "Is Model Collapse Inevitable?", 2024, arXiv:2404.01413,
   Theorems 1 (replace) and 2 (accumulate, the same x).
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from engines.theory.case import Case, FloatArray
from engines.theory.conditions import (
    Condition,
    all_of,
    constant_size,
    engine_is,
    is_replace,
    law_source,
    reach,
    replaces,
    sizes_above,
    until,
)
from engines.theory.overlay import Overlay
from engines.theory.references import DERIVED, DOHMATOB2024, GERSTGRASSER2024, at


def replaced(dimension: int, noise: float, sizes: ArrayLike) -> FloatArray:
    """Return E ‖ŵ_n - w*‖² = σ² Σ_{i<n} d / (T_i - d - 1), shape (G + 1,).

    Exact for the same x and for fresh ones: each generation adds the error of one fit.

    Parameters
    ----------
    dimension : int
        d.
    noise : float
        σ.
    sizes : array_like, shape (G,)
        T_0 … T_{G-1}, each above d + 1.
    """
    steps = dimension / (np.asarray(sizes, dtype=np.float64) - dimension - 1)
    return noise**2 * np.concatenate([[0.0], np.cumsum(steps)])


def accumulated_same(dimension: int, noise: float, size: int, generations: int) -> FloatArray:
    """Return σ² d / (T - d - 1) Σ_{i<=n} 1/i², shape (G + 1,): the same x each generation."""
    i = np.arange(1, generations + 1, dtype=np.float64)
    steps = dimension / (size - dimension - 1) / i**2
    return noise**2 * np.concatenate([[0.0], np.cumsum(steps)])


def accumulated_fresh(dimension: int, noise: float, size: int, generations: int) -> FloatArray:
    """Return σ² Σ_{i<=n} d / (i (i T - d - 1)), shape (G + 1,): fresh x, a little smaller."""
    i = np.arange(1, generations + 1, dtype=np.float64)
    steps = dimension / (i * (i * size - dimension - 1))
    return noise**2 * np.concatenate([[0.0], np.cumsum(steps)])


def accumulated_limit(dimension: int, noise: float, size: int) -> float:
    """Return σ² d / (T - d - 1) π² / 6, the limit and bound for the same x."""
    return noise**2 * dimension / (size - dimension - 1) * np.pi**2 / 6


def _plain(case: Case) -> str | None:
    least_squares = all(engine.ridge == 0 for engine in case.engines[1:])
    return None if least_squares else "it speaks of least squares, without ridge"


def _enough(case: Case) -> str | None:
    return sizes_above(len(case.source.mean) + 1)(case)


def _designed(design: str) -> Condition:
    def check(case: Case) -> str | None:
        got = case.engines[-1].design
        return None if got == design else f"it speaks of {design} x, not of {got}"

    return check


def _accumulates(case: Case) -> str | None:
    used = case.policies[1 : max(2, case.generations)]
    if all(policy.name == "accumulate" for policy in used):
        return None
    return "the policy must be accumulate throughout"


def _replaced(case: Case) -> FloatArray:
    found = replaced(len(case.source.mean), case.source.law.noise, case.sizes[:-1])
    return until(found, reach(case, is_replace))


def _accumulated(law: Callable[[int, float, int, int], FloatArray]) -> Callable[[Case], FloatArray]:
    def values(case: Case) -> FloatArray:
        size = int(case.sizes[0])
        return law(len(case.source.mean), case.source.law.noise, size, case.generations)

    return values


def _limit(case: Case) -> FloatArray:
    found = accumulated_limit(len(case.source.mean), case.source.law.noise, int(case.sizes[0]))
    return np.full(case.generations + 1, found)


_REGRESSION = all_of(engine_is("regression"), law_source, _plain, _enough)
_ACCUMULATE = all_of(_REGRESSION, _accumulates, constant_size)

OVERLAYS: tuple[Overlay, ...] = (
    Overlay(
        name="regression.replace.test_error.mean",
        label="mean, exact",
        metric="test_error",
        statistic="mean",
        status="exact",
        condition=all_of(_REGRESSION, replaces),
        values=_replaced,
        reference=at(DOHMATOB2024, "Theorem 1 of Gerstgrasser et al."),
    ),
    Overlay(
        name="regression.accumulate_same.test_error.mean",
        label="mean, exact",
        metric="test_error",
        statistic="mean",
        status="exact",
        condition=all_of(_ACCUMULATE, _designed("same")),
        values=_accumulated(accumulated_same),
        reference=at(GERSTGRASSER2024, "Theorem 2"),
    ),
    Overlay(
        name="regression.accumulate_fresh.test_error.mean",
        label="mean, exact",
        metric="test_error",
        statistic="mean",
        status="exact",
        condition=all_of(_ACCUMULATE, _designed("fresh")),
        values=_accumulated(accumulated_fresh),
        reference=at(DERIVED, "§9"),
    ),
    Overlay(
        name="regression.limit.test_error.mean",
        label="π²/6 of one fit",
        metric="test_error",
        statistic="mean",
        status="limit",
        condition=_ACCUMULATE,
        values=_limit,
        reference=at(GERSTGRASSER2024, "Theorem 2, the bound"),
    ),
)
