"""Settings that change during a run, and the settings in force at each step."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from collapse_tui.experiment import document as text
from collapse_tui.experiment.schema import Top
from collapse_tui.experiment.validation import build, configure
from engines.base import EngineConfig
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
        found.append(Intervention(at, text.flatten(settings)))
    return tuple(sorted(found, key=lambda item: item.at))


def setups_of(
    tables: Mapping[str, Mapping[str, Any]],
    first: Setup,
    interventions: Iterable[Intervention],
    device: str = "cpu",
) -> tuple[tuple[int, Setup], ...]:
    """Return the settings in force from a step on: the first, then those of each intervention.

    Parameters
    ----------
    tables : mapping
        ``"engine"``, ``"policy"`` and ``"schedule"``, from which `first` was built.
    first : Setup
    interventions : iterable of Intervention
        In order of their steps.
    device : str
        What changed engines compute on.

    Raises
    ------
    InvalidExperimentError
        If a setting may not be changed, or its value is wrong.
    """
    setups = [(0, first)]
    current: text.Document = dict(tables)
    for item in interventions:
        before = setups[-1][1]
        for key in item.settings:
            _require_changeable(key, before.engine)
        current = text.with_settings(current, item.settings)
        named = {key.partition(".")[0] for key in item.settings} - {"seed"}
        changed = {table: build(table, current[table]) for table in sorted(named)}
        if "seed" in item.settings:
            seed = {"seed": item.settings["seed"]}
            changed["seed"] = configure(Top, "interventions.set", seed).seed
        if "engine" in changed:
            changed["engine"] = changed["engine"].on_device(device)
        setups.append((item.at, replace(before, **changed)))
    return tuple(setups)


def _require_changeable(key: str, engine: EngineConfig) -> None:
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
