"""Metrics of one law beside another, held to the bounds of docs/metrics.md."""

from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as some
from mpmath import mp, mpf
from scipy import signal

from engines.arrays import FloatArray
from engines.metrics.faults import fault
from engines.metrics.registry import METRICS
from tests.engines.metrics import exact_laws
from tests.engines.metrics.exact_laws import KERNEL_SHAPES, Exact
from tests.engines.metrics.test_awkward_laws import observe
from tests.engines.metrics.test_error_bounds import LAWS, MODELS, MOVES, SOURCES, kernels

NAMES = sorted(LAWS)


def measure(name: str, model: Exact, source: Exact) -> float:
    """Return a metric of a model as a run measures it."""
    return float(METRICS[name].compute(observe(model.law(), source.law()))[0])


def central_moments(law: Exact) -> list[Any]:
    """Return mean and central moments of order 2, 3 and 4 with fifty digits."""
    if len(law.atoms):
        rows = [(mpf(1) / len(law.atoms), mpf(x), 0, 0, 0) for x in law.atoms.tolist()]
    else:
        rows = []
        for weight, part in zip(law.weights.tolist(), law.scipy, strict=True):
            mean, second, skew, excess = (float(x) for x in part.stats("mvsk"))
            rows.append(
                (mpf(weight), mpf(mean), mpf(second), mpf(skew) * mpf(second) ** 1.5,
                 (mpf(excess) + 3) * mpf(second) ** 2)
            )  # fmt: skip
    total = sum(w for w, *_ in rows)
    mean = sum(w * m for w, m, *_ in rows) / total
    shifts = [(w / total, m - mean, *rest) for w, m, *rest in rows]
    second = sum(w * (d**2 + s) for w, d, s, *_ in shifts)
    third = sum(w * (d**3 + 3 * d * s + t) for w, d, s, t, _ in shifts)
    fourth = sum(w * (d**4 + 6 * d**2 * s + 4 * d * t + f) for w, d, s, t, f in shifts)
    return [mean, second, third, fourth]


MOMENTS = ("mean", "variance", "sd", "log_sigma", "skewness", "kurtosis")


def measure_moments_exactly(law: Exact) -> dict[str, float]:
    """Return the metrics of moments by sums of fifty digits."""
    with mp.workdps(50):
        mean, second, third, fourth = central_moments(law)
        sd = mp.sqrt(second)
        values = {"mean": mean, "variance": second, "sd": sd}
        values["log_sigma"] = mp.log(sd) if sd else -mp.inf
        values["skewness"] = third / sd**3 if sd else mp.nan
        values["kurtosis"] = fourth / sd**4 - 3 if sd else mp.nan
        return {name: float(value) for name, value in values.items()}


@settings(max_examples=60)
@given(some.sampled_from(NAMES), some.sampled_from(MOVES))
@example("one row", MOVES[0])
def test_moments(name: str, move: tuple[float, float]) -> None:
    """Within the rounding of numbers so far from 0, which counts in sd."""
    law = LAWS[name].moved(*move)
    exact = measure_moments_exactly(law)
    sd, mean = exact["sd"], exact["mean"]
    rounding = 1e-9 + 1e2 * (float(np.spacing(abs(mean))) / sd if sd else 0.0)
    with np.errstate(all="ignore"):
        found = {name: measure(name, law, law) for name in MOMENTS}
    assert found["mean"] == pytest.approx(mean, rel=1e-12, abs=1e-9 * sd)
    for metric in MOMENTS[1:]:
        size = abs(exact[metric]) + (metric in {"skewness", "kurtosis", "log_sigma"})
        assert found[metric] == pytest.approx(exact[metric], abs=rounding * size, nan_ok=True), (
            metric
        )


