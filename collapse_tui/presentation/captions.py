"""The sentences and figures around the charts: header, status lines, notes."""

import math
from collections.abc import Mapping

import numpy as np

from collapse_tui.charts import Colour
from collapse_tui.charts.numbers import format_fixed, format_number
from collapse_tui.charts.text import Span
from collapse_tui.events import Curve
from collapse_tui.presentation.eta import format_duration
from collapse_tui.presentation.scene import Scene, split_topic
from collapse_tui.presentation.snapshot import StepProgress
from collapse_tui.tui.runs.contract import About
from collapse_tui.tui.runs.pace import Pace
from engines.theory.conditions import SCOPE
from engines.views.view import View

UNTRUSTED = {
    "limit": "limit law",
    "bound": "a bound",
    "published": "as published",
    "approximation": "approximate",
}
"""Why there is no z-score, by the status of the law."""

COLUMNS = {
    "mean": "mean",
    "variance": "var",
    "q05": "q05",
    "q25": "q25",
    "q75": "q75",
    "q95": "q95",
}
"""The column of the record that a law's statistic is compared with; the median otherwise."""

WORDS = {"mean": "mean ", "q50": "median ", "q05": "5 % ", "q25": "25 % ", "q75": "75 % ",
         "q95": "95 % ", "var": "variance "}  # fmt: skip

SLOW = 0.5
"""Generations a second below which seconds a generation are said."""

DRAWN = ("prompt", "continuation", "latent")
"""First words of notes that are drawn within the view."""

LONGEST = 80
"""Cells of a title that stands on a row of its own."""

NOTABLE = 0.0005
"""Share of points outside of the histogram from which on it is said."""

SURPRISE = 3.0
"""A z-score beyond this is coloured."""

STAGES = {
    "stable": Colour.GOOD,
    "early": Colour.SERIES,
    "late": Colour.BAD,
    "dispersing": Colour.PUBLISHED,
}


def title(about: About) -> list[Span]:
    """Return the left half of the header."""
    return [(about.name, Colour.STRONG), (f" · {about.title}" if about.title else "", Colour.TEXT)]


def progress(
    scene: Scene, pace: Pace, step: StepProgress | None = None, *, brief: bool = False
) -> list[Span]:
    """Return the right half of the header: generation, state, rate, time left, diagnosis.

    Parameters
    ----------
    scene : Scene
    pace : Pace
    step : StepProgress or None
        The generation in flight, where it takes long enough to be spoken of.
    brief : bool
        Leave out what matters least.
    """
    snapshot = scene.snapshot
    walked = scene.shown is not None
    pieces: list[Span] = []
    if walked:
        pieces.append((f"looking at {scene.generation} of {snapshot.generation}  ", Colour.ACCENT))
    pieces += [
        (f"gen {max(0, snapshot.generation)}/{snapshot.generations} ", Colour.STRONG),
        _state(scene, pace, step),
    ]
    if not (walked and brief):
        pieces += _speed(scene, pace, step, brief=brief)
    if snapshot.device:
        pieces.append((f"  {snapshot.device}", Colour.TEXT))
    if 0 <= scene.generation < len(snapshot.stages):
        pieces += diagnosis(snapshot.stages[scene.generation])
    return pieces


def _speed(scene: Scene, pace: Pace, step: StepProgress | None, *, brief: bool) -> list[Span]:
    snapshot = scene.snapshot
    if snapshot.over or pace.paused or (step is not None and step.stopping):
        return []
    left = (snapshot.generations - snapshot.generation) / max(snapshot.rate, 1e-9)
    if step is not None and math.isfinite(step.estimate.run_left):
        left = step.estimate.run_left
    rate = ""
    if math.isfinite(snapshot.rate) and not brief:
        slow = 0 < snapshot.rate < SLOW
        each = f"{format_number(1 / snapshot.rate, 2)} s/gen" if slow else ""
        rate = f"  {each or f'{format_number(snapshot.rate, 2)} gen/s'}"
    return [(f"{rate}  ETA {format_duration(left)}", Colour.TEXT)] if math.isfinite(left) else []


PHASES: dict[str, Span] = {
    "opening": ("… opening", Colour.TEXT),
    "failed": ("× failed", Colour.BAD),
    "finished": ("■ finished", Colour.TEXT),
    "stopped": ("■ stopped", Colour.TEXT),
}


def _state(scene: Scene, pace: Pace, step: StepProgress | None) -> Span:
    snapshot = scene.snapshot
    if snapshot.phase in PHASES:
        return PHASES[snapshot.phase]
    if step is not None and step.stopping:
        return ("■ stopping after this step", Colour.BAD)
    if pace.paused:
        busy = step is not None and snapshot.timing.flying and not snapshot.held
        if busy and pace.stepping:
            return ("▶ step", Colour.GOOD)
        return ("‖ pausing after this step" if busy else "‖ paused", Colour.SERIES)
    return ("▶", Colour.GOOD)


def diagnosis(stage: Mapping[str, int]) -> list[Span]:
    """Return the commonest stage, with its count when the replicates differ."""
    if not stage:
        return []
    name = max(stage, key=lambda key: stage[key])
    total = sum(stage.values())
    share = f" {stage[name]}/{total}" if stage[name] < total else ""
    return [(f"  {name}{share}", STAGES.get(name, Colour.TEXT))]


