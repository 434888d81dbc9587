"""What the keys of the live screen do."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

from textual.screen import Screen

from collapse_tui.charts import Colour
from collapse_tui.presentation.scene import Scene, split_topic
from collapse_tui.tui.keys import LIVE, Act
from collapse_tui.tui.runs.descriptions import About, CannotStart, Knob, Launcher, RunHandle
from collapse_tui.tui.runs.session import Session
from collapse_tui.tui.screens.dialogs import Fork, Help, Leave, Value
from collapse_tui.tui.screens.export_files import export
from collapse_tui.tui.screens.help_text import VisiblePanes, explained, farewell
from collapse_tui.tui.widgets.knobs import turned, written
from collapse_tui.tui.widgets.panes import Chart, Pane

if TYPE_CHECKING:
    from collapse_tui.charts.text import Span
    from collapse_tui.tui.app import CollapseApp

MOST_RUNS = 4
"""Runs side by side; each holds a thread and memory."""

FRESH = "policy.fresh"


class Steering(Screen[None]):
    """State of the live screen and the actions on it; `LiveScreen` adds what is seen."""

    def __init__(self, launcher: Launcher, open_run: Callable[[], RunHandle], about: About) -> None:
        super().__init__()
        self.launcher = launcher
        self.about = about
        self.sessions = [self.session_of(open_run)]
        self.topics: tuple[str, ...] = ()
        self.shown: int | None = None
        self.log_axis = False
        self.log_view = False
        self.theory = True
        self.said: list[Span] = []

    def session_of(self, open_run: Callable[[], RunHandle], *, free_until: int = 0) -> Session:
        """Return a session as the application wants them."""
        return Session(open_run, free_until=free_until)

    @property
    def session(self) -> Session:
        """The newest run; a fork only once it has come to where it forks."""
        ready = [one for one in self.sessions if one.snapshot.generation >= (one.forked_at or 0)]
        return ready[-1] if ready else self.sessions[0]

    @property
    def program(self) -> "CollapseApp":
        """The application, by its own type."""
        return cast("CollapseApp", self.app)

    @property
    def knobs(self) -> Sequence[Knob]:
        """What can be turned."""
        return self.session.handle.knobs if self.session.handle else ()

    def knobless(self) -> str:
        """Return why there are no knobs."""
        if self.session.handle is not None:
            return "nothing to turn here"
        return "the run did not open" if self.session.snapshot.over else self.session.closed

    def scene(self) -> Scene:
        """Return what is to be seen now."""
        raise NotImplementedError

    def redraw(self) -> None:
        """Show the present state."""
        raise NotImplementedError

    def begin(self, session: Session) -> None:
        """Let a session run in a worker."""
        raise NotImplementedError

    def focused_chart(self) -> Chart | None:
        """Return the chart that has the focus, or the main one."""
        raise NotImplementedError

    def seen(self) -> VisiblePanes:
        """Return what of the panes is on the screen, and where."""
        raise NotImplementedError

    def say(self, text: str) -> None:
        """Answer a key beside the knobs, or in a notice where there are none to be seen."""
        self.said = [(clause, Colour.ACCENT) for clause in re.split(r"(?= · |: )", text)]
        if not self.query_one("#knobs").display or not self.query_one("#knobs").is_on_screen:
            self.notify(text, timeout=2)

    def action_pause(self) -> None:
        """Pause every run on the screen, or let them go on."""
        paused = not self.session.pace.paused
        for session in self.sessions:
            session.pace.pause(paused=paused)
        self.redraw()

    def action_step(self) -> None:
        """Compute one generation."""
        self.shown = None
        for session in self.sessions:
            session.pace.step()
        self.redraw()

    def action_scrub(self, step: int) -> None:
        """Walk through what has been computed."""
        last = self.session.snapshot.generation
        at = (last if self.shown is None else self.shown) + step
        self.show_generation(at if at < last else None)

    def show_generation(self, generation: int | None) -> None:
        """Show one generation, or follow the run."""
        self.shown = None if generation is None else max(0, generation)
        self.redraw()

    def action_first(self) -> None:
        """Show the original."""
        self.show_generation(0)

    def action_live(self) -> None:
        """Follow the run."""
        self.show_generation(None)

    def action_pace(self, sign: int) -> None:
        """Go faster or slower."""
        rate = self.session.pace.faster(sign)
        for session in self.sessions[:-1]:
            session.pace.retime(rate)
        self.say("as fast as it goes" if rate == float("inf") else f"{rate:g} generations a second")
        self.redraw()

    def action_topic(self, step: int) -> None:
        """Put another metric into the main pane."""
        if self.topics:
            step %= len(self.topics)
            self.topics = self.topics[step:] + self.topics[:step]
            self.redraw()

    def action_log(self) -> None:
        """Switch the axis of the view if it has the focus, else that of the curves."""
        if self.focused is not None and self.focused.id == "view":
            self.log_view = not self.log_view
        else:
            self.log_axis = not self.log_axis
            self._warn_of_gaps()
        self.redraw()

    def _warn_of_gaps(self) -> None:
        metric, of_variance = split_topic(self.scene().topic)
        if not self.log_axis or of_variance:
            return
        medians = self.session.snapshot.column(metric, "q50")
        hidden = int((medians <= 0).sum())
        if hidden > 1:
            left = f"{hidden} of {medians.size} medians are not positive"
            self.notify(f"log axis: {left} and leave gaps; l goes back", timeout=6)

    def action_overlays(self) -> None:
        """Switch theory."""
        self.theory = not self.theory
        self.redraw()

    def action_maximise(self) -> None:
        """Enlarge the focused pane, or put it back."""
        if self.maximized is not None:
            self.minimize()
            return
        chart = self.focused_chart()
        pane = next((one for one in self.query(Pane) if one.body is (self.focused or chart)), None)
        if pane is not None:
            self.maximize(pane, container=False)

    def action_fresh(self, sign: int) -> None:
        """Turn λ."""
        self.turn(FRESH, sign)

    def turn(self, key: str, sign: int) -> None:
        """Turn a knob one notch."""
        knob = next((knob for knob in self.knobs if knob.key == key), None)
        if knob is None:
            opening = self.session.handle is None
            self.say(self.knobless() if opening else f"{key} is not to be turned here")
            self.redraw()
            return
        value = turned(knob, self.session.value(knob), sign)
        if value is None:
            self.say(f"{key} goes no further")
            self.redraw()
        else:
            self.set({key: value})

    def set(self, settings: Mapping[str, object]) -> None:
        """Turn knobs of the newest run."""
        refusal = self.session.set(settings)
        if refusal:
            self.notify(refusal, severity="error")
            return
        said = ", ".join(f"{key} = {written(value)}" for key, value in settings.items())
        self.say(f"from gen {self.session.snapshot.generation + 1}: {said}")
        self.redraw()

    def edit(self, key: str) -> None:
        """Ask for a value."""
        knob = next((knob for knob in self.knobs if knob.key == key), None)
        if knob is not None:
            value = self.session.value(knob)
            self.program.push_screen(Value(knob, value, self._turn_refusal), self._typed)

    def _typed(self, settings: Mapping[str, object] | None) -> None:
        if settings:
            self.set(settings)

    def _turn_refusal(self, settings: Mapping[str, object]) -> str:
        at = max(0, self.session.snapshot.generation)
        return self.session.closed or self._fork_refusal(at, settings)

    def _fork_refusal(self, at: int, settings: Mapping[str, object]) -> str:
        """Return why a run cannot change so after generation `at`; called in a worker."""
        parent = self.session.handle
        if parent is None or not settings:
            return ""
        try:
            self.launcher.check_fork(parent, at, settings)
        except (CannotStart, ValueError) as refusal:
            return str(refusal)
        return ""

    def action_fork(self) -> None:
        """Ask for the knobs of a fork, then run it beside its parent."""
        at = self.scene().generation
        refusal = self._unforkable(at)
        if refusal:
            self.notify(refusal, severity="warning")
            return
        self.program.push_screen(
            Fork(at, self.knobs, self.session.value, partial(self._fork_refusal, at)),
            lambda typed: self.fork(at, typed),
        )

    def _unforkable(self, at: int) -> str:
        """Return why there is no fork after generation `at`, or nothing."""
        if at < 0:
            return "nothing to fork yet" if self.session.handle else self.knobless()
        if at >= self.session.snapshot.generations:
            return f"nothing follows generation {at}: ← walks back to where a fork can begin"
        return f"at most {MOST_RUNS} runs at once" if len(self.sessions) >= MOST_RUNS else ""

    def fork(self, at: int, settings: Mapping[str, object] | None) -> None:
        """Start a run that equals the newest one up to `at`."""
        parent = self.session.handle
        if settings is None or parent is None:
            return
        session = self.session_of(lambda: self.launcher.fork(parent, at, settings), free_until=at)
        session.forked_at = at
        session.pace.pause(paused=self.session.pace.paused)
        self.sessions.append(session)
        self.shown = None
        self.begin(session)
        self.say(f"fork after {at} · parent in grey")
        self.redraw()

    def action_export(self) -> None:
        """Write picture and numbers into the working folder."""
        try:
            paths = export(self.program, self.scene(), self.about.name, Path.cwd())
        except OSError as refusal:
            self.notify(f"cannot write here: {refusal}", severity="error")
        else:
            self.notify("\n".join(str(path) for path in paths), title="written")

    def action_copy(self) -> None:
        """Copy the chart as text."""
        chart = self.focused_chart()
        if chart is not None:
            self.program.copy_to_clipboard(chart.text())
            self.say("chart copied as text")
            self.redraw()

    def action_help(self) -> None:
        """Explain."""
        scene = self.scene()
        acts = [act for act in LIVE if self._does(act, scene)]
        self.program.push_screen(Help(self.about, explained(self.about, scene, self.seen()), acts))

    def _does(self, act: Act, scene: Scene) -> bool:
        """Return whether an action would do anything on this run."""
        if act.name.startswith("fresh"):
            return any(knob.key == FRESH for knob in self.knobs)
        if act.name.startswith("topic"):
            return len(self.topics) > 1
        return act.name != "overlays" or bool(scene.snapshot.curves)

    def action_leave(self) -> None:
        """Ask, unless the run is over anyway."""
        if all(session.snapshot.over for session in self.sessions):
            self.leave(agreed=True)
            return
        held = [session for session in self.sessions if not session.pace.paused]
        for session in held:
            session.pace.pause(paused=True)
        self.redraw()
        sentences = farewell(self.session.snapshot)
        if held:
            sentences.append("Paused while this asks; Stay goes on.")
        self.program.push_screen(Leave(sentences), partial(self._left, held))

    def _left(self, held: Sequence[Session], answer: bool | None) -> None:  # noqa: FBT001 - Textual's
        if answer:
            self.leave(agreed=True)
            return
        for session in held:
            session.pace.pause(paused=False)
        self.redraw()

    def leave(self, *, agreed: bool) -> None:
        """Let every run save its state, then close."""
        raise NotImplementedError
