"""Summaries over replicates, their flags, and the diagnosis in one word."""

from typing import Any

import numpy as np
import pytest

from engines.data import Counts, Form, Moments
from engines.laws.discrete import DiscreteLaw
from engines.laws.normal import NormalLaw
from engines.laws.real_nd import NormalNDLaw
from engines.metrics.diagnosis import count_stages, diagnose
from engines.metrics.observation import Baseline, Observation
from engines.metrics.summary import summarise
from engines.sampling.normal import sample_normal
from engines.streams import Streams

LEVELS = {"q05": 0.05, "q25": 0.25, "q50": 0.5, "q75": 0.75, "q95": 0.95}


@pytest.mark.parametrize("count", [2, 3, 20, 101])
def test_quantiles_interpolate_linearly(count: int) -> None:
    values = np.random.default_rng(count).gamma(1.0, 1.0, count)
    [(summaries, flags)] = summarise({"w1": values[None], "mean": -values[None]})
    for name, sign in (("w1", 1.0), ("mean", -1.0)):
        found: Any = summaries[name]
        assert found["n"] == count
        assert found["mean"] == pytest.approx((sign * values).mean())
        assert found["var"] == pytest.approx(values.var(ddof=1))
        for key, level in LEVELS.items():
            ordered = np.sort(sign * values)
            place = level * (count - 1)
            below = int(place)
            above = min(below + 1, count - 1)
            expected = ordered[below] + (place - below) * (ordered[above] - ordered[below])
            assert found[key] == pytest.approx(expected)
    assert flags == {}


def test_what_is_not_finite_is_flagged_and_left_out() -> None:
    values = np.array([1.0, np.inf, 3.0, np.nan, -np.inf])
    [(summaries, flags)] = summarise({"kl": values[None], "mean": np.arange(5.0)[None]})
    found: Any = summaries["kl"]
    assert found["n"] == 2
    assert found["mean"] == 2.0
    assert found["var"] == 2.0
    assert found["q50"] == 2.0
    assert flags == {"kl": "infinite in 2 of 5, undefined in 1 of 5"}


def test_one_replicate_has_no_variance_and_none_has_nothing() -> None:
    one: Any = summarise({"w1": np.array([[2.0]])})[0][0]["w1"]
    assert one == {"n": 1, "mean": 2.0, "var": None, **dict.fromkeys(LEVELS, 2.0)}
    [(summaries, flags)] = summarise({"w1": np.array([[np.nan]])})
    none: Any = summaries["w1"]
    assert none == {"n": 0, "mean": None, "var": None, **dict.fromkeys(LEVELS)}
    assert flags == {"w1": "undefined in 1 of 1"}


def test_a_variance_beyond_floating_point_is_none() -> None:
    """KL(0‖n) of a collapsed law reaches 1e300; its square does not exist."""
    rows = {"kl_reverse": np.array([[1e300, 2e300, 4e300]])}
    found: Any = summarise(rows)[0][0]["kl_reverse"]
    assert found["var"] is None
    assert found["q50"] == 2e300
    assert found["n"] == 3


def diagnosis(observation: Observation, kind: str) -> dict[str, int]:
    """Return how many replicates are in each stage."""
    [stages] = count_stages(diagnose(observation, kind)[:, None])
    return stages


def of_normals(variances: list[float], mean: float = 0.0) -> dict[str, int]:
    """Return the diagnosis of N(mean, variance) against N(0, 1)."""
    source = NormalLaw(np.zeros(1), np.ones(1))
    law = NormalLaw(np.full(len(variances), mean), np.sqrt(np.array(variances)))
    data = sample_normal(
        np.zeros((1, 1)), np.ones((1, 1, 1)), np.array([5]), Form.MOMENTS, Streams(1, 0)
    )
    return diagnosis(Observation(law, data, Streams(1, 1), Baseline(source, data, 1)), "real")


def test_thresholds_of_normal_laws() -> None:
    """Variance below 25 % is late, above 150 % dispersing; half of the tails lost is early."""
    assert of_normals([1.0]) == {"stable": 1}
    assert of_normals([0.249]) == {"late": 1}
    assert of_normals([0.251]) == {"early": 1}
    assert of_normals([1.501]) == {"dispersing": 1}
    assert of_normals([1.499]) == {"stable": 1}
    # 2 P(Z > 2.3263 / s) = 0.01 at s = 2.3263 / 2.5758 = 0.9031
    assert of_normals([0.9031**2 - 1e-3]) == {"early": 1}
    assert of_normals([0.9031**2 + 1e-3]) == {"stable": 1}
    assert of_normals([0.0, 1.0, 9.0, 0.5]) == {
        "stable": 1,
        "early": 1,
        "late": 1,
        "dispersing": 1,
    }


def test_thresholds_of_states() -> None:
    """A lost state is early; less than half of the heterozygosity is late."""
    values = np.arange(4.0)
    source = DiscreteLaw(np.full((1, 4), 0.25), values)
    counts = Counts(np.array([[1, 1, 1, 1]]))
    baseline = Baseline(source, counts, 1)
    # heterozygosity 0.75; half of it 0.375
    rows = np.array(
        [[0.3, 0.3, 0.2, 0.2], [0.4, 0.3, 0.3, 0.0], [0.75, 0.25, 0.0, 0.0], [0.76, 0.24, 0, 0]]
    )
    for row, stage in zip(rows, ("stable", "early", "early", "late"), strict=True):
        law = DiscreteLaw(row[None], values)
        assert diagnosis(Observation(law, counts, Streams(1, 1), baseline), "states") == {stage: 1}


def test_thresholds_in_several_dimensions() -> None:
    """det^(1/d) of the covariance, relative to the source's."""
    factor = np.linalg.cholesky(np.array([[2.0, 0.5], [0.5, 1.0]]))
    source = NormalNDLaw(np.zeros((1, 2)), factor[None])
    data = sample_normal(np.zeros((1, 2)), factor[None], np.array([5]), Form.MOMENTS, Streams(1, 0))
    assert isinstance(data, Moments)
    baseline = Baseline(source, data, 1)
    for scale, stage in ((1.0, "stable"), (0.24, "late"), (0.26, "stable"), (1.6, "dispersing")):
        law = NormalNDLaw(np.zeros((1, 2)), np.sqrt(scale) * factor[None])
        assert diagnosis(Observation(law, data, Streams(1, 1), baseline), "real-nd") == {stage: 1}
    singular = NormalNDLaw(np.zeros((1, 2)), np.diag([1.0, 0.0])[None])
    assert diagnosis(Observation(singular, data, Streams(1, 1), baseline), "real-nd") == {"late": 1}


def test_every_replicate_is_in_one_stage(experiment: Any, records: Any) -> None:
    built = experiment("normal", "gaussian", schedule=5, generations=60, replicates=50)
    found = records(built)
    assert found[0].stage == {"stable": 50}
    assert all(sum(record.stage.values()) == 50 for record in found)
    assert found[60].stage["late"] > 40
