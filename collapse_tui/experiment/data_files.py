"""Which files of the user's an experiment reads: said wherever it is run or checked."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from collapse_tui.number_format import format_bytes

MOST = 3
"""Files that are named; more are counted."""


def describe_files(files: Sequence[Path]) -> str:
    """Return what is read, each file with its size; empty where nothing is.

    Parameters
    ----------
    files : sequence of Path
        Those of a source.
    """
    if not files:
        return ""
    more = f" and {len(files) - MOST:,} more files" if len(files) > MOST else ""
    return f"reads {', '.join(map(_describe, files[:MOST]))}{more}"


def _describe(path: Path) -> str:
    with suppress(OSError):
        return f"{path} ({format_bytes(path.stat().st_size)})"
    return str(path)
