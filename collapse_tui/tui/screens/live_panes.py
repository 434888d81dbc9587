"""The panes of the live screen: chart, view, strip, table and knobs, in the layout chosen."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from textual.app import ComposeResult
from textual.geometry import NULL_OFFSET, NULL_SPACING, Region, Size
from textual.layout import ArrangeResult, Layout, WidgetPlacement
from textual.message import Message
from textual.widget import Widget
from typing_extensions import override

from collapse_tui.charts.canvas import Area, Canvas, blank_canvas
from collapse_tui.charts.draw import draw
from collapse_tui.charts.palette import Colour
from collapse_tui.charts.spec import Marker
from collapse_tui.charts.text import Span
from collapse_tui.presentation.captions import comparison, view_title
from collapse_tui.presentation.draw_view import draw_view, view_caption
from collapse_tui.presentation.metric_chart import list_curves, metric_chart
from collapse_tui.presentation.metric_words import metric_words
from collapse_tui.presentation.read_out import describe_span, guides_of, read_out
from collapse_tui.presentation.scene import Scene
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
from collapse_tui.tui.runs.setting_values import slider_scale
from collapse_tui.tui.screens.arrangement import Place, arrange_panes
from collapse_tui.tui.screens.help_text import VisiblePanes
from collapse_tui.tui.widgets.density_strip import DensityStrip
from collapse_tui.tui.widgets.diagnosis_line import DiagnosisNotes
from collapse_tui.tui.widgets.knobs import KnobList
from collapse_tui.tui.widgets.metric_table import MetricTable
from collapse_tui.tui.widgets.panes import Chart, Pane
from engines.views.view import View

FRAME = 6
"""Cells of a pane's width that a title in its border cannot use."""

OVER_TIME = ("main", "strip")
"""Charts whose x axis are the generations."""

PLAIN = 6
"""Rows up to which the table has no border, so that more of its rows are seen."""

LEAST_LAWS, ROWS_A_LAW = 2, 4
"""Laws that the curves are drawn with at least, and rows for each further one."""

HINTED = 90
"""Cells from which on titles name the keys of their pane."""
HINT = "   t next · l log · m alone"

WithTheory = Callable[[View, int], View]


class PaneLayout(Layout):
    """Puts each pane on the cells that the arrangement gives it."""

    name = "panes"

    @override
    def arrange(
        self, parent: Widget, children: list[Widget], size: Size, greedy: bool = True
    ) -> ArrangeResult:
        del greedy
        if not isinstance(parent, LivePanes):
            return []
        by_name = {f"{place.name}-pane": place for place in parent.places(size)}
        return [
            WidgetPlacement(Region(*by_name[pane.id][1:]), NULL_OFFSET, NULL_SPACING, pane)
            for pane in children
            if pane.id in by_name
        ]


