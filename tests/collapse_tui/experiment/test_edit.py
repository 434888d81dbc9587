"""An edited experiment is the one that its edited document describes."""

from collections.abc import Callable
from typing import Any

import pytest

from collapse_tui.experiment.edit import (
    with_generations,
    with_intervention,
    with_interventions_until,
    without_interventions,
)
from collapse_tui.experiment.experiment import Experiment
from collapse_tui.experiment.loader import load, resolve
from engines.errors import InvalidExperimentError

EDITS: dict[str, Callable[[Experiment], Experiment]] = {
    "policy": lambda one: with_intervention(one, 3, {"policy.name": "accumulate"}),
    "size": lambda one: with_intervention(one, 4, {"schedule.size": 700, "seed": 5}),
    "nested": lambda one: with_intervention(one, 2, {"policy": {"fresh": 0.1}}),
    "earlier": lambda one: with_intervention(EDITS["size"](one), 2, {"seed": 6}),
    "until": lambda one: with_interventions_until(EDITS["earlier"](one), 2),
    "without": lambda one: with_interventions_until(EDITS["earlier"](one), 0),
    "longer": lambda one: with_generations(EDITS["size"](one), 33),
}


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("preset", ["shumailov", "borji", "discrete"])
def test_an_edit_is_what_its_document_describes(preset: str, edit: str) -> None:
    edited = EDITS[edit](load(preset))
    again = resolve(edited.name, edited.document)
    assert edited.to_toml() == again.to_toml()
    assert edited.setups == again.setups
    assert edited.interventions == again.interventions
    assert edited.claims == again.claims
    assert (edited.generations, edited.seed) == (again.generations, again.seed)
    assert list(edited.sizes) == list(again.sizes)
    assert edited.form is again.form
    assert edited.needs == again.needs


def test_an_edit_shares_what_it_cannot_change() -> None:
    one = load("shumailov")
    assert EDITS["size"](one).source is one.source
    assert with_interventions_until(one, 0) is one


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"engine.name": "kde"}, "engine.name cannot be changed during a run"),
        ({"policy.frehs": 0.1}, "unknown key policy.frehs of policy .*did you mean 'fresh'"),
        ({"schedule.size": 1}, "schedule gives 1 samples at generation 3"),
        ({"seed": -1}, "seed must not be negative, got -1"),
    ],
)
def test_a_wrong_intervention_is_refused(settings: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InvalidExperimentError, match=sentence):
        with_intervention(load("shumailov"), 3, settings)


def test_a_wrong_number_of_generations_is_refused() -> None:
    with pytest.raises(InvalidExperimentError, match="generations must be"):
        with_generations(load("shumailov"), 0)


@pytest.mark.parametrize(
    ("schedule", "at", "settings"),
    [
        ({"name": "constant", "size": 1}, 1, {"schedule.size": 30}),
        (
            {"name": "list", "sizes": [10, 20, 30]},
            3,
            {"schedule.name": "constant", "schedule.size": 30},
        ),
    ],
)
def test_an_intervention_may_repair_what_cannot_run_without_it(
    experiment: Callable[..., Experiment],
    records: Callable[[Experiment], list[Any]],
    schedule: dict[str, Any],
    at: int,
    settings: dict[str, Any],
) -> None:
    source = {"name": "normal", "size": 10}
    entries = [{"at": at, "set": settings}, {"at": 4, "set": {"seed": 7}}]
    built = experiment(source, "gaussian", "replace", schedule, interventions=entries)
    assert len(records(built)) == 5
    assert [item.at for item in without_interventions(built).interventions] == [at]
