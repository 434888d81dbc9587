"""The folder of runs: finding, listing and deleting them."""

import difflib
import os
import re
import secrets
from collections.abc import Container, Iterator
from datetime import datetime
from pathlib import Path

from collapse_tui.storage.create import hidden_name, remove_leftovers
from collapse_tui.storage.errors import FolderNotEmptyError, NotARunError
from collapse_tui.storage.files import translate_os_errors
from collapse_tui.storage.layout import is_run, require_run
from collapse_tui.storage.lock import acquire_lock
from collapse_tui.storage.run_directory import RunDirectory
from collapse_tui.storage.runs_folder import runs_folder
from collapse_tui.storage.saved import SavedRun

_NAMES_SHOWN = 3
STAMP = re.compile(r"-\d{8}-\d{6}-[0-9a-f]{4}$")


def new_run_folder(runs: Path, base: str) -> Path:
    """Return a folder for a new run, ``<base>-<date-time>-<4 hex>`` below `runs`; nothing is made.

    Parameters
    ----------
    runs : Path
    base : str
        The name of a preset, or of a run, whose own stamp is dropped.
    """
    stem = base_name(base)
    while True:
        now = datetime.now().astimezone()
        folder = runs / f"{stem}-{now:%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
        if not os.path.lexists(folder):
            return folder


def run_folders(runs: Path, known: Container[Path] = ()) -> Iterator[Path]:
    """Yield the folders directly below `runs` that are runs, in no order.

    Parameters
    ----------
    runs : Path
    known : container of Path
        Folders, resolved, that were runs before: whether they still are is not asked again.
    """
    if not runs.is_dir():
        return
    for path in runs.resolve().iterdir():
        if path.name[0] != "." and (path in known or is_run(path)):
            yield path.resolve()


def base_name(name: str) -> str:
    """Return the name of a run without its stamp: that of its preset, where it was not chosen."""
    return STAMP.sub("", name)


def saved_runs(runs: Path) -> list[SavedRun]:
    """Return the runs directly below `runs`, the one last worked on first."""
    found = map(SavedRun.open, run_folders(runs))
    return sorted(found, key=lambda run: run.changed_at, reverse=True)


def locate(run: str, runs: Path) -> Path:
    """Return the folder of a run.

    Parameters
    ----------
    run : str
        A path, a name below `runs`, or ``last``: the run last worked on.
    runs : Path

    Returns
    -------
    Path
        A folder that is a run; else NotARunError with the nearest name.
    """
    path = Path(run).expanduser()
    for candidate in (path, runs / path):
        if is_run(candidate):
            return candidate.resolve()
    known = saved_runs(runs)
    if run == "last":
        if known:
            return known[0].path
        raise NotARunError(f"there is no last run: {runs} holds none")
    if path.exists():
        require_run(path)
    raise NotARunError(_unknown_run(run, runs, [saved.name for saved in known]))


def open_run(run: str, folder: str | None) -> SavedRun:
    """Return a run for reading.

    Parameters
    ----------
    run : str
        As in `locate`.
    folder : str or None
        As in `runs_folder`.
    """
    path = Path(run).expanduser()
    # a path needs no folder of runs
    found = path.resolve() if is_run(path) else locate(run, runs_folder(folder))
    return SavedRun.open(found)


def delete(path: Path) -> list[str]:
    """Remove a run that no living process is writing; return what of the folder stays.

    What the run did not write itself, such as other runs in its folder, stays.
    """
    path = path.expanduser().resolve()
    if not path.is_dir():
        require_run(path)
    if not is_run(path):
        raise NotARunError(
            f"{path} is not a complete run; delete the folder yourself if you want to"
        )
    directory = RunDirectory(path)
    with translate_os_errors(path, exit_code=2, stored=path):
        with acquire_lock(directory):
            if directory.foreign_names():
                return directory.delete_all()
            # renamed first, so that a kill leaves no half of a run under its name
            with translate_os_errors(path, exit_code=2, stored=path.parent):
                hidden = path.rename(hidden_name(path, "deleted"))
            RunDirectory(hidden).delete_all()
        remove_leftovers(path.parent)
    return []


def delete_to_replace(path: Path) -> None:
    """Delete the run in a folder, if there is one, to make room for another.

    Raises
    ------
    StorageError
        If the folder holds more than the run, or a process writes it: nothing is deleted then.
    """
    if not is_run(path):
        return
    foreign = RunDirectory(path).foreign_names()
    if foreign:
        raise FolderNotEmptyError(
            f"{path} holds more than a run ({list_some(foreign)}), so --force deletes nothing:"
            " choose another folder, or move that away"
        )
    delete(path)


def list_some(names: list[str]) -> str:
    """Return the first of some names, and how many there are more."""
    more = len(names) - _NAMES_SHOWN
    return ", ".join(names[:_NAMES_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _unknown_run(run: str, runs: Path, known: list[str]) -> str:
    close = difflib.get_close_matches(run, known, n=1, cutoff=0.5)
    starts = [name for name in known if name.startswith(run)]
    if starts or close:
        return f"unknown run {run!r} in {runs}; did you mean {(starts or close)[0]!r}?"
    if known:
        return f"unknown run {run!r} in {runs}; `collapse-tui runs` lists the {len(known)} there"
    return f"unknown run {run!r}: {runs} holds none"
