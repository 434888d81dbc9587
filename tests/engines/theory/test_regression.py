"""Excess test error of recursive least squares: the oracles of docs/theory.md §9."""

import numpy as np
import pytest

from collapse_tui.execution.overlays import curves_of
from collapse_tui.experiment.loader import load
from engines.theory.regression import (
    accumulate_fresh_error,
    accumulate_limit,
    accumulate_same_error,
    replace_error,
)


def test_oracles_to_the_digits_given() -> None:
    assert replace_error(10, 1.0, np.full(10, 30))[10] == pytest.approx(5.26316, abs=5e-6)
    assert accumulate_same_error(10, 1.0, 30, 10)[10] == pytest.approx(0.815667, abs=5e-7)
    assert accumulate_fresh_error(10, 1.0, 30, 10)[10] == pytest.approx(0.738124, abs=5e-7)
    assert accumulate_limit(10, 1.0, 30) == pytest.approx(0.865755, abs=5e-7)
    assert accumulate_fresh_error(10, 1.0, 30, 100_000)[-1] == pytest.approx(0.770409, abs=2e-5)


def test_noise_enters_squared_and_the_limit_bounds_the_same_x() -> None:
    once, twice = replace_error(10, 1.0, np.full(5, 30)), replace_error(10, 2.0, np.full(5, 30))
    assert np.allclose(twice, 4 * once)
    assert (accumulate_same_error(10, 1.0, 30, 1000) < accumulate_limit(10, 1.0, 30)).all()
    assert replace_error(10, 1.0, np.full(10, 30))[10] > accumulate_limit(10, 1.0, 30)


@pytest.mark.parametrize("same", [True, False])
def test_accumulation_against_a_literal_loop(same: bool) -> None:
    generator = np.random.default_rng(3)
    runs, size, dimension, generations = 16_000, 9, 3, 6
    truth = np.full(dimension, dimension**-0.5)
    weights = np.broadcast_to(truth, (runs, dimension))
    gram = np.zeros((runs, dimension, dimension))
    moment = np.zeros((runs, dimension))
    x = generator.standard_normal((runs, size, dimension))
    for _ in range(generations):
        if not same:
            x = generator.standard_normal((runs, size, dimension))
        y = np.einsum("rnd,rd->rn", x, weights) + generator.standard_normal((runs, size))
        gram = gram + np.einsum("rnd,rne->rde", x, x)
        moment = moment + np.einsum("rnd,rn->rd", x, y)
        weights = np.linalg.solve(gram, moment[:, :, None])[:, :, 0]
    errors = ((weights - truth) ** 2).sum(axis=1)
    laws = [accumulate_same_error, accumulate_fresh_error]
    right, wrong = (
        law(dimension, 1.0, size, generations)[-1] for law in laws[:: 1 if same else -1]
    )
    error = errors.std(ddof=1) / np.sqrt(runs)
    assert abs(errors.mean() - right) < 4 * error
    assert abs(errors.mean() - wrong) > 4 * error


@pytest.mark.parametrize(
    ("preset", "bound", "law", "above"),
    [
        ("regression", "if_accumulated", "replace", False),
        ("regression-accumulate", "if_replaced", "accumulate_same", True),
    ],
)
def test_each_policy_bounds_the_other(preset: str, bound: str, law: str, above: bool) -> None:
    experiment = load(preset, generations=30)
    if preset == "regression-accumulate":
        experiment = load(preset, generations=30, **{"engine.design": "same"})
    curves = {curve.name: curve for curve in curves_of(experiment)[0]}
    limits = curves[f"regression.{bound}.test_error.mean"]
    exact = curves[f"regression.{law}.test_error.mean"].values
    assert limits.status == "bound"
    known = np.isfinite(limits.values)
    assert known[2:].all()
    assert known[:2].all() == above
    gap = (limits.values - exact)[known] * (1 if above else -1)
    assert (gap >= -1e-12).all()
    assert gap[-1] > 0.1 * exact[-1]
    other = {"if_accumulated": "if_replaced", "if_replaced": "if_accumulated"}[bound]
    assert f"regression.{other}.test_error.mean" not in curves


def test_there_is_no_bound_by_accumulation_where_sizes_grow() -> None:
    growing = {"schedule.name": "linear", "schedule.size": 100}
    names = {curve.name for curve in curves_of(load("regression", generations=9, **growing))[0]}
    assert "regression.replace.test_error.mean" in names
    assert "regression.if_accumulated.test_error.mean" not in names
