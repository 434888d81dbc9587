"""Writing beside and renaming, so that a kill leaves the old or the new; errors as sentences."""

import json
import os
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from collapse_tui.os_errors import explain_os_error
from collapse_tui.storage.errors import StorageFailedError

SYNC_INTERVAL = 1.0
"""Seconds between two fsyncs: they matter for power loss only, the page cache survives kill -9."""


@contextmanager
def translate_os_errors(
    path: Path, *, exit_code: int | None = None, stored: Path | None = None
) -> Generator[None]:
    """Raise errors of the operating system as StorageFailedError that names `path`.

    Parameters
    ----------
    path : Path
    exit_code : int or None
    stored : Path or None
        What is there already, and may be read-only.
    """
    try:
        yield
    except StorageFailedError:
        raise
    except OSError as error:
        # StorageErrors that are also OSErrors have no errno, and a message of their own
        if error.errno is None:
            raise
        cause, where = explain_os_error(error, stored), error.filename or path
        raise StorageFailedError(f"cannot write {where}: {cause}", exit_code=exit_code) from error


@contextmanager
def replacement(path: Path, mark: str = "tmp") -> Generator[Path]:
    """Yield the name of a hidden sibling to write, which then takes the place of `path`.

    Parameters
    ----------
    path : Path
    mark : str
        The sibling's suffix, with a number of the process where several may write `path`.
    """
    temporary = path.with_name(f".{path.name}.{mark}")
    try:
        yield temporary
        os.replace(temporary, path)
    finally:
        # on a full disk the half of a file would take the last of the space
        temporary.unlink(missing_ok=True)


def sync_folder(path: Path) -> None:
    """Make the names in a folder survive power loss, where its file system can."""
    # some network file systems refuse; the files themselves are synced all the same
    with suppress(OSError):
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def dump_json(document: Mapping[str, object]) -> bytes:
    """Return an object as indented JSON, UTF-8."""
    text = json.dumps(document, indent=2, ensure_ascii=False, default=str)
    # as in `encode_line`: an argument may hold bytes that are no UTF-8
    return (text + "\n").encode(errors="backslashreplace")


class SyncClock:
    """Says when the next fsync is due: at most one each `SYNC_INTERVAL`."""

    def __init__(self) -> None:
        self._last: float = time.monotonic()

    def due(self) -> bool:
        """Return whether to sync now; True starts the next interval."""
        now = time.monotonic()
        if now - self._last < SYNC_INTERVAL:
            return False
        self._last = now
        return True
