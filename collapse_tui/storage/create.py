"""A run folder appears complete: prepared in a hidden sibling, then renamed."""

import os
import re
from collections.abc import Generator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from collapse_tui.storage.errors import FolderNotEmptyError, StorageError
from collapse_tui.storage.file_names import EXPERIMENT
from collapse_tui.storage.files import sync_folder, translate_os_errors
from collapse_tui.storage.lock import RunLock, acquire_lock, is_held
from collapse_tui.storage.run_directory import RunDirectory

_LEFTOVER = re.compile(r"\..+\.(?:partial|deleted)-(\d{1,9})-[0-9a-f]{8}")


@contextmanager
def new_folder(path: Path) -> Generator[tuple[RunDirectory, RunLock]]:
    """Yield a hidden folder to fill, and its lock; it is renamed to `path`, or removed on an error.

    Parameters
    ----------
    path : Path
        Absolute; absent or an empty folder, else FolderNotEmptyError.
    """
    require_free(path)
    with translate_os_errors(path, exit_code=2), ExitStack() as on_error:
        path.parent.mkdir(parents=True, exist_ok=True)
        remove_leftovers(path.parent)
        in_place = _must_fill_in_place(path)
        partial = hidden_name(path / path.name if in_place else path, "partial")
        partial.mkdir()
        directory = RunDirectory(partial)
        with ExitStack() as until_moved:
            until_moved.callback(_discard, directory)
            lock = on_error.enter_context(acquire_lock(directory))
            yield directory, lock
            directory.sync_folder()
            _move_into_place(partial, path, in_place=in_place)
            until_moved.pop_all()
        sync_folder(path.parent)
        on_error.pop_all()


def require_free(path: Path) -> None:
    """Raise FolderNotEmptyError unless `path` is absent or an empty folder."""
    with translate_os_errors(path, exit_code=2):
        if not path.exists():
            return
        if not path.is_dir():
            raise FolderNotEmptyError(
                f"{path} is a file; a new run needs an absent or empty folder"
            )
        found = min(os.listdir(path), default=None)
    if found is not None:
        raise FolderNotEmptyError(
            f"{path} is not empty (it holds {found}); give an absent or empty folder"
        )


def hidden_name(path: Path, purpose: str) -> Path:
    """Return a new hidden sibling of `path` that names this process."""
    return path.with_name(f".{path.name}.{purpose}-{os.getpid()}-{os.urandom(4).hex()}")


def remove_leftovers(parent: Path) -> None:
    """Remove what killed processes were preparing or deleting in `parent`."""
    for name in os.listdir(parent):
        match = _LEFTOVER.fullmatch(name)
        if match is None or _is_running(int(match[1])):
            continue
        # whatever is in the way of removing it is not in the way of a new run
        with suppress(OSError, StorageError):
            directory = RunDirectory(parent / name)
            # the lock covers a process on another host, whose number means nothing here
            if not (parent / name).is_symlink() and not is_held(directory):
                directory.delete_all()


def _discard(directory: RunDirectory) -> None:
    with suppress(OSError, StorageError):
        directory.delete_all()
    # a umask may have made a folder that its owner cannot look into
    with suppress(OSError):
        directory.path.rmdir()


def _is_running(process: int) -> bool:
    import psutil  # costs a tenth of a start, and leftovers are rare

    return psutil.pid_exists(process)


def _must_fill_in_place(path: Path) -> bool:
    # a mounted volume cannot be renamed over, and a shell that stands in the folder would be
    # left in one that no longer exists
    return path.exists() and (path.is_mount() or path.samefile(Path.cwd()))


def _move_into_place(partial: Path, path: Path, *, in_place: bool) -> None:
    if not in_place:
        require_free(path)
        partial.rename(path)
        return
    # the experiment last: without it the folder is no run
    names = sorted(os.listdir(partial), key=lambda name: name == EXPERIMENT)
    for name in names:
        (partial / name).rename(path / name)
    partial.rmdir()
