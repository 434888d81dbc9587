"""Oracles of docs/theory.md §1: one dimension, replacement."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.arrays import FloatArray
from engines.theory.gaussian import moments as gaussian
from engines.theory.gaussian.moments import Fits
from engines.theory.gaussian.moments_nd import reverse_divergence_mean

Agrees = Callable[[float, str], bool]


def fits(size: int, generations: int, estimator: str) -> Fits:
    sizes = np.full(generations, float(size))
    return Fits(sizes, gaussian.shrinkage(sizes, estimator))


def unbiased(sizes: FloatArray) -> Fits:
    return Fits(sizes, np.ones(len(sizes)))


LAWS = {
    "point": gaussian.point_variance,
    "centre": gaussian.mean_variance,
    "sigma": lambda run: gaussian.variance_power(run, 0.5),
    "variance": lambda run: gaussian.variance_power(run, 1),
    "log": gaussian.log_variance_mean,
    "risk": gaussian.risk_mean,
    "risk variance": gaussian.risk_variance,
    "kl": gaussian.divergence_mean,
    "reverse": lambda run: reverse_divergence_mean(run, 1),
}

ORACLES = [
    ("point", 20, 10, "unbiased", "1.5"),
    ("centre", 20, 10, "unbiased", "0.5"),
    ("sigma", 20, 10, "unbiased", "0.876763"),
    ("log", 20, 10, "unbiased", "-0.535539"),
    ("risk", 20, 10, "unbiased", "0.746474"),
    ("risk variance", 20, 10, "unbiased", "1.22732"),
    ("point", 20, 10, "mle", "1.000000"),
    ("centre", 20, 10, "mle", "0.401263"),
    ("variance", 20, 10, "mle", "0.598737"),
    ("risk", 20, 10, "mle", "0.643155"),
    ("log", 20, 10, "mle", "-1.048472"),
    ("risk", 100, 1, "unbiased", "0.015044"),
    ("risk variance", 100, 1, "unbiased", "0.000251"),
    ("risk", 100, 10, "unbiased", "0.149872"),
    ("risk variance", 100, 10, "unbiased", "0.028825"),
    ("risk", 100, 100, "unbiased", "1.446320"),
    ("risk variance", 100, 100, "unbiased", "10.217"),
    ("risk", 100, 200, "unbiased", "2.793039"),
    ("sigma", 100, 100, "unbiased", "0.776840"),
    ("risk", 100, 100, "mle", "1.060014"),
    ("risk variance", 100, 100, "mle", "2.135111"),
    ("sigma", 100, 100, "mle", "0.469993"),
    ("variance", 100, 100, "mle", "0.366032"),
    ("kl", 20, 5, "unbiased", "0.258885"),
    ("kl", 20, 5, "mle", "0.262118"),
    ("kl", 100, 500, "unbiased", "5.0338"),
    ("reverse", 20, 5, "unbiased", "0.414747"),
    ("reverse", 20, 5, "mle", "0.573714"),
    ("kl", 100, 10, "unbiased", "0.100675"),
    ("reverse", 100, 10, "unbiased", "0.118564"),
]


@pytest.mark.parametrize(("law", "size", "generation", "estimator", "oracle"), ORACLES)
def test_oracle(
    agrees: Agrees, law: str, size: int, generation: int, estimator: str, oracle: str
) -> None:
    assert agrees(LAWS[law](fits(size, generation, estimator))[generation], oracle)


@pytest.mark.parametrize(
    ("law", "size", "generation", "estimator", "oracle"),
    [row for row in ORACLES if row[0] != "point" and row[2] > 1],
)
def test_estimators_differ(
    agrees: Agrees, law: str, size: int, generation: int, estimator: str, oracle: str
) -> None:
    other = "mle" if estimator == "unbiased" else "unbiased"
    assert not agrees(LAWS[law](fits(size, generation, other))[generation], oracle)


@pytest.mark.parametrize(
    ("size", "generation", "published", "exact"),
    [(20, 10, "0.75", "0.746474"), (100, 100, "1.5", "1.446320"), (100, 200, "3.0", "2.793039")],
)
def test_eq_4_is_only_first_order(
    agrees: Agrees, size: int, generation: int, published: str, exact: str
) -> None:
    value = gaussian.published_risk_mean(np.full(generation, float(size)))[generation]
    assert agrees(value, published)
    assert not agrees(value, exact)


def test_eq_5_is_wrong_at_leading_order(agrees: Agrees) -> None:
    sizes = np.full(5, 1000.0)
    published = gaussian.published_risk_variance(sizes) * 1e6
    assert [agrees(published[n], text) for n, text in [(1, "1.5"), (2, "7.0"), (5, "47.5")]]
    exact = gaussian.risk_variance(unbiased(sizes)) * 1e6
    assert exact[[1, 2, 5]] == pytest.approx([2.5, 10, 62.5], rel=0.01)
    assert np.all(exact[1:] > 1.3 * published[1:])
    assert agrees(gaussian.published_risk_variance(np.full(10, 20.0))[10], "0.4875")


@pytest.mark.parametrize(
    ("sizes", "oracles"),
    [
        (lambda i: 20.0 + 0 * i, ("0.7465", "6.4632", "52.0")),
        (lambda i: 20.0 * (i + 1), ("0.2203", "0.3869", "0.5549")),
        (lambda i: 20.0 * (i + 1) ** 1.5, ("0.1505", "0.1816", "0.1917")),
        (lambda i: np.rint(20.0 * (i + 1) ** 1.5), ("0.1503", "0.1814", "0.1915")),
        (lambda i: 20.0 * (i + 1) ** 2, ("0.1172", "0.1236", "0.1243")),
    ],
)
def test_schedules(
    agrees: Agrees, sizes: Callable[[FloatArray], FloatArray], oracles: tuple[str, str, str]
) -> None:
    numbers = sizes(np.arange(1000.0))
    risk = gaussian.risk_mean(unbiased(numbers))
    for generation, oracle in zip((10, 100, 1000), oracles, strict=True):
        assert agrees(risk[generation], oracle)


def test_schedule_oracles_beside_monte_carlo(agrees: Agrees) -> None:
    quadratic: FloatArray = 20.0 * np.arange(1.0, 31.0) ** 2
    assert agrees(gaussian.risk_mean(unbiased(quadratic))[30], "0.121887")
    linear: FloatArray = 20.0 * np.arange(1.0, 101.0)
    assert agrees(gaussian.variance_power(unbiased(linear), 0.5)[100], "0.936228")


@given(st.lists(st.integers(2, 10**6), min_size=1, max_size=30))
def test_mle_keeps_the_variance_of_a_point(sizes: list[int]) -> None:
    numbers = np.array(sizes, dtype=np.float64)
    run = Fits(numbers, gaussian.shrinkage(numbers, "mle"))
    assert gaussian.point_variance(run) == pytest.approx(np.ones(len(sizes) + 1))
    risk = gaussian.risk_mean(run)
    assert np.all(risk <= 2)
    assert np.all(np.diff(risk) >= -1e-12)


@given(st.lists(st.integers(4, 10**4), min_size=1, max_size=20), st.booleans())
def test_variances_are_not_negative(sizes: list[int], is_unbiased: bool) -> None:
    numbers = np.array(sizes, dtype=np.float64)
    run = Fits(numbers, gaussian.shrinkage(numbers, "unbiased" if is_unbiased else "mle"))
    tolerance = -1e-9
    assert np.all(gaussian.risk_variance(run) >= tolerance)
    assert np.all(gaussian.divergence_variance(run) >= tolerance)


def simulate(
    size: int, generations: int, estimator: str, runs: int
) -> tuple[FloatArray, FloatArray]:
    generator = np.random.Generator(np.random.PCG64(11))
    mean, sd = np.zeros(runs), np.ones(runs)
    for _ in range(generations):
        data = mean[:, None] + sd[:, None] * generator.standard_normal((runs, size))
        mean, sd = data.mean(axis=1), data.std(axis=1, ddof=int(estimator == "unbiased"))
    return mean, sd


@pytest.mark.parametrize("estimator", ["unbiased", "mle"])
def test_variances_of_risk_and_divergence_by_simulation(estimator: str) -> None:
    mean, sd = simulate(20, 4, estimator, 60_000)
    run = fits(20, 4, estimator)
    risk = mean**2 + (sd - 1) ** 2
    divergence = (mean**2 + sd**2 - 1) / 2 - np.log(sd)
    for values, law in (
        (risk, gaussian.risk_variance),
        (divergence, gaussian.divergence_variance),
    ):
        squares = (values - values.mean()) ** 2
        error = squares.std() / np.sqrt(len(squares))
        assert abs(squares.mean() - law(run)[4]) < 4 * error
    wrong = gaussian.published_risk_variance(run.sizes)[4]
    squares = (risk - risk.mean()) ** 2
    assert abs(squares.mean() - wrong) > 4 * squares.std() / np.sqrt(len(squares))


@pytest.mark.parametrize("level", [0.05, 0.5, 0.95])
def test_quantiles_of_log_sigma(level: float) -> None:
    generator = np.random.Generator(np.random.PCG64(5))
    logs = np.log(generator.chisquare(19, (200_000, 10)) / 19).sum(axis=1) / 2
    law = gaussian.log_sigma_quantile(fits(20, 10, "unbiased"), level)[10]
    assert np.quantile(logs, level) == pytest.approx(law, abs=4e-3)
    naive = gaussian.log_variance_mean(fits(20, 10, "unbiased"))[10] / 2
    assert abs(law - naive) > 4e-3
