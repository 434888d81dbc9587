"""Metrics of points against scipy, numpy and Borji's listing written anew."""

from typing import Any

import numpy as np
import pytest
from scipy import stats

from engines.arrays import FloatArray
from engines.data import Counts, Points
from engines.laws.discrete import DiscreteLaw
from engines.laws.normal import NormalLaw
from engines.laws.real import RealLaw
from engines.metrics.observation import Baseline, Observation
from engines.metrics.points import density_histogram, w1_sorted
from engines.metrics.registry import METRICS
from engines.streams import Streams

SOURCE = NormalLaw(np.zeros(1), np.array([2.0]))


def observation(drawn: FloatArray, real: FloatArray, law: RealLaw | None = None) -> Observation:
    """Return what a metric sees of points, shape (R, n), beside real ones, shape (R, m)."""
    baseline = Baseline(SOURCE, Points.of_rows(real), 1)
    return Observation(law or SOURCE, Points.of_rows(drawn), Streams(1, 3), baseline)


def of(name: str, seen: Observation) -> FloatArray:
    """Return the values of a metric."""
    return METRICS[name].compute(seen)


def pair(n: int, m: int, replicates: int = 3) -> tuple[FloatArray, FloatArray]:
    """Return points of two laws; half of them rounded, so that there are ties."""
    generator = np.random.default_rng(n + 1000 * m)
    rows = generator.standard_normal((replicates, n)) * 1.5 + 0.3
    real = generator.standard_normal((replicates, m)) * 2.0
    rows[:, : n // 2] = rows[:, : n // 2].round(1)
    real[:, : m // 2] = real[:, : m // 2].round(1)
    return rows, real


SIZES = [(1, 1), (2, 1), (1, 5), (7, 7), (30, 12), (12, 30), (500, 333), (1_000, 1_000)]


@pytest.mark.parametrize(("n", "m"), SIZES)
def test_w1_is_scipys(n: int, m: int) -> None:
    rows, real = pair(n, m)
    found = of("w1_sample", observation(rows, real))
    for r in range(3):
        expected = stats.wasserstein_distance(rows[r], real[r])
        assert found[r] == pytest.approx(expected, abs=1e-12)
        assert stats.wasserstein_distance(rows[r] + 0.01, real[r]) != pytest.approx(
            found[r], abs=1e-12
        )


@pytest.mark.parametrize("side", [-50.0, 50.0])
def test_w1_of_sets_that_do_not_overlap(side: float) -> None:
    rows, real = pair(40, 25)
    found = of("w1_sample", observation(rows + side, real))
    expected = [stats.wasserstein_distance(rows[r] + side, real[r]) for r in range(3)]
    np.testing.assert_allclose(found, expected, rtol=1e-12)


@pytest.mark.parametrize(("n", "m"), SIZES)
def test_w2_is_the_optimal_coupling(n: int, m: int) -> None:
    """Both sets repeated to the same length, sorted and matched."""
    rows, real = pair(n, m)
    found = of("w2_sample", observation(rows, real))
    common = np.lcm(n, m)
    for r in range(3):
        left = np.repeat(np.sort(rows[r]), common // n)
        right = np.repeat(np.sort(real[r]), common // m)
        assert found[r] == pytest.approx(float(np.sqrt(((left - right) ** 2).mean())), abs=1e-9)


def test_energy_and_mmd_of_all_points_when_there_are_few() -> None:
    rows, real = pair(60, 45)
    seen = observation(rows, real)
    for r in range(3):
        expected = stats.energy_distance(rows[r], real[r]) ** 2
        assert of("energy_sample", seen)[r] == pytest.approx(expected, abs=1e-10)

        def kernel(x: FloatArray, y: FloatArray) -> float:
            return float(np.exp(-0.5 * ((x[:, None] - y) / 2.0) ** 2).mean())

        x, y = rows[r], real[r]
        mmd = kernel(x, x) + kernel(y, y) - 2 * kernel(x, y)
        assert of("mmd_sample", seen)[r] == pytest.approx(mmd, abs=1e-10)


def test_energy_and_mmd_of_many_points_take_a_thousand_of_them() -> None:
    rows, real = pair(5_000, 4_000, 1)
    seen = observation(rows, real)
    exact = stats.energy_distance(rows[0], real[0]) ** 2
    assert of("energy_sample", seen)[0] == pytest.approx(exact, abs=0.03)
    assert of("energy_sample", seen)[0] == of("energy_sample", observation(rows, real))[0]


def listing(p: FloatArray, q: FloatArray, *, shared: bool) -> float:
    """Return Borji's compute_kl_divergence as docs/theory.md §12 describes it.

    Two np.histogram calls of 100 bins with density=True, each on its own range unless
    shared; zeros become 1e-10; scipy.stats.entropy renormalises both.
    """
    span = (min(p.min(), q.min()), max(p.max(), q.max())) if shared else None
    one, _ = np.histogram(p, bins=100, range=span, density=True)
    two, _ = np.histogram(q, bins=100, range=span, density=True)
    one[one == 0] = 1e-10
    two[two == 0] = 1e-10
    return float(stats.entropy(one, two))


@pytest.mark.parametrize(("n", "m"), [(5, 5), (800, 800), (3_000, 800)])
def test_histogram_estimates_are_the_listing(n: int, m: int) -> None:
    rows, real = pair(n, m)
    seen = observation(rows, real)
    for r in range(3):
        for name, expected in (
            ("kl_as_published", listing(rows[r], real[r], shared=False)),
            ("kl_shared_bins", listing(rows[r], real[r], shared=True)),
            ("kl_shared_bins_reverse", listing(real[r], rows[r], shared=True)),
        ):
            assert of(name, seen)[r] == pytest.approx(expected, rel=1e-9, abs=1e-12), name


def test_the_listing_does_not_see_shifts_and_shared_bins_do() -> None:
    """docs/theory.md §12: unchanged for x → a x + b, as in the listing."""
    rows, _ = pair(3_000, 1, 1)
    assert of("kl_as_published", observation(rows + 100, rows))[0] == pytest.approx(0.0, abs=1e-9)
    assert of("kl_shared_bins", observation(rows + 100, rows))[0] > 20
    real = pair(800, 1, 1)[0] * 1.7
    before = of("kl_as_published", observation(rows, real))[0]
    after = of("kl_as_published", observation(8 * rows + 3, real))[0]
    assert after == pytest.approx(before, rel=1e-6)


def test_null_of_the_listing() -> None:
    """Same law, 30,000 against 800: 0.239 ± 0.009; against 30,000: 0.057 ± 0.004."""
    generator = np.random.default_rng(5)
    large = generator.standard_normal((40, 30_000))
    for size, expected, error in ((800, 0.239, 0.009), (30_000, 0.057, 0.004)):
        found = of("kl_as_published", observation(large, generator.standard_normal((40, size))))
        own = found.std() / np.sqrt(len(found))
        assert abs(found.mean() - expected) < 4 * np.hypot(own, error)


@pytest.mark.parametrize("size", [1, 2, 50, 1_001])
def test_densities_are_numpys(size: int) -> None:
    ordered = np.sort(np.random.default_rng(size).standard_normal(size).round(1))
    low, high = float(ordered[0]), float(ordered[-1])
    if low == high:
        low, high = low - 0.5, high + 0.5
    edges = np.linspace(low, high, 101)
    expected, _ = np.histogram(ordered, bins=edges, density=True)
    np.testing.assert_allclose(density_histogram(ordered, edges), expected, rtol=1e-12)


def test_points_that_are_all_equal_are_flagged_not_raised() -> None:
    rows = np.full((2, 10), 3.0)
    real = pair(10, 10, 2)[1]
    seen = observation(rows, real)
    for name in METRICS:
        if name.endswith("_sample") or name.startswith("kl_shared") or name == "kl_as_published":
            values = of(name, seen)
            assert values.shape == (2,), name
            undefined = name in {"skewness_sample", "kurtosis_sample"}
            assert np.isnan(values).all() == undefined, name


def test_points_within_one_rounding_of_each_other() -> None:
    """A range too narrow for 100 bins: undefined, never a warning."""
    rows = np.array([[1.0, 1.0 + 2e-16, 1.0 + 4e-16]])
    values = of("kl_as_published", observation(rows, rows + 5.0))
    assert np.isnan(values).all()


def test_sample_moments_are_scipys() -> None:
    rows, real = pair(400, 400)
    seen = observation(rows, real)
    for name, expected in (
        ("mean_sample", rows.mean(axis=1)),
        ("variance_sample", rows.var(axis=1)),
        ("skewness_sample", stats.skew(rows, axis=1)),
        ("kurtosis_sample", stats.kurtosis(rows, axis=1)),
    ):
        np.testing.assert_allclose(of(name, seen), expected, rtol=1e-9, atol=1e-12)


def test_sample_moments_of_counts_are_those_of_their_points() -> None:
    counts = np.array([[3, 0, 7, 2], [1, 1, 1, 9]])
    values = np.array([0.0, 1.0, 2.0, 5.0])
    law = DiscreteLaw(np.array([[0.4, 0.3, 0.2, 0.1]]), values)
    real = np.array([[4, 3, 2, 3], [4, 3, 2, 3]])
    seen = Observation(law, Counts(counts), Streams(1, 1), Baseline(law, Counts(real), 1))
    for r in range(2):
        points = np.repeat(values, counts[r])
        originals = np.repeat(values, real[r])
        for name, expected in (
            ("mean_sample", points.mean()),
            ("variance_sample", points.var()),
            ("skewness_sample", stats.skew(points)),
            ("kurtosis_sample", stats.kurtosis(points)),
            ("w1_sample", stats.wasserstein_distance(points, originals)),
        ):
            assert of(name, seen)[r] == pytest.approx(expected, abs=1e-12), name


def test_tail_mass() -> None:
    """Strictly below the source's 1 % or above its 99 % quantile; beyond 3 source sd."""
    model = NormalLaw(np.array([0.0, 1.0]), np.array([2.0, 0.5]))
    rows, real = pair(5, 5, 2)
    seen = observation(rows, real, model)
    quantile = 2.0 * stats.norm.ppf(0.99)
    one = stats.norm.cdf(-quantile, 1, 0.5) + stats.norm.sf(quantile, 1, 0.5)
    np.testing.assert_allclose(of("tail_mass", seen), [0.02, one], atol=1e-9)
    far = stats.norm.cdf(-6, 1, 0.5) + stats.norm.sf(6, 1, 0.5)
    np.testing.assert_allclose(of("tail_mass_3sd", seen), [2 * stats.norm.sf(3), far], atol=1e-9)


def test_tail_mass_of_states() -> None:
    """The 1 % quantile is the first state that reaches 1 %; it does not lie in the tail."""
    values = np.arange(5.0)
    source = DiscreteLaw(np.array([[0.004, 0.003, 0.983, 0.008, 0.002]]), values)
    model = DiscreteLaw(np.array([[0.1, 0.2, 0.3, 0.15, 0.25]]), values)
    counts = Counts(np.array([[1, 1, 1, 1, 1]]))
    seen = Observation(model, counts, Streams(1, 1), Baseline(source, counts, 1))
    # quantiles: 1 % at 2, 99 % at 2 (0.004 + 0.003 + 0.983 = 0.99)
    assert of("tail_mass", seen)[0] == pytest.approx(0.1 + 0.2 + 0.15 + 0.25)
    unnamed = DiscreteLaw(model.probabilities, values, has_values=False)
    nameless = Observation(unnamed, counts, Streams(1, 1), Baseline(source, counts, 1))
    assert np.isnan(of("tail_mass", nameless)[0])


def test_modes_of_mixtures() -> None:
    from engines.laws.mixture import MixtureLaw, NormalShape, UniformShape

    def modes(*shapes: Any) -> float:
        weights = np.full(len(shapes), 1 / len(shapes))
        return float(MixtureLaw(weights, shapes).modes()[0])

    assert modes(NormalShape(0, 1)) == 1
    assert modes(NormalShape(-2, 0.5), NormalShape(3, 1)) == 2
    assert modes(NormalShape(-2, 0.5), NormalShape(3, 1), UniformShape(-9, -8)) == 3
    assert modes(NormalShape(0, 1), NormalShape(1.9, 1)) == 1


def test_w1_between_equal_sets_is_zero() -> None:
    points = np.sort(np.random.default_rng(1).standard_normal(100))
    assert w1_sorted(points, points) == pytest.approx(0.0, abs=1e-15)


def test_every_metric_says_what_it_is() -> None:
    for name, metric in METRICS.items():
        assert metric.name == name
        assert 0 < len(metric.label) <= 18, name
        assert metric.sentence
        assert metric.kinds
