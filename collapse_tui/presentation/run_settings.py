"""Settings of stored runs: as dotted keys, side by side, and matched by words."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, cast

from collapse_tui.experiment.document import flatten, is_table
from collapse_tui.number_format import format_number

Settings = Mapping[str, object]

TABLES = ("source", "engine", "policy", "schedule", "metrics", "state")
TOP = ("generations", "replicates", "seed", "stop")
"""What is a setting of a run: its words and claims are not."""

SYMBOLS = {
    "λ": "policy.fresh", "lambda": "policy.fresh", "γ": "policy.fresh",
    "β": "policy.previous", "beta": "policy.previous", "M": "schedule.size",
    "h": "engine.bandwidth", "R": "replicates", "G": "generations",
}  # fmt: skip
"""How a setting is written in papers, and its key."""

MOST_NAMED = 3
"""Settings that tell runs apart in a few words at most."""

WORD = re.compile(r"([^<>=]+)(<=|>=|=|<|>)(.*)")


class Difference(NamedTuple):
    """One setting of several runs, as text; empty where a run has no such setting."""

    key: str
    values: tuple[str, ...]

    @property
    def differs(self) -> bool:
        """Whether the runs do not all have the same value."""
        return len(set(self.values)) > 1


def list_settings(document: Mapping[str, Any]) -> dict[str, object]:
    """Return the settings of an experiment by dotted key, interventions with their step."""
    found: dict[str, object] = {key: document[key] for key in TOP if key in document}
    found |= flatten({table: document[table] for table in TABLES if table in document})
    for entry in _tables(document.get("interventions", [])):
        changes, at = flatten({"": entry.get("set", {})}), entry.get("at")
        found |= {f"{key.lstrip('.')} from {at}": value for key, value in changes.items()}
    return found


def _tables(entries: Any) -> list[dict[str, Any]]:
    found = cast("list[object]", entries) if isinstance(entries, list) else []
    return [entry for entry in found if is_table(entry)]


def setting_text(value: object) -> str:
    """Return the value of a setting as it is read."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return format_number(value, 4)
    if is_table(value):
        return " ".join(f"{key} {setting_text(item)}" for key, item in value.items())
    if isinstance(value, list):
        values = cast("list[object]", value)
        return ("; " if any(map(is_table, values)) else ", ").join(map(setting_text, values))
    return str(value)


def compare_settings(runs: Sequence[Settings]) -> list[Difference]:
    """Return every setting of some runs: first those in which they differ."""
    keys = dict.fromkeys(key for settings in runs for key in settings)
    rows = [
        Difference(key, tuple(setting_text(run[key]) if key in run else "" for run in runs))
        for key in keys
    ]
    return sorted(rows, key=lambda row: not row.differs)


def name_differences(runs: Sequence[Settings]) -> list[str]:
    """Return what sets each of several runs apart, such as ``λ 0.2``; empty where it is too much.

    Seeds and lengths are named only where nothing else differs.
    """
    rows = [row for row in compare_settings(runs) if row.differs]
    rows = [row for row in rows if row.key not in {"seed", "generations"}] or rows
    if len(rows) > MOST_NAMED:
        return [""] * len(runs)
    return [
        ", ".join(f"{setting_name(row.key)} {row.values[index] or '–'}" for row in rows)
        for index in range(len(runs))
    ]


def setting_name(key: str) -> str:
    """Return how a setting is called for short: its symbol, or the last part of its key."""
    plain, step, at = key.partition(" from ")
    symbol = next((sign for sign, name in SYMBOLS.items() if name == plain), "")
    return (symbol or plain.removesuffix(".name").rpartition(".")[2]) + step + at


def matches_words(text: str, wanted: str, settings: Settings) -> bool:
    """Return whether each word is in a text, or holds of a setting (``kde λ=0.2 M>=1000``).

    Parameters
    ----------
    text : str
        Names, titles and settings, casefolded.
    wanted : str
        Words with blanks between them.
    settings : mapping
        By dotted key.
    """
    return all(_matches(text, word, settings) for word in wanted.split())


def _matches(text: str, word: str, settings: Settings) -> bool:
    parts = WORD.fullmatch(word)
    if parts is None:
        return word.casefold() in text
    name, sign, value = parts.groups()
    key = SYMBOLS.get(name, name)
    return any(_holds(settings[one], sign, value) for one in settings if _is_key(one, key))


def _is_key(key: str, wanted: str) -> bool:
    return wanted == key or key.rpartition(".")[2] == wanted or key.removesuffix(".name") == wanted


def _holds(value: object, sign: str, wanted: str) -> bool:
    have, want = _number(value), _number(wanted)
    if have is None or want is None:
        same = str(value).casefold().startswith(wanted.casefold())
        return sign == "=" and same and bool(wanted)
    return {
        "=": have == want, "<": have < want, ">": have > want, "<=": have <= want,
        ">=": have >= want,
    }[sign]  # fmt: skip


def _number(value: object) -> float | None:
    if isinstance(value, bool):
        return None
    try:
        return float(str(value).replace(",", "").replace("_", ""))
    except ValueError:
        return None
