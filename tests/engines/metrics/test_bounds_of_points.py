"""Metrics of points, and of long files, held to the bounds of docs/metrics.md."""

from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from scipy import stats

from engines.arrays import FloatArray
from engines.laws.kernel import kernel_law
from engines.laws.normal import NormalLaw
from engines.laws.normal_mixture import NormalMixtureLaw
from engines.metrics.faults import explain
from engines.metrics.registry import METRICS
from engines.numerics.kernels import KERNELS
from engines.sources.file import FileSource
from tests.engines.metrics.test_awkward_laws import observe, w1_to_points

SOURCE = NormalLaw(np.zeros(1), np.ones(1))
numbers = some.floats(-9, 9) | some.sampled_from([0.0, 1.0, 1e4, -1e6])
rows = some.lists(numbers, min_size=2, max_size=40).map(np.array)
moves = some.sampled_from([(1.0, 0.0), (1e-9, 0.0), (1e9, 0.0), (1e-3, 1e6)])


def w2(x: FloatArray, y: FloatArray) -> float:
    """Return W₂ of two sets by copies of their points, as many of each."""
    left, right = np.repeat(np.sort(x), len(y)), np.repeat(np.sort(y), len(x))
    return float(np.sqrt(((left - right) ** 2).mean()))


def mmd(x: FloatArray, y: FloatArray) -> float:
    """Return MMD² for a kernel of the source's sd, 1, by loops."""
    signs = np.concatenate([np.full(len(x), 1 / len(x)), np.full(len(y), -1 / len(y))])
    points = np.concatenate([x, y]).tolist()
    return sum(
        float(s * t * np.exp(-0.5 * (a - b) ** 2))
        for s, a in zip(signs, points, strict=True)
        for t, b in zip(signs, points, strict=True)
    )


def kl_of_bins(x: FloatArray, y: FloatArray, *, shared: bool) -> float:
    """Return KL of numpy's histograms, empty bins at 1e-10."""
    joined = np.concatenate([x, y])
    spans = (
        [(joined.min(), joined.max())] * 2 if shared else [(x.min(), x.max()), (y.min(), y.max())]
    )
    p, q = (
        np.histogram(points, bins=np.linspace(*span, 101), density=True)[0]
        for points, span in zip((x, y), spans, strict=True)
    )
    p, q = (np.where(heights == 0, 1e-10, heights) for heights in (p, q))
    return float(stats.entropy(p, q))


REFERENCES = {
    "w1_sample": stats.wasserstein_distance,
    "w2_sample": w2,
    "energy_sample": lambda x, y: stats.energy_distance(x, y) ** 2,
    "mmd_sample": mmd,
    "kl_as_published": partial(kl_of_bins, shared=False),
    "kl_shared_bins": partial(kl_of_bins, shared=True),
    "kl_shared_bins_reverse": lambda x, y: kl_of_bins(y, x, shared=True),
    "mean_sample": lambda x, _: x.mean(),
    "variance_sample": lambda x, _: x.var(),
    "skewness_sample": lambda x, _: stats.skew(x),
    "kurtosis_sample": lambda x, _: stats.kurtosis(x),
}
POWERS = {
    "w1_sample": 1,
    "w2_sample": 1,
    "energy_sample": 1,
    "mean_sample": 1,
    "variance_sample": 2,
}
"""Power of the spread in which the error counts."""


@pytest.mark.parametrize("name", REFERENCES)
@settings(max_examples=40)
@given(rows, rows, moves)
def test_points(name: str, x: FloatArray, y: FloatArray, move: tuple[float, float]) -> None:
    """Against scipy and loops; rounding counts in units of the spread."""
    scale, shift = move
    x, y = scale * x + shift, scale * y + shift
    spread = float(np.ptp(np.concatenate([x, y])))
    rounding = float(np.spacing(max(abs(shift), spread)))
    if name in {"skewness_sample", "kurtosis_sample"} and x.std() < 1e3 * rounding:
        return
    if name.startswith("kl_") and min(np.ptp(x), np.ptp(y)) < 1e5 * rounding:
        return
    found = float(METRICS[name].compute(observe(SOURCE, SOURCE, x[None], y[None]))[0])
    # Bins are placed where the numbers are; all else is measured near 0.
    origin = 0.0 if name.startswith("kl_") else shift
    with np.errstate(all="ignore"):
        expected = float(REFERENCES[name](x - origin, y - origin))
    if name == "mean_sample":
        expected += shift
    bound = 1e-9 * spread ** POWERS.get(name, 0) + 1e2 * rounding * max(1.0, spread)
    if name == "energy_sample":
        # Sums of distances that cancel.
        bound += 1e-7 * spread
    assert found == pytest.approx(expected, rel=1e-6, abs=bound, nan_ok=True)


