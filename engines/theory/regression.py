"""Excess test error of least squares on recursively generated answers.

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

from engines.arrays import FloatArray
from engines.theory.case import Case, Condition, Values
from engines.theory.conditions import (
    SCOPE,
    all_of,
    constant_size,
    constant_values,
    engine_is,
    independent_start,
    replace_first,
    require,
    sizes_above,
    training_policies,
    under_replace,
)
from engines.theory.overlay import Overlay
from engines.theory.references import OWN, cite


def replace_error(dimension: int, noise: float, sizes: ArrayLike) -> FloatArray:
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


def accumulate_same_error(dimension: int, noise: float, size: int, generations: int) -> FloatArray:
    """Return σ² d / (T - d - 1) Σ_{i<=n} 1/i², shape (G + 1,): the same x each generation."""
    i = np.arange(1, generations + 1, dtype=np.float64)
    steps = dimension / (size - dimension - 1) / i**2
    return noise**2 * np.concatenate([[0.0], np.cumsum(steps)])


def accumulate_fresh_error(dimension: int, noise: float, size: int, generations: int) -> FloatArray:
    """Return σ² Σ_{i<=n} d / (i (i T - d - 1)), shape (G + 1,): fresh x, a little smaller."""
    i = np.arange(1, generations + 1, dtype=np.float64)
    steps = dimension / (i * (i * size - dimension - 1))
    return noise**2 * np.concatenate([[0.0], np.cumsum(steps)])


def accumulate_limit(dimension: int, noise: float, size: int) -> float:
    """Return σ² d / (T - d - 1) π² / 6, the limit and bound for the same x."""
    return noise**2 * dimension / (size - dimension - 1) * np.pi**2 / 6


def _design_is(design: str) -> Condition:
    def check(case: Case) -> str | None:
        got = case.engines[-1].design
        return None if got == design else f"{SCOPE} {design} x in each generation, not {got}"

    return check


def _setting(case: Case) -> tuple[int, float, int]:
    """Return d, σ and T."""
    return case.source.dimension, case.source.law.noise, int(case.sizes[0])


def _replace_values(case: Case) -> FloatArray:
    dimension, noise, _ = _setting(case)
    return under_replace(replace_error(dimension, noise, case.sizes[:-1]), case)


def _accumulate_values(law: Callable[[int, float, int, int], FloatArray]) -> Values:
    return lambda case: law(*_setting(case), case.generations)


def _replace_bound(case: Case) -> FloatArray:
    """Return what the error would be if data were replaced: accumulating never costs more."""
    dimension, noise, size = _setting(case)
    return replace_error(dimension, noise, np.full(case.generations, size))


def _accumulate_bound(case: Case) -> FloatArray:
    """Return what the error would stay below if data were accumulated: two fits exceed π²/6."""
    bound = constant_values(case, accumulate_limit(*_setting(case)))
    bound[:2] = np.nan
    return under_replace(bound, case)


_REGRESSION = all_of(
    engine_is("regression"),
    independent_start,
    require(
        lambda case: all(engine.ridge == 0 for engine in case.fitting_engines),
        f"{SCOPE} least squares without ridge (ridge = 0)",
    ),
    sizes_above(1, plus_dimension=True),
)
_ACCUMULATE = all_of(
    _REGRESSION,
    require(
        lambda case: all(policy.name == "accumulate" for policy in training_policies(case)),
        "the policy must be accumulate throughout",
    ),
    constant_size,
)

OVERLAYS: tuple[Overlay, ...] = (
    Overlay.create(
        "regression.replace.test_error.mean",
        label="exact mean",
        condition=all_of(_REGRESSION, replace_first),
        values=_replace_values,
        reference=cite("dohmatob2024", "Theorem 1 of Gerstgrasser et al."),
    ),
    Overlay.create(
        "regression.accumulate_same.test_error.mean",
        label="exact mean",
        condition=all_of(_ACCUMULATE, _design_is("same")),
        values=_accumulate_values(accumulate_same_error),
        reference=cite("gerstgrasser2024", "Theorem 2"),
    ),
    Overlay.create(
        "regression.accumulate_fresh.test_error.mean",
        label="exact mean",
        condition=all_of(_ACCUMULATE, _design_is("fresh")),
        values=_accumulate_values(accumulate_fresh_error),
        reference=cite(OWN, "§9"),
    ),
    Overlay.create(
        "regression.limit.test_error.mean",
        label="π²/6 of one fit",
        status="limit",
        condition=_ACCUMULATE,
        values=lambda case: constant_values(case, accumulate_limit(*_setting(case))),
        reference=cite("gerstgrasser2024", "Theorem 2, the bound"),
    ),
    Overlay.create(
        "regression.if_replaced.test_error.mean",
        label="above: data replaced",
        status="bound",
        condition=_ACCUMULATE,
        values=_replace_bound,
        reference=cite("gerstgrasser2024", "Theorem 1, above Theorem 2"),
    ),
    Overlay.create(
        "regression.if_accumulated.test_error.mean",
        label="below: accumulated",
        status="bound",
        condition=all_of(_REGRESSION, replace_first, constant_size),
        values=_accumulate_bound,
        reference=cite("gerstgrasser2024", "Theorem 2, below Theorem 1 from generation 2 on"),
    ),
)
