"""docs/sources.md has every key of every source with its default; its examples are read so."""

import re
import tomllib
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
from pydantic import BaseModel

from collapse_tui.experiment.loader import load
from engines import registry
from engines.sources.base import SourceConfig
from engines.sources.binned import Bins

PAGE = (Path(__file__).parents[2] / "docs/sources.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## ([\w -]+)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))
COMMON = ("size", "redraw", "bins")
ENGINES = {"unit": ("ngram", "text"), "range": ("vae", "images"), "bins": ("discrete", "file")}
"""Presets and sources of the examples; those of the other keys are borji and file."""


def rows_of(section: str) -> list[list[str]]:
    """Return the cells of a section's table, without those of its header."""
    lines = [line for line in SECTIONS[section].splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[2:]]


def inner_tables(annotation: Any) -> set[type[BaseModel]]:
    """Return the tables of which a key is a list."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return {annotation}
    return {table for part in get_args(annotation) for table in inner_tables(part)}


def test_the_sections_are_the_sources() -> None:
    assert list(SECTIONS) == ["All sources", *registry.names("source"), "Examples"]


def test_the_keys_of_all_sources() -> None:
    assert tuple(row[0].strip("`") for row in rows_of("All sources")) == COMMON
    assert {*COMMON[:2]} == {*SourceConfig.model_fields}
    assert ", ".join(Bins.model_fields) in SECTIONS["All sources"]
    classes = {name: registry.find("source", name) for name in registry.names("source")}
    without = {name for name, one in classes.items() if not one.model_fields["redraw"].default}
    assert without == set(re.findall(r"`(\w+)`", rows_of("All sources")[1][2])) - {"true", "false"}


@pytest.mark.parametrize("name", registry.names("source"))
def test_every_key_of_a_source_has_its_row(name: str) -> None:
    fields = registry.find("source", name).model_fields
    own = {key: field for key, field in fields.items() if key not in COMMON}
    rows = rows_of(name)
    assert [row[0] for row in rows] == [f"`{key}`" for key in own]
    for (key, values, default, _), field in zip(rows, own.values(), strict=True):
        assert values, key
        assert (default == "required") == field.is_required(), key
        if default.startswith("`"):
            assert tomllib.loads(f"x = {default.strip('`')}")["x"] == field.default, key
        else:
            assert default, key
            assert field.is_required() or field.default is None, key
        allowed = [value for value in get_args(field.annotation) if isinstance(value, str)]
        assert all(f'`"{value}"`' in values for value in allowed), key
        for table in inner_tables(field.annotation):
            assert all(f"`{inner}`" in SECTIONS[name] for inner in table.model_fields), key


@pytest.mark.parametrize("row", rows_of("Examples"), ids=lambda row: row[0].strip("`"))
def test_an_example_is_read_as_the_page_says(
    row: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, file, keys, said = row
    monkeypatch.chdir(tmp_path)
    spans = re.findall("`([^`]+)`", keys)
    assert any(span.startswith(key.strip("`") + "=") for span in spans)
    settings = tomllib.loads("\n".join(spans))
    lines = re.findall("`([^`]+)`", file)
    if lines[0].startswith("np."):
        eval(lines[0], {"np": np})  # noqa: S307 - an expression of our own page
    else:
        Path(settings["path"]).write_text("\n".join(lines) + "\n", encoding="utf-8")
    engine, source = ENGINES.get(key.strip("`"), ("borji", "file"))
    settings = {"name": source} | settings
    assert read_by(engine, settings) == said


def read_by(preset: str, settings: dict[str, Any]) -> str:
    """Return what a run of a preset with another source says that it read."""
    changed = {f"source.{key}": value for key, value in settings.items()}
    return load(preset, **changed).source.content
