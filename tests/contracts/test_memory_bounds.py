"""A run's memory does not grow with its generations where only statistics are kept."""

import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest

from collapse_tui.execution.runner import run
from collapse_tui.experiment.experiment import Experiment

MakeExperiment = Callable[..., Experiment]


@pytest.mark.slow
@pytest.mark.parametrize(("policy", "last"), [("replace", 1_500), ("accumulate", 5_000)])
def test_late_generations_take_no_more_than_early_ones(
    experiment: MakeExperiment, outcomes: Any, policy: str, last: int
) -> None:
    built = experiment("normal", "gaussian", policy, 100, generations=last, replicates=200)
    peaks: dict[int, int] = {}
    tracemalloc.start()
    try:
        for _, outcome in outcomes(built):
            if outcome.generation in {last // 10, last}:
                peaks[outcome.generation] = tracemalloc.get_traced_memory()[1]
                tracemalloc.reset_peak()
    finally:
        tracemalloc.stop()
    # Seeds are made for 256 generations at a time, which shows in the generation that asks first.
    assert peaks[last] < 1.5 * peaks[last // 10] + 300_000


def test_late_records_take_no_more_than_early_ones(experiment: MakeExperiment) -> None:
    """With metrics and views, which are handed on and forgotten."""
    built = experiment("normal", "gaussian", "accumulate", 100, generations=300, replicates=5)
    sizes: dict[int, int] = {}
    tracemalloc.start()
    try:
        for event in run(built):
            if getattr(event, "generation", None) in {50, 300}:
                sizes[event.generation] = tracemalloc.get_traced_memory()[0]  # type: ignore[union-attr]
    finally:
        tracemalloc.stop()
    assert sizes[300] < 1.2 * sizes[50] + 50_000


def test_a_huge_sample_costs_what_a_small_one_costs(
    experiment: MakeExperiment, outcomes: Any
) -> None:
    """M = 10⁹ of statistics: a tenth of a megabyte, where points would take 8 GB."""
    built = experiment("normal", "gaussian", "fresh", 10**9, generations=20)
    tracemalloc.start()
    try:
        for _ in outcomes(built):
            pass
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 500_000