def measure_tails_exactly(name: str, model: Exact, source: Exact) -> float:
    """Return a tail's mass by scipy's cdfs, beyond quantiles found by bisection."""
    if name == "tail_mass_3sd":
        points = source.atoms
        mean, second = (points.mean(), points.var()) if len(points) else central_moments(source)[:2]
        ends = float(mean) + 3 * float(second) ** 0.5 * np.array([-1.0, 1.0])
    elif len(source.atoms):
        ends = np.quantile(source.atoms, [0.01, 0.99])
    else:
        ends = exact_laws.quantiles(source, np.array([0.01, 0.99]))
    before = np.nextafter(ends[0], -np.inf) if len(model.atoms) else ends[0]
    below, up_to = model.cdf(np.array([before, ends[1]]))
    return float(below + 1 - up_to)


@settings(max_examples=100)
@given(
    some.sampled_from(["tail_mass", "tail_mass_3sd"]), some.sampled_from(sorted(MODELS)),
    some.sampled_from(sorted(SOURCES)), some.sampled_from(MOVES),
)  # fmt: skip
def test_tails(name: str, model: str, source: str, move: tuple[float, float]) -> None:
    """Of a file's own law too, as at generation 0."""
    moved = SOURCES[source].moved(*move)
    for law in (MODELS[model].moved(*move), moved):
        found = measure(name, law, moved)
        if np.isnan(found):
            assert fault(name, law.law(), moved.law())
            continue
        bound = 1e-4 if law.form == "kernels" else 2e-6
        assert found == pytest.approx(measure_tails_exactly(name, law, moved), abs=bound)


def count_modes_exactly(law: Exact, places: FloatArray, margin: float) -> int:
    """Return the number of scipy's peaks of the prominence that docs/metrics.md asks for."""
    heights = np.concatenate([[0.0], np.exp(law.log_density(places)), [0.0]])
    top, rise = float(heights.max()), 1e-3
    if law.form == "kernels":
        x = np.linspace(-40.0, 40.0, 800_001)
        kernel, bandwidth = law.parts[0][1], law.parts[0][3]
        roughness = float(np.exp(2 * KERNEL_SHAPES[kernel](0.0, 1.0).logpdf(x)).sum() * 1e-4)
        noise = np.sqrt(roughness / (len(law.parts) * bandwidth * top))
        rise = float(min(max(rise, 6 * noise), 0.5))
    # Of peaks of one height scipy sees no dips between them: the later is made the higher.
    heights *= 1 + 1e-9 * np.linspace(0.0, 1.0, len(heights))
    return len(signal.find_peaks(heights, prominence=margin * rise * top)[0])


@pytest.mark.parametrize("name", [name for name in NAMES if not len(LAWS[name].atoms)])
def test_modes(name: str) -> None:
    """As many as scipy finds, by a threshold 5 % higher or lower."""
    law = LAWS[name]
    places = np.union1d(exact_laws.cells(law, law).x, law.breaks)
    found = measure("modes", law, law)
    high, low = (count_modes_exactly(law, places, margin) for margin in (1.05, 0.95))
    assert high <= found <= low


@pytest.mark.slow
@settings(max_examples=25)
@given(some.integers(0, 10_000), some.sampled_from(sorted(KERNEL_SHAPES)), some.floats(0.15, 0.4))
def test_modes_of_many_points(seed: int, kernel: str, bandwidth: float) -> None:
    """Where the noise of the estimate decides what is a mode."""
    generator = np.random.default_rng(seed)
    centres = generator.normal(0.0, 1.2, 3)[generator.integers(0, 3, 1_500)]
    law = kernels(centres + 0.4 * generator.standard_normal(1_500), bandwidth, kernel)
    ends = law.centres[[0, -1]] + [-8 * bandwidth, 8 * bandwidth]
    places = np.arange(ends[0], ends[1], bandwidth / 15)
    found = measure("modes", law, law)
    high, low = (count_modes_exactly(law, places, margin) for margin in (1.05, 0.95))
    assert high <= found <= low
