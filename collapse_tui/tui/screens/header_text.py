"""The words of the header: what runs, how far it is, and how it stands."""

import math

from collapse_tui.charts.palette import Colour
from collapse_tui.charts.text import Span
from collapse_tui.number_format import format_duration, format_number
from collapse_tui.presentation.eta import time_left
from collapse_tui.presentation.scene import Scene
from collapse_tui.presentation.snapshot import StepProgress
from collapse_tui.tui.runs.descriptions import RunDescription
from collapse_tui.tui.runs.pace import Pace
from collapse_tui.visible_text import to_visible_line

SLOW = 0.5
"""Generations a second below which the header gives seconds per generation."""


def run_title(about: RunDescription, scene: Scene) -> list[Span]:
    """Return the left half of the header; its letter first where there are several runs."""
    name = to_visible_line(about.name)
    letter: list[Span] = [(f"{scene.letter} ", Colour.SERIES)] if scene.others else []
    return [
        *letter,
        (name, Colour.STRONG),
        (f" · {about.title}" if about.title else "", Colour.TEXT),
    ]


def run_progress(
    scene: Scene, pace: Pace, step: StepProgress | None = None, *, brief: bool = False
) -> list[Span]:
    """Return the right half of the header: generation, state, rate and time left.

    Parameters
    ----------
    scene : Scene
    pace : Pace
    step : StepProgress or None
        The generation in flight, if it takes long.
    brief : bool
        Leave out what matters least.
    """
    snapshot = scene.snapshot
    looking_back = scene.shown is not None
    spans: list[Span] = []
    if looking_back:
        spans.append((f"looking at {scene.generation} of {snapshot.generation}  ", Colour.ACCENT))
    spans += [
        (f"gen {max(0, snapshot.generation)}/{snapshot.generations} ", Colour.STRONG),
        _state(scene, pace, step),
    ]
    if not (looking_back and brief):
        spans += _speed(scene, pace, step)
    if snapshot.device and not (looking_back and brief):
        spans.append((f" · {snapshot.device}", Colour.TEXT))
    if not brief and snapshot.generation >= 0:
        spans.append((" · saved" if snapshot.folder else " · not saved", Colour.TEXT))
    return spans


def _speed(scene: Scene, pace: Pace, step: StepProgress | None) -> list[Span]:
    snapshot = scene.snapshot
    if snapshot.over or pace.paused or (step is not None and step.stopping):
        return []
    reported = math.nan if step is None else step.estimate.run_left
    left = time_left(snapshot.generations - snapshot.generation, snapshot.rate, reported)
    parts: list[str] = []
    if math.isfinite(snapshot.rate):
        slow = 0 < snapshot.rate < SLOW
        each = f"{format_number(1 / snapshot.rate, 2)} s each" if slow else ""
        parts.append(each or f"{format_number(snapshot.rate, 2)}/s")
    if math.isfinite(left):
        parts.append(f"{format_duration(left)} left")
    return [(f" {' · '.join(parts)}", Colour.TEXT)] if parts else []


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
        busy = step is not None and snapshot.timing.in_flight and not snapshot.held
        if busy and pace.stepping:
            return ("▶ step", Colour.GOOD)
        return ("‖ pausing after this step" if busy else "‖ paused", Colour.SERIES)
    return ("▶", Colour.GOOD)
