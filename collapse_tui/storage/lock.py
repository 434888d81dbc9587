"""One writer at a time: an flock, which the system releases when its process ends."""

import fcntl
import json
import os
import platform
import time
from contextlib import suppress
from datetime import datetime
from io import FileIO
from pathlib import Path

from collapse_tui.storage.errors import RunLockedError
from collapse_tui.storage.files import write_all

LOCK = "lock"
_ATTEMPTS = 6
_PAUSE = 0.01


def acquire_lock(folder: Path) -> FileIO:
    """Return the right to write `folder`, or raise RunLockedError naming who holds it.

    It is the open file `LOCK`: when it is closed, or the process ends, others may write.
    """
    file = (folder / LOCK).open("a+b", buffering=0)
    try:
        _lock(file, folder)
        _write_holder(file)
    except BaseException:
        file.close()
        raise
    return file


def is_held(folder: Path) -> bool:
    """Return whether a living process writes `folder`; the lock stays with it."""
    try:
        with (folder / LOCK).open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError as error:
        return isinstance(error, BlockingIOError)
    return False


def _lock(file: FileIO, folder: Path) -> None:
    # `is_held` holds a shared lock for microseconds: wait for it
    for _ in range(_ATTEMPTS):
        with suppress(BlockingIOError):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        time.sleep(_PAUSE)
    raise RunLockedError(f"{folder} is in use by {_holder(folder)}: wait until it ends, or stop it")


def _write_holder(file: FileIO) -> None:
    since = datetime.now().astimezone().isoformat(timespec="seconds")
    holder = {"pid": os.getpid(), "host": platform.node(), "since": since}
    file.truncate(0)
    write_all(file.fileno(), json.dumps(holder).encode())


def _holder(folder: Path) -> str:
    try:
        holder: dict[str, object] = json.loads((folder / LOCK).read_bytes())
        return f"process {holder['pid']} on {holder['host']} since {holder['since']}"
    except (OSError, ValueError, KeyError):
        return "another process"
