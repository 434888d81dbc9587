"""Runs of any length are checked at once, by what their schedules give."""

import time
from typing import Any

import pytest

from collapse_tui.experiment.experiment import Experiment
from collapse_tui.experiment.loader import load
from engines.errors import InvalidExperimentError

SCHEDULES: dict[str, dict[str, Any]] = {
    "constant": {"schedule.size": 70},
    "linear": {"schedule.name": "linear", "schedule.size": 3},
    "rising": {"schedule.name": "power", "schedule.size": 9, "schedule.exponent": 1.7},
    "falling": {"schedule.name": "power", "schedule.size": 900, "schedule.exponent": -0.6},
    "geometric": {"schedule.name": "geometric", "schedule.size": 500, "schedule.ratio": 0.99},
    "list": {"schedule.name": "list", "schedule.sizes": [5, 9, 4, 30, 8] * 61},
}


def built(schedule: str, generations: int = 300) -> Experiment:
    return load("shumailov", generations=generations, **SCHEDULES[schedule])


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_sizes_are_those_of_the_schedule_one_by_one(schedule: str) -> None:
    run = built(schedule)
    each = [run.real_size, *(run.setup(n).schedule.samples(n) for n in range(1, 301))]
    assert list(run.sizes) == each == run.sizes.until(300).tolist()
    assert (run.sizes.largest, run.sizes.total(300)) == (max(each), sum(each))
    for limit in (4, 8, 100, 10**6):
        for holds in (
            lambda size, limit=limit: size > limit,
            lambda size, limit=limit: size < limit,
        ):
            first = next((n for n, size in enumerate(each) if holds(size)), None)
            assert run.sizes.find(0, 300, holds) == first


def test_the_sum_of_many_sizes_is_bounded_closely() -> None:
    run = built("rising", 50_000)
    whole = sum(run.sizes.until(50_000).tolist())
    assert whole <= run.sizes.total(50_000) <= 1.01 * whole


@pytest.mark.parametrize("schedule", ["constant", "linear", "falling", "geometric"])
def test_a_billion_generations_are_checked_at_once(schedule: str) -> None:
    settings = SCHEDULES[schedule] | {"schedule.size": 900_000}
    started = time.monotonic()
    if schedule == "geometric":
        with pytest.raises(InvalidExperimentError, match="gives 1 samples at generation 1324; eng"):
            load("shumailov", generations=10**9, **settings)
    else:
        run = load("shumailov", generations=10**9, **settings)
        assert len(run.sizes) == 10**9 + 1
    # a bound on hangs: one look at every generation would take minutes
    assert time.monotonic() - started < 20


def test_what_is_wrong_late_is_named_by_its_generation() -> None:
    with pytest.raises(InvalidExperimentError, match="generation 357913905 more than"):
        load("shumailov", generations=10**9, **SCHEDULES["linear"] | {"schedule.size": 2_793_968})
    wrong = [{"at": 10**8, "set": {"schedule.size": 1}}]
    with pytest.raises(InvalidExperimentError, match="gives 1 samples at generation 100000000; "):
        load("shumailov", generations=10**9, interventions=wrong)
    pool = {"policy.name": "subsample", "schedule.size": 50}
    with pytest.raises(InvalidExperimentError, match="at generation 19999999 policy"):
        load("borkar", generations=10**9, **pool)


def test_a_list_that_is_too_short_is_named_at_once() -> None:
    with pytest.raises(InvalidExperimentError, match="has 305 sizes, too few for generation 305"):
        built("list", 10**9)
