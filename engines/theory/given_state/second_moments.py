"""Means and variances from a state on: linear recursions, so that averages over runs suffice.

Every family covered by `engines.theory.second_moments` turns the mean and the ddof-0 variance of
its training set linearly into those of the next one. From T_n on the recursion is the same as from
D_0; only its start, (m - μ)² and v of T_n, is that of the state (docs/theory.md §13).
"""

from collections.abc import Callable
from functools import lru_cache

import numpy as np

from engines.arrays import FloatArray
from engines.theory.case import Case, Condition
from engines.theory.conditions import all_of, finite_variance, last_model, nan_after
from engines.theory.given_state.law import (
    MIXTURE,
    Averages,
    StateLaw,
    StateValues,
    forgets,
    last_sample,
    until_rare,
)
from engines.theory.references import OWN, cite
from engines.theory.second_moments.base import DataMoments, SecondMoments
from engines.theory.second_moments.mixture import mixture_moments_from, mixture_solved
from engines.theory.second_moments.overlays import enough_points

_REFERENCE = cite(OWN, "§13, from §2.1")

Start = tuple[float, float]
"""E (m - μ)² and E v of T_n, in the unit of the case."""


def moments_after(case: Case, start: Start, variance: float) -> SecondMoments:
    """Return the second moments from a state on; entry 0, the state's own generation, is NaN.

    `var_of_mean` is E (m - μ)² about the mean of p_0, where other laws have Var m.

    Parameters
    ----------
    case : Case
        After the state.
    start : tuple of float
    variance : float
        Variance of p_0 in the same unit.
    """
    return _moments_after(case, start, variance)


@lru_cache(maxsize=64)
def _moments_after(case: Case, start: Start, variance: float) -> SecondMoments:
    moments = mixture_moments_from(case, variance, DataMoments(*start))
    for column in moments:
        column[0] = np.nan
    model, sample = last_model(case, forgets), last_sample(case)
    return SecondMoments(
        *(nan_after(column, model) for column in moments[:2]),
        *(nan_after(column, sample) for column in moments[2:]),
    )


def kept_deviation(case: Case) -> FloatArray:
    """Return the share of T_n's deviation from μ that is left on average in model n + k.

    Shape (G - n + 1,): 1 for model n + 1, and times α for each training set after T_n.
    """
    shares = np.array([policy.shares[0] for policy in case.policies[1:-1]])
    left = np.concatenate([[np.nan, 1.0], np.cumprod(shares)])[: case.generations + 1]
    return nan_after(left, last_model(case, forgets))


def _sampled_deviation(case: Case) -> FloatArray:
    """Return the same for the mean of D_{n+k}, which the next model takes over."""
    shares = np.array([policy.shares[0] for policy in case.policies[1:]])
    left = np.concatenate([[np.nan], np.cumprod(shares)])
    return nan_after(left, last_sample(case))


Deviation = Callable[[Case], FloatArray]


def mean_values(deviation: Deviation) -> StateValues:
    """Return E of a mean given the state: μ + left · (m - μ)."""

    def values(case: Case, averages: Averages) -> FloatArray:
        centre = case.source.mean[0]
        return centre + deviation(case) * (averages["mean"] - centre)

    return values


def scatter_of_mean(error: StateValues, deviation: Deviation) -> StateValues:
    """Return Var of a mean given the state, from E (m - μ)² (`error`), averaged over runs."""

    def values(case: Case, averages: Averages) -> FloatArray:
        # it is 0 for model n + 1, which rounding would make negative
        left = error(case, averages) - deviation(case) ** 2 * averages["mean_error"]
        return np.maximum(left, 0.0)

    return values


def spread_of_mean(scatter: StateValues, deviation: Deviation) -> StateValues:
    """Return E of the variance of a mean across runs: within each run and between them."""

    def values(case: Case, averages: Averages) -> FloatArray:
        between = deviation(case) ** 2 * averages["mean_spread"]
        return scatter(case, averages) + between

    return values


def _real(case: Case, averages: Averages) -> SecondMoments:
    start = averages["mean_error"], averages["variance"]
    return moments_after(case, start, case.source.variance)


