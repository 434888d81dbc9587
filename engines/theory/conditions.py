"""When a law holds: checks of a `Case` that return None, or the reason as a clause."""

from collections.abc import Callable
from typing import Any

import numpy as np

from engines.theory.case import Case, FloatArray

Condition = Callable[[Case], str | None]


def all_of(*conditions: Condition) -> Condition:
    """Return the condition that gives the first reason any of `conditions` gives."""

    def check(case: Case) -> str | None:
        reasons = (condition(case) for condition in conditions)
        return next((reason for reason in reasons if reason is not None), None)

    return check


def solved_as(engine: Any) -> str:
    """Return the name of the engine whose laws hold for this one too; mostly its own."""
    return getattr(engine, "solved_as", engine.name)


def engine_is(name: str) -> Condition:
    """Return the condition that the laws of engine `name` hold for the engine."""

    def check(case: Case) -> str | None:
        engine = case.engines[-1]
        if solved_as(engine) == name:
            return None
        return f"it speaks of the {name} engine, not of {engine.name}"

    return check


def source_is(kind: str) -> Condition:
    """Return the condition that the source is of `kind`: real, real-nd or states."""

    def check(case: Case) -> str | None:
        got = case.source.kind
        return None if got == kind else f"it speaks of a source of kind {kind}, not {got}"

    return check


def normal_source(case: Case) -> str | None:
    """Return why not, unless p_0 is normal (the laws of logarithms, KL and W2 need it)."""
    return None if case.source.normal else "D_0 must be drawn from a normal law"


def finite_variance(case: Case) -> str | None:
    """Return why not, unless p_0 has a finite variance (states: unless they have values)."""
    if np.all(np.isfinite(case.source.covariance)) and np.all(np.isfinite(case.source.mean)):
        return None
    if case.source.kind == "states":
        return "the states have no values"
    return "the source must have a finite variance"


def law_source(case: Case) -> str | None:
    """Return why not, unless D_0 is drawn iid from a law, afresh in each replicate."""
    if case.source.rows is not None:
        return "D_0 must be drawn from a law, not be the rows of a file"
    return None if case.redraw else "each replicate needs its own D_0 (source.redraw = true)"


def known_start(case: Case) -> str | None:
    """Return why not, unless D_0 is a whole file, or each replicate's own (iid or fixed shares)."""
    if case.source.fixed:
        counts = case.source.law.weights * float(case.sizes[0])
        if np.any(np.abs(counts - np.rint(counts)) > 1e-6):
            return "the fixed shares of D_0 must be whole numbers of points"
    if case.source.rows is None:
        return law_source(case)
    if case.source.rows == case.sizes[0]:
        return None
    return f"D_0 must be the whole file, {case.source.rows} rows, not {case.sizes[0]} of them"


def constant_size(case: Case) -> str | None:
    """Return why not, unless the fits all see the same number of points."""
    used = case.sizes[: max(1, case.generations)]
    return None if np.all(used == used[0]) else "the schedule must be constant"


def sizes_above(least: int) -> Condition:
    """Return the condition that every fit of the replace recursion sees more than `least`."""

    def check(case: Case) -> str | None:
        smallest = int(np.min(case.sizes[: max(1, case.generations)]))
        if smallest > least:
            return None
        return f"every generation needs at least {least + 1} points, the smallest has {smallest}"

    return check


def is_replace(policy: Any) -> bool:
    """Return whether the policy trains on samples of the newest model only."""
    return is_mixture(policy) and (policy.fresh, policy.previous, policy.keep) == (0, 0, 0)


def is_mixture(policy: Any) -> bool:
    """Return whether the policy is `mix` (replace included)."""
    return policy.name == "mix"


def trained_shares(policy: Any) -> tuple[float, float, float]:
    """Return (α, β, γ) of a mix as it is trained on, after what a detector drops."""
    model = 1 - policy.fresh - policy.previous
    detector = getattr(policy, "detector", None)
    if detector is None:
        return model, policy.previous, policy.fresh
    model *= 1 - detector.recall
    fresh = policy.fresh * (1 - detector.false_positive)
    return model / (model + fresh), 0.0, fresh / (model + fresh)


def replaces(case: Case) -> str | None:
    """Return why not, unless the run starts with replacement."""
    if all(is_replace(policy) for policy in case.policies[1:2]):
        return None
    return "the policy must be replacement (fresh, previous and keep 0)"


def replaces_throughout(case: Case) -> bool:
    """Return whether every generation is replaced by samples of the newest model."""
    return all(is_replace(policy) for policy in case.policies[1 : case.generations])


def reach(case: Case, accepts: Callable[[Any], bool]) -> int:
    """Return the last model whose training sets were all formed by accepted policies.

    Policy n forms T_n, on which model n + 1 is fitted; model 1 depends on no policy.
    """
    for n in range(1, case.generations):
        if not accepts(case.policies[n]):
            return n
    return case.generations


def sample_reach(case: Case, accepts: Callable[[Any], bool]) -> int:
    """Return the last n whose points D_n were all drawn under accepted policies."""
    for n in range(1, case.generations + 1):
        if not accepts(case.policies[n]):
            return n - 1
    return case.generations


def until(values: FloatArray, last: int) -> FloatArray:
    """Return a copy of the values, NaN after index `last`, shape (G + 1,)."""
    kept = np.array(values, dtype=np.float64)
    kept[last + 1 :] = np.nan
    return kept


def padded(values: FloatArray, case: Case) -> FloatArray:
    """Return the values by generation, filled up with NaN to shape (G + 1,)."""
    full = np.full(case.generations + 1, np.nan)
    full[: len(values)] = values
    return full
