"""Settings that change during a run, and the settings in force at each step."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from collapse_tui.experiment import document as text
from collapse_tui.experiment.schema import Top
from collapse_tui.experiment.validation import build, configure
from engines.base import Engine
from engines.config import is_list
from engines.errors import InvalidExperimentError
from engines.recursion import Setup


@dataclass(frozen=True, slots=True)
class Intervention:
    """Settings that change from step `at` on."""

    at: int
    settings: Mapping[str, Any]


def read_interventions(entries: Any) -> tuple[Intervention, ...]:
    """Return the interventions of a document in order of their steps.

    Raises
    ------
    InvalidExperimentError
        If an entry is not ``{at, set}`` with a generation and settings.
    """
    if not is_list(entries):
        raise InvalidExperimentError("interventions must be a list of {at, set} tables")
    found: list[Intervention] = []
    for number, entry in enumerate(entries, start=1):
        where = f"intervention {number}"
        if not text.is_table(entry) or set(entry) != {"at", "set"}:
            raise InvalidExperimentError(f"{where} must have the keys at and set, got {entry!r}")
        at, settings = entry["at"], entry["set"]
        if not isinstance(at, int) or isinstance(at, bool) or at < 1:
            raise InvalidExperimentError(f"{where}: at must be a generation from 1 on, got {at!r}")
        if not text.is_table(settings) or not settings:
            raise InvalidExperimentError(
                f"{where}: set must give keys and values, got {settings!r}"
            )
        found.append(Intervention(at, text.flat(settings)))
    return tuple(sorted(found, key=lambda item: item.at))


def setups(
    tables: dict[str, dict[str, Any]], seed: int, interventions: tuple[Intervention, ...]
) -> Iterator[tuple[int, Setup]]:
    """Yield (step, settings in force from it on): the base values, then each intervention.

    Raises
    ------
    InvalidExperimentError
        If a setting may not be changed, or its value is wrong.
    """
    current = _setup(tables, seed)
    yield 0, current
    for item in interventions:
        for key in sorted(item.settings, key=lambda key: not key.endswith(".name")):
            value = item.settings[key]
            _may_change(key, current.engine)
            if key == "seed":
                seed = configure(Top, "interventions.set", {"seed": value}).seed
                continue
            table, _, inner = key.partition(".")
            if inner == "name":
                tables[table] = text.renamed(table, tables[table], value)
            else:
                tables[table] = {**tables[table], inner: value}
        current = _setup(tables, seed)
        yield item.at, current


def _setup(tables: Mapping[str, Mapping[str, Any]], seed: int) -> Setup:
    return Setup(
        build("engine", tables["engine"]),
        build("policy", tables["policy"]),
        build("schedule", tables["schedule"]),
        seed,
    )


def _may_change(key: str, engine: Engine) -> None:
    table, _, inner = key.partition(".")
    if key == "seed" or (table in ("policy", "schedule") and inner):
        return
    if table == "engine" and inner in engine.changeable:
        return
    changeable = ", ".join(f"engine.{name}" for name in sorted(engine.changeable)) or "none"
    raise InvalidExperimentError(
        f"{key} cannot be changed during a run; seed, policy.*, schedule.* and, of engine"
        f" {engine.name!r}, {changeable} can"
    )