ROWS = 1_000_000


def long_columns() -> dict[str, FloatArray]:
    """Return columns of 10⁶ rows: outliers, atoms and a large offset; heavy tails."""
    generator = np.random.default_rng(11)
    mixed = generator.standard_normal(ROWS)
    mixed[: ROWS // 10] = 0.5
    mixed[-10:] = np.linspace(1e3, 1e4, 10)
    return {"mixed": 1e6 + mixed, "heavy": np.exp(2 * generator.standard_normal(ROWS))}


@pytest.fixture(scope="module", params=["mixed", "heavy"])
def long_file(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Return the law of a numpy file as its source reads it."""
    path = tmp_path_factory.mktemp("long") / "rows.npy"
    np.save(path, long_columns()[request.param])
    return FileSource(path=str(path)).law()


def energy_to_points(mean: float, sd: float, points: FloatArray) -> float:
    """Return the energy distance of a normal law from ascending points in closed form."""
    scores = (points - mean) / sd
    cross = sd * (2 * stats.norm.pdf(scores) + scores * (2 * stats.norm.cdf(scores) - 1)).mean()
    count = len(points)
    own = 2 * float((2 * np.arange(1, count + 1) - count - 1) @ (points - mean)) / count**2
    return float(2 * cross - own - 2 * sd / np.sqrt(np.pi))


def mmd_to_points(mean: float, sd: float, points: FloatArray) -> float:
    """Return MMD² for a kernel of the points' sd, by their characteristic function.

    It is E |φ(T) - ψ(T)|² for a normal T whose sd is one over the kernel's.
    """
    length = float(points.std())
    nodes, weights = np.polynomial.hermite_e.hermegauss(24)
    places, counts = np.unique((points - mean) / length, return_counts=True)
    found = [(np.exp(1j * t * places) @ counts) / len(points) for t in nodes]
    gaps = np.abs(np.array(found) - np.exp(-0.5 * (nodes * sd / length) ** 2)) ** 2
    return float(weights @ gaps / weights.sum())


@pytest.mark.slow
def test_a_normal_law_beside_a_file_of_a_million_rows(long_file: Any) -> None:
    """Of all rows in closed form: W₁, W₂, energy and MMD within 1e-3 sd; tails exact."""
    points = long_file.points
    centre, sd = float(np.median(points)), float(points.std())
    law = NormalLaw(np.array([centre + 0.1 * sd]), np.array([0.8 * sd]))
    mean, own = float(law.means[0]), float(law.sds[0])
    seen = observe(law, long_file)
    found = {
        name: float(METRICS[name].compute(seen)[0])
        for name in ("w1", "w2_squared", "energy", "mmd", "tail_mass", "tail_mass_3sd")
    }
    scores = stats.norm.pdf(stats.norm.ppf(np.arange(ROWS + 1) / ROWS))
    cross = float((points - points.mean()) @ -np.diff(scores))
    w2 = (mean - points.mean()) ** 2 + own**2 + sd**2 - 2 * own * cross
    assert found["w1"] == pytest.approx(w1_to_points(law, points), abs=1e-3 * sd)
    assert found["w2_squared"] == pytest.approx(w2, abs=1e-3 * sd**2)
    assert found["energy"] == pytest.approx(energy_to_points(mean, own, points), abs=1e-3 * sd)
    assert found["mmd"] == pytest.approx(mmd_to_points(mean, own, points), abs=1e-3)
    middle = points.mean()
    for name, (low, high) in {
        "tail_mass": np.quantile(points, [0.01, 0.99]),
        "tail_mass_3sd": (middle - 3 * sd, middle + 3 * sd),
    }.items():
        exact = stats.norm.cdf(low, mean, own) + stats.norm.sf(high, mean, own)
        assert found[name] == pytest.approx(exact, abs=1e-9)


@pytest.mark.slow
def test_mixtures_and_kernel_estimates_beside_a_file_of_a_million_rows(long_file: Any) -> None:
    """W₁ and energy between all rows, W₂ at the middle level of each."""
    points = long_file.points
    centre, sd = float(np.median(points)), float(points.std())
    training = np.sort(centre + sd * np.random.default_rng(3).standard_normal(9))
    gaussian = KERNELS["gaussian"]
    for law in (
        kernel_law(training, 0.4 * sd, gaussian),
        NormalMixtureLaw(np.full((1, 9), 1 / 9), training[None], np.full((1, 9), 0.4 * sd)),
    ):
        reach = np.linspace(training[0] - 4 * sd, training[-1] + 4 * sd, 20_001)
        x = np.unique(np.concatenate([points, reach]))
        exact = stats.norm.cdf((x[:, None] - training) / (0.4 * sd)).mean(axis=1)
        shares = np.searchsorted(points, x, side="right")[:-1] / ROWS
        left, right, widths = exact[:-1] - shares, exact[1:] - shares, np.diff(x)
        w1 = float(0.5 * (np.abs(left) + np.abs(right)) @ widths)
        energy = float((left**2 + right**2) @ widths)
        levels = (np.arange(ROWS) + 0.5) / ROWS
        w2 = float(((np.interp(levels, exact, x) - points) ** 2).mean())
        seen = observe(law, long_file)
        for name, expected, unit in (
            ("w1", w1, sd), ("energy", energy, sd), ("w2_squared", w2, sd**2)
        ):  # fmt: skip
            found = float(METRICS[name].compute(seen)[0])
            assert found == pytest.approx(expected, abs=1e-3 * unit), name


@pytest.mark.slow
def test_samples_of_a_million_rows() -> None:
    """Against scipy and numpy, far from 0."""
    drawn = long_columns()["mixed"]
    real = 1e6 + np.random.default_rng(12).standard_normal(ROWS)
    seen = observe(SOURCE, SOURCE, drawn[None], real[None])
    for name in ("w1_sample", "kl_as_published", "kl_shared_bins", "kl_shared_bins_reverse"):
        found = float(METRICS[name].compute(seen)[0])
        assert found == pytest.approx(float(REFERENCES[name](drawn, real)), rel=1e-6), name
    gaps = np.sort(drawn - 1e6) - np.sort(real - 1e6)
    assert METRICS["w2_sample"].compute(seen)[0] == pytest.approx(np.sqrt((gaps**2).mean()))
    for name in ("variance_sample", "skewness_sample", "kurtosis_sample"):
        found = float(METRICS[name].compute(seen)[0])
        assert found == pytest.approx(float(REFERENCES[name](drawn - 1e6, real)), rel=1e-6), name


@pytest.mark.slow
def test_a_kernel_estimate_of_a_million_points() -> None:
    """KL is that of infinitely many points; with one point at 1e9 it is refused."""
    points = np.sort(np.random.default_rng(13).standard_normal(ROWS))
    law, source = kernel_law(points, 0.3, KERNELS["gaussian"]), SOURCE
    variance = 1 + 0.3**2
    exact = 0.5 * (variance - 1 - np.log(variance))
    assert METRICS["kl"].compute(observe(law, source))[0] == pytest.approx(exact, abs=1e-3)
    points[-1] = 1e9
    far = kernel_law(points, 1e-6, KERNELS["gaussian"])
    seen = observe(far, source)
    assert np.isnan(METRICS["kl"].compute(seen)[0])
    flags = explain({"kl": "undefined in 1 of 1"}, far, source)
    assert "neighbouring numbers are 1.19e-07 apart" in flags["kl"]
