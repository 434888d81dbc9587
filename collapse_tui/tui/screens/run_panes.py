"""The panes beside the list of runs: curves, the last view, settings."""

from collections.abc import Sequence
from functools import partial

from textual.app import ComposeResult
from textual.containers import Container

from collapse_tui.charts.canvas import Canvas
from collapse_tui.charts.draw import draw
from collapse_tui.charts.palette import Colour
from collapse_tui.charts.spec import LineChart, Marker
from collapse_tui.charts.text import Span
from collapse_tui.presentation.comparison import (
    LETTERS,
    add_letters,
    comparison_chart,
    label_runs,
)
from collapse_tui.presentation.draw_view import draw_view, view_caption
from collapse_tui.presentation.metric_chart import metric_chart
from collapse_tui.presentation.metric_words import metric_words
from collapse_tui.presentation.run_preview import RunPreview
from collapse_tui.presentation.run_settings import compare_settings
from collapse_tui.presentation.scene import Scene
from collapse_tui.presentation.strip_chart import draw_strip, strip_caption, strip_title
from collapse_tui.presentation.view_history import ViewHistory
from collapse_tui.tui.program import Program
from collapse_tui.tui.render import Job, Paint
from collapse_tui.tui.widgets.panes import Chart, Pane
from collapse_tui.tui.widgets.setting_table import SettingTable


class RunPanes(Container):
    """What is seen of the run under the cursor, or of the runs that are marked."""

    def __init__(self, program: Program) -> None:
        super().__init__(id="run-panes")
        self._program = program
        self._previews: Sequence[RunPreview] = ()
        self._metric = self._damage = ""

    def compose(self) -> ComposeResult:
        """Curves first; a narrow screen shows one of the others beside them."""
        yield Pane(Chart(id="curve"), id="curve-pane")
        yield Pane(Chart(id="strip"), id="strip-pane")
        yield Pane(Chart(id="last-view"), id="last-view-pane")
        yield Pane(SettingTable(), id="settings-pane")

    def show(self, previews: Sequence[RunPreview], metric: str, damage: str = "") -> None:
        """Show one run, or the marked ones together.

        Parameters
        ----------
        previews : sequence of RunPreview
        metric : str
            Empty for the first one of the runs.
        damage : str
            What is wrong with the run, which is then written in place of its strip.
        """
        self._previews, self._metric, self._damage = previews, metric, damage
        self.redraw()

    def redraw(self) -> None:
        """Write titles and edges, and send the charts to the render thread."""
        if not self.is_mounted or not self._previews:
            return
        several = len(self._previews) > 1
        palette, first = self._program.palette, self._previews[0]
        at = first.snapshot.generation
        view = first.snapshot.view(at)
        metric = self._shown_metric()
        name = f"{len(self._previews)} marked runs" if several else first.name
        self._title("curve", f"{metric_words(metric).short} · {name}" if metric else name)
        scene = Scene(first.snapshot, topics=(metric,), replicates=first.replicates)
        self._title("last-view", f"last view · {'A' if several else first.name}")
        damaged = f"what is damaged · {first.name}" if self._damage else ""
        # runs of earlier versions have no strip, and views of some kinds never have
        replaced = first.snapshot.strip is None and view is not None
        picture = "last view" if replaced else strip_title(scene)
        self._title("strip", damaged or (f"A · {picture}" if several else picture))
        self._title("settings", "settings · ≠ where they differ" if several else "settings")
        rows = compare_settings([preview.settings for preview in self._previews])
        self.query_one(SettingTable).update(rows, palette)
        caption = "" if self._damage else strip_caption(scene)
        edges = {
            "curve": self._curve_edge(metric),
            "last-view": view_caption(view, at),
            "strip": [(caption, Colour.TEXT)] if caption else [],
            "settings": self._settings_edge(rows),
        }
        for name, edge in edges.items():
            self.query_one(f"#{name}-pane", Pane).edge.update(edge, palette)
        self._draw("curve", partial(_draw_chart, self._chart(metric, scene)))
        history = ViewHistory(view, at) if view is not None else None
        said = partial(_draw_chart, LineChart(note=self._damage)) if self._damage else None
        self._draw("last-view", partial(draw_view, history))
        paint = partial(draw_view, history) if replaced else partial(_draw_strip, scene)
        self._draw("strip", said or paint)

    def _shown_metric(self) -> str:
        known = [one.metrics for one in self._previews]
        if any(self._metric in metrics for metrics in known):
            return self._metric
        shared = (name for name in known[0] if all(name in metrics for metrics in known))
        return next(shared, next((name for metrics in known for name in metrics), ""))

    def _chart(self, metric: str, scene: Scene) -> LineChart:
        first = self._previews[0]
        if len(self._previews) > 1:
            every = add_letters(self._previews, label_runs(self._previews))
            measured = [run for run in every if metric in run[2].metrics]
            return comparison_chart(measured, metric)
        if first.snapshot.generation < 0:
            return LineChart(note=first.note)
        return metric_chart(scene, metric)

    def _curve_edge(self, metric: str) -> list[Span]:
        if len(self._previews) == 1:
            note = self._previews[0].note
            return [(note, Colour.BAD)] if note and self._previews[0].metrics else []
        without = [
            letter
            for letter, one in zip(LETTERS, self._previews, strict=False)
            if metric not in one.metrics
        ]
        return [(f"not measured in {', '.join(without)}", Colour.TEXT)] if without else []

    def _settings_edge(self, rows: Sequence[object]) -> list[Span]:
        differing = sum(1 for row in rows if getattr(row, "differs", False))
        several = len(self._previews) > 1
        return [(f"{differing} of {len(rows)} differ", Colour.TEXT)] if several else []

    def _title(self, name: str, title: str) -> None:
        self.query_one(f"#{name}-pane", Pane).set_title(title)

    def _draw(self, name: str, paint: Paint) -> None:
        chart = self.query_one(f"#{name}", Chart)
        width, height = chart.size
        if width > 0 and height > 0 and chart.is_on_screen:
            program = self._program
            job = Job(paint, width, height, program.marker, program.palette, chart.deliver)
            program.renderer.submit(f"runs-{name}", job)


def _draw_chart(chart: LineChart, width: int, height: int, marker: Marker) -> Canvas:
    return draw(chart, width, height, marker)


def _draw_strip(scene: Scene, width: int, height: int, marker: Marker) -> Canvas:
    return draw_strip(scene, width, height, marker)
