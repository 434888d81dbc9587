"""Which files of the user's an experiment reads: said wherever it is run or checked."""

from contextlib import suppress
from pathlib import Path

from collapse_tui.experiment.experiment import Experiment
from collapse_tui.number_format import format_bytes

MOST = 3
"""Files that are named; more are counted."""


def describe_files(experiment: Experiment) -> str:
    """Return what is read, each file with its size, and what was in it; empty without files."""
    source = experiment.source
    files = source.files
    if not files:
        return ""
    more = f" and {len(files) - MOST:,} more files" if len(files) > MOST else ""
    content = f": {source.content}" if source.content else ""
    part = _describe_part(experiment.real_size, source.natural_size)
    return f"reads {', '.join(map(_describe, files[:MOST]))}{more}{content}{part}"


def _describe_part(drawn: int, there: int | None) -> str:
    """Return how D_0 comes from a data set that it is not."""
    if there is None or drawn == there:
        return ""
    how = "without replacement" if drawn < there else "with replacement"
    return f"; generation 0 draws {drawn:,} of {there:,} {how}"


def _describe(path: Path) -> str:
    with suppress(OSError):
        return f"{path} ({format_bytes(path.stat().st_size)})"
    return str(path)
