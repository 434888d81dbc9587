"""The live screen: what it shows of a run and its forks, and what its keys do."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import Static
from typing_extensions import override

from collapse_tui.charts.palette import RUN_LETTERS, Colour
from collapse_tui.presentation.diagnosis import Diagnosis
from collapse_tui.presentation.scene import Scene
from collapse_tui.presentation.snapshot import StepProgress
from collapse_tui.tui.foreground import FOREGROUND
from collapse_tui.tui.keys import LIVE_ACTIONS, Action, hinted_actions, key_bindings
from collapse_tui.tui.program import Program
from collapse_tui.tui.runs.descriptions import RunDescription
from collapse_tui.tui.runs.launcher import Launcher, OpenRun
from collapse_tui.tui.screens.arrangement import layout_of
from collapse_tui.tui.screens.departure import Departure
from collapse_tui.tui.screens.dialogs import HelpDialog
from collapse_tui.tui.screens.export_dialog import ask_for_export
from collapse_tui.tui.screens.header_text import run_progress, run_title
from collapse_tui.tui.screens.help_sections import help_sections
from collapse_tui.tui.screens.help_text import MOUSE, explain_screen
from collapse_tui.tui.screens.knob_control import KnobControl
from collapse_tui.tui.screens.live_panes import LivePanes
from collapse_tui.tui.screens.pane_screen import PaneScreen
from collapse_tui.tui.widgets.bars import HeaderBar, KeyHints
from collapse_tui.tui.widgets.diagnosis_line import DiagnosisLine, DiagnosisNotes
from collapse_tui.tui.widgets.knobs import KnobList
from collapse_tui.tui.widgets.loop_line import LoopLine
from collapse_tui.tui.widgets.metric_table import MetricTable
from collapse_tui.tui.widgets.panes import TOO_SMALL, Chart
from collapse_tui.tui.widgets.run_line import RunLine
from collapse_tui.tui.widgets.step_line import LONG, StepLine
from collapse_tui.tui.widgets.strips import StripView
from collapse_tui.tui.widgets.system_line import SystemLine
from collapse_tui.tui.widgets.time_bar import TimeBar

if TYPE_CHECKING:
    from collapse_tui.charts.text import Span

REDRAWS = 4
"""A second, at most, while a run goes on; a key is answered at once."""

BRIEF = 104
"""Columns below which the header leaves out what matters least."""

RECENT = 2
"""Generations after whose last long one the line of a long generation goes."""

FRESH = "policy.fresh"

LOOK_SECONDS = 2.0
"""Between two looks at what the machine does."""

ROOMY = 30
"""Rows from which on there is one for it."""


class LiveScreen(PaneScreen):
    """One run, or one of several side by side.

    Parameters
    ----------
    program : Program
    launcher : Launcher
    open_run : callable
        Opens the run; called in a worker.
    about : RunDescription
        Shown until the run is open.
    rate : float or None
        Generations a second; None: as the user's settings say.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*key_bindings(LIVE_ACTIONS)]
    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (60, "-narrow"), (76, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (20, "-low"), (24, "-high")]  # noqa: RUF012

    def __init__(
        self,
        program: Program,
        launcher: Launcher,
        open_run: Callable[[], OpenRun],
        about: RunDescription,
        rate: float | None = None,
    ) -> None:
        super().__init__(program, launcher, open_run, rate)
        self.about = about
        self._answer: list[Span] = []
        self._version: object = None
        self._ended = False
        self._answered = False
        self.knobs = KnobControl(program, self.runs, self.say, self.fork)
        self.departure = Departure(
            program, self, self.runs, lambda: self._step() is not None, self.redraw
        )

    def compose(self) -> ComposeResult:
        """Header, panes and hints; one sentence instead where the terminal is too small."""
        yield HeaderBar()
        yield LoopLine()
        yield StepLine()
        yield LivePanes(self._program)
        yield Static(TOO_SMALL, id="too-small")
        with Vertical(id="foot"):
            yield SystemLine()
            yield DiagnosisLine()
            yield TimeBar()
            yield RunLine()
            yield KeyHints(self._hinted_actions)

    def _hinted_actions(self) -> Sequence[Action]:
        """Return what the keys do with the run as it stands, for the footer."""
        run = self.runs.selected
        paused = run.pace.paused and not run.snapshot.over
        return hinted_actions(
            self._program.settings.actions,
            back=self._program.goes_back(self), paused=paused, read_only=bool(run.watched),
        )  # fmt: skip

    def on_mount(self) -> None:
        """Start the run and the drawing."""
        self._program.set_terminal_title(f"collapse-tui · {Path(self.about.name).stem}")
        self.panes.rearrange(layout_of(self._program.layout))
        self.panes.chart("main").focus()
        self.call_after_refresh(self.start_run, self.runs.selected)
        self.set_interval(1 / REDRAWS, self.tick)
        self.set_interval(LOOK_SECONDS, self._look_at_machine)
        for changed in (self._program.theme_changed_signal, self._program.marker_changed):
            changed.subscribe(self, lambda _: self.call_after_refresh(self.redraw))

    def _look_at_machine(self) -> None:
        """Show what a long generation takes of the machine, where there is a row to spare."""
        if self._step() is not None and self.size.height >= ROOMY:
            self._read_usage()
        else:
            self.query_one(SystemLine).update(None, self._program.palette)

    @work(thread=True, group="usage", exclusive=True, exit_on_error=False)
    def _read_usage(self) -> None:
        usage = self._program.usage_meter.look()
        self.call_later(self.query_one(SystemLine).update, usage, self._program.palette)

    def on_unmount(self) -> None:
        """End every run that is still going."""
        if self.runs.kept:
            self._program.remember_sessions(self.runs.sessions)
        self._program.shown_run = RUN_LETTERS[0]
        self.runs.stop()

    @override
    def _compositor_refresh(self) -> None:
        with FOREGROUND.busy():
            super()._compositor_refresh()

    def tick(self) -> None:
        """Show whatever has changed since the last time."""
        with FOREGROUND.busy():
            self._show_news()

    def _show_news(self) -> None:
        for session in self.runs.sessions:
            while session.notices:
                notice = session.notices.popleft()
                self.notify(notice.text, severity=notice.severity, timeout=8)
        self.report_removed()
        if not self._program.is_seen(self):
            pass  # below another screen the runs go on, and nothing of them is drawn
        elif self.runs.version != self._version:
            self._version = self.runs.version
            self._report_failures()
            self.redraw()
        elif self.is_mounted:
            # Progress within a generation moves no chart: drawing them again would only cost.
            self._show_progress(self.scene())
        if self.runs.over and not self._ended:
            snapshot = self.runs.snapshot
            self._program.announce_end(f"{self.about.name}: {snapshot.phase}")
        self._ended = self.runs.over

    def _report_failures(self) -> None:
        for failure in self.runs.take_failures():
            self._answer = []
            self.notify(failure.message, title=failure.title, severity="error", timeout=60)
            useless = failure.title == "the run cannot start" and self._program.goes_back(self)
            if useless and self.is_current:
                self.dismiss()

    @on(Chart.Resized)
    @on(KnobList.Chosen)
    @on(MetricTable.Changed)
    @override
    def redraw(self) -> None:
        """Write the texts and send the charts to the render thread."""
        self._answered = False
        if not self.is_mounted:
            return
        if self.runs.selected.run is not None:
            self.about = self.runs.selected.run.about
        self._program.shown_run = self.runs.selected.letter
        scene = self.scene()
        self._show_progress(scene)
        run = self.runs.selected.run
        loop = run.loop(scene.generation) if run is not None else None
        self.query_one(LoopLine).update(loop, self._program.palette)
        self.query_one(TimeBar).update(scene, self._program.palette)
        self.query_one(RunLine).update(scene, self._program.palette)
        hints = self.focused.HINTS if isinstance(self.focused, StripView) else ()
        self.query_one(KeyHints).update(self._program.palette, hints)
        diagnosis = run.diagnose(scene) if run is not None else Diagnosis()
        hidden = self.panes.shows("notes")
        self.query_one(DiagnosisLine).update(diagnosis, self._program.palette, hidden=hidden)
        self.query_one(DiagnosisNotes).update(diagnosis, self.about.watch, self._program.palette)
        self.panes.show(scene, self.runs, self._answer)

    @override
    def answer(self) -> None:
        self._show_progress(self.scene())
        if not self._answered:
            self._answered = True
            self.call_after_refresh(self.redraw)

    @override
    def read_out(self) -> None:
        scene = self.scene()
        self.query_one(TimeBar).update(scene, self._program.palette)
        self.panes.read_out(scene)

    def _show_progress(self, scene: Scene) -> None:
        """Write what changes within a generation: the header and the line below it."""
        palette, plain = self._program.palette, self._program.marker == "ascii"
        step = self._step()
        brief = self.size.width < BRIEF
        right = run_progress(scene, self.runs.selected.pace, step, brief=brief)
        self.query_one(HeaderBar).update(run_title(self.about, scene), right, palette)
        self.query_one(StepLine).update(scene.snapshot, step, palette, ascii_only=plain)

    def _step(self) -> StepProgress | None:
        """Return the generation in flight if it, or one of the last, took long; else None."""
        step, timing = self.runs.selected.step, self.runs.snapshot.timing
        slow = timing.in_flight and step.estimate.elapsed >= LONG
        # among slow generations a quick one does not move the panes
        slow |= max(timing.totals[-RECENT:], default=0.0) >= LONG
        return step if slow and not self.runs.snapshot.over else None

    def say(self, text: str) -> None:
        """Answer a key at the edge of the knobs, or in a notice where they are not visible.

        An empty text takes the last answer away.
        """
        clauses = re.split(r"(?= · |: )", text) if text else []
        self._answer = [(clause, Colour.ACCENT) for clause in clauses]
        knobs = self.query_one(KnobList)
        if clauses and not (knobs.display and knobs.is_on_screen):
            self.notify(text, timeout=2)
        self.redraw()

    def action_pause(self) -> None:
        """Pause every run, or let them continue."""
        self.runs.pause(paused=not self.runs.selected.pace.paused)
        self.answer()

    def action_step(self) -> None:
        """Compute one generation."""
        self.options.shown = None
        self.runs.step()
        self.answer()

    @override
    def action_restore(self) -> None:
        """Show all panes again; where they are there, follow the run again."""
        if not self.panes.maximised and self.options.shown is not None:
            self.action_live()
        else:
            super().action_restore()

    def action_pace(self, sign: int) -> None:
        """Go faster or slower."""
        rate = self.runs.change_rate(sign)
        self.say("full speed" if rate == float("inf") else f"{rate:g} generations a second")

    def action_fresh(self, sign: int) -> None:
        """Take more or less real data."""
        self.knobs.turn(FRESH, sign)

    def action_knobs(self) -> None:
        """Show all settings that can be changed."""
        self.knobs.show_all()

    def action_undo(self) -> None:
        """Take back the last change, or offer a fork from before it."""
        self.knobs.undo()

    def action_export(self) -> None:
        """Ask for a format, then write the run into the working folder."""
        ask_for_export(self._program, self.scene(), self.about.name)

    def action_copy(self) -> None:
        """Copy the focused chart, or the main one, as text."""
        chart = self.focused if isinstance(self.focused, Chart) else self.panes.chart("main")
        self.say(self._program.copy_text(chart.text()))

    def action_help(self) -> None:
        """Explain the screen and its keys."""
        scene = self.scene()
        without = {
            "fork": bool(self.runs.selected.watched),
            "fresh": self.runs.knob(FRESH) is None,
            "topic": len(self.options.topics) < 2,
            "knobs": not self.runs.knobs,
            "undo": not self.runs.knobs,
            "overlays": not scene.snapshot.curves,
        }
        actions = [
            one
            for one in self._program.settings.actions
            if not without.get(one.name.partition("(")[0])
        ]
        sentences = explain_screen(self.about, scene, self.panes.visible_panes())
        run = self.runs.selected.run
        diagnosis = run.diagnose(scene) if run is not None else Diagnosis()
        focused = self.panes.name_of(self.focused)
        sections = help_sections(scene, diagnosis, self.runs.knobs, focused)
        lead = focused in {"strip", "table", "knobs"}
        help_dialog = HelpDialog(self.about, sentences, actions, MOUSE, sections, lead=lead)
        self._program.push_screen(help_dialog)

    def action_runs(self) -> None:
        """Show the saved runs; this one goes on meanwhile."""
        self._program.show_runs()

    def action_leave(self) -> None:
        """Go back to where one came from; ask first where a run would be cut short."""
        self.departure.ask(out=False)

    @on(Chart.Pointed)
    def _on_pointed(self, message: Chart.Pointed) -> None:
        chart = message.chart
        generation = self.generation_at(chart, message.column)
        if message.wheel:
            self.turn_wheel(message)
        elif generation is not None:
            self.show_generation(generation)

    @on(KnobList.Turned)
    def _on_knob_turned(self, message: KnobList.Turned) -> None:
        self.knobs.turn(message.key, message.sign)

    @on(KnobList.Placed)
    def _on_knob_placed(self, message: KnobList.Placed) -> None:
        self.knobs.place(message.key, message.value)

    @on(KnobList.Edited)
    def _on_knob_edited(self, message: KnobList.Edited) -> None:
        self.knobs.edit(message.key)
