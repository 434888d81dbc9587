"""One writer at a time: an flock, which the system releases when its process ends."""

import fcntl
import json
import os
import platform
import time
from datetime import datetime
from pathlib import Path
from typing import Self

from collapse_tui.storage.errors import RunLockedError
from collapse_tui.storage.files import write_all

LOCK = "lock"
_ATTEMPTS = 6
_PAUSE = 0.01


class Lock:
    """The right to write a run, held from `acquire` to `release` or the end of the process."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor: int = descriptor

    @classmethod
    def acquire(cls, folder: Path) -> Self:
        """Return the lock of `folder`, or raise RunLockedError naming who holds it."""
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
        descriptor = os.open(folder / LOCK, flags, 0o644)
        try:
            _lock(descriptor, folder)
            _write_holder(descriptor)
        except BaseException:
            os.close(descriptor)
            raise
        return cls(descriptor)

    def release(self) -> None:
        """Let others write; a second call does nothing."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def is_held(folder: Path) -> bool:
    """Return whether a living process writes `folder`; the lock stays with it."""
    try:
        descriptor = os.open(folder / LOCK, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def _lock(descriptor: int, folder: Path) -> None:
    # `is_held` holds a shared lock for microseconds: wait for it
    for attempt in range(_ATTEMPTS):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if attempt == _ATTEMPTS - 1:
                raise RunLockedError(
                    f"{folder} is in use by {_holder(folder)}: wait until it ends, or stop it"
                ) from None
            time.sleep(_PAUSE)
        else:
            return


def _write_holder(descriptor: int) -> None:
    since = datetime.now().astimezone().isoformat(timespec="seconds")
    holder = {"pid": os.getpid(), "host": platform.node(), "since": since}
    os.ftruncate(descriptor, 0)
    os.lseek(descriptor, 0, os.SEEK_SET)
    write_all(descriptor, json.dumps(holder).encode())


def _holder(folder: Path) -> str:
    try:
        holder: dict[str, object] = json.loads((folder / LOCK).read_bytes())
        return f"process {holder['pid']} on {holder['host']} since {holder['since']}"
    except (OSError, ValueError, KeyError):
        return "another process"
