"""Every metric between awkward laws is within the bound of docs/metrics.md, or undefined."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as some
from mpmath import mp, mpf

from engines.laws.real import RealLaw
from engines.metrics import by_law
from engines.metrics.faults import fault
from engines.metrics.registry import NEED_DENSITY
from engines.numerics.kernels import KERNELS
from tests.engines.metrics import exact_laws
from tests.engines.metrics.exact_laws import Exact, Part

SEEDED = np.random.default_rng(7)
LOGNORMAL = np.exp(2 * SEEDED.standard_normal(6_000))


def part(mean: float, sd: float, weight: float = 1) -> Part:
    """Return a normal component."""
    return weight, "normal", mean, sd


def atoms(points: np.typing.NDArray[np.float64]) -> Exact:
    """Return the law of a file."""
    return Exact("file", [(1, "atom", float(x), 0.0) for x in points])


def kernels(
    points: np.typing.NDArray[np.float64], bandwidth: float, kernel: str = "gaussian"
) -> Exact:
    """Return a kernel estimate."""
    return Exact("kernels", [(1, kernel, float(x), bandwidth) for x in points])


def mixture(*parts: Part) -> Exact:
    """Return a source of mixtures."""
    return Exact("mixture", parts)


SOURCES = {
    "Borji's": mixture(part(-2, 0.5, 3), part(3, 1, 3), (2, "uniform", -4, -3)),
    "normal": Exact("normal", [part(0, 1)]),
    "far modes": mixture(part(-50, 1), part(50, 1)),
    "narrow": mixture(part(0, 1e-3), part(5, 1)),
    "uniform": mixture((1, "uniform", 0, 1)),
    "gap": mixture((1, "uniform", 0, 1), (3, "uniform", 9, 10)),
    "gamma 0.3": mixture((1, "gamma", 0.3, 1.0)),
    "gamma 0.05": mixture((1, "gamma", 0.05, 1.0)),
    "gamma 2": mixture((1, "gamma", 2.0, 4.0)),
    "gamma 1e6": mixture((1, "gamma", 1e6, 1.0)),
    "gamma and normal": mixture((1, "gamma", 0.5, 2.0), part(-3, 0.1)),
    "wide tail": mixture(part(0, 1, 99), part(0, 100)),
    "histogram": mixture(*((w, "uniform", k, k + 1.0) for k, w in enumerate([1, 5, 2, 0.1, 7]))),
    "rare far": mixture(part(0, 1, 999), part(1e4, 1)),
    "rare narrow": mixture(part(0, 1, 999), part(0.2, 1e-5)),
    "one kind of tail": mixture((3, "gamma", 0.5, 40.0), part(0, 1)),
    "six scales": mixture(*(part(10.0**k, 10.0**k / 9) for k in range(-3, 3))),
    "comb": mixture(*(part(k, 0.02) for k in range(9))),
    "sliver": mixture((1, "uniform", 0, 1e-6), (1, "uniform", -1, 1)),
    "jumps and modes": mixture((1, "uniform", -9, -8), part(0, 0.1), (1, "gamma", 1.0, 3.0)),
    "ties": atoms(SEEDED.standard_normal(150).round(1)),
    "heavy": atoms(LOGNORMAL),
    "outlier": atoms(np.append(SEEDED.standard_normal(300), 1e5)),
    "one row": atoms(np.array([2.0])),
    "two rows": atoms(np.array([-1.0, 1.0])),
    "mostly one value": atoms(np.append(np.zeros(950), SEEDED.standard_normal(50))),
    "steps": atoms(SEEDED.integers(0, 5, 200).astype(float)),
    "far rows": atoms(np.concatenate([SEEDED.standard_normal(100) + far for far in (-50, 50)])),
}
MODELS = {
    "normal": Exact("normal", [part(0.3, 1.2)]),
    "wide": Exact("normal", [part(1, 60)]),
    "thin": Exact("normal", [part(0.5, 0.01)]),
    "collapsed": Exact("normal", [part(0.2, 1e-9)]),
    "normals": Exact("normals", [part(-50.1, 0.9, 0.47), part(49.9, 1.1, 0.53)]),
    "thin normals": Exact("normals", [part(0.1, 1e-4, 0.3), part(4, 1, 0.7)]),
    "kernels": kernels(SEEDED.standard_normal(60), 0.4),
    "sharp kernels": kernels(3 * SEEDED.standard_normal(40), 0.01),
    "outlier of kernels": kernels(np.append(SEEDED.standard_normal(60), 5_000.0), 0.3),
    "two kernels": kernels(np.array([-50.0, 50.0]), 1.0),
    **{
        f"{kernel} {name}": kernels(points, bandwidth, kernel)
        for kernel in sorted(set(KERNELS) - {"gaussian"})
        for name, points, bandwidth in (
            ("even", SEEDED.standard_normal(60), 0.4),
            ("sharp", 3 * SEEDED.standard_normal(40), 0.01),
            ("outlier", np.append(SEEDED.standard_normal(60), 5_000.0), 0.3),
            ("pair", np.array([-50.0, 50.0]), 1.0),
        )
    },
}
MOVES = [(1.0, 0.0), (1e-9, 0.0), (1e9, 0.0), (1e3, 1e6)]
"""Factor and shift of both laws."""
UNITS = {"w1": 1, "energy": 1, "w2_squared": 2}
"""Power of the larger sd in which the error counts; 0 for the others."""
RELATIVE = {"kl": 5e-4, "kl_reverse": 5e-4}
"""Of a larger value the error is this share."""
NAMES = ("w1", "energy", "w2_squared", "mmd", "tv", "js", "kl", "kl_reverse")


def measure(name: str, model: RealLaw, source: RealLaw) -> float:
    """Return a distance as a run measures it."""
    pair = (source, model) if name == "kl_reverse" else (model, source)
    return float(by_law.distance(name.removesuffix("_reverse"), *pair)[0])


def measure_exactly(name: str, model: Exact, source: Exact) -> float:
    """Return it by independent quadrature."""
    if name == "kl_reverse":
        return exact_laws.kl(source, model)
    return float(getattr(exact_laws, name)(model, source))


def compare(name: str, model: Exact, source: Exact) -> None:
    """Hold a distance to its bound, where it has a value."""
    law, real = model.law(), source.law()
    if not real.has_density and name in NEED_DENSITY | {"mmd"}:
        return
    with np.errstate(all="ignore"):
        found, exact = measure(name, law, real), measure_exactly(name, model, source)
    if np.isnan(found):
        assert fault(name, law, real)
        return
    if np.isinf(found) and not np.isfinite(exact):
        return
    if name == "tv" and model.form == "kernels":
        assert abs(found - exact) <= (1e-2 if len(model.parts) < 9 else 2e-3)
        return
    unit = max(float(law.sd()[0]), float(real.sd()[0])) ** UNITS.get(name, 0)
    # W₂² far away has no more digits than its own value.
    assert abs(found - exact) <= max(1e-3 * unit, RELATIVE.get(name, 1e-12) * abs(exact))


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=12)
@given(
    some.sampled_from(sorted(MODELS)), some.sampled_from(sorted(SOURCES)), some.sampled_from(MOVES)
)
@example("normals", "far modes", MOVES[0])
@example("sharp kernels", "normal", MOVES[0])
@example("wide", "gamma 0.3", MOVES[0])
@example("normal", "heavy", MOVES[1])
def test_a_distance_of_awkward_laws(
    name: str, model: str, source: str, move: tuple[float, float]
) -> None:
    scale, shift = move
    if any(family == "gamma" for _, family, *_ in SOURCES[source].parts):
        shift = 0.0
    compare(name, MODELS[model].moved(scale, shift), SOURCES[source].moved(scale, shift))


@pytest.mark.soak
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("model", MODELS)
def test_a_distance_of_every_pair(model: str, source: str, name: str) -> None:
    compare(name, MODELS[model], SOURCES[source])


LAWS = {**{f"model {name}": law for name, law in MODELS.items()}, **SOURCES}


def test_forty_laws_at_least_are_awkward_each_in_its_own_way() -> None:
    assert len({(law.form, tuple(law.parts)) for law in LAWS.values()}) == len(LAWS) >= 40


@pytest.mark.parametrize("name", LAWS)
def test_all_distances_of_one_law(name: str) -> None:
    """A model beside a source with jumps, a source beside a kernel estimate."""
    pair = (MODELS["kernels"], LAWS[name]) if name in SOURCES else (LAWS[name], SOURCES["Borji's"])
    for metric in NAMES:
        compare(metric, *pair)


@pytest.mark.parametrize("name", NAMES)
def test_a_model_a_hundredth_wider_is_told_apart(name: str) -> None:
    """Negative control: the bound is not so wide that anything passes."""
    wider = Exact("normals", [part(0.3, 1.26)])
    model, source = MODELS["normal"], SOURCES["normal"]
    gap = measure(name, wider.law(), source.law()) - measure_exactly(name, model, source)
    assert abs(gap) > 1e-3


@given(
    some.lists(
        some.tuples(some.floats(0.1, 9), some.floats(-5, 5), some.floats(0.1, 9)),
        min_size=1,
        max_size=4,
    ),
    some.sampled_from([0.0, 1e5, -1e9]),
)
@settings(max_examples=40)
def test_moments_of_mixtures(parts: list[tuple[float, float, float]], shift: float) -> None:
    """Against sums of fifty digits, within what rounding of the shifted means allows."""
    law = mixture(*(part(mean + shift, sd, weight) for weight, mean, sd in parts)).law()
    with mp.workdps(50):
        total = sum(mpf(w) for w, *_ in parts)
        rows = [(mpf(w) / total, mpf(m + shift), mpf(s)) for w, m, s in parts]
        centre = sum(w * m for w, m, _ in rows)
        shifts = [(w, m - centre, s) for w, m, s in rows]
        second = sum(w * (d**2 + s**2) for w, d, s in shifts)
        third = sum(w * (d**3 + 3 * d * s**2) for w, d, s in shifts)
        fourth = sum(w * (d**4 + 6 * d**2 * s**2 + 3 * s**4) for w, d, s in shifts)
        expected = [float(x) for x in (second, third / second**1.5, fourth / second**2 - 3)]
    found = [float(x[0]) for x in (law.variance(), law.skewness(), law.kurtosis())]
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-4)
