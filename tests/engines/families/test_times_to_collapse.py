"""First passages of the sd and times to a single state, docs/theory.md §1 and §4."""

from collections.abc import Callable

import numpy as np
import pytest

from collapse_tui import load, run
from collapse_tui.events import Generation
from engines.arrays import BoolArray, FloatArray


def times(
    preset: str, metric: str, reached: Callable[[FloatArray], BoolArray], **settings: object
) -> FloatArray:
    """Return the first generation at which each replicate has got there."""
    found: FloatArray | None = None
    for event in run(load(preset, **{"metrics.names": [metric], **settings}), views=False):
        if isinstance(event, Generation):
            values = event.metrics[metric]
            if found is None:
                found = np.full(len(values), np.nan)
            found[np.isnan(found) & reached(values)] = event.generation
    assert found is not None
    assert not np.isnan(found).any(), "the run must be long enough for all"
    return found


def agrees(found: FloatArray, mean: float, error: float) -> bool:
    return abs(found.mean() - mean) < 4 * np.hypot(found.std() / np.sqrt(len(found)), error)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("size", "generations", "mean", "error", "median", "wald"),
    [(10, 500, 42.86, 0.20, 35, 39.97), (50, 2600, 230.4, 1.1, 191, 224.1)],
)
def test_first_passage_of_the_sd_below_a_tenth(
    size: int, generations: int, mean: float, error: float, median: float, wald: float
) -> None:
    found = times(
        "shumailov",
        "log_sigma",
        lambda values: values <= np.log(0.1),
        replicates=6000 if size == 10 else 3000,
        generations=generations,
        **{"schedule.size": size},
    )
    assert agrees(found, mean, error)
    assert np.median(found) == pytest.approx(median, rel=0.04)
    assert found.mean() > wald


@pytest.mark.slow
@pytest.mark.parametrize(
    ("probabilities", "size", "generations", "mean", "error", "wrong"),
    [
        ([0.5, 0.25, 0.15, 0.1], 100, 1500, 157.6, 0.8, 241.6),
        ([0.1] * 10, 50, 800, 92.2, 0.4, 230.3),
        ([0.9, 0.1], 100, 1500, 63.454, 0.0, 136.602),
        ([0.5, 0.5], 100, 1500, 136.602, 0.0, 63.454),
    ],
)
def test_time_to_a_single_state(
    probabilities: list[float],
    size: int,
    generations: int,
    mean: float,
    error: float,
    wrong: float,
) -> None:
    found = times(
        "borkar-collapse",
        "support_alive",
        lambda values: values <= 1,
        replicates=3000,
        generations=generations,
        **{
            "source.probabilities": probabilities,
            "source.values": [float(k) for k in range(len(probabilities))],
            "schedule.size": size,
        },
    )
    # Model 1 is the frequencies of D_0, so that counting fits counts from the law itself.
    assert agrees(found, mean, error)
    assert not agrees(found, wrong, error)


@pytest.mark.slow
def test_a_sample_of_distinct_atoms_is_absorbed_after_about_twice_its_size() -> None:
    # Model 1 has 100 distinct atoms with equal shares: the uniform law on 100 states, one fit on.
    found = 1 + times(
        "borkar-collapse",
        "support_alive",
        lambda values: values <= 1,
        replicates=2000,
        generations=1600,
        **{
            "source.probabilities": [0.01] * 100,
            "source.values": [float(k) for k in range(100)],
            "schedule.size": 100,
        },
    )
    assert agrees(found, 194.8, 1.5)
    assert np.quantile(found, 0.95) == pytest.approx(403, rel=0.05)
    assert not agrees(found, 100.0, 1.5)
