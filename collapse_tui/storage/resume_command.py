"""The commands that continue and follow a run, as they can be pasted into a shell."""

from contextlib import suppress
from pathlib import Path

from collapse_tui.shell_word import to_shell_word
from collapse_tui.storage.errors import StorageError
from collapse_tui.storage.layout import is_run
from collapse_tui.storage.runs_folder import runs_folder

_LAST = "last"


def resume_command(folder: Path, *options: str, brief: bool = False) -> str:
    """Return the command that continues the run in `folder`, wherever it is typed.

    Parameters
    ----------
    folder : Path
        Absolute.
    *options : str
        What follows the run, such as ``"--from", "3"``.
    brief : bool
        Whether to write a name instead of a path, where it finds the same run.
    """
    name = _short_name(folder) if brief else ""
    words = ("collapse-tui", "resume", name or str(folder), *options)
    return " ".join(map(to_shell_word, words))


def attach_command(folder: Path) -> str:
    """Return the command that follows the run in `folder`, by its name where that finds it."""
    words = ("collapse-tui", "attach", _short_name(folder) or str(folder))
    return " ".join(map(to_shell_word, words))


def _short_name(folder: Path) -> str:
    """Return the name by which `resume` finds the run, empty if only its path is certain."""
    name = folder.name
    # a path goes before a name, and what begins with a dash is an option
    certain = name != _LAST and name[:1] not in {"-", "~"} and not is_run(Path(name))
    with suppress(StorageError):  # a user without a home has no folder of runs
        return name if certain and runs_folder(None) / name == folder else ""
    return ""
