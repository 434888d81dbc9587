"""Freeze law, first passage and the dichotomy of schedules, docs/theory.md §1."""

from collections.abc import Callable

import numpy as np
import pytest

from engines.theory.gaussian import limit
from engines.theory.survival import gaussian_survival_bound

Agrees = Callable[[float, str], bool]


@pytest.mark.parametrize(
    ("estimator", "level", "oracle"),
    [
        ("unbiased", 0.75, "0.816"),
        ("unbiased", 0.95, "2.920"),
        ("unbiased", 0.995, "9.925"),
        ("mle", 0.75, "0.524"),
        ("mle", 0.95, "1.507"),
        ("mle", 0.995, "3.256"),
    ],
)
def test_freeze(agrees: Agrees, estimator: str, level: float, oracle: str) -> None:
    assert agrees(limit.freeze_quantile(level, estimator), oracle)
    assert limit.freeze_quantile(1 - level, estimator) == pytest.approx(-float(oracle), abs=6e-4)


@pytest.mark.parametrize(
    ("size", "oracle", "simulated"), [(10, "39.97", 42.86), (50, "224.1", 230.4)]
)
def test_first_passage(agrees: Agrees, size: int, oracle: str, simulated: float) -> None:
    assert agrees(limit.first_passage(size, 0.1), oracle)
    assert limit.first_passage(size, 0.1) < simulated
    assert limit.first_passage(size, 0.1, "mle") < limit.first_passage(size, 0.1)


def test_survival_bound_holds_in_simulation() -> None:
    steps = np.random.Generator(np.random.PCG64(1)).chisquare(9, (20_000, 89)) / 9
    alive = np.mean(np.sqrt(np.prod(steps, axis=1)) > 0.1)
    assert alive < gaussian_survival_bound(0.1, 10, 89)[89] <= 1


@pytest.mark.parametrize("exponent", [0.0, 0.5, 1.0, 1.5, 2.0])
def test_sums_of_inverse_sizes(exponent: float) -> None:
    direct = np.sum(np.arange(1, 201.0) ** -exponent) / 20
    assert limit.inverse_size_sum(20, exponent, 200) == pytest.approx(direct)


def test_dichotomy() -> None:
    assert limit.inverse_size_sum(20, 2, np.inf) == pytest.approx(np.pi**2 / 120)
    assert np.isinf(limit.inverse_size_sum(20, 1, np.inf))
    assert limit.collapses("constant")
    assert limit.collapses("linear")
    assert limit.collapses("power", 1.0)
    assert not limit.collapses("power", 1.01)
    assert not limit.collapses("geometric", 1.1)
    assert limit.collapses("geometric", 0.9)
    with pytest.raises(ValueError, match="got 'list'"):
        limit.collapses("list")
