"""The sentences of the help, and of leaving a run."""

from dataclasses import dataclass, field
from pathlib import Path

from collapse_tui.charts.canvas import Canvas, blank_canvas
from collapse_tui.presentation.draw_view import explain_view
from collapse_tui.presentation.law_check import why_no_law
from collapse_tui.presentation.metric_words import metric_words
from collapse_tui.presentation.published_values import SIGN
from collapse_tui.presentation.scene import Scene, split_topic
from collapse_tui.presentation.snapshot import Snapshot
from collapse_tui.tui.runs.descriptions import RunDescription

RECURSION = (
    "A model is fitted to data, new data are drawn from it, the next model is fitted to those,"
    " and so on: each such round is a generation."
)

MOUSE = (
    "pointer  Over curves, strip or time bar: what every curve was at that generation.",
    "click  Show a generation, run or metric, press a key of the footer; twice: enlarge.",
    "drag  Walk along strip and time bar, zoom into the curves, turn a setting.",
    "wheel  Walk; zoom on the axis of the curves, or with ctrl; turn a setting.",
)
"""What the mouse does on the live screen, one line each."""


@dataclass(frozen=True, slots=True)
class VisiblePanes:
    """Which panes are on the screen.

    Attributes
    ----------
    curves : bool
        The main pane is there.
    place : str
        Where the view is: ``"On the right"``, ``"Below"``, ``"Here"``; empty if it is hidden.
    canvas : Canvas
        The view as it is drawn.
    """

    curves: bool = True
    place: str = "On the right"
    canvas: Canvas = field(default_factory=lambda: blank_canvas(0, 0))


def explain_screen(about: RunDescription, scene: Scene, panes: VisiblePanes) -> list[str]:
    """Return up to six sentences that explain what the screen shows.

    Parameters
    ----------
    about : RunDescription
    scene : Scene
    panes : VisiblePanes

    Returns
    -------
    list of str
    """
    shown = explain_view(scene.snapshot.view(scene.generation), panes.canvas)
    drift = "Watch how far the run drifts from where it began."
    return [
        RECURSION,
        *(_explain_curves(scene) if panes.curves else ()),
        *((f"{panes.place}: {shown}.",) if panes.place else ()),
        f"Watch: {about.watch}" if about.watch else drift,
    ]


def _explain_curves(scene: Scene) -> tuple[str, ...]:
    runs = f"{scene.replicates} independent runs" if scene.replicates > 1 else "one run"
    banded = scene.replicates > 1 and not split_topic(scene.topic)[1]
    curves = scene.curves(scene.topic)
    laws, means = len(curves), any(curve.statistic == "mean" for curve in curves)
    lines = "the thick line is their mean, the thin one" if means else "the line is"
    bands = f": {lines} their median, the bands hold 50 and 90 % of them" if banded else ""
    beside = "1 closed form stands" if laws == 1 else f"{laws} closed forms stand"
    theory = (
        f"{beside} beside it, in dots over the data, each named where it ends: bounds, and what"
        " was published, are dashed."
        if laws
        else f"No law to compare with: {why_no_law(scene, split_topic(scene.topic)[0])}."
    )
    shown = metric_words(scene.topic).long
    large = f"The large chart shows {shown} by generation for {runs}{bands}."
    return large, theory, *_explain_published(scene)


def _explain_published(scene: Scene) -> tuple[str, ...]:
    """Return a sentence on the marks of published values, none where there are none."""
    values = scene.published_values(scene.topic)
    if not values:
        return ()
    sources = dict.fromkeys(f"{value.origin}: {value.source}" for value in values)
    marks = f"Each {SIGN} marks" if len(values) > 1 else f"{SIGN} marks"
    more = f", and {len(sources) - 1} more" if len(sources) > 1 else ""
    return (f"{marks} what was published ({next(iter(sources))}{more}).",)


def leave_message(snapshot: Snapshot) -> list[str]:
    """Return what is saved of a run that is left now, and how to continue it, one line each."""
    if snapshot.generation < 0:
        return []
    if not snapshot.folder:
        return ["This run is not saved: its records are lost when the screen closes."]
    # storage takes longer to load than the first paint may wait
    from collapse_tui.storage.resume_command import attach_command, resume_command

    if snapshot.writer:
        goes_on = f"{snapshot.writer} goes on with this run; to follow it again:"
        return [goes_on, attach_command(Path(snapshot.folder))]
    at = max(0, snapshot.generation)
    if snapshot.over:
        end = f"Ended after generation {at}"
    else:
        in_flight = snapshot.timing.in_flight
        end = f"It stops in generation {at + 1}" if in_flight else f"It stops after generation {at}"
    if snapshot.phase == "failed" and not Path(snapshot.folder).is_dir():
        return [f"{end}; the folder of the run is gone:", snapshot.folder]
    sentences = [f"{end}; saved in", snapshot.folder]
    if snapshot.phase == "finished":
        return sentences
    command = resume_command(Path(snapshot.folder), "--screen", brief=True)
    return [*sentences, "Continue later:", command]


def removal_message(snapshot: Snapshot) -> list[str]:
    """Return what is said of a run that was taken off the screen, once it has ended."""
    if snapshot.phase == "failed":
        return [snapshot.message]
    return leave_message(snapshot) or ["It had not begun."]
