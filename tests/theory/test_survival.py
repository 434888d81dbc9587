"""Survival of Poisson, Bernoulli and Gaussian runs: docs/theory.md §6 and literal loops."""

import numpy as np
import pytest

from engines.theory.survival import (
    bernoulli_survival,
    bernoulli_survival_bound,
    gaussian_survival_bound,
    poisson_survival,
    poisson_survival_bound,
)


@pytest.mark.parametrize(
    ("generation", "expected"), [(1, 0.999955), (5, 0.955878), (10, 0.821389), (40, 0.378551)]
)
def test_poisson_survival_to_the_digits_given(generation: int, expected: float) -> None:
    found = poisson_survival(0.5, np.full(40, 20))
    assert found[generation] == pytest.approx(expected, abs=6e-7)


@pytest.mark.parametrize(
    ("generation", "expected"), [(1, 0.99995), (5, 0.86466), (10, 0.63212), (40, 0.22120)]
)
def test_poisson_bound_to_the_digits_given(generation: int, expected: float) -> None:
    assert poisson_survival_bound(0.5, 20, 40)[generation] == pytest.approx(expected, abs=6e-6)


def test_poisson_survival_with_varying_sizes_against_a_literal_loop() -> None:
    sizes = np.array([10, 30, 5, 20, 40])
    generator = np.random.default_rng(11)
    runs = 40_000
    rate = np.full(runs, 0.4)
    for size in sizes:
        rate = generator.poisson(rate * size) / size
    expected = poisson_survival(0.4, sizes)[-1]
    error = np.sqrt(expected * (1 - expected) / runs)
    alive = (rate > 0).mean()
    assert abs(alive - expected) < 4 * error
    assert abs(alive - poisson_survival(0.4, np.full(5, 10))[-1]) > 4 * error


def test_bernoulli_survival_against_a_literal_loop() -> None:
    generator = np.random.default_rng(12)
    runs, size = 40_000, 30
    share = np.full(runs, 0.2)
    for _ in range(40):
        share = generator.binomial(size, share) / size
    expected = bernoulli_survival(0.2, size, 40)
    error = np.sqrt(expected[40] * (1 - expected[40]) / runs)
    alive = ((share > 0) & (share < 1)).mean()
    assert abs(alive - expected[40]) < 4 * error
    assert abs(alive - expected[36]) > 4 * error


def test_bounds_hold_and_are_not_the_law() -> None:
    exact = bernoulli_survival(0.2, 50, 300)
    bound = bernoulli_survival_bound(0.2, 50, 300)
    assert (bound[1:] >= exact[1:] - 1e-12).all()
    assert bound[100] > 1.01 * exact[100]
    assert gaussian_survival_bound(10, 89, 0.1)[89] == pytest.approx(1.0)
    assert gaussian_survival_bound(10, 200, 0.1)[200] == pytest.approx(10 * np.exp(-5.0))
