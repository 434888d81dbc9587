"""What C libraries write straight to standard output and error: kept off the screen, in a file.

The allocator, numerical libraries and a panic of Rust know nothing of Python's streams. While the
screen is open their descriptors lead to a file, which survives an abort; the screen and the last
words are written to duplicates of them.
"""

import os
import sys
from collections.abc import Generator
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from collapse_tui.cli.crash_log import places
from collapse_tui.visible_text import to_visible
from engines.errors import shorten

STREAMS = {1: "stdout", 2: "stderr"}
MOST_BYTES = 1 << 20


class NativeOutput:
    """What was written.

    Attributes
    ----------
    note : str
        A sentence that names the file, once the block is left; empty if nothing was written.
    """

    note: str = ""


@contextmanager
def keep_native_output() -> Generator[NativeOutput]:
    """Keep it off the terminal within the block; where there is no terminal nothing changes."""
    kept = NativeOutput()
    terminals = [number for number in STREAMS if os.isatty(number)]
    log = _open_log() if terminals else None
    if log is None:
        yield kept
        return
    path = Path(log.name)
    with log:
        try:
            with ExitStack() as redirected:
                for number in terminals:
                    redirected.enter_context(_lead_to(log, number))
                yield kept
        finally:
            kept.note = _close_log(path)


@contextmanager
def _lead_to(log: BinaryIO, number: int) -> Generator[None]:
    """Lead a descriptor to the log, and Python's stream of that number to the terminal itself."""
    name, copy = STREAMS[number], os.dup(number)
    before, start = getattr(sys, name), getattr(sys, f"__{name}__")
    before.flush()
    terminal = open(copy, "w", encoding=before.encoding, errors=before.errors)  # noqa: PTH123, SIM115 - a descriptor that is closed below
    try:
        os.dup2(log.fileno(), number)
        setattr(sys, name, terminal)
        setattr(sys, f"__{name}__", terminal)
        yield
    finally:
        setattr(sys, name, before)
        setattr(sys, f"__{name}__", start)
        os.dup2(copy, number)
        with suppress(OSError):  # the terminal may be gone, and what is left unwritten with it
            terminal.close()


def _open_log() -> BinaryIO | None:
    now = datetime.now().astimezone()
    for path in places(f"{now:%Y%m%d-%H%M%S}-{os.getpid()}-output.log"):
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            return path.open("xb")
    return None


def _close_log(path: Path) -> str:
    """Delete an empty log; make another one readable without harm, and return a note on it."""
    with suppress(OSError):
        with path.open("rb") as file:
            text = file.read(MOST_BYTES).decode(errors="replace")
        if not text:
            path.unlink()
            return ""
        path.write_text(to_visible(text), encoding="utf-8")
        first = shorten(text.strip().partition("\n")[0])
        return (
            f"libraries wrote to the terminal while the screen was open ({first}); it is in {path}"
        )
    return ""
