"""The tables of a run: one row a generation in every file, cut to the last complete one.

A record is complete once its line of metrics.jsonl is, which is therefore written last.
"""

import time
from pathlib import Path

from collapse_tui.events import Generation
from collapse_tui.storage.encoding import encode_line, encode_record, encode_row
from collapse_tui.storage.errors import DamagedRunError, missing_file
from collapse_tui.storage.files import Appender
from collapse_tui.storage.jsonl import LineFile
from collapse_tui.storage.layout import RECORDS, TIMING, VALUES, VIEWS, RecordLayout
from collapse_tui.storage.view_file import ViewWriter


class Records:
    """Appends records; opening cuts what a kill left after the last complete one.

    Attributes
    ----------
    last : int
        Generation of the last complete record, -1 if there is none.
    """

    def __init__(self, folder: Path, layout: RecordLayout) -> None:
        self._folder: Path = folder
        self._layout: RecordLayout = layout
        self._values: dict[str, Appender] = _open_values(folder, layout)
        self._views: ViewWriter = ViewWriter(folder / VIEWS)
        self._timing: Appender = Appender(folder / TIMING)
        self._lines: Appender = Appender(folder / RECORDS)
        self._files = (*self._values.values(), self._timing, self._lines, *self._views.files)
        self._index: LineFile = LineFile(folder / RECORDS)
        self.last: int = -1
        try:
            self.cut(self._last_complete())
        except BaseException:
            self.close()
            raise

    def append(self, generation: Generation, seconds: float | None) -> None:
        """Store the next record; if that fails, what is written of it is cut."""
        number = generation.generation
        if number != self.last + 1:
            raise ValueError(f"the next record must be {self.last + 1}, got {number}")
        self._check_metrics(generation)
        try:
            for name, file in self._values.items():
                file.write(encode_row(generation.metrics[name]))
            if generation.view is not None:
                self._views.append(number, generation.view)
            clock = {"generation": number, "seconds": seconds, "at": round(time.time(), 6)}
            self._timing.write(encode_line(clock))
            self._lines.write(encode_record(generation, self._layout.replicates))
        except BaseException:
            self.cut(self.last)
            raise
        self.last = number

    def matches(self, generation: Generation) -> bool:
        """Return whether the stored record has the same bytes as this one would have."""
        self._check_metrics(generation)
        number = generation.generation
        if not 0 <= number <= self.last:
            return False
        start = self._index.offset(number)
        stored = self._lines.read(start, self._index.offset(number + 1) - start)
        if stored != encode_record(generation, self._layout.replicates):
            return False
        width = self._layout.row
        return all(
            file.read(number * width, width) == encode_row(generation.metrics[name])
            for name, file in self._values.items()
        )

    def cut(self, generation: int) -> None:
        """Discard everything after `generation`."""
        # the line first: a kill in between leaves only what the next opening cuts anyway
        self._lines.cut(self._index.offset(generation + 1))
        self._index.reset()
        for file in self._values.values():
            file.cut((generation + 1) * self._layout.row)
        self._views.cut(generation)
        timing = LineFile(self._timing.path)
        self._timing.cut(timing.offset(timing.count_before(generation + 1)))
        self.last = generation

    def sync(self) -> None:
        """Make the records survive power loss."""
        for file in self._files:
            file.sync()

    def close(self) -> None:
        """Close the files."""
        for file in self._files:
            file.close()

    def _last_complete(self) -> int:
        # after power loss the line may have reached the disk without its row
        rows = [file.size // self._layout.row for file in self._values.values()]
        count = min([len(self._index), *rows])
        if count and (found := self._index.load(count - 1)["generation"]) != count - 1:
            raise DamagedRunError(
                f"{self._lines.path}, line {count}: must be generation {count - 1}, got {found}"
            )
        return count - 1

    def _check_metrics(self, generation: Generation) -> None:
        names, replicates = self._layout
        if set(generation.metrics) != set(names):
            raise ValueError(
                f"a record must hold the metrics {names}, got {tuple(generation.metrics)}"
            )
        for name, values in generation.metrics.items():
            if values.shape != (replicates,):
                raise ValueError(f"{name} must have shape ({replicates},), got {values.shape}")


def _open_values(folder: Path, layout: RecordLayout) -> dict[str, Appender]:
    if not layout.separate:
        return {}
    paths = {name: layout.value_path(folder, name) for name in layout.metric_names}
    for path in paths.values():
        if not path.exists():
            raise missing_file(path)
    return {name: Appender(path) for name, path in paths.items()}


def create_tables(folder: Path, layout: RecordLayout) -> None:
    """Make the empty files that a run has before its first record."""
    (folder / RECORDS).touch()
    if layout.separate:
        (folder / VALUES).mkdir()
        for name in layout.metric_names:
            layout.value_path(folder, name).touch()
