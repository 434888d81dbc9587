"""The texts around the charts: titles, status lines and warnings."""

import math

from collapse_tui.charts.palette import Colour
from collapse_tui.charts.text import Span
from collapse_tui.events import Curve
from collapse_tui.number_format import format_fixed
from collapse_tui.presentation.laws import explain_end_of_laws, rank_laws, why_absent
from collapse_tui.presentation.scene import Scene, split_topic
from collapse_tui.presentation.shares import is_share, typical_statistic
from collapse_tui.presentation.snapshot import STATISTICS

NO_Z_SCORE = {
    "limit": "limit law",
    "bound": "a bound",
    "published": "as published",
    "approximation": "approximate",
}
"""Why there is no z-score, by the status of the law."""

WORDS = {"mean": "mean", "q50": "median", "q05": "5 %", "q25": "25 %", "q75": "75 %",
         "q95": "95 %", "var": "variance", "share": "share"}  # fmt: skip

LONGEST = 80
"""Cells of a title where its place sets no limit."""

SURPRISE = 3.0
"""A z-score beyond this is shown in the colour of a failure."""


def comparison(scene: Scene) -> list[Span]:
    """Return the line below the main chart: value, value by theory, and z-score or why none."""
    topic, at = scene.topic, scene.generation
    if scene.snapshot.phase == "failed":
        return [(scene.snapshot.message, Colour.BAD)]
    if not topic or at < 0:
        return [("waiting for the first record", Colour.TEXT)]
    laws = scene.curves(topic)
    curve = next(iter(rank_laws(laws, at)), None)
    metric, of_variance = split_topic(topic)
    typical = typical_statistic(metric)
    column = "var" if of_variance else curve.statistic if curve else typical
    column = column if column in STATISTICS else typical
    values = scene.snapshot.column(metric, column)
    row = scene.row
    value = float(values[row]) if row < values.size else math.nan
    word = WORDS["share" if is_share(metric) and column == "mean" else column]
    word = "run" if scene.replicates == 1 else word
    spans: list[Span] = [(f"{word} ", Colour.TEXT), (format_fixed(value), Colour.SERIES)]
    flag = scene.snapshot.flags[row].get(metric) if row < len(scene.snapshot.flags) else None
    if flag:
        spans.append((f" ({flag})", Colour.BAD))
    if curve is None and laws:
        reach = max(law.values.size for law in laws) - 1
        return [*spans, (f" · theory is known to gen {reach:,}", Colour.TEXT)]
    if curve is None:
        return [*spans, *_clauses(why_no_law(scene, metric))]
    expected = float(curve.values[at])
    if math.isnan(expected):
        changes, absent = scene.snapshot.interventions, scene.snapshot.absent
        ends = explain_end_of_laws(changes, absent, metric, at)
        return [*spans, *_clauses(ends or "theory says nothing here")]
    label = curve.label.removeprefix(f"{curve.statistic}, ")
    spans += [(f" · {label} ", Colour.TEXT), (format_fixed(expected), Colour.EXACT)]
    return [*spans, *_score(scene, curve, expected)]


def _clauses(sentence: str) -> list[Span]:
    """Return a sentence as two spans, so that its reason can be left out if it does not fit."""
    head, colon, reason = sentence.partition(": ")
    return [(f" · {head}", Colour.TEXT), (f"{colon}{reason}", Colour.TEXT)]


def why_no_law(scene: Scene, metric: str) -> str:
    """Return why theory has no law for a metric, naming the first condition that is not met."""
    if not scene.theory and any(curve.metric == metric for curve in scene.snapshot.curves):
        return "theory hidden (o shows it)"
    return why_absent(scene.snapshot.absent, metric)


def _score(scene: Scene, curve: Curve, expected: float) -> list[Span]:
    at, row = scene.generation, scene.row
    columns = (scene.snapshot.column(curve.metric, name) for name in ("mean", "n"))
    mean, count = (float(values[row]) if row < values.size else math.nan for values in columns)
    variance = math.nan if curve.variance is None else float(curve.variance[at])
    error = math.sqrt(variance / max(1.0, count))
    reasons = (
        (curve.status in NO_Z_SCORE, NO_Z_SCORE.get(curve.status, "")),
        (curve.statistic != "mean", f"law of the {curve.statistic}"),
        (not math.isfinite(expected), "law ends"),
        (not math.isfinite(variance), "no law of its scatter"),
        (not math.isfinite(mean), "no value"),
        # they are not left out at random: the mean of the others is no test of the law
        (count < scene.replicates, "runs without a value"),
        (error == 0, "no spread"),
    )
    reason = next((why for holds, why in reasons if holds), "")
    if reason:
        return [(" · z –", Colour.TEXT), (f" ({reason})", Colour.TEXT)]
    score = (mean - expected) / error
    colour = Colour.GOOD if abs(score) < SURPRISE else Colour.BAD
    return [(f" · z {score:+.1f}".replace("-", "−"), colour)]


def view_title(scene: Scene, width: int = LONGEST) -> str:
    """Return the title of the view: whose data it shows and, if that fits, against what."""
    who = f"replicate 1 of {scene.replicates:,}" if scene.replicates > 1 else ""
    mark = " · log" if scene.log_view else ""
    whole = f"{who} against the original".strip() + mark
    return whole if len(whole) <= width or not who else who + mark


def log_axis_warning(scene: Scene) -> str:
    """Return how many medians a logarithmic axis leaves out, empty if it leaves out none."""
    metric, of_variance = split_topic(scene.topic)
    if not scene.log or of_variance:
        return ""
    medians = scene.snapshot.column(metric, "q50")
    hidden = int((medians <= 0).sum())
    if hidden < 2:
        return ""
    count = f"{hidden} of {medians.size} medians are not positive"
    return f"log axis: {count} and leave gaps; l goes back"
