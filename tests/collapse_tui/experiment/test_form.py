"""The form: every key has a description and the editor of its type."""

from typing import Any

import pytest

import presets
from collapse_tui.experiment.document import read, with_settings
from collapse_tui.experiment.form import form_fields, metrics_field
from collapse_tui.experiment.form_field import FormField
from collapse_tui.experiment.loader import load
from engines import registry

TABLES = ("source", "engine", "policy", "schedule")
NAMES = [(table, name) for table in TABLES for name in registry.names(table)]


def fields_of(preset: str, **settings: Any) -> dict[str, FormField]:
    document = with_settings(read(preset)[1], settings)
    return {one.key: one for one in form_fields(document)}


@pytest.mark.parametrize(("table", "name"), NAMES)
def test_every_key_is_described(table: str, name: str) -> None:
    """Those of engines, sources, policies and schedules, with the keys of their inner tables."""
    fields = form_fields({table: {"name": name}})
    inner = [column for one in fields for column in one.columns]
    assert [one.key for one in [*fields, *inner] if not one.description] == []


@pytest.mark.parametrize("preset", presets.names())
def test_the_form_shows_the_values_of_the_preset(preset: str) -> None:
    document = read(preset)[1]
    fields = {one.key: one for one in form_fields(document)}
    for table in TABLES:
        for key, value in document.get(table, {}).items():
            if not isinstance(value, dict):
                assert fields[f"{table}.{key}"].value == value
    assert fields["generations"].value == document["generations"]


def test_each_type_has_its_editor() -> None:
    borji = fields_of("borji")
    kinds = {key: one.kind for key, one in borji.items()}
    assert kinds["engine.kernel"] == "choice"
    assert set(borji["engine.kernel"].choices) >= {"gaussian", "tophat"}
    assert kinds["engine.bandwidth"] == "mixed"
    assert set(borji["engine.bandwidth"].choices) >= {"scott", "silverman"}
    assert kinds["source.redraw"] == "switch"
    assert kinds["source.components"] == "rows"
    assert kinds["schedule.size"] == kinds["generations"] == "value"
    assert kinds["policy.name"] == "choice"
    assert borji["policy.name"].choices["accumulate"]
    assert fields_of("borji", **{"source.name": "file"})["source.decimal"].choices.keys() == {
        "",
        ".",
        ",",
    }


def test_the_keys_of_a_component_follow_its_family() -> None:
    components = fields_of("borji")["source.components"]

    def keys(family: str) -> list[str]:
        return [one.key for one in components.columns_of({"family": family})]

    assert keys("normal") == ["family", "weight", "mean", "sd"]
    assert keys("uniform") == ["family", "weight", "low", "high"]
    assert keys("gamma") == ["family", "weight", "shape", "scale"]


def test_another_name_brings_the_keys_of_its_class() -> None:
    fields = fields_of("borji", **{"policy.name": "subsample"})
    assert "policy.replacement" in fields
    assert "policy.fresh" not in fields
    assert fields["policy.name"].reshapes
    assert not fields["engine.kernel"].reshapes


def test_bins_are_offered_for_numbers_only() -> None:
    assert fields_of("discrete")["source.bins.count"].value == 100
    assert "source.bins.low" in fields_of("borji")
    assert "source.bins.low" not in fields_of("suresh-zipf")


def test_the_metrics_that_exist_are_offered_with_their_meaning() -> None:
    field = metrics_field(load("borkar"))
    assert set(field.value) <= set(field.choices)
    assert "heterozygosity" in field.choices
    assert "perplexity" not in field.choices
    assert all(field.choices.values())
