"""Lets calls to the system fail that write, in this process: a full disk, a kill, a refusal.

What a call writes through Python's own files is counted too: in the storage they are opened by
`run_directory`, whose `open` and `FileIO` are replaced.
"""

import errno
import io
import os
from collections.abc import Callable, Generator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from collapse_tui.storage import run_directory

CALLS = ("open", "write", "replace", "rename", "unlink", "mkdir", "fsync", "link", "rmdir")


class Killed(BaseException):
    """Stands for SIGKILL: nothing after it is done, as far as Python allows."""


def full() -> OSError:
    """Return what a disk answers that is full for a moment."""
    return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def full_for_good() -> OSError:
    """Return what a disk answers that stays full."""
    return full()


def read_only() -> OSError:
    """Return what a disk answers that is read, not written."""
    return OSError(errno.EROFS, os.strerror(errno.EROFS))


def denied() -> OSError:
    """Return what the system answers to a user who may not write."""
    return OSError(errno.EACCES, os.strerror(errno.EACCES))


class Strikes:
    """Counts the calls that write and lets one fail; all but a full disk lasts to the end.

    Attributes
    ----------
    count : int
        Calls so far.
    """

    def __init__(self, at: int, make: Callable[[], BaseException]) -> None:
        self.at, self.make, self.count = at, make, 0

    def wrap(self, original: Callable[..., Any], name: str) -> Callable[..., Any]:
        """Return a call that counts, and writes half of its data before it fails."""

        def call(*arguments: Any, **options: Any) -> Any:
            if name == "open" and not arguments[1] & (os.O_CREAT | os.O_APPEND):
                return original(*arguments, **options)
            self.count += 1
            lasts = self.make is not full and self.count > self.at > 0
            if self.count == self.at or lasts:
                if name == "write" and self.count == self.at:
                    original(arguments[0], arguments[1][: len(arguments[1]) // 2])
                raise self.make()
            return original(*arguments, **options)

        return call


@contextmanager
def fault(at: int, make: Callable[[], BaseException]) -> Generator[Strikes]:
    """Let the `at`-th call fail, none for 0; give the count of calls."""
    strikes = Strikes(at, make)

    class File(io.FileIO):
        write = strikes.wrap(io.FileIO.write, "write")
        truncate = strikes.wrap(io.FileIO.truncate, "truncate")

    def open_file(descriptor: int, mode: str) -> Any:
        if mode == "rb":
            return open(descriptor, mode)
        return io.BufferedRandom(File(descriptor, mode.replace("b", "")))

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(run_directory, "open", open_file, raising=False)
        patched.setattr(run_directory, "FileIO", File)
        for name in CALLS:
            patched.setattr(os, name, strikes.wrap(getattr(os, name), name))
        yield strikes


def strike_all(
    attempt: Callable[[], None],
    check: Callable[[str], None],
    stride: int = 1,
    least: int = 1,
) -> int:
    """Let every call of an attempt fail in turn, by full disks and by a kill; return how many.

    Parameters
    ----------
    attempt : callable
        Does the same each time; what it raises other than sentences is a fault.
    check : callable
        Is told what was struck, looks at what is left and brings it back to where it was.
    stride : int
        Only every so many-th call.
    least : int
        Fewer calls than these are a fault of the test.
    """
    with fault(0, full) as strikes:
        attempt()
    check("nothing")
    assert strikes.count >= least, strikes.count
    struck = 0
    for make in (full, full_for_good, Killed):
        for at in range(1, strikes.count + 1, stride):
            with fault(at, make):
                attempt()
            check(f"{make.__name__} at call {at} of {strikes.count}")
            struck += 1
    return struck


def digests(folder: Path) -> dict[str, str]:
    """Return the sha256 of every file of a run but its lock, whose content is its holder."""
    return {
        str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "lock"
    }