def comparison(scene: Scene) -> list[Span]:
    """Return the line under the main chart: the value, the law's value, z-score or why not."""
    topic, at = scene.topic, scene.generation
    if scene.snapshot.phase == "failed":
        return [(scene.snapshot.message, Colour.BAD)]
    if not topic or at < 0:
        return [("waiting for the first record", Colour.TEXT)]
    curves = [curve for curve in scene.curves(topic) if at < curve.values.size]
    curves.sort(key=lambda one: (math.isnan(one.values[at]), one.status != "exact"))
    curve = curves[0] if curves else None
    metric, of_variance = split_topic(topic)
    column = COLUMNS.get(curve.statistic, "q50") if curve else "var" if of_variance else "q50"
    values = scene.snapshot.column(metric, column)
    value = float(values[at]) if at < values.size else math.nan
    kind = "run " if scene.replicates == 1 else WORDS[column]
    pieces: list[Span] = [(kind, Colour.TEXT), (format_fixed(value), Colour.SERIES)]
    flag = scene.snapshot.flags[at].get(metric) if at < len(scene.snapshot.flags) else None
    if flag:
        pieces.append((f" ({flag})", Colour.BAD))
    if curve is None:
        return [*pieces, *_clauses(why_no_law(scene, metric))]
    expected = float(curve.values[at])
    if math.isnan(expected):
        changed = any(change.at <= at for change in scene.snapshot.interventions)
        why = "no law once settings have changed" if changed else "theory says nothing here"
        return [*pieces, (f" · {why}", Colour.TEXT)]
    label = curve.label.removeprefix(f"{curve.statistic}, ")
    pieces += [(f" · {label} ", Colour.TEXT), (format_fixed(expected), Colour.EXACT)]
    return [*pieces, *_score(scene, curve, expected)]


def _clauses(sentence: str) -> list[Span]:
    """Return a sentence so that its reason can be left out where there is no room for it."""
    head, colon, reason = sentence.partition(": ")
    return [(f" · {head}", Colour.TEXT), (f"{colon}{reason}", Colour.TEXT)]


def why_no_law(scene: Scene, metric: str) -> str:
    """Return why no law stands beside a metric: the condition that came closest to holding."""
    if not scene.theory and any(curve.metric == metric for curve in scene.snapshot.curves):
        return "theory hidden (o shows it)"
    reasons = [
        reason
        for name, reason in scene.snapshot.absent.items()
        if metric in name.split(".") and not reason.startswith(SCOPE)
    ]
    return f"no closed form: {reasons[0]}" if reasons else "no closed form here"


def _score(scene: Scene, curve: Curve, expected: float) -> list[Span]:
    at = scene.generation
    mean, count = (scene.snapshot.column(curve.metric, name) for name in ("mean", "n"))
    reason = _no_score(curve, expected, at)
    if not reason and not math.isfinite(mean[at]):
        reason = "no value"
    if reason or curve.variance is None:
        return [(" · z –", Colour.TEXT), (f" ({reason})", Colour.TEXT)]
    error = math.sqrt(float(curve.variance[at]) / max(1.0, float(count[at])))
    if error == 0:
        return [(" · z –", Colour.TEXT), (" (no spread)", Colour.TEXT)]
    score = (float(mean[at]) - expected) / error
    return [
        (
            f" · z {score:+.1f}".replace("-", "−"),
            Colour.GOOD if abs(score) < SURPRISE else Colour.BAD,
        )
    ]


def _no_score(curve: Curve, expected: float, at: int) -> str:
    if curve.status in UNTRUSTED:
        return UNTRUSTED[curve.status]
    if curve.statistic != "mean":
        return f"law of the {curve.statistic}"
    if not math.isfinite(expected):
        return "law ends"
    if curve.variance is None or not np.isfinite(curve.variance[at]):
        return "no law of its scatter"
    return ""


def view_title(scene: Scene, *, log: bool = False, room: int = LONGEST) -> str:
    """Return the title of the view: whose data it shows, and, if there is room, beside what."""
    who = f"replicate 1 of {scene.replicates:,}" if scene.replicates > 1 else ""
    mark = " · log" if log else ""
    whole = f"{who} against the original".strip() + mark
    return whole if len(whole) <= room or not who else who + mark


def _alive(alive: int, total: int, what: str) -> list[Span]:
    return [(f" · {alive:,}/{total:,} {what}", Colour.TEXT), (" alive", Colour.TEXT)]


def view_caption(view: View | None, generation: int) -> list[Span]:
    """Return the line under the view: which generation, what is left, what is not seen."""
    if view is None:
        return []
    name = "the original" if generation <= 0 else f"gen {generation}"
    pieces: list[Span] = [(name, Colour.STRONG)]
    if view.kind == "states":
        alive = int((view.arrays["now"] > 0).sum())
        total = int((view.arrays["real"] > 0).sum())
        pieces += _alive(alive, total, "states")
    if view.kind == "tokens":
        alive, total = (int(number) for number in view.arrays["alive"])
        pieces += _alive(alive, total, "words")
    if view.kind == "histogram":
        outside = float(view.arrays["now"][0] + view.arrays["now"][-1])
        if outside >= NOTABLE:
            pieces.append((f" · {outside:.1%} outside", Colour.BAD))
    if view.kind == "images" and view.arrays["classes_real"].size:
        alive, total = (int((view.arrays[f"classes_{who}"] > 0).sum()) for who in ("now", "real"))
        pieces += _alive(alive, total, "classes")
    notes = (note for name, note in view.notes.items() if name.split()[0] not in DRAWN)
    return [*pieces, *((f" · {note}", Colour.TEXT) for note in notes)]
