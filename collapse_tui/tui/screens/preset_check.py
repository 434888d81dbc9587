"""A preset of the command palette: asked about as in the picker, and opened if it can run."""

from functools import partial

from collapse_tui.experiment.examination import Examination
from collapse_tui.tui.program import Program
from collapse_tui.tui.runs.descriptions import RunDescription
from collapse_tui.tui.runs.examiner import Examiner, Question
from collapse_tui.tui.runs.launcher import Launcher
from collapse_tui.tui.screens.live import LiveScreen


class PresetCheck:
    """Whether a preset can run here; it opens above what is shown, or says why it does not.

    Parameters
    ----------
    program : Program
    launcher : Launcher
    about : RunDescription
        Of the preset.
    """

    def __init__(self, program: Program, launcher: Launcher, about: RunDescription) -> None:
        self._program, self._launcher, self._about = program, launcher, about
        self._examiner: Examiner | None = None

    def begin(self) -> None:
        """Ask; the answer comes from a process of its own, and holds up nothing."""
        self._program.notify(f"checking {self._about.name} …", timeout=2)
        self._examiner = self._launcher.examiner(self._take, lambda _: None)
        self._examiner.ask(Question(1, self._about.name, {}))

    def _take(self, _question: Question, answer: Examination) -> None:
        """Accept the answer, in the examiner's thread."""
        self._program.call_later(self._end, answer)

    def _end(self, answer: Examination) -> None:
        if self._examiner is not None:
            self._examiner.close()
            self._examiner = None
        program, name = self._program, self._about.name
        if answer.refusal:
            program.notify(answer.refusal, severity="warning", timeout=20)
            return
        if program.screen.is_modal:
            program.notify(f"{name} was not opened over this dialog", severity="warning")
            return
        if isinstance(program.screen, LiveScreen):
            program.screen.runs.pause(paused=True)
        open_run = partial(self._launcher.open, name, {})
        program.push_screen(LiveScreen(program, self._launcher, open_run, self._about))
