"""The six kernels: density, cdf, moments, characteristic function, draws, and scikit-learn."""

import numpy as np
import pytest
from scipy import integrate, stats
from sklearn.neighbors import KernelDensity as Reference

from engines.data import Points
from engines.families.kde import KernelDensity
from engines.numerics.kernels import KERNELS

NAMES = ("gaussian", "tophat", "epanechnikov", "exponential", "linear", "cosine")
kernels = pytest.mark.parametrize("name", NAMES)


def test_the_six_are_there() -> None:
    assert tuple(KERNELS) == NAMES


def density(name: str, x: np.ndarray) -> np.ndarray:
    """Return the density of a kernel of scale 1."""
    return np.exp(KERNELS[name].log_density(np.asarray(x, dtype=np.float64)))


@kernels
def test_density_integrates_to_one_with_the_stated_moments(name: str) -> None:
    kernel = KERNELS[name]
    reach = 60.0 if name == "exponential" else 12.0 if name == "gaussian" else 1.0
    for order, expected in ((0, 1.0), (2, kernel.variance), (4, kernel.fourth)):
        value, _ = integrate.quad(
            lambda x, order=order: x**order * float(density(name, np.array([x]))[0]),
            -reach,
            reach,
            points=[0.0],
            limit=200,
        )
        assert value == pytest.approx(expected, abs=1e-9), order


@kernels
def test_cdf_is_the_integral_of_the_density(name: str) -> None:
    kernel = KERNELS[name]
    for x in (-3.0, -0.9, -0.3, 0.0, 0.5, 0.99, 2.0):
        value, _ = integrate.quad(
            lambda u: float(density(name, np.array([u]))[0]),
            max(-40.0, -1.0 if kernel.bounded else -40.0),
            min(x, 1.0) if kernel.bounded else x,
            limit=200,
        )
        assert float(kernel.cdf(np.array([x]))[0]) == pytest.approx(max(value, 0.0), abs=1e-9)


@kernels
def test_less_than_1e_13_lies_beyond_the_reach(name: str) -> None:
    kernel = KERNELS[name]
    assert 2 * float(kernel.cdf(np.array([-kernel.reach]))[0]) < 2e-13
    assert kernel.bounded == (kernel.reach == 1.0)


@kernels
def test_characteristic_function_against_quadrature(name: str) -> None:
    kernel = KERNELS[name]
    x = np.linspace(-kernel.reach, kernel.reach, 200_001)
    middle = (x[1:] + x[:-1]) / 2
    mass = np.diff(kernel.cdf(x))
    t = np.array([0.0, 0.01, 0.04, 0.5, np.pi / 2, 3.0])
    direct = np.array([np.sum(mass * np.cos(u * middle)) for u in t])
    assert KERNELS[name].characteristic(t) == pytest.approx(direct, abs=1e-7)


@kernels
def test_variance_is_the_curvature(name: str) -> None:
    step = 1e-3
    curvature = 2 * (1 - KERNELS[name].characteristic(np.array([step]))[0]) / step**2
    assert curvature == pytest.approx(KERNELS[name].variance, rel=1e-4)


@kernels
def test_draws_follow_the_cdf_and_no_other(name: str) -> None:
    points = KERNELS[name].draw(100_000, np.random.default_rng(1))
    assert stats.kstest(points, KERNELS[name].cdf).pvalue > 1e-3
    for other in NAMES:
        if other != name:
            assert stats.kstest(points, KERNELS[other].cdf).pvalue < 1e-6, other


@kernels
def test_density_is_scikit_learns(name: str) -> None:
    """A sum over three points, at scale 0.7, by score_samples."""
    centres, x = np.array([-1.0, 0.2, 2.0]), np.linspace(-4.0, 5.0, 203)
    reference = Reference(kernel=name, bandwidth=0.7).fit(centres[:, None])
    expected = np.exp(reference.score_samples(x[:, None]))
    ours = density(name, (x[:, None] - centres) / 0.7).mean(axis=1) / 0.7
    np.testing.assert_allclose(ours, expected, atol=1e-12)


def test_bandwidth_rules_are_scipys_and_scikit_learns() -> None:
    rows = np.sort(np.random.default_rng(3).gamma(2.0, 3.0, (2, 57)), axis=1)

    def ours(rule: str) -> np.ndarray:
        return KernelDensity(bandwidth=rule).bandwidths(rows)  # pyright: ignore[reportArgumentType]

    for r, row in enumerate(rows):
        for rule in ("scott", "silverman"):
            estimate = stats.gaussian_kde(row, bw_method=rule)
            assert ours(rule)[r] == pytest.approx(float(np.sqrt(estimate.covariance[0, 0])))
            reference = Reference(bandwidth=rule).fit(row[:, None])
            assert ours(f"{rule}-sklearn")[r] == pytest.approx(reference.bandwidth_)
    assert not np.allclose(ours("scott"), ours("scott-sklearn"))
    fixed = KernelDensity(bandwidth=0.3).bandwidths(rows)
    assert fixed.tolist() == [0.3, 0.3]


@kernels
def test_samples_are_training_points_plus_noise(name: str) -> None:
    """D_n against the exact sum of kernels by KS; another bandwidth fails."""
    from engines.base import Context
    from engines.data import Form
    from engines.streams import Streams

    engine = KernelDensity(kernel=name, bandwidth=0.8)  # pyright: ignore[reportArgumentType]
    training = Points.of_rows(np.array([[-2.0, 0.0, 0.5, 4.0], [9.0, 8.0, 10.0, 7.0]]))
    streams = Streams(1, 1, 1)
    model = engine.fit(training, Context(streams, None, training))
    sizes = np.array([20_000, 20_000])
    drawn = engine.sample(model, sizes, Form.POINTS, Context(streams, None, training))
    assert isinstance(drawn, Points)
    for row, centres in zip(drawn.rows, training.rows, strict=True):

        def cdf(x: np.ndarray, scale: float = 0.8, centres: np.ndarray = centres) -> np.ndarray:
            return KERNELS[name].cdf((x[:, None] - centres) / scale).mean(axis=1)

        assert stats.kstest(row, cdf).pvalue > 1e-3
        assert stats.kstest(row, lambda x: cdf(x, 1.3)).pvalue < 1e-6