def _vectors(case: Case, averages: Averages) -> SecondMoments:
    """Return the moments of one coordinate, on average over the coordinates."""
    dimension = case.source.dimension
    start = averages["mean_error"] / dimension, averages["variance"] / dimension
    return moments_after(case, start, float(np.trace(case.source.covariance)) / dimension)


def _states(case: Case, averages: Averages) -> SecondMoments:
    start = averages["distance"], averages["heterozygosity"]
    return moments_after(case, start, case.source.heterozygosity)


def field_values(
    moments: Callable[[Case, Averages], SecondMoments],
    field: str,
    unit: Callable[[Case], float] = lambda _: 1.0,
) -> StateValues:
    """Return one field of the moments, times a unit."""
    return lambda case, averages: unit(case) * getattr(moments(case, averages), field)


model_error = field_values(_real, "var_of_mean")
"""E (m - μ)² of models after the state, in one dimension."""
model_variance = field_values(_real, "mean_of_var")
"""E of the variance of models after the state, in one dimension."""
_SAMPLE_ERROR = field_values(_real, "sample_var_of_mean")

SOLVED = all_of(MIXTURE, mixture_solved, enough_points)
"""The condition of all second moments from a state on."""

_MODEL = scatter_of_mean(model_error, kept_deviation)
_SAMPLE = scatter_of_mean(_SAMPLE_ERROR, _sampled_deviation)
_ERROR, _SPREAD = ("mean", "mean_error", "variance"), ("mean_spread",)


def _numbers(engine: str, kind: str) -> tuple[StateLaw, ...]:
    """Return the laws of one-dimensional numbers: real ones, or states with values."""
    scatter = _MODEL if engine in ("kde", "discrete") else until_rare(_MODEL)
    rows: tuple[tuple[str, tuple[str, ...], StateValues, StateValues | None], ...] = (
        ("variance.mean", _ERROR, model_variance, None),
        ("mean.mean", _ERROR, mean_values(kept_deviation), scatter),
        ("mean.variance", _ERROR + _SPREAD, spread_of_mean(_MODEL, kept_deviation), None),
        ("variance_sample.mean", _ERROR, field_values(_real, "sample_mean_of_var"), None),
        ("mean_sample.mean", _ERROR, mean_values(_sampled_deviation), None),
        ("mean_sample.variance", _ERROR + _SPREAD, spread_of_mean(_SAMPLE, _sampled_deviation),
         None),
    )  # fmt: skip
    condition = all_of(finite_variance, SOLVED)
    return tuple(
        _law(f"{engine}.state.{name}", kind, condition, needs, values, variance)
        for name, needs, values, variance in rows
    )


def _law(
    name: str,
    kind: str,
    condition: Condition,
    needs: tuple[str, ...],
    values: StateValues,
    variance: StateValues | None = None,
) -> StateLaw:
    engine = name.partition(".")[0].removesuffix("_nd")
    return StateLaw(name, engine, kind, condition, needs, values, _REFERENCE, variance)


def _trace(case: Case) -> float:
    return float(np.trace(case.source.covariance))


def _of_vectors(engine: str) -> tuple[StateLaw, ...]:
    relative = field_values(_vectors, "mean_of_var", lambda c: c.source.dimension / _trace(c))
    error = field_values(_vectors, "var_of_mean", lambda case: float(case.source.dimension))
    needs, condition = ("mean_error", "variance"), all_of(finite_variance, SOLVED)
    return (
        _law(f"{engine}_nd.state.trace_ratio.mean", "real-nd", condition, needs, relative),
        _law(f"{engine}_nd.state.mean_error.mean", "real-nd", condition, needs, error),
    )


_FREQUENCIES = ("distance", "heterozygosity")

LAWS: tuple[StateLaw, ...] = (
    *(law for engine in ("gaussian", "kde", "gmm") for law in _numbers(engine, "real")),
    *_of_vectors("gaussian"),
    *_of_vectors("gmm"),
    _law("discrete.state.heterozygosity.mean", "states", SOLVED, _FREQUENCIES,
         field_values(_states, "mean_of_var")),
    _law("discrete.state.l2_squared.mean", "states", SOLVED, _FREQUENCIES,
         field_values(_states, "var_of_mean")),
    *_numbers("discrete", "states"),
)  # fmt: skip
