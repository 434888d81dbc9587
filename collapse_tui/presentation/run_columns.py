"""The columns of the table of runs: titles, texts, order; and groups of rows by a setting."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from collapse_tui.number_format import format_bytes, format_number
from collapse_tui.presentation.metric_words import metric_words
from collapse_tui.presentation.run_rows import RunRow, shorten_name
from collapse_tui.presentation.run_settings import matches_words, setting_text
from collapse_tui.visible_text import to_visible_line

WORDS = 14
"""Cells that the column of values takes beside its least, where there is room."""

Order = str | float | None
"""What rows are sorted by; None stands last."""


@dataclass(frozen=True, slots=True)
class RunColumn:
    """One column.

    Attributes
    ----------
    key, title : str
    width : int
        In cells; that of the name is the least.
    rank : int
        Columns of the highest rank are left out first where the table is narrow.
    text : callable
        Row → what the cell shows.
    order : callable
        Row → what it is sorted by.
    falling : bool
        Whether the largest comes first at first.
    right : bool
        Whether texts end at the right edge, as numbers do.
    short : callable or None
        Row → what the cell shows where `text` does not fit.
    """

    key: str
    title: str
    width: int
    rank: int
    text: Callable[[RunRow], str]
    order: Callable[[RunRow], Order]
    falling: bool = False
    right: bool = False
    short: Callable[[RunRow], str] | None = None

    def fit(self, row: RunRow, width: int) -> str:
        """Return the text of a cell, the short one where the other does not fit."""
        text = self.text(row)
        return self.short(row) if self.short is not None and len(text) > width else text


class Group(NamedTuple):
    """Rows with the same value of a setting; no heading where all rows are one group."""

    heading: str
    rows: Sequence[RunRow]


def make_columns(metric: str = "") -> tuple[RunColumn, ...]:
    """Return all columns, the one of values for `metric`, or for the first one of each run."""

    def value_text(row: RunRow) -> str:
        name, value = row.value(metric)
        number = format_number(value)
        return number if metric or not name else f"{number:>8} {metric_words(name).short}"

    def value_order(row: RunRow) -> Order:
        value = row.value(metric)[1]
        return None if math.isnan(value) else value

    title = metric_words(metric).short if metric else "metric"
    return (
        RunColumn("name", "name", 18, 0, _name_text, lambda row: row.name, short=_short_name),
        RunColumn("preset", "preset", 14, 8, lambda r: r.preset, lambda r: r.preset or None),
        RunColumn("engine", "engine", 10, 6, lambda r: r.engine, lambda r: r.engine or None),
        RunColumn("generation", "gen", 11, 1, progress_text, lambda row: row.generation,
               falling=True, right=True),
        RunColumn("status", "status", 11, 2, lambda row: row.state, lambda row: row.state),
        RunColumn("stage", "stage", 10, 5, lambda row: row.stage, lambda row: row.stage or None),
        RunColumn("metric", title, 14, 4, value_text, value_order,
               falling=True, right=bool(metric), short=lambda row: value_text(row).lstrip()),
        RunColumn("date", "worked on", 12, 3, date_text, lambda row: row.changed, falling=True),
        RunColumn("size", "size", 8, 9, size_text, lambda row: row.size, falling=True, right=True),
        RunColumn("seed", "seed", 6, 7, _seed_text, _seed_order, right=True),
    )  # fmt: skip


def _name_text(row: RunRow) -> str:
    return to_visible_line(row.name)


def _short_name(row: RunRow) -> str:
    return shorten_name(row.name)


def progress_text(row: RunRow) -> str:
    """Return the last generation and the number of generations of a run."""
    last = "–" if row.generation < 0 else str(row.generation)
    return f"{last}/{'?' if row.generations is None else row.generations}"


def date_text(row: RunRow) -> str:
    """Return when a run was last worked on: the time of this year, else the day."""
    if not row.changed:
        return "–"
    at = datetime.fromtimestamp(row.changed).astimezone()
    same = at.year == datetime.now().astimezone().year
    return f"{at:%d %b %H:%M}"[:12].lstrip("0") if same else f"{at:%Y-%m-%d}"


def size_text(row: RunRow) -> str:
    """Return what a run takes on disk."""
    return format_bytes(row.size) if row.size else "–"


def _seed_text(row: RunRow) -> str:
    return setting_text(row.settings.get("seed", "–")).replace(",", "")


def _seed_order(row: RunRow) -> Order:
    seed = row.settings.get("seed")
    return float(seed) if isinstance(seed, int) else None


def fit_columns(columns: Sequence[RunColumn], width: int) -> list[tuple[RunColumn, int]]:
    """Return the columns that fit into `width` cells, with their widths; the name takes the rest.

    Parameters
    ----------
    columns : sequence of RunColumn
    width : int
        One blank stands between two columns.
    """
    kept: list[RunColumn] = []
    room = width
    for column in sorted(columns, key=lambda column: column.rank):
        room -= column.width + bool(kept)
        if room < 0 and kept:
            room += column.width + 1
            break
        kept.append(column)
    # the values take half of what is left until their words fit, the name the rest
    more = {column.key: 0 for column in columns} | {"metric": min(WORDS, room // 2)}
    more["name"] = room - (more["metric"] if any(one.key == "metric" for one in kept) else 0)
    shown = [column for column in columns if column in kept]
    return [(one, max(1, one.width + more[one.key])) for one in shown]


def order_rows(rows: Iterable[RunRow], column: RunColumn, *, reverse: bool) -> list[RunRow]:
    """Return rows by a column; those without a value stand last either way."""
    keyed = [(column.order(row), row) for row in rows]
    known = [(value, row) for value, row in keyed if value is not None]
    known.sort(key=lambda pair: _fold(pair[0]), reverse=reverse)
    return [*(row for _, row in known), *(row for value, row in keyed if value is None)]


def _fold(value: Order) -> tuple[float, str]:
    return (0.0, value.casefold()) if isinstance(value, str) else (float(value or 0.0), "")


def match_rows(rows: Iterable[RunRow], wanted: str) -> list[RunRow]:
    """Return the rows of which every word holds (see `matches_words`)."""
    return [row for row in rows if matches_words(row.words, wanted, row.settings)]


def differing_settings(rows: Sequence[RunRow]) -> dict[str, int]:
    """Return the settings that rows can be grouped by, and how many values each has."""
    values: dict[str, set[str]] = {}
    for row in rows:
        for key, value in row.settings.items():
            values.setdefault(key, set()).add(setting_text(value))
    counts = {key: len(found) for key, found in values.items()}
    return {key: count for key, count in counts.items() if count > 1}


def group_rows(rows: Sequence[RunRow], setting: str) -> list[Group]:
    """Return rows in groups by the value of a setting; each keeps the order of its rows."""
    if not setting:
        return [Group("", rows)]
    groups: dict[str, list[RunRow]] = {}
    for row in rows:
        groups.setdefault(_value_text(row, setting), []).append(row)
    ordered = sorted(groups.items(), key=lambda item: _setting_order(item[1][0], setting))
    return [Group(f"{setting} {text} · {_count(found)}", found) for text, found in ordered]


def _value_text(row: RunRow, setting: str) -> str:
    return setting_text(row.settings[setting]) if setting in row.settings else "–"


def _setting_order(row: RunRow, setting: str) -> tuple[int, float, str]:
    value = row.settings.get(setting)
    if value is None:
        return (2, 0.0, "")
    if isinstance(value, (int, float)):
        return (0, float(value), "")
    return (1, 0.0, str(value))


def _count(rows: Sequence[RunRow]) -> str:
    return f"{len(rows):,} run{'s' if len(rows) != 1 else ''}"
