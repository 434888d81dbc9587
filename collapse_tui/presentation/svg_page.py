"""A stored run as an SVG page: its curves, its last view and the other metrics."""

from pathlib import Path

from collapse_tui.charts.canvas import Canvas, blank_canvas
from collapse_tui.charts.draw import draw
from collapse_tui.charts.palette import PALETTES, Colour
from collapse_tui.charts.svg import to_svg
from collapse_tui.experiment.experiment import Experiment
from collapse_tui.presentation.captions import view_title
from collapse_tui.presentation.draw_view import draw_view, view_caption
from collapse_tui.presentation.multiples import draw_multiples
from collapse_tui.presentation.scene import Scene, metric_chart, topic_label
from collapse_tui.presentation.stored_scene import (
    explain_missing_view,
    last_view,
    load_scene,
    load_theory,
)
from collapse_tui.storage.errors import ExportError
from collapse_tui.storage.saved import SavedRun

WIDTH, HEIGHT = 132, 40
LEFT = 66
"""Columns of the curves; the view takes the rest."""
CHART = 20
"""Rows of the leading curve."""
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
    """Return a scene drawn on a canvas of 132 × 40 cells."""
    canvas = blank_canvas(WIDTH, HEIGHT)
    canvas.write(0, 0, name, Colour.STRONG)
    title = f" · {experiment.title}" if experiment is not None and experiment.title else ""
    canvas.write(0, len(name), title, Colour.TEXT)
    several = f", {scene.replicates:,} replicates" if scene.replicates > 1 else ""
    at = f"generation {scene.generation} of {scene.snapshot.generations}{several}"
    canvas.write(0, WIDTH - len(at), at, Colour.TEXT)
    if scene.topic:
        canvas.write(2, 0, topic_label(scene.topic), Colour.ACCENT)
        canvas.paste(draw(metric_chart(scene, scene.topic), LEFT, CHART), 3, 0)
    others = draw_multiples(scene, LEFT, HEIGHT - CHART - 4, "braille")
    canvas.paste(others, CHART + 4, 0)
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
