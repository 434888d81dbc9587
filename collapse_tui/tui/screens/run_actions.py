"""What is done with runs of the list: opened, followed, forked, compared, deleted."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from collapse_tui.experiment.knobs import Knob
from collapse_tui.presentation.comparison import MOST_RUNS
from collapse_tui.presentation.run_rows import RunRow
from collapse_tui.storage import catalogue
from collapse_tui.tui.program import Program
from collapse_tui.tui.runs.descriptions import CannotStart, RunDescription
from collapse_tui.tui.runs.launcher import Launcher, OpenRun
from collapse_tui.tui.runs.stored_runs import attach_run, read_parent
from collapse_tui.tui.screens.compare import CompareScreen
from collapse_tui.tui.screens.dialogs import ForkDialog
from collapse_tui.tui.screens.live import LiveScreen
from engines.errors import CollapseError

AT = "generation"
"""The field of the fork dialog that says where it begins."""


class RunActions:
    """Opens screens on runs of the list, and deletes runs.

    Parameters
    ----------
    program : Program
    launcher : Launcher
    """

    def __init__(self, program: Program, launcher: Launcher) -> None:
        self._program, self._launcher = program, launcher

    def open(self, row: RunRow, *, paused: bool) -> None:
        """Open a run on the live screen; one that another process writes is followed there.

        Parameters
        ----------
        row : RunRow
        paused : bool
            Whether it waits at its last record until it is continued.
        """
        about = RunDescription(row.name, row.title)
        if row.in_use:
            open_run = partial(attach_run, row.path)
            self._program.push_screen(LiveScreen(self._program, self._launcher, open_run, about))
            return
        open_run = partial(self._launcher.resume, row.path)
        screen = LiveScreen(self._program, self._launcher, open_run, about)
        screen.runs.pause(paused=paused and row.state != "finished")
        self._program.push_screen(screen)

    def fork(self, row: RunRow) -> None:
        """Ask for the settings of a fork of a run, then open it."""
        try:
            parent = read_parent(row.path)
        except CannotStart as refusal:
            self._program.notify(str(refusal), severity="error")
            return
        last = min(row.generation, max(0, parent.generations - 1))
        if last < 0:
            self._program.notify(f"{row.name} has no records to fork from", severity="warning")
            return
        beginning = Knob(AT, last, 0, last, "the last one that both runs share")
        values = {knob.key: knob.value for knob in parent.knobs}
        dialog = ForkDialog(
            f"fork {row.name}",
            [beginning, *parent.knobs],
            lambda knob: values.get(knob.key, last),
            partial(self._check_fork, parent, last),
        )
        self._program.push_screen(dialog, partial(self._open_fork, parent, last))

    def _check_fork(self, parent: OpenRun, last: int, settings: Mapping[str, object]) -> str:
        at, changes = _split(settings, last)
        if not isinstance(at, int) or not 0 <= at <= last:
            return f"{AT} must be a whole number from 0 to {last}, got {at}"
        try:
            self._launcher.check_fork(parent, at, changes)
        except (CannotStart, ValueError) as refusal:
            return str(refusal)
        return ""

    def _open_fork(self, parent: OpenRun, last: int, settings: Mapping[str, object] | None) -> None:
        if settings is None:
            return
        at, changes = _split(settings, last)
        assert isinstance(at, int)  # noqa: S101 - `_check_fork` has seen to it
        open_run = partial(self._launcher.fork, parent, at, changes)
        about = RunDescription(parent.about.name, parent.about.title)
        self._program.push_screen(LiveScreen(self._program, self._launcher, open_run, about))

    def compare(self, paths: Sequence[Path]) -> None:
        """Compare runs, or say why that cannot be."""
        if 2 <= len(paths) <= MOST_RUNS:
            self._program.push_screen(CompareScreen(self._program, paths))
            return
        said = f"mark 2 to {MOST_RUNS} runs with space, then c compares them"
        self._program.notify(f"{said}; {len(paths)} are marked", severity="warning")

    def delete(self, paths: Sequence[Path]) -> tuple[str, bool]:
        """Delete runs; return what came of it, and whether one was refused. Call it in a worker."""
        sentences, refused, deleted = list[str](), False, 0
        for path in paths:
            try:
                left = catalogue.delete(path)
            except (CollapseError, OSError) as error:
                sentences.append(str(error))
                refused = True
                continue
            deleted += 1
            if left:
                names = catalogue.list_some(left)
                sentences.append(f"{path}: what the run did not write stays there: {names}")
        counted = f"deleted {deleted} run{'s' if deleted != 1 else ''}"
        return "\n".join([counted, *sentences]), refused


def _split(settings: Mapping[str, object], last: int) -> tuple[object, dict[str, object]]:
    """Return the generation of a fork, and the settings that change."""
    return settings.get(AT, last), {key: value for key, value in settings.items() if key != AT}
