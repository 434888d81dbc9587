"""The texts around the charts: titles, status lines and warnings."""

import math

from collapse_tui.charts.palette import Colour
from collapse_tui.charts.text import Span
from collapse_tui.number_format import format_fixed
from collapse_tui.presentation.law_check import SURPRISE, LawCheck, check_law, format_score
from collapse_tui.presentation.metric_chart import share_axis
from collapse_tui.presentation.scene import Scene, split_topic

LONGEST = 80
"""Cells of a title where its place sets no limit."""


def comparison(scene: Scene) -> list[Span]:
    """Return the line below the main chart: the value, that of theory, and how they agree."""
    topic, at = scene.topic, scene.generation
    if scene.snapshot.phase == "failed":
        return [(scene.snapshot.message, Colour.BAD)]
    if not topic or at < 0:
        return [("waiting for the first record", Colour.TEXT)]
    shown = check_law(scene, topic)
    spans: list[Span] = [(f"{shown.word} ", Colour.TEXT), (shown.number, shown.colour)]
    if shown.flag:
        spans.append((f" ({shown.flag})", Colour.BAD))
    if scene.added:
        return [*spans, *_axis_of_several(scene)]
    if not shown.has_law:
        return [*spans, *_clauses(shown.reason)]
    apart = "" if math.isfinite(shown.score) else shown.apart
    # "39 % below exact": of a mean that the law of the mean is meant goes without saying
    law = shown.law.removesuffix(f" {shown.word}") if apart else shown.law
    spans += [
        (f" · {apart}{law} ", Colour.TEXT), (shown.expected_number, shown.law_colour)
    ]  # fmt: skip
    return [*spans, *_agreement(shown), *_law_at_the_end(scene, shown)]


def _axis_of_several(scene: Scene) -> list[Span]:
    if share_axis(scene, scene.topic, scene.added):
        return [(" · one axis for all", Colour.TEXT)]
    return [(" · each from its least (0) to its largest value (1)", Colour.TEXT)]


def _agreement(shown: LawCheck) -> list[Span]:
    if math.isfinite(shown.score):
        agrees = abs(shown.score) < SURPRISE
        word, colour = ("agrees", Colour.GOOD) if agrees else ("differs", Colour.BAD)
        return [(f" · z {format_score(shown.score)}", colour), (f", {word}", colour)]
    close = [(" · close", Colour.GOOD)] if shown.is_close else []
    return [*close, (f" · no z: {shown.reason}", Colour.TEXT)] if shown.reason else close


def _law_at_the_end(scene: Scene, shown: LawCheck) -> list[Span]:
    """Return what the law says of the last generation, while the run is on its way there."""
    last, curve = scene.snapshot.generations, shown.curve
    if curve is None or scene.generation >= last or curve.values.size <= last:
        return []
    value = float(curve.values[last])
    if not math.isfinite(value):
        return []
    return [(f" · at {last:,} ", Colour.TEXT), (format_fixed(value), shown.law_colour)]


def _clauses(sentence: str) -> list[Span]:
    """Return a sentence as two spans, so that its reason can be left out if it does not fit."""
    head, colon, reason = sentence.partition(": ")
    return [(f" · {head}", Colour.TEXT), (f"{colon}{reason}", Colour.TEXT)]


def view_title(scene: Scene, width: int = LONGEST) -> str:
    """Return the title of the view: whose data it shows and, if that fits, against what."""
    who = f"run 1 of {scene.replicates:,}" if scene.replicates > 1 else ""
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
