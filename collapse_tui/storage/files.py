"""Writing beside and renaming, so that a kill leaves the old or the new; errors as sentences."""

import errno
import json
import os
import shlex
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from collapse_tui.storage.errors import StorageFailedError

SYNC_INTERVAL = 1.0
"""Seconds between two fsyncs: they matter for power loss only, the page cache survives kill -9."""

_CAUSES = {
    errno.ENOSPC: "the disk is full; free some space and resume the run",
    errno.EDQUOT: "the disk quota is used up; free some space and resume the run",
    errno.EFBIG: "the limit on the size of files is reached; raise it (`ulimit -f`), then resume",
    errno.EMFILE: "too many files are open; raise the limit (`ulimit -n`)",
    errno.EIO: "the disk does not answer; look at its cable, its network or its log",
    errno.EROFS: "the disk is read-only; choose another folder",
    errno.EACCES: "permission was denied; choose a folder that you may write to",
    errno.EPERM: "permission was denied; choose a folder that you may write to",
    errno.ENOENT: "there is no such folder, or it was moved or deleted meanwhile",
    errno.EEXIST: "a file is in the way; choose another folder",
    errno.ENOTDIR: "a file is in the way; choose another folder",
    errno.ENAMETOOLONG: "the name is too long; choose a shorter one",
}
_READ_ONLY = {
    errno.EROFS: "the disk is read-only; mount it for writing, or copy the run to another one",
    errno.EACCES: "permission was denied; if the run is yours, `chmod -R u+w {}` gives it, else"
    " copy the run to a folder of yours",
}
_READ_ONLY[errno.EPERM] = _READ_ONLY[errno.EACCES]


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
        cause = _CAUSES.get(error.errno, error.strerror or str(error))
        if stored is not None and error.errno in _READ_ONLY:
            cause = _READ_ONLY[error.errno].format(shlex.quote(str(stored)))
        where = error.filename or path
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
