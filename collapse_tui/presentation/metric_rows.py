"""The table of metrics: now, theory, z, another run, and a curve in one row, for each topic."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from collapse_tui.charts.canvas import Canvas, blank_canvas
from collapse_tui.charts.palette import Colour
from collapse_tui.charts.sparkline import sparkline
from collapse_tui.charts.text import Span
from collapse_tui.number_format import format_fixed
from collapse_tui.presentation.law_check import (
    SURPRISE,
    LawCheck,
    check_law,
    format_score,
    rests_on_rare_runs,
)
from collapse_tui.presentation.metric_chart import ADDED
from collapse_tui.presentation.metric_words import MetricWords, metric_words
from collapse_tui.presentation.scene import Scene, split_topic, typical_values
from engines.arrays import FloatArray

WIDE = 84
"""Cells from which on names are written out, and medians and means stand side by side."""

HEAVY = "heavy"
"""In place of z where the law has so heavy a tail that no number of runs shows its mean."""

NUMBER, SCORE, LEAST_CURVE = 6, 5, 5
"""Cells of the columns: numbers, z-scores, and the curve at least."""
SHORT_NAME, CURVE = 15, 10
"""Cells of a name that are kept before the curve gets so many."""
KIND = {False: 4, True: 7}
"""Cells of the kind of law, in a narrow and in a wide table."""

KINDS = {
    "exact": ("", "exact"), "limit": ("lim", "limit"), "bound": ("bnd", "bound"),
    "published": ("pub", "publ."), "approximation": ("≈", "approx."),
}  # fmt: skip
"""The kind of a law by its status: in a narrow and in a wide table."""


@dataclass(frozen=True, slots=True)
class MetricRow:
    """One topic of the table.

    Attributes
    ----------
    topic : str
    words : MetricWords
    now : LawCheck
        Its value, or that of the statistic which its law is about.
    median : float
        Its typical value.
    other : float
        The typical value of another run, NaN where there is none.
    past : ndarray
        Typical values up to now.
    sign : Colour or None
        The colour of its curve in the main pane; None where it is not drawn.
    """

    topic: str
    words: MetricWords
    now: LawCheck
    median: float
    other: float
    past: FloatArray
    sign: Colour | None


def metric_rows(scene: Scene, *, filtered: str = "") -> list[MetricRow]:
    """Return the topics whose names, or keys, hold the text `filtered`."""
    wanted = filtered.casefold()
    rows = (_row(scene, topic) for topic in scene.topics)
    return [
        row
        for row in rows
        if wanted in f"{row.topic} {row.words.short} {row.words.long}".casefold()
    ]


def _row(scene: Scene, topic: str) -> MetricRow:
    values, row = typical_values(scene.snapshot, topic), scene.row
    colours = (Colour.SERIES, *ADDED)
    drawn = (scene.topic, *scene.added)
    sign = colours[drawn.index(topic)] if topic in drawn else None
    median = float(values[row]) if 0 <= row < values.size else math.nan
    return MetricRow(
        topic, metric_words(topic), check_law(scene, topic), median, _other(scene, topic),
        values[: row + 1], sign,
    )  # fmt: skip


def _other(scene: Scene, topic: str) -> float:
    if not scene.others or scene.generation < 0:
        return math.nan
    other = scene.others[-1].snapshot
    values, row = typical_values(other, topic), other.row(scene.generation)
    return float(values[row]) if 0 <= row < values.size else math.nan


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of the table for a width.

    Attributes
    ----------
    name, curve : int
        Cells of the names and of the curves, 0 for none.
    wide : bool
    several : bool
        There is more than one replicate.
    other : bool
        There is another run.
    """

    name: int
    curve: int
    wide: bool
    several: bool
    other: bool


def arrange_columns(scene: Scene, rows: Sequence[MetricRow], width: int) -> Columns:
    """Return the columns that fit into `width` cells."""
    wide, several = width >= WIDE, scene.replicates > 1
    other = bool(scene.others)
    longest = max((len(_name(row, wide=wide)) for row in rows), default=6)
    taken = 2 + NUMBER + 2 + NUMBER + KIND[wide] + SCORE + 1
    taken += (NUMBER + 1) * (other + (wide and several))
    if width - taken - longest < LEAST_CURVE and other:
        other, taken = False, taken - NUMBER - 1
    # in a narrow table long names give way to the curve
    name = max(6, min(longest, max(SHORT_NAME, width - taken - CURVE), width - taken))
    curve = width - taken - name
    return Columns(name, curve if curve >= LEAST_CURVE else 0, wide, several, other)