class LivePanes(Widget):
    """Titles, status lines and charts of a scene; the charts are drawn by the render thread."""

    def __init__(self, program: Program) -> None:
        super().__init__(id="panes")
        self._program = program
        self._places = PaneLayout()
        self._columns = _Columns()
        self.arrangement = "all"
        self.maximised = ""

    @property
    @override
    def layout(self) -> Layout:
        return self._places

    def compose(self) -> ComposeResult:
        """Make all panes; where they stand is the layout's business."""
        yield Pane(Chart(id="main"), id="main-pane")
        yield Pane(Chart(id="view"), id="view-pane")
        yield Pane(DensityStrip(), id="strip-pane")
        yield Pane(DiagnosisNotes(), id="notes-pane")
        yield Pane(MetricTable(), id="table-pane")
        yield Pane(KnobList(), id="knobs-pane")

    def places(self, size: Size) -> tuple[Place, ...]:
        """Return the cells of each pane that is shown."""
        present = [str(pane.id).removesuffix("-pane") for pane in self.query(Pane)]
        return arrange_panes(present, self.arrangement, size.width, size.height, self.maximised)

    class Rearranged(Message):
        """Other panes are shown, or the same ones in other places."""

    def on_resize(self) -> None:
        """Hide the panes that have no place, so that keys do not reach them."""
        self.rearrange(maximised=self.maximised)

    def rearrange(self, arrangement: str = "", *, maximised: str = "") -> None:
        """Change to another layout, or to one pane alone; neither stays as it is."""
        self.arrangement = arrangement or self.arrangement
        self.maximised = maximised
        shown = {place.name: place for place in self.places(self.size)}
        for pane in self.query(Pane):
            name = str(pane.id).removesuffix("-pane")
            place = shown.get(name)
            pane.display = place is not None
            plain = place is not None and name == "table" and place.height <= PLAIN
            pane.set_class(plain, "-plain")
        self.refresh(layout=True)
        self.call_after_refresh(self.post_message, self.Rearranged())

    def shows(self, name: str) -> bool:
        """Return whether a pane has a place."""
        return self.pane(name).display

    def name_of(self, body: Widget | None) -> str:
        """Return the name of the pane around a widget, empty if there is none."""
        found = next((pane for pane in self.query(Pane) if pane.body is body), None)
        return str(found.id).removesuffix("-pane") if found is not None else ""

    def chart(self, name: str) -> Chart:
        """Return the chart ``"main"``, ``"view"`` or ``"strip"``."""
        return self.query_one(f"#{name}", Chart)

    def pane(self, name: str) -> Pane:
        """Return the pane around a chart, ``"table"`` or ``"knobs"``."""
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
        self.write_edges(scene)
        self._show_table(scene)
        knobs = self.query_one(KnobList)
        knobs.update(runs.knobs, runs.selected.value_of, palette, without=runs.why_no_knobs())
        self.pane("knobs").edge.update(answer or _edge_of_knobs(knobs, runs), palette)
        run = runs.selected.run
        with_theory = run.with_theory if run and scene.theory else None
        self._show_strip(scene)
        self._show_guides(scene)
        job = self._job("view", partial(_draw_view, scene.view_history(), with_theory))
        if job is not None:
            self._program.renderer.submit("view", job)

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
        paints: dict[str, Paint] = {
            "main": partial(_draw_metric, scene, self._columns, size),
            "strip": partial(_draw_strip, scene, self._columns, size),
        }
        jobs = {name: self._job(name, paint) for name, paint in paints.items()}
        self._program.renderer.submit_in_order({name: job for name, job in jobs.items() if job})

    def write_edges(self, scene: Scene) -> None:
        """Write the lines below the charts, last the labels for which a drawing has no room."""
        view = scene.snapshot.view(scene.generation)
        captions = {"main": comparison(scene), "view": view_caption(view, scene.generation)}
        for name, caption in captions.items():
            if name == "main" and is_pointed_at(scene):
                self.read_out(scene)
                continue
            canvas = self.chart(name).canvas
            labels: list[Span] = []
            for text, colour in canvas.left_out if canvas is not None else ():
                labels.append((f" · {text}", colour))
            self.pane(name).edge.update([*caption, *labels], self._program.palette)

    def _show_table(self, scene: Scene) -> None:
        table, pane = self.query_one(MetricTable), self.pane("table")
        plain = self._program.marker == "ascii"
        table.update(scene, self._program.palette, ascii_only=plain)
        hint = "   / filter · enter shows it above · space adds it"
        pane.set_title(table.title + (hint if pane.size.width >= HINTED else ""))
        pane.edge.update(table.caption, self._program.palette)

    def read_out(self, scene: Scene) -> None:
        """Show what the pointer is at: values below the chart, lines through it."""
        palette = self._program.palette
        self._show_guides(scene)
        if is_pointed_at(scene):
            self.pane("main").edge.update(_describe_pointer(scene), palette)
        else:
            self.write_edges(scene)

    def _show_guides(self, scene: Scene) -> None:
        for name in OVER_TIME:
            self.chart(name).guide(guides_of(scene), self._program.palette)

    def _write_titles(self, scene: Scene) -> None:
        mark = " · log" if scene.log else ""
        title = " + ".join(metric_words(one).long for one in (scene.topic, *scene.added) if one)
        hint = HINT if self.pane("main").size.width >= HINTED else ""
        self.pane("main").set_title(f"{title}{mark}{hint}" if title else "…")
        self.pane("notes").set_title("what to see")
        self.pane("notes").edge.update([("? the whole story", Colour.TEXT)], self._program.palette)
        view = self.pane("view")
        view.set_title(view_title(scene, view.size.width - FRAME))
        self.pane("knobs").set_title("turn while it runs")

    def _job(self, name: str, paint: Paint) -> Job | None:
        """Return what the render thread has to do for a chart, None for one that is not seen."""
        chart, program = self.chart(name), self._program
        width, height = chart.size
        if width < 1 or height < 1 or not chart.is_on_screen:
            return None
        return Job(paint, width, height, program.marker, program.palette, chart.deliver)

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


def _edge_of_knobs(knobs: KnobList, runs: RunGroup) -> list[Span]:
    """Return how to see the other settings, and the scale of the slider that arrows move."""
    hidden = knobs.hidden > 0
    every = [("k", Colour.ACCENT), (f" all {len(runs.knobs)}", Colour.TEXT)] if hidden else []
    chosen = knobs.chosen if knobs.has_focus else None
    scale = slider_scale(chosen, runs.selected.value_of(chosen)) if chosen is not None else ""
    joint = " · " if every else ""
    return [*every, (f"{joint}{scale}", Colour.TEXT)] if scale else every


def is_pointed_at(scene: Scene) -> bool:
    """Return whether the pointer is over a generation, or chooses some."""
    return scene.pointed is not None or scene.spanned is not None


def _describe_pointer(scene: Scene) -> list[Span]:
    if scene.spanned is not None:
        return describe_span(scene.spanned)
    return [] if scene.pointed is None else read_out(list_curves(scene), scene.pointed)


def _draw_metric(
    scene: Scene, columns: _Columns, strip: Size | None, width: int, height: int, marker: Marker
) -> Canvas:
    most = max(LEAST_LAWS, height // ROWS_A_LAW)
    chart = metric_chart(scene, scene.topic, scene.added, most)
    if strip is not None:
        gutter = gutter_of_strip(scene, *strip, marker)
        chart = replace(chart, gutter=max(chart.gutter, gutter))
    canvas = draw(chart, width, height, marker)
    columns.area = canvas.area
    more = len(scene.curves(scene.topic)) - most
    if more > 0:
        laws = "1 more law" if more == 1 else f"{more} more laws"
        return replace(canvas, left_out=(*canvas.left_out, (f"{laws}: m shows all", Colour.TEXT)))
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
