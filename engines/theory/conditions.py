"""When a law holds: checks of a `Case` that return None, or the reason why not, as a clause."""

from collections.abc import Callable
from typing import Any

import numpy as np

from engines.arrays import FloatArray
from engines.theory.case import Case, Condition, Values

SCOPE = "holds only for"
"""Start of the reasons that name another kind of experiment, rather than an unmet condition."""


def require(holds: Callable[[Case], bool], reason: str) -> Condition:
    """Return the condition that `holds` is true of the case; `reason` is what to say if not."""
    return lambda case: None if holds(case) else reason


def all_of(*conditions: Condition) -> Condition:
    """Return the condition that gives the first reason any of `conditions` gives."""

    def check(case: Case) -> str | None:
        reasons = (condition(case) for condition in conditions)
        return next((reason for reason in reasons if reason is not None), None)

    return check


def theory_name(engine: Any) -> str:
    """Return the name of the engine whose laws hold for this one: mostly its own."""
    return getattr(engine, "theory_name", engine.name)


def engine_is(name: str) -> Condition:
    """Return the condition that the laws of engine `name` hold for the engine."""

    def check(case: Case) -> str | None:
        engine = case.engines[-1]
        if theory_name(engine) == name:
            return None
        return f"{SCOPE} the {name} engine, not for {engine.name}"

    return check


def source_is(kind: str) -> Condition:
    """Return the condition that the source is of `kind`: real, real-nd or states."""

    def check(case: Case) -> str | None:
        got = case.source.kind
        return None if got == kind else f"{SCOPE} sources of kind {kind}, not {got}"

    return check


normal_source = require(lambda case: case.source.normal, "the source must be a normal law")
"""Laws of logarithms, KL and W2 need it."""


def finite_variance(case: Case) -> str | None:
    """Check that p_0 has a finite variance (states: that they have values)."""
    if np.all(np.isfinite(case.source.covariance)) and np.all(np.isfinite(case.source.mean)):
        return None
    if case.source.kind == "states":
        return "the states have no values"
    return "the source must have a finite variance"


def independent_start(case: Case) -> str | None:
    """Check that D_0 is drawn from a law, independently in each replicate."""
    if case.source.rows is not None:
        return "D_0 must be drawn from a law, not read from a file"
    return None if case.redraw else "each replicate needs its own D_0 (source.redraw = true)"


def known_start(case: Case) -> str | None:
    """Check that D_0 is a whole file, or each replicate's own (iid or fixed shares)."""
    if case.source.fixed:
        counts = case.source.law.weights * float(case.sizes[0])
        if np.any(np.abs(counts - np.rint(counts)) > 1e-6):
            return "the fixed shares of D_0 must be whole numbers of points"
    if case.source.rows is None:
        return independent_start(case)
    if case.source.rows == case.sizes[0]:
        return None
    return f"D_0 must be the whole file of {case.source.rows} rows, not {case.sizes[0]} of them"


def _fit_sizes(case: Case) -> Any:
    return case.sizes[: max(1, case.generations)]


constant_size = require(
    lambda case: bool(np.all(_fit_sizes(case) == case.sizes[0])), "the schedule must be constant"
)
"""All fits see the same number of points."""


def sizes_above(least: int, *, plus_dimension: bool = False) -> Condition:
    """Return the condition that every fit under replacement sees more than `least` points.

    Parameters
    ----------
    least : int
        Number of points.
    plus_dimension : bool
        Whether the source's dimension d is added to it.
    """

    def check(case: Case) -> str | None:
        bound = least + case.source.dimension * plus_dimension
        smallest = int(np.min(_fit_sizes(case)))
        if smallest > bound:
            return None
        return f"every generation needs at least {bound + 1} points, the smallest has {smallest}"

    return check


def is_mixture(policy: Any) -> bool:
    """Return whether the policy is `mix` (replace included)."""
    return policy.name == "mix"


def is_replace(policy: Any) -> bool:
    """Return whether the policy trains on samples of the newest model only."""
    return is_mixture(policy) and (policy.fresh, policy.previous, policy.keep) == (0, 0, 0)


def adds_fresh_data(policy: Any) -> bool:
    """Return whether iid fresh data are all that is added to samples of the newest model.

    This is Borkar's persistent excitation (2025).
    """
    if not is_mixture(policy) or policy.previous != 0 or policy.keep != 0:
        return False
    return policy.fresh > 0 and policy.counts != "fixed"


def starts_with(accepts: Callable[[Any], bool], policy: str) -> Condition:
    """Return the condition that the run begins under an accepted policy, called `policy`."""
    return require(
        lambda case: all(accepts(used) for used in case.policies[1:2]),
        f"the policy must be {policy}",
    )


replace_first = starts_with(is_replace, "replacement (fresh, previous and keep 0)")
"""The run starts with replacement."""


def replaces_throughout(case: Case) -> bool:
    """Return whether every generation is replaced by samples of the newest model."""
    return last_model(case, is_replace) == case.generations


def training_policies(case: Case) -> tuple[Any, ...]:
    """Return the policies that form training sets; the first even if no model is fitted on it.

    One for each range without a change.
    """
    last = max(1, case.generations - 1)
    return tuple(policy for first, _, policy in case.policy_spans if first <= last)


only_fresh_data = require(
    lambda case: all(adds_fresh_data(policy) for policy in training_policies(case)),
    f"{SCOPE} iid fresh data (fresh above 0) and samples of the newest model",
)
"""Borkar's persistent excitation, under every policy that forms a training set."""


def last_model(case: Case, accepts: Callable[[Any], bool]) -> int:
    """Return the last model whose training sets were all formed by accepted policies.

    Policy n forms T_n, on which model n + 1 is fitted; model 1 depends on no policy.
    """
    refused = (first for first, _, policy in case.policy_spans if not accepts(policy))
    return min(next(refused, case.generations), case.generations)


def nan_after(values: FloatArray, last: int) -> FloatArray:
    """Return a copy of the values, NaN after index `last`, shape (G + 1,)."""
    limited = np.array(values, dtype=np.float64)
    limited[last + 1 :] = np.nan
    return limited


def under_replace(values: FloatArray, case: Case) -> FloatArray:
    """Return a copy of the values, NaN after the last model under replacement."""
    return nan_after(values, last_model(case, is_replace))


def constant_values(case: Case, value: float) -> FloatArray:
    """Return one value for all generations, shape (G + 1,)."""
    return np.full(case.generations + 1, value)


def values_if(condition: Condition, values: Values) -> Values:
    """Return the values, all NaN where the condition does not hold."""
    return lambda case: values(case) if condition(case) is None else constant_values(case, np.nan)
