"""The panes of the live screen: main chart, view, strip, small multiples and knobs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from textual.app import ComposeResult
from textual.containers import Container
from textual.geometry import Size

from collapse_tui.charts.canvas import Area, Canvas, blank_canvas
from collapse_tui.charts.draw import draw
from collapse_tui.charts.palette import Colour
from collapse_tui.charts.spec import Marker
from collapse_tui.charts.text import Span
from collapse_tui.presentation.captions import comparison, view_title
from collapse_tui.presentation.draw_view import draw_view, view_caption
from collapse_tui.presentation.multiples import draw_multiples
from collapse_tui.presentation.scene import Scene, metric_chart, topic_label
from collapse_tui.presentation.strip_chart import (
    draw_strip,
    gutter_of_strip,
    strip_caption,
    strip_title,
)
from collapse_tui.presentation.view_history import ViewHistory
from collapse_tui.tui.program import Program
from collapse_tui.tui.render import Job, Paint
from collapse_tui.tui.runs.group import RunGroup
from collapse_tui.tui.screens.help_text import VisiblePanes
from collapse_tui.tui.widgets.density_strip import DensityStrip
from collapse_tui.tui.widgets.knobs import KnobList
from collapse_tui.tui.widgets.panes import Chart, Pane
from engines.views.view import View

FRAME = 6
"""Cells of a pane's width that a title in its border cannot use."""

WithTheory = Callable[[View, int], View]


class LivePanes(Container):
    """Titles, status lines and charts of a scene; the charts are drawn by the render thread."""

    def __init__(self, program: Program) -> None:
        super().__init__(id="panes")
        self._program = program
        self._columns = _Columns()

    def compose(self) -> ComposeResult:
        """Put main chart and view above, multiples and knobs below."""
        yield Pane(Chart(id="main"), id="main-pane")
        yield Pane(Chart(id="view"), id="view-pane")
        yield Pane(DensityStrip(), id="strip-pane")
        yield Pane(Chart(id="more"), id="more-pane")
        yield Pane(KnobList(), id="knobs-pane")

    def chart(self, name: str) -> Chart:
        """Return the chart ``"main"``, ``"view"``, ``"strip"`` or ``"more"``."""
        return self.query_one(f"#{name}", Chart)

    def pane(self, name: str) -> Pane:
        """Return the pane around a chart, or ``"knobs"``."""
        return self.query_one(f"#{name}-pane", Pane)

    def show(self, scene: Scene, runs: RunGroup, answer: Sequence[Span]) -> None:
        """Write all titles and status lines, and send the charts to the render thread.

        Parameters
        ----------
        scene : Scene
        runs : RunGroup
        answer : sequence of Span
            What the last key did, for the edge of the knobs.
        """
        palette = self._program.palette
        self._write_titles(scene)
        view = scene.snapshot.view(scene.generation)
        edges = {
            "main": comparison(scene),
            "view": view_caption(view, scene.generation),
            "more": [],
            "knobs": answer,
        }
        for name, spans in edges.items():
            self.pane(name).edge.update(spans, palette)
        knobs = self.query_one(KnobList)
        knobs.update(runs.knobs, runs.selected.value_of, palette, without=runs.why_no_knobs())
        self.pane("knobs").set_title(f"knobs{knobs.visible_range}")
        run = runs.selected.run
        with_theory = run.with_theory if run and scene.theory else None
        self._show_strip(scene)
        self._draw("view", partial(_draw_view, scene.view_history(), with_theory))
        self._draw("more", partial(draw_multiples, scene))

    def _show_strip(self, scene: Scene) -> None:
        """Draw the curves and the strip, in the same columns where one stands below the other."""
        strip, main = self.chart("strip"), self.chart("main")
        caption = strip_caption(scene)
        edge = [(caption, Colour.TEXT)] if caption else []
        self.pane("strip").edge.update(edge, self._program.palette)
        self.pane("strip").set_title(strip_title(scene))
        below = strip.is_on_screen and strip.region.x == main.region.x
        aligned = below and strip.region.width == main.region.width
        size = strip.size if aligned else None
        self._draw("main", partial(_draw_metric, scene, self._columns, size))
        self._draw("strip", partial(_draw_strip, scene, self._columns, size))

    def _write_titles(self, scene: Scene) -> None:
        mark = " · log" if scene.log else ""
        self.pane("main").set_title(f"{topic_label(scene.topic)}{mark}" if scene.topic else "…")
        view = self.pane("view")
        view.set_title(view_title(scene, view.size.width - FRAME))
        medians = " · medians" if scene.replicates > 1 else ""
        self.pane("more").set_title(f"more metrics{medians}")

    def _draw(self, name: str, paint: Paint) -> None:
        chart = self.chart(name)
        width, height = chart.size
        if width > 0 and height > 0 and chart.is_on_screen:
            program = self._program
            job = Job(paint, width, height, program.marker, program.palette, chart.deliver)
            program.renderer.submit(name, job)

    def visible_panes(self) -> VisiblePanes:
        """Return which panes are on the screen, and where."""
        main, view = self.chart("main"), self.chart("view")
        if not view.is_on_screen:
            return VisiblePanes(place="")
        canvas = view.canvas or blank_canvas(0, 0)
        if not main.is_on_screen:
            return VisiblePanes(curves=False, place="Here", canvas=canvas)
        beside = view.region.x > main.region.x
        return VisiblePanes(place="On the right" if beside else "Below", canvas=canvas)


@dataclass
class _Columns:
    """Where the data of the curves are, as drawn last: the render thread alone uses it."""

    area: Area | None = None


def _draw_metric(
    scene: Scene, columns: _Columns, strip: Size | None, width: int, height: int, marker: Marker
) -> Canvas:
    chart = metric_chart(scene, scene.topic)
    if strip is not None:
        gutter = gutter_of_strip(scene, *strip, marker)
        chart = replace(chart, gutter=max(chart.gutter, gutter))
    canvas = draw(chart, width, height, marker)
    columns.area = canvas.area
    return canvas


def _draw_strip(
    scene: Scene, columns: _Columns, aligned: Size | None, width: int, height: int, marker: Marker
) -> Canvas:
    above = columns.area if aligned is not None else None
    return draw_strip(scene, width, height, marker, above)


def _draw_view(
    history: ViewHistory | None, with_theory: WithTheory | None, width: int, height: int,
    marker: Marker,
) -> Canvas:  # fmt: skip
    # Theory is evaluated here, in the render thread, for the few views that are looked at.
    if history is not None and with_theory is not None:
        history = replace(history, view=with_theory(history.view, history.generation))
    return draw_view(history, width, height, marker)
