"""The key `stop`: what it may say, and what a record must be to end a run."""

from typing import Any

import pytest

from collapse_tui.experiment.end_condition import describe_end, read_end_conditions
from collapse_tui.experiment.loader import load
from engines.errors import InvalidExperimentError


def _summary(**medians: float | None) -> dict[str, dict[str, Any]]:
    return {name: {"q50": median} for name, median in medians.items()}


@pytest.mark.parametrize(
    ("text", "below", "equal", "above"),
    [
        ("variance < 0.5", True, False, False),
        ("variance<=0.5", True, True, False),
        ("  variance >  5e-1 ", False, False, True),
        ("variance >= .5", False, True, True),
    ],
)
def test_a_median_is_compared_with_a_number(
    text: str, below: bool, equal: bool, above: bool
) -> None:
    ends = read_end_conditions(text)
    found = [bool(describe_end(ends, 1, _summary(variance=v))) for v in (0.4, 0.5, 0.6)]
    assert found == [below, equal, above]


def test_a_sentence_has_the_digits_that_it_takes() -> None:
    ends = read_end_conditions(["variance < 1e-6", "kl > 2"])
    said = describe_end(ends, 312, _summary(variance=8.9e-07, kl=1.0))
    assert said == "the median variance is 8.9e-07 < 1e-6 at generation 312"
    said = describe_end(ends, 5, _summary(variance=9.99e-07, kl=2.0001))
    assert said == (
        "the median variance is 9.99e-07 < 1e-6 and the median kl is 2.0001 > 2 at generation 5"
    )


def test_the_source_and_what_is_undefined_meet_nothing() -> None:
    ends = read_end_conditions("variance < 1")
    assert not describe_end(ends, 0, _summary(variance=0.0))
    assert not describe_end(ends, 1, _summary(variance=None))
    assert describe_end(ends, 1, _summary(variance=0.0))
    assert not describe_end((), 1, {})


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("variancce < 1", "stop names the unknown metric 'variancce': did you mean 'variance'?"),
        ("variance = 1", "by <, <=, >, >=, as in 'variance < 1e-6', got 'variance = 1'"),
        ("variance < nan", "finite number by .* got 'variance < nan'"),
        ("variance << 1", "got 'variance << 1'"),
        ("", "got ''"),
        (3, "stop must be a condition such as 'variance < 1e-6', or a list of them, got 3"),
        ([3], r"or a list of them, got \[3\]"),
        ("nearest_real < 1", "stop = 'nearest_real < 1': metric 'nearest_real' is not defined for"),
    ],
)
def test_what_cannot_be_a_condition_is_refused(value: object, sentence: str) -> None:
    with pytest.raises(InvalidExperimentError, match=sentence):
        load("borji", stop=value)


def test_its_metric_is_measured_and_it_stays_in_the_experiment() -> None:
    plain = load("borji", **{"metrics.names": ["mean"]})
    found = load("borji", **{"metrics.names": ["mean"], "stop": "variance < 0.1"})
    assert found.metric_names == ("mean", "variance")
    assert found.document["stop"] == "variance < 0.1"
    assert "stop" not in plain.document
    assert load("borji", stop=[]).ends == ()
    assert len(load("borji", stop=["kl < 1", "kl  <  1"]).ends) == 1