def _name(row: MetricRow, *, wide: bool) -> str:
    return row.words.long if wide else row.words.short


def heading(scene: Scene, columns: Columns) -> list[Span]:
    """Return the names of the columns."""
    now = "mean" if columns.several and not columns.wide else "median" if columns.several else "now"
    text = f"  {'metric':<{columns.name}} {now:>{NUMBER}} "
    if columns.wide and columns.several:
        text += f"{'mean':>{NUMBER}} "
    text += f"{'theory':>{NUMBER}}{'':{KIND[columns.wide]}}{'z':>{SCORE}} "
    if columns.other:
        text += f"{f'run {scene.others[-1].letter}':>{NUMBER}} "
    if columns.curve:
        text += f" 0 … {max(0, scene.generation)}"
    return [(text, Colour.TEXT)]


def draw_metric_table(scene: Scene, width: int, height: int) -> Canvas:
    """Return the table as a canvas, as many rows as fit."""
    canvas, rows = blank_canvas(width, height), metric_rows(scene)
    columns = arrange_columns(scene, rows, width)
    lines = [heading(scene, columns)]
    lines += [row_spans(scene, row, columns, chosen=False, ascii_only=False) for row in rows]
    for index, line in enumerate(lines):
        column = 0
        for text, colour in line:
            canvas.write(index, column, text, colour)
            column += len(text)
    return canvas


def row_spans(
    scene: Scene, row: MetricRow, columns: Columns, *, chosen: bool, ascii_only: bool
) -> list[Span]:
    """Return one row of the table.

    Parameters
    ----------
    scene : Scene
    row : MetricRow
    columns : Columns
    chosen : bool
        The keys of the table act on it.
    ascii_only : bool
    """
    name = _name(row, wide=columns.wide)
    name = name if len(name) <= columns.name else name[: columns.name - 1] + "…"
    spans: list[Span] = [
        ("▸" if chosen else " ", Colour.ACCENT),
        ("●" if row.sign is not None else " ", row.sign or Colour.NONE),
        (f"{name:<{columns.name}} ", Colour.STRONG if chosen else Colour.TEXT),
        *_numbers(scene, row, columns),
    ]
    if columns.other:
        spans.append((f"{_number(row.other):>{NUMBER}} ", scene.others[-1].colour))
    if columns.curve:
        curve = sparkline(row.past, columns.curve - 1, ascii_only=ascii_only)
        spans.append((f" {curve}", row.sign or Colour.TEXT))
    return spans


def _numbers(scene: Scene, row: MetricRow, columns: Columns) -> list[Span]:
    now, kinds = row.now, KINDS.get(row.now.curve.status if row.now.curve else "", ("", ""))
    mean = scene.snapshot.column(row.topic, "mean")
    average = float(mean[scene.row]) if 0 <= scene.row < mean.size else math.nan
    single = not columns.several or row.topic.endswith(":variance")
    shown = row.median if single or columns.wide else average
    spans: list[Span] = [(f"{_number(shown):>{NUMBER}} ", Colour.STRONG)]
    if columns.wide and columns.several:
        spans.append((f"{'' if single else _number(average):>{NUMBER}} ", Colour.STRONG))
    kind, width = kinds[columns.wide], KIND[columns.wide]
    if now.has_law:
        spans.append((f"{_number(now.told):>{NUMBER}}", now.law_colour))
        spans.append((f" {kind:<{width - 1}}", Colour.TEXT))
    else:
        spans.append((f"{'none':>{NUMBER}}{'':{width}}", Colour.AXIS))
    if math.isfinite(now.score):
        agrees = abs(now.score) < SURPRISE
        score = format_score(now.score)
        spans.append((f"{score:>{SCORE}} ", Colour.GOOD if agrees else Colour.BAD))
    else:
        why = HEAVY if now.has_law and _has_heavy_tail(scene, row.topic) else "–"
        spans.append((f"{why:>{SCORE}} ", Colour.AXIS))
    return spans


def _has_heavy_tail(scene: Scene, topic: str) -> bool:
    """Return whether theory's mean, and its variance all the more, rest on rare runs."""
    metric, _ = split_topic(topic)
    laws = (curve for curve in scene.snapshot.curves if curve.metric == metric)
    return any(rests_on_rare_runs(curve, scene.generation) for curve in laws)


def _number(value: float) -> str:
    """Return a value in at most `NUMBER` characters."""
    texts = [format_fixed(value, digits) for digits in (3, 2, 1)]
    return next((text for text in texts if len(text) <= NUMBER), texts[-1])
