"""The screen, opened by a command: what it needs of the terminal, and how it looks."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypedDict, Unpack

from collapse_tui.cli.errors import CommandError
from collapse_tui.cli.output import is_terminal, is_unicode, write_message

if TYPE_CHECKING:
    from collapse_tui.tui.first_screen import FirstScreen

Characters = Literal["braille", "block", "ascii"]


class Look(TypedDict):
    """How the screen looks; None for what is not given."""

    marker: Characters | None
    theme: str | None


class NewRun(TypedDict, total=False):
    """What a new run is started with, beside its settings."""

    out: Path | None
    replace: bool
    device: str


def require_terminal(what: str, instead: str) -> None:
    """Raise an error unless there is a terminal that a screen can be drawn on.

    Parameters
    ----------
    what : str
        What needs it, such as ``"the screen"``.
    instead : str
        A command that needs none.

    Raises
    ------
    CommandError
    """
    if is_terminal():
        return
    which = " for standard input and output"
    if os.environ.get("TERM") == "dumb":
        which = " that can place characters, and TERM=dumb names one that cannot"
    raise CommandError(f"{what} needs a terminal{which}; without one use `{instead}`")


def open_new(
    preset: str | None, settings: Mapping[str, object], runs: Path, look: Look,
    **run: Unpack[NewRun],
) -> int:  # fmt: skip
    """Open the screen on a new run, or on the picker, and return the exit code.

    Parameters
    ----------
    preset : str or None
        None for the picker.
    settings : mapping
        What differs from the preset, by dotted key.
    runs : Path
        The folder of runs.
    look : Look
    **run
        See `NewRun`.
    """
    from collapse_tui.cli.native_output import keep_native_output
    from collapse_tui.tui.app import run_screen  # textual takes 0.3 s

    with keep_native_output() as kept:
        code = run_screen(
            preset, settings, runs=runs, out=run.get("out"), replace=run.get("replace", False),
            device=run.get("device", "auto"), unicode=is_unicode(), **look,
        )  # fmt: skip
    _say(kept.note)
    return code


def open_on(first: "FirstScreen", runs: str | None, look: Look) -> int:
    """Open the screen on stored runs, and return the exit code.

    Parameters
    ----------
    first : callable
        Makes the first screen: one of `tui.first_screen`.
    runs : str or None
        As in `runs_folder`.
    look : Look
    """
    from collapse_tui.cli.native_output import keep_native_output
    from collapse_tui.storage.runs_folder import runs_folder
    from collapse_tui.tui.app import run_screen

    with keep_native_output() as kept:
        code = run_screen(
            None, {}, first=first, runs=runs_folder(runs), unicode=is_unicode(), **look,
        )  # fmt: skip
    _say(kept.note)
    return code


def _say(note: str) -> None:
    if note:
        write_message(f"note: {note}")
