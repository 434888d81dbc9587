"""Which settings may be turned while a run goes on, in words and with their bounds."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, cast, get_args, get_origin

if TYPE_CHECKING:  # so that the screen can name knobs before anything heavy is imported
    from engines.config import Config, Words
    from engines.recursion import Setup

LAST_RANK = 99
"""Rank of a setting that has none of its own."""


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
    symbol, brief, name : str
        How it is written: one character or none, and in words, short and long.
    rank : int
        Knobs of a low rank matter first.
    choices : tuple
        The values of an enumeration; of a number that may also be a word, those words.
    low_open, high_open : bool
        Whether the bound itself is no value.
    """

    key: str
    value: Any
    low: float | None = None
    high: float | None = None
    description: str = ""
    symbol: str = ""
    brief: str = ""
    name: str = ""
    rank: int = LAST_RANK
    choices: tuple[object, ...] = ()
    low_open: bool = False
    high_open: bool = False

    @property
    def is_share(self) -> bool:
        """Whether it is a share, which is shown in per cent."""
        return (self.low, self.high) == (0, 1) and not isinstance(self.value, bool | int)

    @property
    def label(self) -> str:
        """Symbol and words, short: ``λ real data``."""
        return f"{self.symbol} {self.short}".strip()

    @property
    def short(self) -> str:
        """Its name in a few words."""
        return self.brief or plain_words(self.key)

    @property
    def long(self) -> str:
        """Its name in words."""
        return self.name or self.short

    def allows(self, value: float) -> bool:
        """Return whether a number is within its bounds."""
        low, high = self.low, self.high
        above = low is None or value > low or (value == low and not self.low_open)
        below = high is None or value < high or (value == high and not self.high_open)
        return above and below


def plain_words(key: str) -> str:
    """Return the last part of a key in words: ``policy.name`` is the policy."""
    table, _, last = key.partition(".")
    return table if last in ("", "name") else last.replace("_", " ")


def knobs_of(setup: "Setup") -> list[Knob]:
    """Return the settings that may be changed now, those that matter first."""
    found = [
        *_knobs("policy", setup.policy),
        *_knobs("schedule", setup.schedule),
        *_knobs("engine", setup.engine, setup.engine.changeable),
    ]
    return sorted(found, key=lambda knob: knob.rank)


def setting_labels(knobs: Iterable[Knob]) -> dict[str, str]:
    """Return the key of each knob → how it is written, short."""
    return {knob.key: knob.label for knob in knobs}


def _knobs(table: str, config: Any, changeable: frozenset[str] | None = None) -> list[Knob]:
    kind = cast("type[Config]", type(config))
    fields = kind.model_fields
    keys = [key for key in fields if changeable is None or key in changeable]
    return [
        _knob(f"{table}.{key}", getattr(config, key), fields[key], kind.setting_words.get(key))
        for key in keys
    ]


def _knob(key: str, value: Any, info: Any, words: "Words | None") -> Knob:
    bounds = {type(item).__name__: item for item in [*info.metadata, *_inner_bounds(info)]}
    low, low_open = _bound(bounds, "Gt", "Ge")
    high, high_open = _bound(bounds, "Lt", "Le")
    names = () if words is None else (words.symbol, words.brief, words.name, words.rank)
    symbol, brief, name, rank = names or ("", "", "", LAST_RANK)
    choices = (False, True) if info.annotation is bool else _literals(info.annotation)
    return Knob(
        key, value, low, high, info.description or "", symbol, brief, name, rank, choices,
        low_open, high_open,
    )  # fmt: skip


def _bound(bounds: dict[str, Any], strict: str, loose: str) -> tuple[float | None, bool]:
    """Return a bound, and whether it is itself excluded."""
    if strict in bounds:
        return getattr(bounds[strict], strict.lower()), True
    return getattr(bounds.get(loose), loose.lower(), None), False


def _literals(annotation: Any) -> tuple[object, ...]:
    """Return the values that an annotation lists, also as a part of it."""
    if get_origin(annotation) is Literal:
        return get_args(annotation)
    parts = get_args(annotation)
    return tuple(value for part in parts for value in _literals(part))


def _inner_bounds(info: Any) -> list[Any]:
    """Return the bounds of the number of a union."""
    parts = get_args(info.annotation)
    return [
        bound
        for part in parts
        for extra in getattr(part, "__metadata__", ())
        for bound in getattr(extra, "metadata", ())
    ]
