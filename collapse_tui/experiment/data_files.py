"""Which files of the user's an experiment reads: said wherever it is run or checked."""

from contextlib import suppress
from pathlib import Path

from collapse_tui.number_format import format_bytes
from engines.base import Source

MOST = 3
"""Files that are named; more are counted."""


def describe_files(source: Source) -> str:
    """Return what is read, each file with its size, and what was in it; empty without files."""
    files = source.files
    if not files:
        return ""
    more = f" and {len(files) - MOST:,} more files" if len(files) > MOST else ""
    content = f": {source.content}" if source.content else ""
    return f"reads {', '.join(map(_describe, files[:MOST]))}{more}{content}"


def _describe(path: Path) -> str:
    with suppress(OSError):
        return f"{path} ({format_bytes(path.stat().st_size)})"
    return str(path)
