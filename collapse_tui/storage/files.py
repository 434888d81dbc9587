"""Writing files so that a kill leaves the old content or the new, never a mixture."""

import errno
import json
import os
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from collapse_tui.storage.errors import DamagedRunError, StorageFailedError, missing_file

SYNC_INTERVAL = 1.0
"""Seconds between two fsyncs: they matter for power loss only, the page cache survives kill -9."""

_CAUSES = {
    errno.ENOSPC: "the disk is full; free some space and resume the run",
    errno.EDQUOT: "the disk quota is used up; free some space and resume the run",
    errno.EROFS: "the disk is read-only; choose another folder",
    errno.EACCES: "permission was denied; choose a folder that you may write to",
    errno.EPERM: "permission was denied; choose a folder that you may write to",
    errno.ENOENT: "there is no such folder, or it was moved or deleted meanwhile",
    errno.EEXIST: "a file is in the way; choose another folder",
    errno.ENOTDIR: "a file is in the way; choose another folder",
    errno.ENAMETOOLONG: "the name is too long; choose a shorter one",
}


@contextmanager
def translate_os_errors(path: Path, *, exit_code: int | None = None) -> Generator[None]:
    """Raise errors of the operating system as StorageFailedError that names `path`."""
    try:
        yield
    except StorageFailedError:
        raise
    except OSError as error:
        # StorageErrors that are also OSErrors have no errno, and a message of their own
        if error.errno is None:
            raise
        cause = _CAUSES.get(error.errno, error.strerror or str(error))
        where = error.filename or path
        raise StorageFailedError(f"cannot write {where}: {cause}", exit_code=exit_code) from error


def write_all(descriptor: int, data: bytes) -> None:
    """Write every byte; a nearly full disk takes only a part at the first call."""
    written = os.write(descriptor, data)
    while written < len(data):
        written += os.write(descriptor, data[written:])


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


def replace_file(path: Path, data: bytes, *, durable: bool = False) -> None:
    """Put `data` under `path` in one step; `durable` survives power loss too."""
    with replacement(path) as temporary, temporary.open("wb") as file:
        file.write(data)
        if durable:
            file.flush()
            os.fsync(file.fileno())
    if durable:
        sync_folder(path.parent)


def sync_folder(path: Path) -> None:
    """Make the names in a folder survive power loss, where its file system can."""
    # some network file systems refuse; the files themselves are synced all the same
    with suppress(OSError):
        sync_path(path)


def sync_path(path: Path) -> None:
    """Make the bytes of a file survive power loss."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def dump_json(document: Mapping[str, object]) -> bytes:
    """Return an object as indented JSON, UTF-8."""
    return (json.dumps(document, indent=2, ensure_ascii=False, default=str) + "\n").encode()


def load_json(path: Path) -> dict[str, object]:
    """Return the JSON object in `path`; an error names the file."""
    try:
        document: object = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise missing_file(path) from None
    except ValueError as error:
        raise DamagedRunError(
            f"{path} is not JSON ({error}): restore it, or start a new run"
        ) from error
    if not isinstance(document, dict):
        raise DamagedRunError(f"{path} must hold a JSON object, got {type(document).__name__}")
    return document  # pyright: ignore[reportUnknownVariableType]


class Appender:
    """A file that is appended to or cut; unbuffered.

    Attributes
    ----------
    size : int
        Bytes in the file.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("a+b", buffering=0)
        self.path: Path = path
        self.size: int = path.stat().st_size

    def write(self, data: bytes) -> None:
        """Append `data` in one call to the system where the disk allows it."""
        write_all(self._file.fileno(), data)
        self.size += len(data)

    def read(self, offset: int, length: int) -> bytes:
        """Return `length` bytes from `offset` (fewer at the end of the file)."""
        return os.pread(self._file.fileno(), length, offset)

    def cut(self, size: int) -> None:
        """Discard everything beyond the first `size` bytes."""
        if os.fstat(self._file.fileno()).st_size > size:
            self._file.truncate(size)
        self.size = min(self.size, size)

    def sync(self) -> None:
        """Make the bytes survive power loss."""
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """Close the file; a second call does nothing."""
        self._file.close()


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
