"""Metrics of states and of whole numbers, held to the bounds of docs/metrics.md."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from mpmath import mp, mpf
from scipy import stats

from engines.arrays import FloatArray
from engines.data import Counts
from engines.laws.discrete import DiscreteLaw
from engines.laws.poisson import PoissonLaw
from engines.metrics.observation import Baseline, Observation
from engines.metrics.registry import METRICS
from engines.streams import Streams
from engines.thresholds import ALIVE_SD
from tests.engines.metrics.test_awkward_laws import observe

STATES = 6
counts = some.lists(some.sampled_from([0, 0, 1, 2, 7, 10**6]), min_size=STATES, max_size=STATES)
masses = counts.filter(any).map(np.array)
values = some.sampled_from([1e-9, 1.0, 1e9]).flatmap(
    lambda scale: some.permutations([0.0, 1.0, 2.5, -3.0, 40.0, -0.125]).map(
        lambda places: scale * np.array(places)
    )
)
moves = some.sampled_from([0.0, 1.0, -1e3])
"""Shift of all values, in units of their sd."""


def expectation(weights: list[Any], terms: list[Any]) -> Any:
    """Return Σ w x."""
    return sum(w * x for w, x in zip(weights, terms, strict=True))


def couple(p: list[Any], q: list[Any], places: list[Any]) -> list[tuple[Any, Any]]:
    """Return (mass, distance) of what is moved where states ascend in both laws."""
    order = sorted(range(STATES), key=lambda k: places[k])
    left, right, moved = [p[k] for k in order], [q[k] for k in order], []
    i = j = 0
    while i < STATES and j < STATES:
        mass = min(left[i], right[j])
        moved.append((mass, abs(places[order[i]] - places[order[j]])))
        left[i] -= mass
        right[j] -= mass
        i, j = i + (left[i] <= 0), j + (right[j] <= 0)
    return moved


def divergence(p: list[Any], q: list[Any]) -> Any:
    """Return KL(p‖q)."""
    if any(a > 0 and b == 0 for a, b in zip(p, q, strict=True)):
        return mp.inf
    return sum(a * mp.log(a / b) for a, b in zip(p, q, strict=True) if a > 0)


def moments(p: list[Any], x: list[Any]) -> dict[str, Any]:
    """Return mean, variance, skewness and excess kurtosis."""
    mean = expectation(p, x)
    second, third, fourth = (expectation(p, [(a - mean) ** k for a in x]) for k in (2, 3, 4))
    found = {"mean": mean, "variance": second}
    if second:
        found |= {"skewness": third / second**1.5, "kurtosis": fourth / second**2 - 3}
    return found


def expect(own: FloatArray, real: FloatArray, places: FloatArray) -> dict[str, Any]:
    """Return all metrics of frequencies by sums with fifty digits."""
    p, q = ([mpf(int(c)) / int(row.sum()) for c in row] for row in (own, real))
    x = [mpf(float(place)) for place in places]
    found = moments(p, x)
    sd, source_sd = mp.sqrt(found["variance"]), mp.sqrt(moments(q, x)["variance"])
    found |= {"sd": sd, "log_sigma": mp.log(sd) if sd else -mp.inf}
    found["w1"] = sum(mass * gap for mass, gap in couple(p, q, x))
    found["w2_squared"] = sum(mass * gap**2 for mass, gap in couple(p, q, x))
    found["w2"] = mp.sqrt(found["w2_squared"])
    gaps = [[abs(a - b) for b in x] for a in x]
    differences = [a - b for a, b in zip(p, q, strict=True)]
    found["energy"] = -expectation(differences, [expectation(differences, row) for row in gaps])
    if source_sd:
        kernel = [[mp.exp(-((gap / source_sd) ** 2) / 2) for gap in row] for row in gaps]
        found["mmd"] = expectation(differences, [expectation(differences, row) for row in kernel])
    found |= {"kl": divergence(p, q), "kl_reverse": divergence(q, p)}
    middle = [(a + b) / 2 for a, b in zip(p, q, strict=True)]
    found["js"] = (divergence(p, middle) + divergence(q, middle)) / 2
    found["tv"] = sum(abs(a) for a in differences) / 2
    found["l2_squared"] = sum(a**2 for a in differences)
    found["heterozygosity"] = 1 - sum(a**2 for a in p)
    found["support_alive"] = mpf(int((own > 0).sum()))
    found["alive"] = mpf(int((own > 0).sum() > 1))
    for name in ("mean", "variance", "skewness", "kurtosis", "w1"):
        if name in found:
            found[f"{name}_sample"] = found[name]
    return found


POWERS = {"mean": 1, "sd": 1, "w1": 1, "w2": 1, "energy": 1, "variance": 2, "w2_squared": 2}
"""Power of the spread in which rounding counts."""


@settings(max_examples=150)
@given(masses, masses, values, moves)
def test_states(own: FloatArray, real: FloatArray, places: FloatArray, shift: float) -> None:
    """Atoms lost and kept, values of any scale, far from 0 and in any order."""
    places = places + shift * float(places.std())
    laws = [DiscreteLaw(row[None] / row.sum(), places) for row in (own, real)]
    baseline = Baseline(laws[1], Counts(real[None]), 1)
    seen = Observation(laws[0], Counts(own[None]), Streams(1, 3), baseline)
    with mp.workdps(50):
        expected = {name: float(value) for name, value in expect(own, real, places).items()}
    spread, sd = float(np.ptp(places)), expected["sd"]
    for name, value in expected.items():
        with np.errstate(all="ignore"):
            found = float(METRICS[name].compute(seen)[0])
        kind = name.removesuffix("_sample")
        if kind in {"log_sigma", "skewness", "kurtosis"} and sd < 1e-5 * spread:
            continue
        unit = max(1.0, abs(shift)) * spread ** POWERS.get(kind, 0)
        # A root of a distance that is 0 has half of its digits.
        bound = 1e-6 if kind == "w2" else 1e-9
        assert found == pytest.approx(value, rel=1e-7, abs=bound * unit), name


rates = some.sampled_from([1e-3, 0.3, 1.0, 7.5, 200.0, 5e4]) | some.floats(0.01, 300)


@settings(max_examples=60)
@given(rates, rates)
def test_whole_numbers(own: float, real: float) -> None:
    """Poisson laws by sums over whole numbers."""
    p, q = stats.poisson(own), stats.poisson(real)
    top = int(max(law.mean() + 40 * law.std() + 60 for law in (p, q)))
    k = np.arange(top)
    a, b, gap = p.pmf(k), q.pmf(k), p.cdf(k) - q.cdf(k)
    low, high = q.ppf([0.01, 0.99])
    reach = 3 * np.sqrt(real)
    expected = {
        "mean": own, "variance": own, "sd": np.sqrt(own), "log_sigma": 0.5 * np.log(own),
        "skewness": own**-0.5, "kurtosis": 1 / own,
        "w1": np.abs(gap).sum(), "energy": 2 * (gap**2).sum(), "tv": 0.5 * np.abs(a - b).sum(),
        "kl": a @ (p.logpmf(k) - q.logpmf(k)), "kl_reverse": b @ (q.logpmf(k) - p.logpmf(k)),
        "tail_mass": a[(k < low) | (k > high)].sum(),
        "tail_mass_3sd": a[(k < real - reach) | (k > real + reach)].sum(),
        "alive": float(own > ALIVE_SD**2 * real),
    }  # fmt: skip
    seen = observe(PoissonLaw(np.array([own])), PoissonLaw(np.array([real])))
    for name, value in expected.items():
        scale = max(np.sqrt(own), np.sqrt(real)) if name in {"w1", "energy"} else 1.0
        bound = (1e-3 if own > 1e3 or real > 1e3 else 1e-8) * scale
        found = float(METRICS[name].compute(seen)[0])
        assert found == pytest.approx(float(value), rel=1e-7, abs=bound), name
