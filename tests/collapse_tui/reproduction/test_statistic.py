"""Statistics and their standard errors: against the scatter of many samples."""

import math

import numpy as np
import pytest

from collapse_tui.reproduction.statistic import MetricStatistic, correlation_terms, measure

SAMPLES, SIZE = 2000, 200


def draws() -> np.ndarray:
    return np.random.Generator(np.random.PCG64(7)).gamma(2.0, size=(SAMPLES, SIZE))


def of_variance(name: str, **others: float) -> MetricStatistic:
    return MetricStatistic("variance", name, 3, **others)  # pyright: ignore[reportArgumentType]


ALL = {
    "mean": {}, "median": {}, "variance": {}, "sd": {}, "q05": {}, "q25": {}, "q75": {}, "q95": {},
    "share above": {"threshold": 3.0}, "share below": {"threshold": 1.0},
    "time below": {"threshold": 1.0},
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("statistic", ALL)
def test_standard_errors_are_the_scatter_of_the_statistic(statistic: str) -> None:
    asked = of_variance(statistic, **ALL[statistic])
    found = [measure(asked, row) for row in draws()]
    scatter = np.std([item.value for item in found])
    claimed = np.mean([item.standard_error for item in found])
    assert claimed == pytest.approx(scatter, rel=0.1)


def test_a_wrong_standard_error_would_be_seen() -> None:
    found = [measure(of_variance("variance"), row) for row in draws()]
    scatter = np.std([item.value for item in found])
    normal_theory = np.mean([item.value * math.sqrt(2 / (SIZE - 1)) for item in found])
    assert normal_theory != pytest.approx(scatter, rel=0.1)


def test_the_scatter_of_a_mean_over_runs() -> None:
    values = draws().ravel()
    found = measure(of_variance("mean", runs=50), values)
    groups = len(values) // 50
    assert found.standard_error == pytest.approx(math.sqrt(2 / 50 * (1 + 1 / groups)), rel=0.03)
    low, high = (2 + z * math.sqrt(2 / 50) for z in (-2.576, 2.576))
    assert found.low == pytest.approx(low, abs=0.06)
    assert found.high == pytest.approx(high, abs=0.06)


def test_too_few_groups_give_no_scatter() -> None:
    found = measure(of_variance("mean", runs=50), draws().ravel()[: 50 * 19])
    assert math.isnan(found.standard_error)
    assert math.isnan(found.low)


@pytest.mark.parametrize(
    ("statistic", "values", "note"),
    [
        ("mean", [1.0, math.nan, 2.0], "undefined in 1 of 3"),
        ("variance", [1.0, math.inf, 2.0], "infinite in 1 of 3"),
        ("time below", [1.0, math.inf, 2.0], "not yet in 1 of 3 replicates by generation 3"),
    ],
)
def test_what_cannot_be_averaged_is_said(statistic: str, values: list[float], note: str) -> None:
    found = measure(of_variance(statistic, **ALL[statistic]), np.array(values))
    assert math.isnan(found.value)
    assert note in found.note


def test_a_share_does_not_mind_an_infinite_replicate() -> None:
    values = np.array([1.0, math.inf, 2.0])
    assert measure(of_variance("share above", threshold=1.5), values).value == pytest.approx(2 / 3)


def test_a_share_of_passages_counts_who_arrived() -> None:
    """Its values are first generations, like those of a time: infinite means never."""
    asked = of_variance("ever above", threshold=7.0)
    found = measure(asked, np.array([1.0, math.inf, 2.0, 0.0]))
    assert found.value == pytest.approx(3 / 4)
    share = measure(of_variance("share above", threshold=0.5), np.array([1.0, 0.0, 1.0, 1.0]))
    assert found.standard_error == pytest.approx(share.standard_error)
    assert asked.words == "share of runs with variance above 7 by 3"


def test_a_correlation_and_its_standard_error() -> None:
    """Against numpy's correlation, and the scatter over many samples of a law with heavy tails."""
    first = draws()
    second = 0.6 * first + np.random.Generator(np.random.PCG64(8)).gamma(1.0, size=first.shape)
    asked = of_variance("correlation", since=1)
    found = [measure(asked, correlation_terms(*rows)) for rows in zip(first, second, strict=True)]
    assert found[0].value == pytest.approx(np.corrcoef(first[0], second[0])[0, 1], rel=1e-12)
    scatter = np.std([item.value for item in found])
    claimed = np.mean([item.standard_error for item in found])
    assert claimed == pytest.approx(scatter, rel=0.1)
    plain = np.mean([(1 - item.value**2) / math.sqrt(SIZE) for item in found])
    assert plain != pytest.approx(scatter, rel=0.1)


def test_a_correlation_with_what_does_not_vary_is_undefined() -> None:
    with np.errstate(invalid="ignore"):
        terms = correlation_terms(np.ones(3), np.arange(3.0))
    assert "undefined in 3 of 3" in measure(of_variance("correlation", since=1), terms).note


def test_words_are_unique() -> None:
    asked = [of_variance(name, **others) for name, others in ALL.items()]
    assert len({item.words for item in asked}) == len(asked)
