"""Up to six runs over the same generations: curves, values under a cursor, what differs."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.screen import Screen
from textual.widgets import Static

from collapse_tui.charts.canvas import Canvas
from collapse_tui.charts.draw import draw
from collapse_tui.charts.palette import Colour
from collapse_tui.charts.spec import LineChart, Marker
from collapse_tui.presentation.comparison import (
    Comparison,
    NotComparableError,
    add_letters,
    compare_runs,
    comparison_chart,
)
from collapse_tui.presentation.metric_words import load_metric_words, metric_words
from collapse_tui.presentation.run_preview import RunPreview, load_preview
from collapse_tui.storage.run_facts import change_stamp
from collapse_tui.tui.keys import COMPARE_ACTIONS, key_bindings, with_back
from collapse_tui.tui.program import Program
from collapse_tui.tui.render import Job
from collapse_tui.tui.runs.descriptions import RunDescription
from collapse_tui.tui.screens.dialogs import HelpDialog
from collapse_tui.tui.widgets.bars import HeaderBar, KeyHints
from collapse_tui.tui.widgets.panes import TOO_SMALL, Chart, Pane
from collapse_tui.tui.widgets.setting_table import SettingTable
from collapse_tui.tui.widgets.value_table import ValueTable

LOOK = 1.0
"""Seconds between two looks at runs that may still be going on."""

ABOUT = RunDescription("compare", "up to six runs over the same generations")
SENTENCES = (
    (
        "Each curve is the median of one run over its replicates, at the same generation on the"
        " same place; the letters A to F and their colours stay with the runs."
    ),
    (
        "The table gives the values at the cursor, which the arrows move, and at the last"
        " generation of each run. Settings in which the runs differ come first, with ≠."
    ),
)


class CompareScreen(Screen[None]):
    """Several runs in one chart.

    Parameters
    ----------
    program : Program
    paths : sequence of Path
        Folders of runs, A first.
    """

    ACTIONS = COMPARE_ACTIONS
    BINDINGS: ClassVar[list[BindingType]] = [*key_bindings(COMPARE_ACTIONS)]
    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (60, "-narrow"), (120, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (20, "-high")]  # noqa: RUF012

    def __init__(self, program: Program, paths: Sequence[Path]) -> None:
        super().__init__()
        self._program, self._paths = program, paths
        self._comparison: Comparison | None = None
        self._stamps: tuple[object, ...] = ()
        self._reading = False
        self.metric = ""
        self.cursor: int | None = None
        self.log_axis = False

    def compose(self) -> ComposeResult:
        """Chart above, values and settings below."""
        yield HeaderBar()
        with Container(id="compare"):
            yield Pane(Chart(id="compared"), id="compared-pane")
            yield Pane(ValueTable(), id="values-pane")
            yield Pane(SettingTable(), id="differences-pane")
        yield Static(TOO_SMALL, id="too-small")
        yield KeyHints(with_back(COMPARE_ACTIONS, back=self._program.goes_back(self)))

    def on_mount(self) -> None:
        """Read the runs, and again while they grow."""
        self._program.set_terminal_title("collapse-tui · compare")
        self.query_one("#compared", Chart).focus()
        self._look()
        self.set_interval(LOOK, self._look)
        for changed in (self._program.theme_changed_signal, self._program.marker_changed):
            changed.subscribe(self, lambda _: self.call_after_refresh(self.redraw))

    def _look(self) -> None:
        if not self._reading and self.is_current:
            self._reading = True
            self._read()

    @work(thread=True, group="compared", exit_on_error=False)
    def _read(self) -> None:
        stamps = tuple(map(change_stamp, self._paths))
        found: list[RunPreview] | None = None
        if stamps != self._stamps:
            self._stamps = stamps
            load_metric_words()
            found = [load_preview(path) for path in self._paths]
        self.call_later(self._take, found)

    def _take(self, found: Sequence[RunPreview] | None) -> None:
        self._reading = False
        if found is None:
            return
        try:
            self._comparison = compare_runs(found)
        except NotComparableError as refusal:
            self.notify(str(refusal), severity="error", timeout=60)
            if self._comparison is None and self._program.goes_back(self) and self.is_current:
                self.dismiss()
            return
        if self.metric not in self._comparison.metrics:
            self.metric = self._comparison.metrics[0]
        self.redraw()

    @on(Chart.Resized)
    def redraw(self) -> None:
        """Write the tables and send the chart to the render thread."""
        shown, palette = self._comparison, self._program.palette
        if not self.is_mounted:
            return
        self.query_one(KeyHints).update(palette)
        if shown is None:
            self.query_one(HeaderBar).update([("reading …", Colour.TEXT)], [], palette)
            return
        at = self._generation(shown)
        left = [("compare", Colour.STRONG), (f" · {len(shown.runs)} runs", Colour.TEXT)]
        self.query_one(HeaderBar).update(left, [(f"gen {at}/{shown.last}", Colour.STRONG)], palette)
        mark = " · log" if self.log_axis else ""
        self._pane("compared").set_title(f"{metric_words(self.metric).long}{mark}")
        count = f"metric {shown.metrics.index(self.metric) + 1} of {len(shown.metrics)}"
        self._pane("compared").edge.update([(count, Colour.TEXT)], palette)
        self._pane("values").set_title(f"{metric_words(self.metric).long} at generation {at}")
        self._pane("values").edge.update([], palette)
        self._pane("values").styles.height = (
            None if self.has_class("-wide") else len(shown.runs) + 3
        )
        self.query_one(ValueTable).update(shown, self.metric, at, palette)
        self._pane("differences").set_title("settings · ≠ where they differ")
        differing = sum(1 for row in shown.differences if row.differs)
        counted = f"{differing} of {len(shown.differences)} differ"
        self._pane("differences").edge.update([(counted, Colour.TEXT)], palette)
        self.query_one(SettingTable).update(shown.differences, palette)
        self._draw(shown)

    def _draw(self, shown: Comparison) -> None:
        chart, program = self.query_one("#compared", Chart), self._program
        width, height = chart.size
        runs = add_letters(shown.runs, shown.labels)
        picture = comparison_chart(runs, self.metric, cursor=self.cursor, log=self.log_axis)
        paint = partial(_paint, picture)
        job = Job(paint, width, height, program.marker, program.palette, chart.deliver)
        program.renderer.submit("compared", job)

    def _pane(self, name: str) -> Pane:
        return self.query_one(f"#{name}-pane", Pane)

    def _generation(self, shown: Comparison) -> int:
        return shown.last if self.cursor is None else self.cursor

    def _move_to(self, generation: int) -> None:
        shown = self._comparison
        if shown is not None:
            # at the end it stays at the end, also where the runs go on
            self.cursor = max(0, generation) if generation < shown.last else None
            self.redraw()

    def action_scrub(self, step: int) -> None:
        """Move the cursor."""
        if self._comparison is not None:
            self._move_to(self._generation(self._comparison) + step)

    def action_first(self) -> None:
        """Go to generation 0."""
        self._move_to(0)

    def action_live(self) -> None:
        """Go to the last generation."""
        if self._comparison is not None:
            self._move_to(self._comparison.last)

    def action_topic(self, step: int) -> None:
        """Show another metric."""
        if self._comparison is not None:
            names = self._comparison.metrics
            self.metric = names[(names.index(self.metric) + step) % len(names)]
            self.redraw()

    def action_log(self) -> None:
        """Switch the axis."""
        self.log_axis = not self.log_axis
        self.redraw()

    def action_copy(self) -> None:
        """Copy the chart as text."""
        self.notify(self._program.copy_text(self.query_one("#compared", Chart).text()), timeout=3)

    def action_help(self) -> None:
        """Explain the screen and its keys."""
        self._program.push_screen(HelpDialog(ABOUT, SENTENCES, COMPARE_ACTIONS))

    def action_leave(self) -> None:
        """Go back, or leave the first screen."""
        if self._program.goes_back(self):
            self.dismiss()
        else:
            self._program.exit(0)

    @on(Chart.Pointed)
    def _on_pointed(self, message: Chart.Pointed) -> None:
        if message.wheel:
            self.action_scrub(message.wheel)
            return
        value = message.chart.value_at(message.column)
        if value is not None:
            self._move_to(round(value))


def _paint(chart: LineChart, width: int, height: int, marker: Marker) -> Canvas:
    return draw(chart, width, height, marker)
