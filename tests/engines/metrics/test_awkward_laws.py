"""Laws and data on which metrics once exceeded their error bounds: each is right or refused."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from scipy import stats
from typing_extensions import override

from collapse_tui.events import Generation
from collapse_tui.experiment.experiment import Experiment
from engines.arrays import FloatArray
from engines.data import Points
from engines.errors import InvalidExperimentError
from engines.laws.empirical import EmpiricalLaw
from engines.laws.kernel import KernelLaw, kernel_law
from engines.laws.lattice import Cells
from engines.laws.mixture import GammaShape, MixtureLaw, NormalShape, UniformShape
from engines.laws.normal import NormalLaw
from engines.laws.normal_mixture import NormalMixtureLaw
from engines.laws.real import RealLaw
from engines.metrics import quadrature, quantiles
from engines.metrics.faults import explain, fault
from engines.metrics.observation import Baseline, Observation
from engines.metrics.registry import METRICS
from engines.numerics.kernels import KERNELS
from engines.streams import Streams

MakeExperiment = Callable[..., Experiment]
Records = Callable[[Experiment], list[Generation]]
GAUSSIAN = KERNELS["gaussian"]


def normal(mean: float, sd: float) -> NormalLaw:
    """Return one normal law."""
    return NormalLaw(np.array([mean]), np.array([sd]))


def observe(law: RealLaw, source: RealLaw, *data: FloatArray) -> Observation:
    """Return what a metric sees of two laws, and of points (R, n) of both."""
    drawn, real = data or (np.zeros((1, 1)), np.zeros((1, 1)))
    baseline = Baseline(source, Points.of_rows(real), 1)
    return Observation(law, Points.of_rows(drawn), Streams(1, 3), baseline)


def primitive(law: NormalLaw, x: FloatArray) -> FloatArray:
    """Return ∫ F up to x."""
    mean, sd = float(law.means[0]), float(law.sds[0])
    scores = (x - mean) / sd
    return np.asarray((x - mean) * stats.norm.cdf(scores) + sd * stats.norm.pdf(scores))


def w1_to_points(law: NormalLaw, points: FloatArray) -> float:
    """Return W1 between a normal law and points in closed form, each cell cut where they cross."""
    levels = np.arange(1, len(points)) / len(points)
    left, right = points[:-1], points[1:]
    turn = np.clip(law.quantile(levels)[0], left, right)
    areas = [primitive(law, x) for x in (left, turn, right)]
    cells = np.abs(areas[1] - areas[0] - levels * (turn - left))
    cells += np.abs(areas[2] - areas[1] - levels * (right - turn))
    beyond = primitive(NormalLaw(-law.means, law.sds), -points[-1:])
    return float(primitive(law, points[:1])[0] + cells.sum() + beyond[0])


@pytest.mark.parametrize("size", [1_000, 4_098, 100_000])
def test_distances_to_a_long_file_of_heavy_tails(size: int) -> None:
    """Within 2e-4 sd of closed forms: no row is left out that matters."""
    points = np.sort(np.exp(2 * np.random.default_rng(0).standard_normal(size)))
    file, law = EmpiricalLaw(points), normal(float(points.mean()), float(points.std()))
    sd = float(points.std())
    assert abs(quadrature.w1(law, file)[0] - w1_to_points(law, points)) < 2e-4 * sd
    edges = stats.norm.ppf(np.arange(size + 1) / size)
    share = -np.diff(stats.norm.pdf(edges))
    w2 = 2 * points.var() - 2 * law.sds[0] * (points @ share)
    assert abs(quantiles.w2_squared(law, file)[0] - w2) < 1e-9 * sd**2
    shape = NormalMixtureLaw(np.ones((1, 1)), law.means[:, None], law.sds[:, None])
    assert abs(quantiles.w2_squared(shape, file)[0] - w2) < 1e-3 * sd**2


def test_one_point_far_from_a_kernel_estimate() -> None:
    """A lattice for each cluster: W1 and tail mass as the exact sum of kernels has them."""
    points = np.sort(np.append(np.random.default_rng(3).standard_normal(1_999), 999_999.0))
    law, file = kernel_law(points, 0.25, GAUSSIAN), EmpiricalLaw(points)
    assert isinstance(law.lattice, Cells)
    x = np.sort(np.concatenate([points, np.linspace(-8, 8, 3_001), points[-1] + [-3, -1, 1, 3]]))
    exact = stats.norm.cdf((x[:, None] - points) / 0.25).mean(axis=1)
    after, before = exact - file.cdf(x)[0], exact - file.cdf_before(x)[0]
    w1 = 0.5 * ((np.abs(after[:-1]) + np.abs(before[1:])) * np.diff(x)).sum()
    assert quadrature.w1(law, file)[0] == pytest.approx(w1, abs=2e-4)
    low, high = (float(q) for q in file.quantile(np.array([0.01, 0.99]))[0])
    tails = stats.norm.cdf((np.array([low, high])[:, None] - points) / 0.25).mean(axis=1)
    assert law.outside(low, high)[0] == pytest.approx(tails[0] + 1 - tails[1], abs=1e-5)
    assert 0.024 < w1 < 0.028


def test_a_kernel_estimate_that_no_table_resolves_is_refused_with_its_reason() -> None:
    law = kernel_law(np.linspace(0.0, 1.0, 30_000), 1e-7, GAUSSIAN)
    source = normal(0.5, 0.3)
    names = ("w1", "w2_squared", "tail_mass", "kl", "js", "tv", "modes", "mmd", "variance")
    seen = observe(law, source)
    values = {name: float(METRICS[name].compute(seen)[0]) for name in names}
    assert [name for name in names if np.isfinite(values[name])] == ["variance"]
    flags = explain(dict.fromkeys(names, "undefined in 1 of 1"), law, source)
    assert "with a bandwidth of 1e-07" in flags["w1"]
    assert flags["variance"] == "undefined in 1 of 1"


@pytest.mark.parametrize("bandwidth", [1e-3, 5e-3, 0.02])
@pytest.mark.parametrize("size", [400, 30_000])
def test_kl_of_small_bandwidths(size: int, bandwidth: float) -> None:
    """Within 1e-3 of the sum of all kernels at forty places a bandwidth."""
    points = np.sort(np.random.default_rng(5).standard_normal(size))
    step = bandwidth / 40
    x = np.arange(points[0] - 8 * bandwidth, points[-1] + 8 * bandwidth, step)
    density = np.zeros(len(x))
    reach = np.arange(-320, 321)
    # A point adds its kernel to the places within eight bandwidths.
    nearest = np.round((points - x[0]) / step).astype(np.int64)
    for shift in reach:
        at = nearest + shift
        inside = (at >= 0) & (at < len(x))
        scores = (x[at[inside]] - points[inside]) / bandwidth
        density += np.bincount(at[inside], stats.norm.pdf(scores), len(x))
    density /= size * bandwidth
    logs = np.log(np.maximum(density, 1e-300)) - stats.norm.logpdf(x)
    exact = float((density * logs).sum() * step)
    assert quadrature.kl(kernel_law(points, bandwidth, GAUSSIAN), normal(0, 1))[0] == pytest.approx(
        exact, abs=1e-3
    )


def test_w2_of_modes_far_apart() -> None:
    """The quantile functions jump at other levels: 3 % of the mass moves by 100."""
    p = NormalMixtureLaw(
        np.array([[0.47, 0.53]]), np.array([[-50.1, 49.9]]), np.array([[0.9, 1.1]])
    )
    q = MixtureLaw(np.array([0.5, 0.5]), (NormalShape(-50, 1), NormalShape(50, 1)))
    u = (np.arange(200_000) + 0.5) / 200_000
    left = np.where(u < 0.47, -50.1 + 0.9 * stats.norm.ppf(np.minimum(u / 0.47, 1)), 0)
    left += np.where(u >= 0.47, 49.9 + 1.1 * stats.norm.ppf(np.clip((u - 0.47) / 0.53, 0, 1)), 0)
    right = np.where(u < 0.5, -50 + stats.norm.ppf(np.minimum(2 * u, 1)), 0)
    right += np.where(u >= 0.5, 50 + stats.norm.ppf(np.maximum(2 * u - 1, 0)), 0)
    exact = float(np.nanmean((left - right) ** 2))
    assert quantiles.w2_squared(p, q)[0] == pytest.approx(exact, rel=1e-4)


def test_divergences_from_a_gamma_law_that_is_singular_at_0() -> None:
    """Against mpmath: KL(0‖n) and JS of Gamma(0.3, 1) and the normal law of its moments."""
    source = MixtureLaw(np.ones(1), (GammaShape(0.3, 1.0),))
    model = normal(0.3, np.sqrt(0.3))
    assert quadrature.kl(source, model)[0] == pytest.approx(1.872921, abs=1e-3)
    assert quadrature.js(model, source)[0] == pytest.approx(0.260354, abs=1e-4)
    flat = MixtureLaw(np.ones(1), (GammaShape(0.01, 1.0),))
    assert np.isnan(quadrature.js(model, flat)[0])
    assert "gamma law of shape 0.01" in fault("js", model, flat)
    assert fault("w1", model, flat) == ""


@pytest.mark.parametrize("mean", [0.0, 1e5, 1e9])
def test_moments_of_a_mixture_far_from_0(mean: float) -> None:
    law = MixtureLaw(np.array([0.5, 0.5]), (NormalShape(mean - 1, 1), NormalShape(mean + 1, 1)))
    assert law.kurtosis()[0] == pytest.approx(-0.5, abs=1e-6)
    assert law.skewness()[0] == pytest.approx(0.0, abs=1e-6)
    assert law.variance()[0] == pytest.approx(2.0, abs=1e-6)


@dataclass(frozen=True, eq=False)
class Steps(RealLaw):
    """A histogram as another package may write it: with its edges as nodes, or without."""

    edges: FloatArray
    masses: FloatArray

    def mean(self) -> FloatArray:
        return np.array([self.masses @ (self.edges[1:] + self.edges[:-1])]) / 2

    def variance(self) -> FloatArray:
        return np.ones(1)

    skewness = kurtosis = variance

    @override
    def cdf(self, x: FloatArray) -> FloatArray:
        return np.interp(x, self.edges, np.append(0.0, np.cumsum(self.masses)))[None]

    @override
    def density(self, x: FloatArray) -> FloatArray:
        heights = np.concatenate([[0.0], self.masses / np.diff(self.edges), [0.0]])
        return heights[np.searchsorted(self.edges, x, side="right")][None]

    def span(self) -> tuple[FloatArray, FloatArray]:
        return self.edges[:1], self.edges[-1:]


class StepsWithNodes(Steps):
    """Their edges are nodes, and a few hundred places between them."""

    @override
    def nodes(self) -> FloatArray:
        return np.unique(
            [np.linspace(a, b, 200) for a, b in zip(self.edges[:-1], self.edges[1:], strict=True)]
        )


def test_a_density_with_jumps_has_them_as_nodes_or_no_divergence() -> None:
    edges = np.linspace(-3.3, 3.9, 11)
    masses = np.random.default_rng(1).dirichlet(np.ones(10))
    exact = sum(
        m * np.log(m / (b - a)) + m * (0.5 * (a * a + a * b + b * b) / 3 + 0.5 * np.log(2 * np.pi))
        for m, a, b in zip(masses, edges[:-1], edges[1:], strict=True)
    )
    source = normal(0, 1)
    assert quadrature.kl(StepsWithNodes(edges, masses), source)[0] == pytest.approx(exact, abs=1e-4)
    bare = Steps(edges, masses)
    assert np.isnan(quadrature.kl(bare, source)[0])
    assert "do not resolve its density" in fault("kl", bare, source)
    assert np.isfinite(quadrature.w1(bare, source)[0])


def test_w1_of_samples_far_from_0() -> None:
    generator = np.random.default_rng(2)
    rows, real = 1e9 + 1e-3 * generator.standard_normal((2, 1, 5_000))
    law = normal(1e9, 1e-3)
    seen = observe(law, law, rows, real)
    exact = stats.wasserstein_distance(rows[0] - 1e9, real[0] - 1e9)
    assert METRICS["w1_sample"].compute(seen)[0] == pytest.approx(exact, rel=1e-9)


@pytest.mark.parametrize("scale", [1.0, 1e9, 1e12])
def test_the_listing_floors_empty_bins_only(scale: float) -> None:
    generator = np.random.default_rng(2)
    rows, real = scale * generator.standard_normal((2, 1, 1_000))
    p, q = (np.histogram(x[0], bins=100, density=True)[0] for x in (rows, real))
    listed = stats.entropy(np.where(p == 0, 1e-10, p), np.where(q == 0, 1e-10, q))
    law = normal(0, scale)
    seen = observe(law, law, rows, real)
    assert METRICS["kl_as_published"].compute(seen)[0] == pytest.approx(listed)


@pytest.mark.slow
def test_modes_of_borjis_recursion_merge_and_stay_one(outcomes: Any) -> None:
    """Sampling noise makes no modes: with infinitely many points there is one from n = 17 on."""
    from collapse_tui import load

    found: dict[int, float] = {}
    for state, outcome in outcomes(load("borji", generations=120, replicates=1)):
        if isinstance(outcome.law, KernelLaw):
            found[state.generation] = float(outcome.law.modes()[0])
    assert found[1] == 2
    assert {value for n, value in found.items() if n >= 17} == {1.0}


def test_a_floor_above_the_variance_of_the_source_is_refused(experiment: MakeExperiment) -> None:
    source = {"name": "normal", "mean": 0.0, "sd": 1e-27}
    with pytest.raises(
        InvalidExperimentError, match=r"engine.reg_covar = 1e-06 .* 1e-54; .* 1e-60"
    ):
        experiment(source, {"name": "gmm"}, schedule=50)
    experiment(source, {"name": "gmm", "reg_covar": 1e-60}, schedule=50)


def test_a_jump_and_a_gap_are_not_smoothed() -> None:
    """Of two uniform laws, W1 and W2 in closed form."""
    p = MixtureLaw(np.array([0.5, 0.5]), (UniformShape(0, 1), UniformShape(9, 10)))
    q = MixtureLaw(np.array([0.25, 0.75]), (UniformShape(0, 1), UniformShape(9, 10)))
    u = (np.arange(1_000_000) + 0.5) / 1_000_000
    left = np.where(u < 0.5, 2 * u, 8 + 2 * u)
    right = np.where(u < 0.25, 4 * u, 9 + (u - 0.25) / 0.75)
    assert quadrature.w1(p, q)[0] == pytest.approx(np.abs(left - right).mean(), abs=1e-5)
    assert quantiles.w2_squared(p, q)[0] == pytest.approx(((left - right) ** 2).mean(), abs=1e-4)
