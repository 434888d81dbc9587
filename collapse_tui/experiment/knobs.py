"""Which settings may be turned while a run goes on, with their bounds."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:  # so that the screen can name knobs before anything heavy is imported
    from engines.config import Config
    from engines.recursion import Setup


@dataclass(frozen=True, slots=True)
class Knob:
    """A setting that may be changed while the run goes on.

    Attributes
    ----------
    key : str
        Dotted, such as ``policy.fresh``.
    value : Any
        At the start of the run.
    low, high : float or None
        Bounds of a number.
    description : str
    """

    key: str
    value: Any
    low: float | None = None
    high: float | None = None
    description: str = ""


def knobs_of(setup: "Setup") -> list[Knob]:
    """Return the settings that may be changed now, with their values and bounds."""
    return [
        *_knobs("policy", setup.policy),
        *_knobs("schedule", setup.schedule),
        *_knobs("engine", setup.engine, setup.engine.changeable),
    ]


def _knobs(table: str, config: Any, changeable: frozenset[str] | None = None) -> list[Knob]:
    fields = cast("type[Config]", type(config)).model_fields
    keys = [key for key in fields if changeable is None or key in changeable]
    return [_knob(f"{table}.{key}", getattr(config, key), fields[key]) for key in keys]


def _knob(key: str, value: Any, info: Any) -> Knob:
    bounds = {type(item).__name__: item for item in info.metadata}
    low = getattr(bounds.get("Ge"), "ge", getattr(bounds.get("Gt"), "gt", None))
    high = getattr(bounds.get("Le"), "le", None)
    return Knob(key, value, low, high, info.description or "")
