"""Folders of the user's own: where runs, claims, logs, settings and choices are kept."""

from pathlib import Path
from typing import Literal

PROGRAM = "collapse-tui"


def user_folder(kind: Literal["data", "cache", "config", "log", "state"]) -> Path | None:
    """Return the platform's folder for something, None for a user without a home.

    A container may run the program as a user who has neither HOME nor an entry in the password
    file; platformdirs then fails, or returns a path that begins with a tilde.
    """
    import platformdirs

    find = {
        "data": platformdirs.user_data_dir,
        "cache": platformdirs.user_cache_dir,
        "config": platformdirs.user_config_dir,
        "log": platformdirs.user_log_dir,
        "state": platformdirs.user_state_dir,
    }[kind]
    try:
        path = Path(find(PROGRAM, appauthor=False))
    except RuntimeError:  # what pathlib raises for a home that is unknown
        return None
    return path if path.is_absolute() else None
