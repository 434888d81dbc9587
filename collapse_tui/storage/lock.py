"""One writer at a time: an flock, which the system releases when its process ends.

Where the file system knows no flock (some NFS, Lustre), a file made by its holder stands for it,
touched every few seconds: a holder that was killed is known by the age of its last touch.
"""

import errno
import fcntl
import json
import os
import platform
import threading
import time
from contextlib import suppress
from datetime import datetime
from io import FileIO
from pathlib import Path
from typing import Self

from collapse_tui.storage.errors import DamagedRunError, RunLockedError
from collapse_tui.storage.file_names import LOCK, SOFT_LOCK
from collapse_tui.storage.run_directory import RunDirectory, write_all

HEARTBEAT = 10.0
"""Seconds between two touches of the file that stands for a lock."""
LONGEST_SILENCE = 6 * HEARTBEAT
"""After so long without a touch its holder is taken to be dead; so is one whose last touch lies as
far in the future: a clock was set back since, and no living holder would leave it so."""
SOFT_LOCK_NOTE = (
    "the file system of the run folder knows no file locks: a file that is touched every"
    f" {HEARTBEAT:.0f} s keeps other processes from writing this run"
)

_ATTEMPTS = 6
_PAUSE = 0.01
_NO_LOCKS = {errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP}
_LONGEST_HOLDER = 4096


class Heartbeat:
    """Touches the file that stands for a lock until it is stopped.

    Attributes
    ----------
    directory : RunDirectory
        Where that file is; a new run is moved once it is complete.
    """

    def __init__(self, directory: RunDirectory) -> None:
        self._file: FileIO = directory.open_to_append(SOFT_LOCK)
        self.directory: RunDirectory = directory
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="lock heartbeat", daemon=True)
        try:
            self._thread.start()
        except BaseException:
            # the limit on threads is reached
            self._file.close()
            directory.delete(SOFT_LOCK)
            raise

    def stop(self) -> None:
        """Give the lock back."""
        self._stop.set()
        self._thread.join()
        self._file.close()
        with suppress(OSError, DamagedRunError):
            self.directory.delete(SOFT_LOCK)

    def _run(self) -> None:
        while not self._stop.wait(HEARTBEAT):
            # a network that is away for a moment must not end the run
            with suppress(OSError):
                os.utime(self._file.fileno())


class RunLock:
    """The right to write a run, given back by `close` or by the end of the process.

    Attributes
    ----------
    note : str
        What the user should know of the lock; empty for an flock.
    """

    def __init__(self, file: FileIO, heartbeat: Heartbeat | None) -> None:
        self._file: FileIO = file
        self._heartbeat: Heartbeat | None = heartbeat
        self.note: str = SOFT_LOCK_NOTE if heartbeat else ""

    @property
    def closed(self) -> bool:
        """Whether the right was given back."""
        return self._file.closed

    def move_to(self, directory: RunDirectory) -> None:
        """Say that the run has this name now."""
        if self._heartbeat is not None:
            self._heartbeat.directory = directory

    def close(self) -> None:
        """Let others write; a second call does nothing."""
        if not self._file.closed and self._heartbeat is not None:
            self._heartbeat.stop()
        self._file.close()

    def __enter__(self) -> Self:
        """Return the lock itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Give the right back."""
        self.close()


def acquire_lock(directory: RunDirectory) -> RunLock:
    """Return the right to write a run, or raise RunLockedError naming who holds it."""
    file = directory.open_to_append(LOCK)
    heartbeat: Heartbeat | None = None
    try:
        if not _lock(file, directory):
            heartbeat = _acquire_soft_lock(directory)
        file.truncate(0)
        write_all(file.fileno(), _description())
    except BaseException:
        if heartbeat is not None:
            heartbeat.stop()
        file.close()
        raise
    return RunLock(file, heartbeat)


