"""The list of saved runs: sorted, filtered, grouped; opened, compared, forked, deleted."""

import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.screen import Screen
from textual.widgets import Input, Static

from collapse_tui.charts.palette import Colour
from collapse_tui.presentation.comparison import MOST_RUNS
from collapse_tui.presentation.run_columns import differing_settings, fit_columns
from collapse_tui.presentation.run_preview import RunPreview, load_preview
from collapse_tui.presentation.run_rows import RunRow
from collapse_tui.tui.keys import RUNS_ACTIONS, key_bindings, with_back
from collapse_tui.tui.program import Program
from collapse_tui.tui.runs.launcher import Launcher
from collapse_tui.tui.runs.pins import read_pins, write_pins
from collapse_tui.tui.runs.run_arrangement import RunArrangement
from collapse_tui.tui.runs.run_list import RunList
from collapse_tui.tui.screens.dialogs import HelpDialog
from collapse_tui.tui.screens.run_actions import RunActions
from collapse_tui.tui.screens.run_dialogs import DeleteDialog, GroupDialog
from collapse_tui.tui.screens.run_panes import RunPanes
from collapse_tui.tui.screens.run_texts import (
    ABOUT,
    SENTENCES,
    count_runs,
    describe_row,
    explain_empty,
)
from collapse_tui.tui.widgets.bars import HeaderBar, KeyHints
from collapse_tui.tui.widgets.panes import TOO_SMALL, Chart, Pane
from collapse_tui.tui.widgets.run_table import RunTable, TableState

if TYPE_CHECKING:
    from textual.timer import Timer

LOOK = 1.0
"""Seconds between two looks at the folder; of many runs more, so that it stays cheap."""
IDLE = 8
"""Times what a look has cost, that pass before the next one."""
REST = 0.08
"""Seconds on one run after which it is read for a glance."""


BESIDE = ("-strip", "-view", "-settings")
"""What a narrow screen shows beside the curve, one at a time."""


