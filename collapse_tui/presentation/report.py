"""A stored run as charts, numbers and claims: what `show` prints."""

import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from collapse_tui.charts.canvas import Canvas
from collapse_tui.charts.draw import draw
from collapse_tui.charts.palette import PALETTES
from collapse_tui.charts.spec import Marker
from collapse_tui.charts.terminal_text import to_ansi_text, to_plain_text
from collapse_tui.events import Curve
from collapse_tui.experiment.experiment import Experiment
from collapse_tui.presentation.captions import view_title
from collapse_tui.presentation.draw_view import draw_view, page_height, view_notes
from collapse_tui.presentation.metric_chart import metric_chart
from collapse_tui.presentation.metric_words import metric_words
from collapse_tui.presentation.scene import Scene
from collapse_tui.presentation.stored_scene import (
    explain_missing_view,
    last_view,
    load_scene,
    load_theory,
)
from collapse_tui.presentation.strip_chart import draw_strip, strip_caption, strip_title
from collapse_tui.presentation.summary_table import build_summary
from collapse_tui.storage.errors import DamagedRunError
from collapse_tui.storage.file_names import RECORDS
from collapse_tui.storage.saved import SavedRun
from engines.errors import CollapseError
from engines.plugins import describe_error

HEIGHT = 11
WIDEST = 110
"""Most columns that text and charts take: longer lines are hard to read."""


class Drawing(NamedTuple):
    """A chart as text, with the escape codes of its colours.

    Attributes
    ----------
    text : str
    """

    text: str


@dataclass(frozen=True, slots=True)
class OutputStyle:
    """What the output can show.

    Attributes
    ----------
    palette : str
        A key of `PALETTES`; ``"plain"`` is without colour.
    columns : int
        The width of the terminal.
    unicode : bool
        Whether it takes more than ASCII.
    """

    palette: str
    columns: int
    unicode: bool

    @property
    def width(self) -> int:
        """Columns to fill."""
        return min(self.columns, WIDEST)

    def render(self, draw_chart: Callable[[Marker], Canvas]) -> Drawing:
        """Return a chart drawn with the markers that the output can show."""
        canvas = draw_chart("braille" if self.unicode else "ascii")
        to_text = to_plain_text if self.palette == "plain" else to_ansi_text
        return Drawing(to_text(canvas, PALETTES[self.palette], ascii_only=not self.unicode))


def build_report(run: SavedRun, style: OutputStyle) -> tuple[tuple[str, ...], list[Any]]:
    """Return the report on a stored run.

    Parameters
    ----------
    run : SavedRun
    style : OutputStyle

    Returns
    -------
    notes : tuple of str
        What is missing from the report, and why.
    parts : list
        Texts, drawings, and tables for rich, to be printed one below the other.
    """
    experiment, curves, notes = load_theory(run)
    head = _describe_run(run, experiment, style.width)
    if run.last < 0:
        return notes, [head, "nothing is recorded yet"]
    try:
        parts = [head, *_build_parts(run, experiment, curves, style)]
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        raise DamagedRunError(
            f"{run.path / RECORDS}: each record must hold a summary, a stage and flags"
            f" ({describe_error(error)}): restore it, or start a new run"
        ) from error
    return (*notes, *explain_missing_view(run)), parts


def _build_parts(
    run: SavedRun, experiment: Experiment | None, curves: tuple[Curve, ...], style: OutputStyle
) -> Iterator[Any]:
    scene = load_scene(run, experiment, curves)
    yield ""
    yield build_summary(run.path, curves)
    for topic in scene.topics:
        yield f"\n{_caption(topic)}"
        chart = metric_chart(scene, topic)
        yield style.render(lambda marker, chart=chart: draw(chart, style.width, HEIGHT, marker))
    yield from _strip_parts(scene, style)
    yield from _view_parts(scene, experiment, style)
    yield ""
    yield from _list_laws(curves)
    if experiment is not None and experiment.claims:
        from collapse_tui.presentation.claims_table import describe_stored_claims

        yield from describe_stored_claims(run, experiment, style.width)


def _describe_run(run: SavedRun, experiment: Experiment | None, width: int) -> str:
    status = run.status
    reason = f" ({status['reason']})" if status.get("reason") else ""
    replicates = run.layout.replicates
    lines = [f"{run.name}: {status.get('state', 'unknown')}{reason}"]
    total = _last_generation(run, experiment)
    several = f"{replicates} independent runs" if replicates > 1 else "one run"
    lines.append(f"generation {max(run.last, 0)} of {total}, {several}")
    if experiment is not None:
        source = ", ".join(part for part in (experiment.paper, experiment.figure) if part)
        watch = textwrap.fill(experiment.watch, width)
        lines += [part for part in (experiment.title, source, watch) if part]
    return "\n".join(lines)


def _last_generation(run: SavedRun, experiment: Experiment | None) -> object:
    if experiment is not None:
        return experiment.generations
    try:
        # its data may be gone while its text is whole
        return run.document.get("generations", "?")
    except CollapseError:
        return "?"  # a note says why


def _caption(topic: str) -> str:
    words = metric_words(topic)
    return f"{words.long} ({topic}): {words.sentence}" if words.sentence else words.long


def _strip_parts(scene: Scene, style: OutputStyle) -> Iterator[Any]:
    if scene.snapshot.strip is None:
        return
    yield f"\n{strip_title(scene)}"
    yield style.render(lambda marker: draw_strip(scene, style.width, HEIGHT, marker))
    yield strip_caption(scene)


def _view_parts(scene: Scene, experiment: Experiment | None, style: OutputStyle) -> Iterator[Any]:
    history = last_view(scene, experiment)
    if history is None:
        return
    yield f"\ngeneration {scene.generation}, {view_title(scene)}"
    height = page_height(history.view)
    yield style.render(lambda marker: draw_view(history, style.width, height, marker))
    yield from view_notes(history.view)


def _list_laws(curves: tuple[Curve, ...]) -> Iterator[str]:
    if curves:
        yield "\ntheory"
    for curve in curves:
        name = metric_words(curve.metric).long
        yield f"  {name} ({curve.metric}): {curve.label} ({curve.status}, {curve.statistic})"
        yield f"    {curve.reference}"
