"""The tables of a run: one row a generation in every file, cut to the last complete one.

A record is complete once its line of metrics.jsonl is, which is therefore written last.
"""

import time
from contextlib import ExitStack, closing

from collapse_tui.events import Generation
from collapse_tui.storage.appender import NOTHING, Appender
from collapse_tui.storage.checksums import Block
from collapse_tui.storage.encoding import encode_line, encode_record, encode_row
from collapse_tui.storage.errors import GarbledLineError
from collapse_tui.storage.file_names import RECORDS, TIMING, VALUES
from collapse_tui.storage.jsonl import LineFile
from collapse_tui.storage.layout import RecordLayout
from collapse_tui.storage.run_directory import RunDirectory
from collapse_tui.storage.verification import require_file
from collapse_tui.storage.view_file import ViewWriter


class Records:
    """Appends records; opening cuts what a kill left after the last complete one.

    Attributes
    ----------
    last : int
        Generation of the last complete record, -1 if there is none.
    notes : list of str
        What was found incomplete, each in one sentence.

    Parameters
    ----------
    directory : RunDirectory
    layout : RecordLayout
    until : int or None
        Cut what is after this generation, whatever it holds.
    """

    def __init__(
        self, directory: RunDirectory, layout: RecordLayout, until: int | None = None
    ) -> None:
        self._directory: RunDirectory = directory
        self._layout: RecordLayout = layout
        self._index: LineFile = LineFile(directory, RECORDS)
        self.last: int = -1
        self.notes: list[str] = []
        with ExitStack() as on_error:
            self._values: dict[str, Appender] = {
                metric: _open_values(directory, name, on_error)
                for metric, name in layout.value_files.items()
            }
            self._views: ViewWriter = on_error.enter_context(closing(ViewWriter(directory)))
            self._timing: Appender = on_error.enter_context(closing(Appender(directory, TIMING)))
            self._lines: Appender = on_error.enter_context(closing(Appender(directory, RECORDS)))
            self._files = (*self._values.values(), self._timing, self._lines, *self._views.files)
            self.cut(self._last_complete(until))
            on_error.pop_all()

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
        of_views = self._views.cut(generation)
        timing = LineFile(self._directory, TIMING)
        count, fault = timing.count_whole(generation + 1)
        self._timing.cut(timing.offset(count))
        self.last = generation
        for found in filter(None, (fault, of_views)):
            self.notes.append(f"{found}; no number needs it, its lines from there on are dropped")

    def begin_block(self, before: Block | None) -> None:
        """Say after which block the records are in none yet."""
        for file in self._files:
            file.begin_block(before.files.get(file.name, NOTHING).end if before else 0)

    @property
    def unchecked(self) -> int:
        """Bytes of the lines that are in no block yet."""
        return self._lines.size - self._lines.block_start

    def block(self) -> Block:
        """Return the records since the last block as a block; the next one begins after it."""
        block = Block(self.last, {file.name: file.extent() for file in self._files})
        self.begin_block(block)
        return block

    def sync(self) -> None:
        """Make the records survive power loss."""
        for file in self._files:
            file.sync()

    def close(self) -> None:
        """Close the files."""
        for file in self._files:
            file.close()

    def _last_complete(self, until: int | None) -> int:
        lines = len(self._index)
        wanted = lines if until is None else min(lines, until + 1)
        # after power loss the line may have reached the disk without its row
        rows = [file.size // self._layout.row for file in self._values.values()]
        count = min([wanted, *rows])
        if count and (found := self._index.load(count - 1)["generation"]) != count - 1:
            fault = f"{self._index.path}, line {count}: must be generation {count - 1}, got {found}"
            raise GarbledLineError(fault, self._directory.path)
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


def _open_values(directory: RunDirectory, name: str, on_error: ExitStack) -> Appender:
    require_file(directory, name)
    return on_error.enter_context(closing(Appender(directory, name)))


def create_tables(directory: RunDirectory, layout: RecordLayout) -> None:
    """Make the empty files that a run has before its first record."""
    directory.create(RECORDS)
    if layout.separate:
        directory.make_folder(VALUES)
    for name in layout.value_files.values():
        directory.create(name)
