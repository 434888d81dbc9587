"""All laws from a state on; those that hold after a change, and why the others do not."""

from collections.abc import Sequence
from functools import cache
from importlib import import_module

import numpy as np

from engines.arrays import FloatArray
from engines.theory.case import Case
from engines.theory.given_state.law import StateLaw, StateMoments

Found = tuple[StateLaw, FloatArray, FloatArray | None]
"""A law, its values by generation of the run, NaN up to the state, and its variance likewise."""

MODULES = ("gaussian", "second_moments", "poisson", "regression")
"""Modules of this folder with a tuple ``LAWS``, imported on first use; the first law of a metric
and a statistic that holds is taken, so that those that know its scatter come first."""


@cache
def state_laws() -> tuple[StateLaw, ...]:
    """Return all laws from a state on."""
    folder = __name__.rpartition(".")[0]
    modules = (import_module(f"{folder}.{name}") for name in MODULES)
    return tuple(law for module in modules for law in module.LAWS)


def curves_after(
    case: Case, state: StateMoments, last: int, metrics: Sequence[str]
) -> tuple[list[Found], dict[str, str]]:
    """Return the laws from a state on, and why other metrics have none.

    Parameters
    ----------
    case : Case
        The whole run.
    state : StateMoments
    last : int
        The last generation that they describe.
    metrics : sequence of str

    Returns
    -------
    found : list of (StateLaw, ndarray of shape (G + 1,), ndarray of shape (G + 1,) or None)
    absent : dict
        Metric without a law of its mean → the reason, as a clause.
    """
    n, averages = state.generation, state.averages
    part = case.after(n, int(averages.get("size", 1)), last)
    found: dict[str, Found] = {}
    reasons: dict[str, str] = {}
    for law in state_laws():
        key = f"{law.metric}.{law.statistic}"
        if law.metric not in metrics or key in found or not law.describes(part):
            continue
        if reason := law.obstacle(part, averages):
            reasons.setdefault(law.metric, reason)
            continue
        with np.errstate(over="ignore", invalid="ignore"):
            values = law.values(part, averages)
            variance = None if law.variance is None else law.variance(part, averages)
        found[key] = law, _placed(case, n, values), _placed_or_none(case, n, variance)
    general = f"no law starts from a state of the {case.engines[-1].name} engine"
    if any(law.describes(part) for law in state_laws()):
        general = "none of it starts from a state"
    absent = {
        metric: reasons.get(metric, general) for metric in metrics if f"{metric}.mean" not in found
    }
    return list(found.values()), absent


def _placed(case: Case, generation: int, values: FloatArray) -> FloatArray:
    """Return values from a state on as values of the whole run, NaN elsewhere."""
    placed = np.full(case.generations + 1, np.nan)
    placed[generation : generation + values.size] = values
    return placed


def _placed_or_none(case: Case, generation: int, values: FloatArray | None) -> FloatArray | None:
    return None if values is None else _placed(case, generation, values)
