"""The import contracts of pyproject.toml name every engine and policy of the registry."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from engines.registry import TABLES

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CONTRACTS: dict[str, Any] = {
    contract["id"]: contract for contract in PROJECT["tool"]["importlinter"]["contracts"]
}


@pytest.mark.parametrize(
    ("contract", "key", "table"),
    [
        ("families", "modules", "engine"),
        ("by-name", "forbidden_modules", "engine"),
        ("policies", "modules", "policy"),
    ],
)
def test_every_entry_of_the_registry_is_under_contract(contract: str, key: str, table: str) -> None:
    registered = {entry.split(":")[0] for entry in TABLES[table].values()}
    assert sorted(CONTRACTS[contract][key]) == sorted(registered)
