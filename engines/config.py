"""Frozen, strictly typed configurations: what a table of a preset becomes.

Every engine, source, policy and schedule is a `Config`. A wrong type, an unknown key or a
value out of range raises an error when it is built, before anything runs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, NamedTuple, TypeGuard

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


class Phrase(NamedTuple):
    """A part of an experiment in words, as a reader sees it.

    Attributes
    ----------
    short : str
        At most 24 characters.
    long : str
        With the settings that matter.
    """

    short: str
    long: str


@dataclass(frozen=True, slots=True)
class Words:
    """How a reader sees a setting that may be changed during a run.

    Attributes
    ----------
    symbol : str
        One character, as in the papers; empty for none.
    brief, name : str
        In words: at most 13 and 30 characters.
    rank : int
        The lowest of all settings of a run matter first.
    """

    symbol: str
    brief: str
    name: str
    rank: int


def plural(count: int, noun: str) -> str:
    """Return a number and its noun: "1 layer", "2,000 words"."""
    return f"{count:,} {noun}" + ("" if count == 1 else "s")


def percent(share: float) -> str:
    """Return a share in per cent, to three digits: "33.3 %"."""
    return f"{100 * share:.3g} %"


class Config(BaseModel):
    """Base of all configurations: immutable, no unknown keys, no silent conversion.

    Attributes
    ----------
    former_keys : tuple of str
        Keys of earlier versions, which are still read.
    plain_name : str
        What it is in words, at most 24 characters; empty where `phrase` says it.
    keys_by : (str, mapping of str to tuple of str)
        A key, and for each of its values the other keys that go with it only; empty where all
        keys go with each other.
    setting_words : mapping of str to Words
        How its keys that may be changed during a run are written; others as they are.
    """

    former_keys: ClassVar[tuple[str, ...]] = ()
    setting_words: ClassVar[Mapping[str, Words]] = {}
    plain_name: ClassVar[str] = ""
    keys_by: ClassVar[tuple[str, Mapping[str, tuple[str, ...]]]] = ("", {})

    # a schema is built when its class is first used: most classes of a start are not
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)

    @property
    def phrase(self) -> Phrase:
        """What it is in words: its plain name, else the name of its class or its table."""
        words = self.plain_name or str(getattr(self, "name", type(self).__name__))
        return Phrase(words, words)


def _to_int(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _to_float(value: Any) -> Any:
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def is_list(value: object) -> TypeGuard[Sequence[Any]]:
    """Return whether a value is a list, as TOML gives it, or a tuple."""
    return isinstance(value, list | tuple)


def to_tuple(value: Any) -> Any:
    """Return a list, and the lists in it, as tuples; any other value as it is."""
    return tuple(to_tuple(item) for item in value) if is_list(value) else value


Integer = Annotated[int, BeforeValidator(_to_int)]
"""An integer; an integral float such as 1e9 is accepted."""
MOST_INTEGER = 2**63 - 1
"""The largest integer of TOML and of arrays."""
Size = Annotated[int, BeforeValidator(_to_int), Field(ge=1, le=MOST_INTEGER)]
"""A number of samples, at least 1."""
Real = Annotated[float, BeforeValidator(_to_float), Field(allow_inf_nan=False)]
"""A finite number."""
Positive = Annotated[float, BeforeValidator(_to_float), Field(gt=0, allow_inf_nan=False)]
"""A finite number above 0."""
Share = Annotated[float, BeforeValidator(_to_float), Field(ge=0, le=1)]
"""A probability or share, 0 to 1."""
Sizes = Annotated[tuple[Size, ...], BeforeValidator(to_tuple)]
"""A list of numbers of samples."""
Reals = Annotated[tuple[Real, ...], BeforeValidator(to_tuple)]
"""A list of finite numbers."""
Shares = Annotated[tuple[Share, ...], BeforeValidator(to_tuple)]
"""A list of probabilities."""
Matrix = Annotated[tuple[tuple[Real, ...], ...], BeforeValidator(to_tuple)]
"""A list of rows of finite numbers."""
