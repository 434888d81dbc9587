"""A screen of several runs: what its keys do with the runs as such."""

from collections.abc import Callable, Mapping
from functools import partial

from textual import on, work
from textual.screen import Screen

from collapse_tui.presentation.scene import Scene
from collapse_tui.tui.program import Program
from collapse_tui.tui.runs.group import RunGroup
from collapse_tui.tui.runs.launcher import Launcher, OpenRun
from collapse_tui.tui.runs.session import Session
from collapse_tui.tui.screens.dialogs import ForkDialog
from collapse_tui.tui.screens.help_text import removal_message
from collapse_tui.tui.screens.scene_options import SceneOptions
from collapse_tui.tui.widgets.run_line import RunLine


class GroupScreen(Screen[None]):
    """A screen of a run and its forks, of which one is shown.

    Parameters
    ----------
    program : Program
    launcher : Launcher
    open_run : callable
        Opens the run; called in a worker.
    rate : float or None
        Generations a second; None: as the user's settings say.

    Attributes
    ----------
    runs : RunGroup
    options : SceneOptions
        What the user has chosen to see.
    """

    def __init__(
        self,
        program: Program,
        launcher: Launcher,
        open_run: Callable[[], OpenRun],
        rate: float | None = None,
    ) -> None:
        super().__init__()
        self._program = program
        self.runs = RunGroup(launcher, open_run, rate or program.settings.pace)
        self.options = SceneOptions()

    def redraw(self) -> None:
        """Write the texts and send the charts to the render thread."""
        raise NotImplementedError

    def answer(self) -> None:
        """Write what a key changes first of all, and redraw once that is on the screen."""
        self.call_after_refresh(self.redraw)

    def say(self, text: str) -> None:
        """Answer a key."""
        raise NotImplementedError

    def scene(self) -> Scene:
        """Return what is to be shown now."""
        return self.options.scene(self.runs)

    @work(thread=True, group="runs", exit_on_error=False)
    def start_run(self, session: Session) -> None:
        """Run a session to its end in a thread of its own."""
        self._program.running.append(session)
        try:
            session.run_to_end()
        finally:
            self._program.running.remove(session)
            if session.fault is not None:
                self._program.keep_fault(session.fault)

    def action_fork(self) -> None:
        """Ask for the settings of a fork, then run it beside the others."""
        at, parent = self.scene().generation, self.runs.selected
        refusal = self.runs.why_no_fork(at)
        if refusal:
            self.notify(refusal, severity="warning")
            return
        check = partial(self.runs.why_no_settings, parent, at)
        title = f"fork after generation {at}"
        dialog = ForkDialog(title, self.runs.knobs, parent.value_of, check)
        self._program.push_screen(dialog, partial(self._start_fork, parent, at))

    def fork(self, at: int, settings: Mapping[str, object]) -> None:
        """Start a run that equals the one shown up to `at`."""
        self._start_fork(self.runs.selected, at, settings)

    def _start_fork(self, parent: Session, at: int, settings: Mapping[str, object] | None) -> None:
        session = self.runs.fork(parent, at, settings) if settings is not None else None
        if session is None:
            return
        self.options.shown = None
        self.start_run(session)
        self.say(f"{session.letter} forks {parent.letter} after {at} · r shows another run")

    def action_select(self, step: int) -> None:
        """Show another run."""
        if len(self.runs.sessions) < 2:
            self.say("there is one run: f forks it")
            return
        self._show_run(self.runs.select_next(step))

    @on(RunLine.Selected)
    def _on_selected(self, message: RunLine.Selected) -> None:
        session = self.runs.find(message.letter)
        if session is not None:
            self.runs.select(session)
            self._show_run(self.runs.selected)

    def _show_run(self, session: Session) -> None:
        self.options.show_at_most(session.snapshot.generation)
        self.redraw()

    def action_remove(self) -> None:
        """Take the run that is shown off the screen; it is saved."""
        refusal = self.runs.why_not_removed()
        if refusal:
            self.notify(refusal, severity="warning")
            return
        self.runs.remove(self.runs.selected)
        self._show_run(self.runs.selected)

    def report_removed(self) -> None:
        """Say where the runs are saved that were taken off the screen."""
        for letter, snapshot in self.runs.take_ended():
            bad = snapshot.phase == "failed"
            text = "\n".join(removal_message(snapshot))
            self.notify(
                text, title=f"{letter} is off the screen", timeout=12,
                severity="error" if bad else "information",
            )  # fmt: skip
