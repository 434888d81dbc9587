"""Where runs are kept; apart from the catalogue, so that the first paint need not load storage."""

import os
from pathlib import Path

from collapse_tui.storage.errors import StorageError
from collapse_tui.user_folders import user_folder

VARIABLE = "COLLAPSE_TUI_RUNS"


def runs_folder(option: str | None) -> Path:
    """Return where runs are kept: the option, else the variable, else the user's data folder.

    Raises
    ------
    StorageError
        If neither is given, and the user has no home; or what is given is a file.
    """
    chosen = option or os.environ.get(VARIABLE)
    if chosen:
        folder = Path(chosen).expanduser().absolute()
        if folder.exists() and not folder.is_dir():
            raise StorageError(
                f"{folder} is no folder, so no runs can be kept in it: set {VARIABLE}, or give"
                " --runs DIR before the command"
            )
        return folder
    folder = user_folder("data")
    if folder is None:
        raise StorageError(
            f"user {os.getuid()} has no home folder to keep runs in: set HOME or {VARIABLE},"
            " or give --runs DIR before the command"
        )
    return folder / "runs"
