"""Which claims speak of a run: those of its settings, up to where it departs from them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from collapse_tui.experiment.edit import with_intervention
from collapse_tui.experiment.experiment import Experiment
from collapse_tui.experiment.loader import load
from collapse_tui.reproduction.applicable_claims import select_claims


def stated(experiment: Experiment, metric: str = "variance") -> list[tuple[int, object]]:
    """Return generation and value of the means that are stated of an experiment."""
    found = select_claims(
        experiment, lambda claim: claim.metric == metric and claim.statistic == "mean"
    )
    return [(claim.generation, claim.expected) for claim in found if claim.origin == "paper"]


REPLACED = [(1, 0.964), (10, 0.301), (10, 0.348678)]
ACCUMULATED = [(1, 0.967), (10, 0.874), (50, 0.877), (100, 0.873)]


def test_a_preset_has_the_claims_of_its_own_settings_alone() -> None:
    assert stated(load("kazdan")) == REPLACED


@pytest.mark.parametrize(
    "settings", [{"replicates": 3}, {"seed": 5}, {"generations": 12}, {"metrics.names": ["mean"]}]
)
def test_length_seed_replicates_and_metrics_change_no_law(settings: dict[str, object]) -> None:
    assert stated(load("kazdan", **settings)) == REPLACED


def test_other_settings_have_the_claims_that_are_about_them() -> None:
    accumulating = load("kazdan", **{"policy.name": "accumulate"})
    assert not accumulating.claims
    assert stated(accumulating) == ACCUMULATED


@pytest.mark.parametrize("settings", [{"schedule.size": 11}, {"source.sd": 2.0}])
def test_settings_that_nobody_wrote_about_have_none(settings: dict[str, object]) -> None:
    assert stated(load("kazdan", **settings)) == []


def test_a_change_of_settings_ends_what_is_stated() -> None:
    changed = with_intervention(load("kazdan"), 10, {"policy.fresh": 0.1})
    assert stated(changed) == [(1, 0.964)]
    assert stated(with_intervention(load("kazdan"), 11, {"policy.fresh": 0.1})) == REPLACED
    first = with_intervention(load("kazdan"), 1, {"policy.fresh": 0.1})
    assert stated(first) == []


def test_another_seed_on_the_way_is_no_other_law() -> None:
    assert stated(with_intervention(load("kazdan"), 5, {"seed": 9})) == REPLACED


def test_a_file_of_the_user_speaks_for_itself(preset: Callable[..., Path]) -> None:
    own = load(str(preset("right")))
    assert [(claim.generation, claim.expected) for claim in own.claims] == [(5, 1.0)]
    assert stated(own) == [(5, 1.0)]
    assert stated(load(str(preset()))) == []