def is_held(directory: RunDirectory) -> bool:
    """Return whether a living process writes a run; the lock stays with it."""
    try:
        with directory.open_to_read(LOCK) as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except DamagedRunError:
        return False  # no lock of ours
    except BlockingIOError:
        return True
    except OSError as error:
        if error.errno not in _NO_LOCKS:
            return False
    return not _is_stale(directory)


def describe_holder(directory: RunDirectory) -> str:
    """Return who writes a run now, such as ``process 12 on host``; "" for nobody."""
    return _name_holder(directory).partition(" since ")[0] if is_held(directory) else ""


def require_unlocked(directory: RunDirectory) -> None:
    """Raise RunLockedError if a living process writes a run; nothing is written."""
    if is_held(directory):
        raise _in_use(directory, LOCK)


def _lock(file: FileIO, directory: RunDirectory) -> bool:
    """Lock the file; return whether its file system can."""
    # `is_held` holds a shared lock for microseconds: wait for it
    for _ in range(_ATTEMPTS):
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(_PAUSE)
        except OSError as error:
            if error.errno in _NO_LOCKS:
                return False
            raise
        else:
            # who holds such a file sees the folder through a mount without flock
            if not _is_stale(directory):
                raise _in_use(directory, SOFT_LOCK)
            return True
    raise _in_use(directory, LOCK)


def _acquire_soft_lock(directory: RunDirectory) -> Heartbeat:
    own = _description()
    if _is_stale(directory):
        directory.delete(SOFT_LOCK)
    try:
        directory.create(SOFT_LOCK, own)
    except FileExistsError:
        raise _in_use(directory, SOFT_LOCK) from None
    # two that found the same dead holder may both have come here: the last one has it
    time.sleep(_PAUSE)
    if directory.read(SOFT_LOCK, _LONGEST_HOLDER) != own:
        raise _in_use(directory, SOFT_LOCK)
    return Heartbeat(directory)


def _is_stale(directory: RunDirectory) -> bool:
    """Return whether the file that stands for a lock is missing, or its holder dead."""
    try:
        age = time.time() - directory.modified_at(SOFT_LOCK)
        holder = _holder(directory, SOFT_LOCK)
    except FileNotFoundError:
        return True
    here = {"host": platform.node(), "kernel": _kernel()}
    if here.items() <= holder.items() and isinstance(holder.get("pid"), int):
        import psutil  # costs a tenth of a start, and is rarely needed

        return not psutil.pid_exists(min(int(str(holder["pid"])), 2**31 - 1))
    return abs(age) > LONGEST_SILENCE


def _kernel() -> str:
    """Return what numbers the processes: another start or container has others of the same number.

    It is empty where the system does not say.
    """
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot} {Path('/proc/self/ns/pid').readlink()}"
    except OSError:
        return ""


def _description() -> bytes:
    since = datetime.now().astimezone().isoformat(timespec="seconds")
    machine = {"host": platform.node(), "kernel": _kernel()}
    return json.dumps({"pid": os.getpid(), **machine, "since": since}).encode()


def _holder(directory: RunDirectory, name: str) -> dict[str, object]:
    try:
        holder: object = json.loads(directory.read(name, _LONGEST_HOLDER))
    except (OSError, ValueError, RecursionError, DamagedRunError):
        return {}
    return holder if isinstance(holder, dict) else {}  # pyright: ignore[reportUnknownVariableType]


def _name_holder(directory: RunDirectory, *names: str) -> str:
    for name in names or (LOCK, SOFT_LOCK):
        holder = _holder(directory, name)
        if holder.keys() >= {"pid", "host", "since"}:
            return f"process {holder['pid']} on {holder['host']} since {holder['since']}"
    return "another process"


def _in_use(directory: RunDirectory, name: str) -> RunLockedError:
    who = _name_holder(directory, name)
    return RunLockedError(f"{directory.path} is in use by {who}: wait until it ends, or stop it")
