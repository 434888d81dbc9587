"""A stored run as an SVG page: its curves, its last view and the other metrics."""

from dataclasses import replace
from pathlib import Path

from collapse_tui.charts.canvas import Area, Canvas, blank_canvas
from collapse_tui.charts.draw import draw
from collapse_tui.charts.palette import PALETTES, Colour
from collapse_tui.charts.svg import to_svg
from collapse_tui.experiment.experiment import Experiment
from collapse_tui.presentation.captions import view_title
from collapse_tui.presentation.draw_view import draw_view, view_caption
from collapse_tui.presentation.metric_chart import metric_chart
from collapse_tui.presentation.metric_rows import draw_metric_table
from collapse_tui.presentation.metric_words import metric_words
from collapse_tui.presentation.scene import Scene
from collapse_tui.presentation.stored_scene import (
    explain_missing_view,
    last_view,
    load_scene,
    load_theory,
)
from collapse_tui.presentation.strip_chart import (
    draw_strip,
    gutter_of_strip,
    strip_caption,
    strip_title,
)
from collapse_tui.storage.errors import ExportError
from collapse_tui.storage.saved import SavedRun

WIDTH, HEIGHT = 132, 52
LEFT = 66
"""Columns of the curves; the view takes the rest."""
CHART = 20
"""Rows of the leading curve."""
STRIP = 11
"""Rows of the strip."""
BACKGROUND = "#14171c"


def write_svg(run: SavedRun, target: Path) -> tuple[str, ...]:
    """Write curves, the last view and the other metrics of a run as SVG; return notes on it.

    Raises
    ------
    ExportError
        If nothing is recorded yet.
    """
    if run.last < 0:
        raise ExportError(f"{run.name} has no records yet, so there is nothing to draw")
    experiment, curves, notes = load_theory(run)
    canvas = draw_page(load_scene(run, experiment, curves), run.name, experiment)
    target.write_text(to_svg(canvas, PALETTES["dark"], BACKGROUND), encoding="utf-8")
    return (*notes, *explain_missing_view(run))


def draw_page(scene: Scene, name: str, experiment: Experiment | None) -> Canvas:
    """Return a scene drawn on a canvas of 132 × 52 cells."""
    canvas = blank_canvas(WIDTH, HEIGHT)
    canvas.write(0, 0, name, Colour.STRONG)
    title = f" · {experiment.title}" if experiment is not None and experiment.title else ""
    canvas.write(0, len(name), title, Colour.TEXT)
    several = f", {scene.replicates:,} replicates" if scene.replicates > 1 else ""
    at = f"generation {scene.generation} of {scene.snapshot.generations}{several}"
    canvas.write(0, WIDTH - len(at), at, Colour.TEXT)
    top = CHART + 4
    above: Area | None = None
    if scene.topic:
        canvas.write(2, 0, metric_words(scene.topic).long, Colour.ACCENT)
        gutter = gutter_of_strip(scene, LEFT, STRIP, "braille")
        leading = draw(replace(metric_chart(scene, scene.topic), gutter=gutter), LEFT, CHART)
        canvas.paste(leading, 3, 0)
        above = leading.area
    if scene.snapshot.strip is not None:
        canvas.write(top, 0, strip_title(scene), Colour.ACCENT)
        canvas.paste(draw_strip(scene, LEFT, STRIP, "braille", above), top + 1, 0)
        canvas.write(top + STRIP + 1, 0, strip_caption(scene), Colour.TEXT)
        top += STRIP + 3
    canvas.paste(draw_metric_table(scene, LEFT, HEIGHT - top), top, 0)
    _paste_view(canvas, scene, experiment)
    return canvas


def _paste_view(canvas: Canvas, scene: Scene, experiment: Experiment | None) -> None:
    history = last_view(scene, experiment)
    if history is None:
        return
    left = LEFT + 3
    canvas.write(2, left, view_title(scene), Colour.ACCENT)
    canvas.paste(draw_view(history, WIDTH - left, HEIGHT - 5, "braille"), 3, left)
    words = "".join(text for text, _ in view_caption(history.view, scene.generation))
    canvas.write(HEIGHT - 1, left, words, Colour.TEXT)
