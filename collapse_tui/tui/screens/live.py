"""The live run: curves beside theory, the generation itself, every metric, the knobs."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container
from textual.widgets import Static

from collapse_tui.charts import Canvas, Marker, draw
from collapse_tui.charts.canvas import blank_canvas
from collapse_tui.presentation.captions import comparison, view_title
from collapse_tui.presentation.draw_view import draw_view, view_caption
from collapse_tui.presentation.multiples import arrange_grid, draw_multiples
from collapse_tui.presentation.scene import Scene, list_topics, metric_chart, topic_label
from collapse_tui.presentation.snapshot import Snapshot, StepProgress
from collapse_tui.presentation.view_history import ViewHistory
from collapse_tui.tui.keys import LIVE, bindings
from collapse_tui.tui.render import Job, Paint
from collapse_tui.tui.runs.session import Session
from collapse_tui.tui.screens.header_text import progress, title
from collapse_tui.tui.screens.help_text import VisiblePanes
from collapse_tui.tui.screens.live_actions import Steering
from collapse_tui.tui.widgets.bars import Header, Hints
from collapse_tui.tui.widgets.inflight import LONG, InFlight
from collapse_tui.tui.widgets.knobs import Knobs
from collapse_tui.tui.widgets.panes import Chart, Pane

REDRAWS = 4
"""A second, at most, while a run goes on; a key is answered at once."""

BRIEF = 104
"""Columns below which the header leaves out what matters least."""

TITLED = 6
"""Cells of a pane's width that a title in its border cannot have."""

TOO_SMALL = "collapse-tui needs a terminal of at least 60 columns and 20 rows."


