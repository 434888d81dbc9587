"""The screens that a command opens first, on stored runs: what `run_screen` is given."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from textual.screen import Screen

from collapse_tui.tui.program import Program
from collapse_tui.tui.runs.descriptions import Resumption, RunDescription
from collapse_tui.tui.runs.launcher import Launcher
from collapse_tui.tui.runs.stored_runs import attach_run
from collapse_tui.tui.screens.live import LiveScreen
from collapse_tui.tui.screens.tour import TourScreen

FirstScreen = Callable[[Program, Launcher], Screen[Any]]
"""Makes the first screen of a program."""


def resume_screen(
    folder: Path,
    *,
    generations: int | None = None,
    start: int | None = None,
    stop: Sequence[str] | None = None,
    device: str | None = None,
) -> FirstScreen:
    """Return the live screen on a stored run, which goes on there.

    Parameters
    ----------
    folder : Path
    generations, start, stop, device
        As in `Resumption`.
    """
    how = Resumption(generations, start, stop, device)

    def make(program: Program, launcher: Launcher) -> LiveScreen:
        open_run = partial(launcher.resume, folder, how)
        return LiveScreen(program, launcher, open_run, RunDescription(folder.name, ""))

    return make


def tour_screen() -> FirstScreen:
    """Return the first chapter of the tour."""
    return TourScreen


def attach_screen(folder: Path) -> FirstScreen:
    """Return the live screen on a run of another process, which is followed read-only."""

    def make(program: Program, launcher: Launcher) -> LiveScreen:
        open_run = partial(attach_run, folder)
        return LiveScreen(program, launcher, open_run, RunDescription(folder.name, ""))

    return make


def compare_screen(folders: Sequence[Path]) -> FirstScreen:
    """Return the screen that compares some runs."""

    def make(program: Program, launcher: Launcher) -> Screen[None]:
        del launcher
        from collapse_tui.tui.screens.compare import CompareScreen

        return CompareScreen(program, folders)

    return make


def list_screen() -> FirstScreen:
    """Return the list of saved runs."""

    def make(program: Program, launcher: Launcher) -> Screen[None]:
        from collapse_tui.tui.screens.runs import RunsScreen

        return RunsScreen(program, launcher)

    return make
