"""The tabulated law of a kernel estimate against the exact sum of its kernels."""

import numpy as np
import pytest
from scipy import stats

from engines.arrays import FloatArray
from engines.laws.kernel import kernel_law
from engines.laws.mixture import MixtureLaw, NormalShape, UniformShape
from engines.laws.normal import NormalLaw
from engines.metrics import quadrature
from engines.numerics.kernels import KERNELS

NAMES = tuple(KERNELS)
DATA_A = MixtureLaw(
    np.array([3 / 8, 3 / 8, 1 / 4]),
    (NormalShape(-2, 0.5), NormalShape(3, 1), UniformShape(-4, -3)),
)


def training(size: int = 400) -> FloatArray:
    """Return points of data A, ascending."""
    generator = np.random.default_rng(2)
    owner = generator.choice(3, size, p=DATA_A.weights)
    normals, uniforms = generator.standard_normal(size), generator.random(size)
    return np.sort(np.choose(owner, (-2 + 0.5 * normals, 3 + normals, -4 + uniforms)))


def exact_cdf(points: FloatArray, scale: float, name: str, x: FloatArray) -> FloatArray:
    """Return the mean of the kernels' cdfs."""
    return KERNELS[name].cdf((x[:, None] - points) / scale).mean(axis=1)


def exact_density(points: FloatArray, scale: float, name: str, x: FloatArray) -> FloatArray:
    """Return the mean of the kernels' densities."""
    logs = KERNELS[name].log_density((x[:, None] - points) / scale)
    return np.exp(logs).mean(axis=1) / scale


@pytest.mark.parametrize("bandwidth", [0.02, 0.1, 0.5, 3.0])
@pytest.mark.parametrize("name", NAMES)
def test_cdf_at_a_thousand_places(name: str, bandwidth: float) -> None:
    """Below 1e-4 everywhere (of a tophat, whose steps are cells, rounding); others are far off."""
    points = training()
    law = kernel_law(points, bandwidth, KERNELS[name])
    x = np.linspace(points[0] - 4 * bandwidth, points[-1] + 4 * bandwidth, 1_000)
    ours, exact = law.cdf(x)[0], exact_cdf(points, bandwidth, name, x)
    assert np.abs(ours - exact).max() < (1e-12 if name == "tophat" else 1e-4)
    wrong = exact_cdf(points, 2 * bandwidth, name, x)
    assert np.abs(ours - wrong).max() > 1e-3


@pytest.mark.parametrize("name", NAMES)
def test_density_and_its_logarithm(name: str) -> None:
    """Within 1 % of the highest density."""
    points = training(60)
    law = kernel_law(points, 0.5, KERNELS[name])
    x = np.linspace(-6.0, 7.0, 1_000)
    ours, exact = law.density(x)[0], exact_density(points, 0.5, name, x)
    error = np.abs(ours - exact)
    assert error.max() < 0.01 * exact.max()
    logs = law.log_density(x)[0]
    inside = exact > 0.01 * exact.max()
    assert np.abs(logs - np.log(np.maximum(exact, 1e-300)))[inside].max() < 0.1
    if KERNELS[name].bounded:
        assert np.isneginf(logs[x < points[0] - 0.51]).all()
        assert np.isneginf(logs[x > points[-1] + 0.51]).all()


def test_log_density_far_from_all_points_is_the_nearest_kernels() -> None:
    points = training(50)
    law = kernel_law(points, 0.1, KERNELS["gaussian"])
    x = np.array([points[0] - 3.0, points[-1] + 5.0])
    expected = -0.5 * (np.array([3.0, 5.0]) / 0.1) ** 2 - np.log(50 * 0.1 * np.sqrt(2 * np.pi))
    np.testing.assert_allclose(law.log_density(x)[0], expected, rtol=1e-9)


@pytest.mark.parametrize("name", NAMES)
def test_moments_are_exact(name: str) -> None:
    """Against 400 points times 20,001 quadrature nodes of the kernel."""
    points, scale = training(80), 0.7
    law = kernel_law(points, scale, KERNELS[name])
    u = np.linspace(-45.0, 45.0, 90_001) if name == "exponential" else np.linspace(-9, 9, 90_001)
    weights = np.diff(KERNELS[name].cdf(u))
    noise = 0.5 * (u[1:] + u[:-1]) * scale
    centre = points - points.mean()
    k2, k4 = weights @ noise**2, weights @ noise**4
    m2, m3, m4 = (centre**2).mean(), (centre**3).mean(), (centre**4).mean()
    variance = m2 + k2
    assert law.mean()[0] == pytest.approx(points.mean())
    assert law.variance()[0] == pytest.approx(variance, rel=1e-6)
    assert law.skewness()[0] == pytest.approx(m3 / variance**1.5, rel=1e-5)
    assert law.kurtosis()[0] == pytest.approx((m4 + 6 * m2 * k2 + k4) / variance**2 - 3, abs=1e-5)