class RunsScreen(Screen[None]):
    """Every saved run of a folder.

    Parameters
    ----------
    program : Program
    launcher : Launcher
    selected : Path or None
        The run under the cursor at first.
    """

    ACTIONS = RUNS_ACTIONS
    BINDINGS: ClassVar[list[BindingType]] = [
        *key_bindings(RUNS_ACTIONS),
        Binding("escape", "clear", "Clear the filter, then the marks", show=False),
    ]
    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (60, "-narrow"), (120, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (20, "-low"), (40, "-high")]  # noqa: RUF012

    def __init__(self, program: Program, launcher: Launcher, selected: Path | None = None) -> None:
        super().__init__()
        self._program, self._launcher = program, launcher
        self._list = RunList(launcher.runs)
        self._rows: Sequence[RunRow] = ()
        self._selected = selected
        self._glances: dict[Path, tuple[object, RunPreview]] = {}
        self._reading = self._complete = False
        self._next_look = 0.0
        self._timer: Timer | None = None
        self.arrangement = RunArrangement()
        self.actions = RunActions(program, launcher)

    def compose(self) -> ComposeResult:
        """Table and preview; one sentence instead where the terminal is too small."""
        yield HeaderBar()
        yield Input(placeholder="words, or λ=0.2  M>=1000", id="runs-filter", compact=True)
        with Container(id="runs"):
            yield Pane(RunTable(), id="table-pane")
            yield RunPanes(self._program)
        yield Static(TOO_SMALL, id="too-small")
        yield KeyHints(with_back(RUNS_ACTIONS, back=self._program.goes_back(self)))

    @property
    def table(self) -> RunTable:
        """The table."""
        return self.query_one(RunTable)

    def on_mount(self) -> None:
        """Begin to read the folder."""
        self._program.set_terminal_title("collapse-tui · runs")
        self.add_class(BESIDE[0])
        self.table.focus()
        if self._selected is not None:
            self.table.cursor = self._selected
        self._read_pins()
        self._look()
        self.set_interval(LOOK / 2, self._look_when_due)
        for changed in (self._program.theme_changed_signal, self._program.marker_changed):
            changed.subscribe(self, lambda _: self.call_after_refresh(self.redraw))

    def on_screen_resume(self) -> None:
        """Look at once: a run may have been continued meanwhile."""
        self._next_look = 0.0
        self.call_after_refresh(self.redraw)

    @work(thread=True, group="pins", exit_on_error=False)
    def _read_pins(self) -> None:
        pins = set(read_pins())
        self.call_later(self._take_pins, pins)

    def _take_pins(self, pins: set[Path]) -> None:
        self.arrangement.pins |= pins
        self.redraw()

    def _look_when_due(self) -> None:
        if self.is_current and not self._reading and time.monotonic() >= self._next_look:
            self._look()

    def _look(self) -> None:
        self._reading = True
        self._read_rows()

    @work(thread=True, group="rows", exit_on_error=False)
    def _read_rows(self) -> None:
        began = time.monotonic()
        try:
            for rows in self._list.read():
                self.call_later(self._take_rows, rows)
        except OSError as error:
            self.call_later(self.notify, f"cannot read {self._list.folder}: {error.strerror}")
        self.call_later(self._end_look, time.monotonic() - began)

    def _end_look(self, seconds: float) -> None:
        self._next_look = time.monotonic() + max(LOOK, IDLE * seconds)
        self._reading, first = False, not self._complete
        self._complete = True
        if first:
            self.redraw()

    def _take_rows(self, rows: Sequence[RunRow]) -> None:
        if len(rows) != len(self._rows) or any(
            a is not b for a, b in zip(rows, self._rows, strict=True)
        ):
            self._rows = rows
            self.redraw()

    @on(Chart.Resized)
    def _on_chart_resized(self) -> None:
        self.query_one(RunPanes).redraw()

    def on_resize(self) -> None:
        """Fit the columns anew."""
        self.call_after_refresh(self.redraw)

    def redraw(self) -> None:
        """Write the table and all around it; charts follow once the cursor rests."""
        if not self.is_mounted:
            return
        palette, shown, table = self._program.palette, self.arrangement, self.table
        groups = shown.arrange(self._rows)
        columns = fit_columns(shown.columns, table.room)
        state = TableState(columns, shown.sorted_by, shown.falling, shown.letters, shown.pins)
        table.update(groups, state, palette)
        self._write_bars(sum(len(group.rows) for group in groups))
        self._glance_soon()

    def _write_bars(self, found: int) -> None:
        palette, shown = self._program.palette, self.arrangement
        right = count_runs(self._rows, found, shown.wanted, complete=self._complete)
        left = [("saved runs", Colour.STRONG), (f" · {self._list.folder}", Colour.TEXT)]
        self.query_one(HeaderBar).update(left, [(right, Colour.TEXT)], palette)
        self.query_one(KeyHints).update(palette)
        pane, row = self.query_one("#table-pane", Pane), self.table.chosen
        pane.set_title(f"runs · by {shown.group}" if shown.group else "runs")
        if row is not None:
            edge = describe_row(row, len(shown.marks))
        else:
            edge = explain_empty(self._rows) if self._complete else []
        pane.edge.update(edge, palette)

    @on(RunTable.Moved)
    def _on_moved(self) -> None:
        self._write_bars(len(self.table.rows))
        self._glance_soon()

    def _glance_soon(self) -> None:
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(REST, self._glance)

    def _shown_rows(self) -> list[RunRow]:
        rows = {row.path: row for row in self._rows}
        marked = [rows[path] for path in self.arrangement.marks if path in rows][:MOST_RUNS]
        chosen = self.table.chosen
        return marked if len(marked) > 1 else [chosen] if chosen is not None else []

    def _glance(self) -> None:
        self._read_glances(self._shown_rows())

    @work(thread=True, group="glance", exclusive=True, exit_on_error=False)
    def _read_glances(self, rows: Sequence[RunRow]) -> None:
        found: list[RunPreview] = []
        for row in rows:
            stamp = (row.generation, row.changed, row.state)
            known = self._glances.get(row.path)
            if known is None or known[0] != stamp:
                known = self._glances[row.path] = (stamp, load_preview(row.path))
            found.append(known[1])
        self.call_later(self._show_glances, rows, found)

    def _show_glances(self, rows: Sequence[RunRow], previews: Sequence[RunPreview]) -> None:
        if self.is_mounted and [row.path for row in rows] == [
            row.path for row in self._shown_rows()
        ]:
            panes = self.query_one(RunPanes)
            panes.display = bool(previews)
            damaged = len(rows) == 1 and rows[0].state in {"damaged", "unknown"}
            panes.show(previews, self.arrangement.metric, rows[0].reason if damaged else "")

    def _with_run(self, use: Callable[[RunRow], object]) -> None:
        row = self.table.chosen
        if row is not None:
            use(row)

    @on(RunTable.Opened)
    def action_open(self) -> None:
        """Open the run under the cursor, paused where it stands; follow one of another process."""
        self._with_run(partial(self.actions.open, paused=True))

    def action_resume(self) -> None:
        """Go on with the run under the cursor at once."""
        self._with_run(partial(self.actions.open, paused=False))

    def action_fork(self) -> None:
        """Ask for the settings of a fork, then run it."""
        self._with_run(self.actions.fork)

    def action_mark(self) -> None:
        """Mark the run under the cursor, and go to the next one."""
        self._with_run(lambda row: self.arrangement.toggle_mark(row.path))
        self.table.action_move(1)
        self.redraw()

    def action_clear(self) -> None:
        """Clear the filter; without one, the marks."""
        field = self.query_one("#runs-filter", Input)
        if field.value or field.has_focus:
            field.clear()
            self._leave_filter()
        else:
            self.arrangement.marks.clear()
            self.redraw()

    def action_compare(self) -> None:
        """Compare the marked runs."""
        self.actions.compare(self.arrangement.marks)

    def action_filter(self) -> None:
        """Go to the filter."""
        field = self.query_one("#runs-filter", Input)
        field.display = True
        field.focus()

    @on(Input.Changed, "#runs-filter")
    def _on_filter_changed(self, event: Input.Changed) -> None:
        self.arrangement.wanted = event.value
        self.redraw()

    @on(Input.Submitted, "#runs-filter")
    def _leave_filter(self) -> None:
        field = self.query_one("#runs-filter", Input)
        field.display = bool(field.value)
        self.table.focus()

    def action_sort(self) -> None:
        """Sort by the next column."""
        columns = fit_columns(self.arrangement.columns, self.table.room)
        self.arrangement.sort_by_next([column for column, _ in columns])
        self.redraw()

    def action_reverse(self) -> None:
        """Sort the other way round."""
        self.arrangement.sort_by(self.arrangement.sorted_by)
        self.redraw()

    @on(RunTable.Sorted)
    def _on_sorted(self, message: RunTable.Sorted) -> None:
        self.arrangement.sort_by(message.column)
        self.redraw()

    def action_group(self) -> None:
        """Ask by which setting to group."""
        counts = differing_settings(self._rows)
        if not counts:
            self.notify("all runs have the same settings: there is nothing to group by")
            return
        self._program.push_screen(GroupDialog(counts, self.arrangement.group), self._group)

    def _group(self, key: str | None) -> None:
        if key is not None:
            self.arrangement.group = key
            self.redraw()

    def action_topic(self, step: int) -> None:
        """Show another metric."""
        rows = self._shown_rows()
        known = dict.fromkeys(name for row in rows for name in row.values)
        self.arrangement.choose_metric(step, list(known))
        self.redraw()

    def action_beside(self) -> None:
        """Show the next beside the curve: the strip, the last view, the settings."""
        shown = next(name for name in BESIDE if self.has_class(name))
        following = BESIDE[(BESIDE.index(shown) + 1) % len(BESIDE)]
        self.remove_class(shown).add_class(following)
        self.call_after_refresh(self.query_one(RunPanes).redraw)

    def action_pin(self) -> None:
        """Pin the run under the cursor, or take its pin away."""
        self._with_run(lambda row: self.arrangement.toggle_pin(row.path))
        self._write_pins(frozenset(self.arrangement.pins))
        self.redraw()

    @work(thread=True, group="pins", exit_on_error=False)
    def _write_pins(self, pins: frozenset[Path]) -> None:
        refusal = write_pins(pins)
        if refusal:
            self.call_later(self.notify, refusal, severity="warning")

    def action_delete(self) -> None:
        """Delete the marked runs, or the one under the cursor, after a question."""
        marked = set(self.arrangement.marks)
        chosen = self.table.chosen
        rows = [row for row in self._rows if row.path in marked] or [chosen] if chosen else []
        spared = [f"{row.name} stays: {row.writer} writes it" for row in rows if row.in_use]
        idle = [row for row in rows if not row.in_use]
        if not idle:
            self.notify("\n".join(spared) or "there is no run to delete", severity="warning")
            return
        names = [f"{row.name} · generation {row.generation}" for row in idle]
        answer = partial(self._answer_delete, [row.path for row in idle])
        self._program.push_screen(DeleteDialog(names, spared), answer)

    def _answer_delete(self, paths: Sequence[Path], answer: bool | None) -> None:  # noqa: FBT001 - Textual's
        if answer:
            self._delete(paths)

    @work(thread=True, group="delete", exit_on_error=False)
    def _delete(self, paths: Sequence[Path]) -> None:
        said, refused = self.actions.delete(paths)
        self.call_later(self._end_delete, said, refused=refused)

    def _end_delete(self, said: str, *, refused: bool) -> None:
        self.notify(said, severity="warning" if refused else "information")
        self._next_look = 0.0
        self._look_when_due()

    def action_help(self) -> None:
        """Explain the screen and its keys."""
        self._program.push_screen(HelpDialog(ABOUT, SENTENCES, RUNS_ACTIONS))

    def action_leave(self) -> None:
        """Go back, or leave the first screen."""
        if self._program.goes_back(self):
            self.dismiss()
        else:
            self._program.exit(0)
