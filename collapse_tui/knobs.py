"""Which settings may be turned while a run goes on, with their bounds."""

from dataclasses import dataclass
from typing import Any

from engines.recursion import Setup


@dataclass(frozen=True, slots=True)
class Knob:
    """A setting that may be changed while the run goes on."""

    key: str
    value: Any
    low: float | None
    high: float | None
    description: str


def knobs_of(setup: Setup) -> list[Knob]:
    """Return the settings that may be changed now, with their values and bounds."""
    engine: Any = setup.engine
    policy: Any = setup.policy
    schedule: Any = setup.schedule
    configs: list[tuple[str, Any, frozenset[str]]] = [
        ("policy", policy, frozenset(type(policy).model_fields)),
        ("schedule", schedule, frozenset(type(schedule).model_fields)),
        ("engine", engine, engine.changeable),
    ]
    return [
        _knob(table, config, key)
        for table, config, keys in configs
        for key in type(config).model_fields
        if key in keys
    ]


def _knob(table: str, config: Any, key: str) -> Knob:
    info = type(config).model_fields[key]
    bounds = {type(item).__name__: item for item in info.metadata}
    low = getattr(bounds.get("Ge"), "ge", getattr(bounds.get("Gt"), "gt", None))
    high = getattr(bounds.get("Le"), "le", None)
    return Knob(f"{table}.{key}", getattr(config, key), low, high, info.description or "")
