"""Survival of Poisson, Bernoulli and Gaussian runs: docs/theory.md §6 and literal loops."""

import numpy as np
import pytest

from engines.theory.gaussian.moments import Fits
from engines.theory.survival import (
    FIGURE_MOMENT,
    OVERLAYS,
    bernoulli_survival,
    bernoulli_survival_lower,
    bernoulli_survival_upper,
    gaussian_moment_bound,
    gaussian_survival_bound,
    poisson_survival,
    poisson_survival_lower,
    poisson_survival_upper,
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
    assert poisson_survival_lower(0.5, 20, 40)[generation] == pytest.approx(expected, abs=6e-6)


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
    bound = bernoulli_survival_upper(0.2, 50, 300)
    assert (bound[1:] >= exact[1:] - 1e-12).all()
    assert bound[100] > 1.01 * exact[100]
    assert gaussian_survival_bound(0.1, 10, 89)[89] == pytest.approx(1.0)
    assert gaussian_survival_bound(0.1, 10, 200)[200] == pytest.approx(10 * np.exp(-5.0))


@pytest.mark.parametrize(("count", "stored"), [(10, 0.039), (100, 0.33)])
def test_the_poisson_ceiling_is_the_theory_drawn(count: int, stored: float) -> None:
    """Stored figures of Suresh et al. 2024, arXiv:2412.17646, after 500 generations."""
    digit = 0.01 if stored > 0.1 else 0.001
    assert abs(poisson_survival_upper(0.1, 10 * count, 500)[500] - stored) < digit
    assert abs(poisson_survival_lower(0.1, 10 * count, 500)[500] - stored) > digit


@pytest.mark.parametrize("rate", [0.01, 0.5, 3.0])
def test_poisson_survival_lies_between_its_bounds(rate: float) -> None:
    exact = poisson_survival(rate, np.full(400, 20))
    ceiling = poisson_survival_upper(rate, 20, 400)
    assert (poisson_survival_lower(rate, 20, 400) <= exact + 1e-15).all()
    assert (exact <= ceiling + 1e-15).all()
    # One generation later it would be no bound.
    assert (ceiling[2:] < exact[1:-1]).any()


@pytest.mark.parametrize(("probability", "size"), [(0.2, 50), (0.5, 10), (0.01, 100)])
def test_two_states_lie_between_their_bounds(probability: float, size: int) -> None:
    exact = bernoulli_survival(probability, size, 300)
    floor = bernoulli_survival_lower(probability, size, 300)
    assert (floor <= exact + 1e-12).all()
    assert (exact[1:] <= bernoulli_survival_upper(probability, size, 300)[1:] + 1e-12).all()
    # With 1/5 for the 1/4 it would be no bound once few are left undecided.
    assert (1.25 * floor > exact + 1e-12).any() == (probability == 0.5)


def test_the_bounds_of_two_states_are_those_of_the_stored_figure() -> None:
    """Suresh et al. 2024, arXiv:2412.17646: p = 0.001, n = 10,000, after 50 generations."""
    assert bernoulli_survival_lower(0.001, 10_000, 50)[50] == pytest.approx(0.004, abs=5e-4)
    assert bernoulli_survival_upper(0.001, 10_000, 50)[50] == 1.0


def test_the_bound_drawn_by_suresh_is_that_of_the_moment_of_order_0_7() -> None:
    """Stored figure of Suresh et al. 2024: 0.52 at 89 generations of 10 samples."""
    fits = Fits(np.full(89, 10.0), np.ones(89))
    assert gaussian_moment_bound(fits, 0.1, FIGURE_MOMENT)[89] == pytest.approx(0.5176, abs=5e-5)
    assert gaussian_moment_bound(fits, 0.1, 0.6)[89] != pytest.approx(0.52, abs=0.005)
    assert gaussian_survival_bound(0.1, 10, 89)[89] == 1.0
    names = {overlay.name for overlay in OVERLAYS if overlay.status == "bound"}
    assert "gaussian.suresh_figure.alive.mean" in names


def test_the_first_moment_bound_is_the_one_drawn_and_holds() -> None:
    """Stored figure of Suresh et al. 2024: "Bertrand" at 89 generations of 10 samples, 0.85."""
    sizes, ones = np.full(200, 10.0), np.ones(200)
    bound = gaussian_moment_bound(Fits(sizes, ones), 0.1)
    assert bound[89] == pytest.approx(0.85, abs=0.005)
    assert gaussian_moment_bound(Fits(sizes, np.full(200, 0.9)), 0.1)[89] != pytest.approx(
        0.85, abs=0.005
    )
    generator = np.random.default_rng(13)
    logs = np.log(generator.chisquare(9, (200, 20_000)) / 9).cumsum(axis=0) / 2
    alive = (logs > np.log(0.1)).mean(axis=1)
    assert (alive <= bound[1:]).all()
    assert (alive <= gaussian_moment_bound(Fits(sizes, ones), 0.1, FIGURE_MOMENT)[1:]).all()
    assert bound[200] < 1.5 * gaussian_survival_bound(0.1, 10, 200)[200]
