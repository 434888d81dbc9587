"""The standard streams: all three are there, take every character, and are let go in order."""

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import IO

NAMES = ("stdin", "stdout", "stderr")


def prepare_streams() -> None:
    """Put a stream that swallows everything in place of each one that is closed.

    Where a shell closed one (``>&-``), the next file that is opened would get its number, and a
    library that writes to standard output would write into it. A character that the terminal
    does not know becomes a question mark: "W₁" must not end a program.
    """
    with suppress(OSError):
        _occupy_closed()
    for number, name in enumerate(NAMES):
        if getattr(sys, name) is None:
            mode = "r" if number == 0 else "w"
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


def _occupy_closed() -> None:
    for number in range(len(NAMES)):
        try:
            os.fstat(number)
        except OSError:
            # open() gives the lowest number that is free
            os.open(os.devnull, os.O_RDWR)
            os.set_inheritable(number, True)  # noqa: FBT003 - by position only


def silence(stream: IO[str]) -> None:
    """Send what is left in a stream's buffer nowhere: it would cause an error at the very end."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