class LiveScreen(Steering):
    """One run, or a fork beside its parents."""

    BINDINGS = [*bindings(LIVE), Binding("escape", "minimise", "Put the pane back", show=False)]  # noqa: RUF012 - read from the class
    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (60, "-narrow"), (76, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (20, "-low"), (24, "-high")]  # noqa: RUF012

    def compose(self) -> ComposeResult:
        """Header, four panes, hints; and one sentence for terminals that are too small."""
        yield Header()
        yield InFlight()
        with Container(id="panes"):
            yield Pane(Chart(id="main"), id="main-pane")
            yield Pane(Chart(id="view"), id="view-pane")
            yield Pane(Chart(id="more"), id="more-pane")
            yield Pane(Knobs(), id="knobs-pane")
        yield Static(TOO_SMALL, id="too-small")
        yield Hints(LIVE)

    def on_mount(self) -> None:
        """Start to run and to draw."""
        self._version: object = None
        self._announced: list[Session] = []
        self._long = False
        self._leaving = False
        self.query_one("#main", Chart).focus()
        self.begin(self.session)
        self.set_interval(1 / REDRAWS, self.tick)
        changed = self.program.theme_changed_signal
        changed.subscribe(self, lambda _: self.call_after_refresh(self.redraw))

    def on_unmount(self) -> None:
        """End every run that is still going."""
        self.program.left = list(self.sessions)
        for session in self.sessions:
            session.stop()

    def begin(self, session: Session) -> None:
        """Let a session run in a worker thread."""
        self._work(session)

    @work(thread=True, group="runs", exit_on_error=False)
    def _work(self, session: Session) -> None:
        session.work()

    def tick(self) -> None:
        """Show whatever has changed since the last time."""
        for session in self.sessions:
            while session.notices:
                notice = session.notices.popleft()
                self.notify(notice.text, severity=notice.severity, timeout=8)
        version = tuple(session.snapshot.version for session in self.sessions)
        if version != self._version:
            self._version = version
            self._announce_ends()
            self.redraw()
        elif self.is_mounted:
            # A step within a generation moves no chart: drawing them again would only cost.
            self._live(self.scene())
        if self._leaving and all(session.snapshot.over for session in self.sessions):
            self.program.exit(exit_code(self.session.snapshot))

    def _announce_ends(self) -> None:
        for session in list(self.sessions):
            snapshot = session.snapshot
            if snapshot.phase != "failed" or session in self._announced:
                continue
            self._announced.append(session)
            started = snapshot.generation >= 0
            if session.forked_at is not None and snapshot.generation < session.forked_at:
                self._drop(session)
                continue
            what = "the run failed" if started else "the run cannot start"
            self.notify(snapshot.message, title=what, severity="error", timeout=60)
            if not started and self.program.picking:
                self.dismiss()

    def _drop(self, session: Session) -> None:
        """Forget a fork that could not start: its parent is on the screen again."""
        self.sessions.remove(session)
        self.said = []
        message = session.snapshot.message
        self.notify(message, title="the fork cannot start", severity="error", timeout=20)

    def scene(self) -> Scene:
        """Return what is to be seen now."""
        session = self.session
        snapshot = session.snapshot
        handle = session.handle
        names = list_topics(handle.metrics, snapshot.curves, handle.replicates) if handle else ()
        if set(names) != set(self.topics):
            kept = [name for name in self.topics if name in names]
            self.topics = (*kept, *(name for name in names if name not in kept))
        before = self.sessions[: self.sessions.index(session)]
        parents = tuple(parent.snapshot for parent in before)
        replicates = session.handle.replicates if session.handle else 1
        return Scene(
            snapshot, parents, self.topics, self.shown, replicates, self.log_axis, self.theory
        )

    def redraw(self) -> None:
        """Write the texts and send the charts to the render thread."""
        if not self.is_mounted:
            return
        scene, palette = self.scene(), self.program.palette
        if self.session.handle is not None:
            self.about = self.session.handle.about
        view = scene.snapshot.view(scene.generation)
        self._live(scene)
        self.query_one(Hints).say(palette)
        mark = " · log" if scene.log else ""
        self._entitle("main", f"{topic_label(scene.topic)}{mark}" if scene.topic else "…")
        room = self.query_one("#view-pane").size.width - TITLED
        self._entitle("view", view_title(scene, log=self.log_view, room=room))
        self._entitle("more", "more metrics" + (" · medians" if scene.replicates > 1 else ""))
        plain = self.program.marker == "ascii"
        edges = {
            "main": comparison(scene),
            "view": view_caption(view, scene.generation),
            "more": [],
            "knobs": self.said,
        }
        for pane, pieces in edges.items():
            self.query_one(f"#{pane}-pane", Pane).edge.say(pieces, palette, ascii_only=plain)
        knobs = self.query_one(Knobs)
        knobs.say(self.knobs, self.session.value, palette, without=self.knobless())
        self._entitle("knobs", f"knobs{knobs.seen}")
        self._submit("main", partial(_main, scene))
        history = scene.view_history(log=self.log_view)
        self._submit("view", partial(_view, partial(self._with_theory, history)))
        self._submit("more", partial(draw_multiples, scene))

    def _live(self, scene: Scene) -> None:
        """Write what changes within a generation: header and the line below it."""
        palette, plain = self.program.palette, self.program.marker == "ascii"
        step = self._step(scene.snapshot)
        brief = self.size.width < BRIEF
        right = progress(scene, self.session.pace, step, brief=brief)
        self.query_one(Header).say(title(self.about), right, palette)
        self.query_one(InFlight).say(scene.snapshot, step, palette, ascii_only=plain)

    def _step(self, snapshot: Snapshot) -> StepProgress | None:
        """Return the generation in flight, from the first on that takes long to the end."""
        session = self.session
        now = session.now if snapshot.held_at is None else snapshot.held_at
        estimate = snapshot.timing.estimate(now)
        self._long |= snapshot.timing.flying and estimate.elapsed >= LONG
        if not self._long or snapshot.over:
            return None
        return StepProgress(now, estimate, session.stopping)

    def _with_theory(self, history: ViewHistory | None) -> ViewHistory | None:
        # In the render thread, for the few views that are looked at.
        handle = self.session.handle
        if history is None or handle is None or not self.theory:
            return history
        return replace(history, view=handle.with_theory(history.view, history.generation))

    def _entitle(self, pane: str, text: str) -> None:
        self.query_one(f"#{pane}-pane", Pane).name_it(text)

    def _submit(self, slot: str, paint: Paint) -> None:
        chart = self.query_one(f"#{slot}", Chart)
        width, height = chart.size
        if width > 0 and height > 0 and chart.is_on_screen:
            app = self.program
            job = Job(paint, width, height, app.marker, app.palette, chart.deliver)
            app.renderer.submit(slot, job)

    def focused_chart(self) -> Chart | None:
        """Return the chart that has the focus, or the main one."""
        return self.focused if isinstance(self.focused, Chart) else self.query_one("#main", Chart)

    def seen(self) -> VisiblePanes:
        """Return which panes are on the screen, and where."""
        main, view = (self.query_one(f"#{name}", Chart) for name in ("main", "view"))
        canvas = view.canvas or blank_canvas(0, 0)
        if not view.is_on_screen:
            return VisiblePanes(place="")
        if not main.is_on_screen:
            return VisiblePanes(curves=False, place="Here", canvas=canvas)
        beside = view.region.x > main.region.x
        return VisiblePanes(place="On the right" if beside else "Below", canvas=canvas)

    def action_minimise(self) -> None:
        """Put an enlarged pane back."""
        if self.maximized is not None:
            self.minimize()

    @on(Chart.Resized)
    def _refit(self) -> None:
        self.redraw()

    @on(Chart.Doubled)
    def _enlarge(self) -> None:
        self.action_maximise()

    @on(Chart.Pointed)
    def _point(self, message: Chart.Pointed) -> None:
        if message.wheel:
            self.action_scrub(message.wheel)
        elif message.chart.id == "main":
            area = message.chart.canvas.area if message.chart.canvas else None
            if area is not None and message.column >= area.left:
                last = self.session.snapshot.generation
                at = round(area.value(message.column))
                self.show_generation(at if at < last else None)
        elif message.chart.id == "more":
            others = max(0, len(self.topics) - 1)
            index = arrange_grid(others, *message.chart.size).index(message.column, message.row)
            if index is not None:
                self.action_topic(index + 1)

    @on(Knobs.Turned)
    def _turn(self, message: Knobs.Turned) -> None:
        self.turn(message.key, message.sign) if message.key else self.redraw()

    @on(Knobs.Edited)
    def _edit(self, message: Knobs.Edited) -> None:
        self.edit(message.key)

    @on(Hints.Chosen)
    async def _choose(self, message: Hints.Chosen) -> None:
        await self.run_action(message.act)

    def leave(self, *, agreed: bool) -> None:
        """Let every run save its state, then close."""
        if not agreed:
            return
        for session in self.sessions:
            session.stop()
        if self._step(self.session.snapshot) is None:
            self.program.exit(exit_code(self.session.snapshot))
            return
        # The step in hand ends first, whatever is on the screen: better to see it end.
        self._leaving = True
        self.redraw()


def _main(scene: Scene, width: int, height: int, marker: Marker) -> Canvas:
    return draw(metric_chart(scene, scene.topic), width, height, marker)


def _view(
    history: Callable[[], ViewHistory | None], width: int, height: int, marker: Marker
) -> Canvas:
    return draw_view(history(), width, height, marker)


def exit_code(snapshot: Snapshot) -> int:
    """Return 0 for a run that was left in order, 1 if it failed, 2 if it could not start."""
    if snapshot.phase != "failed":
        return 0
    return 1 if snapshot.generation >= 0 else 2
