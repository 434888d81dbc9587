"""The saved runs of a folder as the screen lists them: read in a worker, and read again."""

import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collapse_tui.presentation.run_rows import RunRow

SHARE = 0.25
"""Seconds between two lists while a folder of many runs is read."""

Stamp = tuple[tuple[int, int], ...]


class RunList:
    """The rows of a folder of runs; only runs that have changed are read again.

    Parameters
    ----------
    folder : Path
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._rows: dict[Path, tuple[Stamp, RunRow]] = {}

    def read(self) -> Iterator["Sequence[RunRow]"]:
        """Yield the rows as they are found, all of them last; in no order. Call it in a worker."""
        from collapse_tui.presentation.metric_words import load_metric_words
        from collapse_tui.presentation.run_rows import read_row
        from collapse_tui.storage.catalogue import run_folders
        from collapse_tui.storage.run_facts import change_stamp
        from collapse_tui.storage.saved import SavedRun

        load_metric_words()
        found: dict[Path, tuple[Stamp, RunRow]] = {}
        shown = time.monotonic()
        for path in run_folders(self.folder, known=self._rows):
            stamp, before = change_stamp(path), self._rows.get(path)
            # whose process was killed leaves its files as they are
            if before is None or before[0] != stamp or before[1].in_use:
                before = (stamp, read_row(SavedRun(path)))
            found[path] = before
            if time.monotonic() - shown > SHARE:
                shown = time.monotonic()
                kept = {**self._rows, **found}
                yield [row for _, row in kept.values()]
        self._rows = found
        yield [row for _, row in found.values()]