@pytest.mark.parametrize("bandwidth", [0.05, 0.5])
@pytest.mark.parametrize("name", NAMES)
def test_w1_tv_and_tail_mass_against_the_exact_sum(name: str, bandwidth: float) -> None:
    """Error of W1 below 1e-4 source sd = 2.9e-4, of the others below 1e-3 (20,001 nodes)."""
    points = training()
    law = kernel_law(points, bandwidth, KERNELS[name])
    x = np.linspace(-25.0, 25.0, 20_001)
    exact, source = exact_cdf(points, bandwidth, name, x), DATA_A.cdf(x)[0]
    w1 = np.trapezoid(np.abs(exact - source), x)
    assert abs(float(quadrature.w1(law, DATA_A)[0]) - w1) < 2.9e-4
    tv = 0.5 * np.abs(np.diff(exact) - np.diff(source)).sum()
    assert abs(float(quadrature.tv(law, DATA_A)[0]) - tv) < 2e-3
    energy = 2 * np.trapezoid((exact - source) ** 2, x)
    assert abs(float(quadrature.energy(law, DATA_A)[0]) - energy) < 1e-3
    low, high = (float(q) for q in DATA_A.quantile(np.array([0.01, 0.99]))[0])
    tails = float(law.cdf_before(np.array([low]))[0, 0] + 1 - law.cdf(np.array([high]))[0, 0])
    expected = exact_cdf(points, bandwidth, name, np.array([low, high]))
    assert abs(tails - (expected[0] + 1 - expected[1])) < 1e-4


@pytest.mark.parametrize("name", sorted(set(NAMES) - {"gaussian"}))
def test_there_is_no_density_between_points_far_apart(name: str) -> None:
    """KL and JS of sixty points and an outlier: of a law of which most is a gap."""
    points = np.append(training(60), 5_000.0)
    law = kernel_law(points, 0.3, KERNELS[name])
    between = law.density(np.linspace(100.0, 4_900.0, 50))[0]
    assert between.max() < 1e-12
    assert 0.0 < quadrature.js(law, DATA_A)[0] < np.log(2)


@pytest.mark.parametrize("name", NAMES)
def test_numbers_too_close_for_a_table_are_refused(name: str) -> None:
    """At 1e9 neighbouring numbers are 1.2e-7 apart."""
    points = 1e9 + np.arange(5.0)
    narrow, fine, wide = (kernel_law(points, h, KERNELS[name]) for h in (1e-9, 1e-5, 0.1))
    assert "neighbouring numbers are 1.19e-07 apart" in narrow.fault()
    assert np.isnan(narrow.outside(1e9, 1e9 + 2)[0])
    assert fine.fault() == ""
    assert "32 times that would be right" in fine.fault(density=True)
    assert wide.fault(density=True) == ""
    assert [float(law.modes()[0]) for law in (fine, wide)] == pytest.approx(
        [np.nan, 5], nan_ok=True
    )


def test_a_normal_kernel_estimate_of_one_point_is_a_normal_law() -> None:
    law = kernel_law(np.array([0.3]), 0.7, KERNELS["gaussian"])
    truth = NormalLaw(np.array([0.3]), np.array([0.7]))
    other = NormalLaw(np.array([0.0]), np.array([1.0]))
    x = np.linspace(-4, 4, 101)
    np.testing.assert_allclose(law.cdf(x), truth.cdf(x), atol=1e-5)
    u = np.array([0.01, 0.3, 0.5, 0.99])
    np.testing.assert_allclose(law.quantile(u), truth.quantile(u), atol=1e-4)
    assert quadrature.w1(law, other)[0] == pytest.approx(
        np.trapezoid(np.abs(truth.cdf(x) - other.cdf(x))[0], x), abs=2e-3
    )
    assert law.modes()[0] == 1


@pytest.mark.parametrize("name", NAMES)
def test_points_that_are_all_equal_and_far_away(name: str) -> None:
    law = kernel_law(np.full(5, 1e6), 0.01, KERNELS[name])
    assert law.cdf(np.array([1e6 - 1, 1e6, 1e6 + 1]))[0] == pytest.approx([0, 0.5, 1], abs=5e-3)
    assert law.variance()[0] == pytest.approx(1e-4 * KERNELS[name].variance)


def test_modes_of_an_estimate_are_counted() -> None:
    points = training(4_000)
    assert kernel_law(points, 0.3, KERNELS["gaussian"]).modes()[0] == 3
    assert kernel_law(points, 3.0, KERNELS["gaussian"]).modes()[0] == 1


def test_scipys_estimate_is_the_same() -> None:
    points = training(100)
    reference = stats.gaussian_kde(points, bw_method="scott")
    law = kernel_law(points, float(np.sqrt(reference.covariance[0, 0])), KERNELS["gaussian"])
    x = np.linspace(-8, 8, 200)
    np.testing.assert_allclose(law.density(x)[0], reference(x), atol=1e-5)
