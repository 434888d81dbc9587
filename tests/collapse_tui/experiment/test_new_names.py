"""What is left of a table when its name is set: a new policy mixes in nothing of the old one."""

from itertools import permutations
from typing import Any

import pytest

from collapse_tui.experiment.document import with_settings
from collapse_tui.experiment.loader import resolve
from engines import registry

POLICIES: dict[str, dict[str, Any]] = {
    "replace": {"counts": "fixed"},
    "mix": {"fresh": 0.2, "keep": 0.1},
    "accumulate": {},
    "subsample": {"replacement": True},
    "weighted": {"weight": 0.6, "fresh": 0.3},
}
SCHEDULES: dict[str, dict[str, Any]] = {
    "constant": {"size": 40},
    "linear": {"size": 40},
    "power": {"size": 40, "exponent": 1.5},
    "geometric": {"size": 40, "ratio": 1.1},
    "list": {"sizes": [40, 50, 60]},
}


def required(table: dict[str, Any], kind: str, name: str) -> dict[str, Any]:
    """Return the keys of a table that have no default."""
    fields = registry.find(kind, name).model_fields
    return {key: value for key, value in table.items() if fields[key].is_required()}


def renamed(kind: str, old: dict[str, Any], settings: dict[str, Any]) -> Any:
    """Return the policy or schedule of an experiment in which keys of its table were set."""
    document: dict[str, Any] = {
        "format": 1,
        "generations": 2,
        "source": {"name": "normal", "size": 40},
        "engine": {"name": "gaussian"},
        "policy": {"name": "replace"},
        "schedule": {"name": "constant", "size": 40},
    }
    changed = {f"{kind}.{key}": value for key, value in settings.items()}
    document = with_settings(document | {kind: old}, changed)
    return getattr(resolve("x", document).setup(1), kind)


def test_each_is_tried() -> None:
    assert list(POLICIES) == registry.names("policy")
    assert list(SCHEDULES) == registry.names("schedule")


@pytest.mark.parametrize(("old", "new"), permutations(POLICIES, 2))
def test_a_new_policy_starts_from_its_own_defaults(old: str, new: str) -> None:
    settings = {"name": new} | required(POLICIES[new], "policy", new)
    found = renamed("policy", {"name": old} | POLICIES[old], settings)
    assert found == renamed("policy", settings, {})
    assert found.name == registry.find("policy", new).name


@pytest.mark.parametrize(("old", "new"), permutations(SCHEDULES, 2))
def test_a_new_schedule_keeps_the_size_alone(old: str, new: str) -> None:
    settings = {key: value for key, value in SCHEDULES[new].items() if key != "size"}
    if old == "list":
        settings = SCHEDULES[new]
    found = renamed("schedule", {"name": old} | SCHEDULES[old], {"name": new} | settings)
    assert found == renamed("schedule", {"name": new} | SCHEDULES[new], {})


def test_sizes_are_all_that_schedules_share() -> None:
    keys = [set(registry.find("schedule", name).model_fields) for name in SCHEDULES]
    assert {key for one, other in permutations(keys, 2) for key in one & other} == {"size"}


def test_the_same_name_changes_nothing() -> None:
    mixed = {"name": "mix"} | POLICIES["mix"]
    assert renamed("policy", mixed, {"name": "mix"}) == renamed("policy", mixed, {})
