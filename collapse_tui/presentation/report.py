"""`show`: a run as charts and numbers on standard output."""

import os
import shutil
import sys
import textwrap
import tomllib
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from collapse_tui.charts import PALETTES, Canvas, Marker, draw, to_ansi_text, to_plain_text
from collapse_tui.cli.output import put, put_table, say
from collapse_tui.cli.terminal import is_unicode
from collapse_tui.events import Curve
from collapse_tui.execution.overlays import curves_of, with_theory
from collapse_tui.execution.runner import stored_experiment
from collapse_tui.experiment.experiment import Experiment
from collapse_tui.presentation.captions import DRAWN, view_title
from collapse_tui.presentation.draw_view import TALL, draw_view
from collapse_tui.presentation.scene import Scene, metric_chart, split_topic, topic_label
from collapse_tui.presentation.stored_scene import scene_of
from collapse_tui.presentation.summary_table import summary_of
from collapse_tui.storage import SavedRun, locate, runs_folder
from engines.errors import CollapseError
from engines.metrics.registry import METRICS

HEIGHT = 11
WIDEST = 110


def show_run(name: str, runs: str | None) -> int:
    """Print a run; return the exit code."""
    run = SavedRun.open(locate(name, runs_folder(runs)))
    experiment = _experiment(run)
    put(_heading(run, experiment))
    if run.last < 0:
        put("nothing is recorded yet")
        return 0
    curves: tuple[Curve, ...] = ()
    if experiment is not None:
        curves, _ = curves_of(experiment)
    scene = scene_of(run, experiment, curves)
    put("")
    put_table(*summary_of(run.path, curves))
    for topic in scene.topics:
        put(f"\n{_caption(topic)}")
        chart = metric_chart(scene, topic)
        put(_printed(partial(draw, chart, width(), HEIGHT)))
    _put_view(scene, experiment)
    put("")
    _put_theory(curves)
    if experiment is not None and experiment.claims:
        from collapse_tui.presentation.claims_table import put_claims  # not every run has claims

        put_claims(run, experiment, width())
    return 0


def _experiment(run: SavedRun) -> Experiment | None:
    try:
        return stored_experiment(run)
    except CollapseError as error:
        # its data may be gone: what is recorded can be shown all the same
        say(f"note: shown without theory, {error}")
        return None


def _caption(topic: str) -> str:
    metric, of_variance = split_topic(topic)
    if metric not in METRICS or of_variance:
        return topic_label(topic)
    return f"{metric}: {METRICS[metric].sentence}"


def _heading(run: SavedRun, experiment: Experiment | None) -> str:
    status = run.status
    reason = f" ({status['reason']})" if status.get("reason") else ""
    replicates = run.layout.replicates
    lines = [f"{run.name}: {status.get('state', 'unknown')}{reason}"]
    total = tomllib.loads(run.experiment_text).get("generations", "?")
    several = f"{replicates} independent runs" if replicates > 1 else "one run"
    lines.append(f"generation {max(run.last, 0)} of {total}, {several}")
    if experiment is not None:
        source = ", ".join(part for part in (experiment.paper, experiment.figure) if part)
        watch = textwrap.fill(experiment.watch, width())
        lines += [part for part in (experiment.title, source, watch) if part]
    return "\n".join(lines)


def _put_view(scene: Scene, experiment: Experiment | None) -> None:
    history = scene.view_history()
    if history is None:
        return
    if experiment is not None:
        history = replace(history, view=with_theory(history.view, experiment, scene.generation))
    put(f"\ngeneration {scene.generation}, {view_title(scene)}")
    height = TALL.get(history.view.kind, HEIGHT)
    put(_printed(lambda marker: draw_view(history, width(), height, marker)))
    for name, note in history.view.notes.items():
        if name.split()[0] not in DRAWN:
            put(note)


def _printed(drawn: Callable[[Marker], Canvas]) -> str:
    canvas = drawn("braille" if is_unicode() else "ascii")
    if sys.stdout.isatty() and not os.environ.get("NO_COLOR"):
        # the terminal's own sixteen colours suit whatever background it has
        greys = os.environ.get("COLORTERM") in {"truecolor", "24bit"}
        palette = PALETTES["ansi-greys" if greys else "ansi"]
        return to_ansi_text(canvas, palette, ascii_only=not is_unicode())
    return to_plain_text(canvas, PALETTES["plain"], ascii_only=not is_unicode())


def width() -> int:
    """Return how many columns there are, at most as many as are good to read."""
    return min(shutil.get_terminal_size().columns, WIDEST)


def _put_theory(curves: tuple[Curve, ...]) -> None:
    if curves:
        put("\ntheory")
    for curve in curves:
        put(f"  {curve.metric}: {curve.label} ({curve.status}, {curve.statistic})")
        put(f"    {curve.reference}")
