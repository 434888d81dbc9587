"""Reading a run without its lock, also while it is being written."""

import math
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import numpy as np

from collapse_tui.events import Generation
from collapse_tui.experiment.toml_text import parse_toml
from collapse_tui.shell_word import to_shell_word
from collapse_tui.storage import file_names as names
from collapse_tui.storage.checkpoints import Checkpoints
from collapse_tui.storage.checksums import read_identity
from collapse_tui.storage.encoding import encode_record, encode_row
from collapse_tui.storage.errors import (
    DamagedRunError,
    LostChecksumsError,
    MissingRecordError,
    missing_file,
    way_without,
)
from collapse_tui.storage.jsonl import LineFile
from collapse_tui.storage.layout import RecordLayout, read_layout, require_run
from collapse_tui.storage.lock import is_held, require_unlocked
from collapse_tui.storage.run_directory import RunDirectory
from collapse_tui.storage.theory_file import StateAverages, read_states
from collapse_tui.storage.verification import (
    TableDamage,
    find_changed_provenance,
    require_experiment,
    require_file,
    require_identity,
    require_whole_tables,
)
from collapse_tui.storage.view_file import ViewReader
from engines.arrays import FloatArray
from engines.views.strip import STRIP_ARRAYS
from engines.views.view import View

LAST_YEAR = 2.5e11
"""Seconds from 1970 to the last year that dates can have."""
STATISTICS = ("n", "mean", "var", "q05", "q25", "q50", "q75", "q95")


class SavedRun:
    """A stored run; each call reads the records that are complete at that moment.

    Attributes
    ----------
    path : Path
        Absolute.
    directory : RunDirectory
        Its files.
    """

    def __init__(self, path: Path) -> None:
        self.path: Path = path
        self.directory: RunDirectory = RunDirectory(path)
        self._lines: LineFile = LineFile(self.directory, names.RECORDS)
        self._views: ViewReader = ViewReader(self.directory)

    @classmethod
    def open(cls, path: Path) -> Self:
        """Return the run in folder `path`; an error says why there is none."""
        path = path.expanduser().resolve()
        require_run(path)
        return cls(path)

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.path.name

    @cached_property
    def layout(self) -> RecordLayout:
        """Metric names and replicates."""
        return read_layout(self.directory)

    @property
    def metric_names(self) -> tuple[str, ...]:
        """What every record holds."""
        return self.layout.metric_names

    @property
    def experiment_text(self) -> str:
        """experiment.toml."""
        path = self.path / names.EXPERIMENT
        try:
            return self.directory.read(names.EXPERIMENT).decode()
        except FileNotFoundError:
            raise missing_file(path) from None
        except (OSError, UnicodeDecodeError) as error:
            raise DamagedRunError(
                f"{path} cannot be read ({error}): {way_without(path)}"
            ) from error

    @property
    def document(self) -> dict[str, Any]:
        """The content of experiment.toml; what cannot be parsed is an InvalidExperimentError."""
        return parse_toml(self.experiment_text, str(self.path / names.EXPERIMENT))

    @property
    def provenance(self) -> dict[str, object]:
        """provenance.json."""
        return self.directory.read_json(names.PROVENANCE)

    @property
    def status(self) -> dict[str, object]:
        """status.json; its state is "killed" if it says running but no process writes.

        A garbled file is the state "unknown", so that a list of runs does not fail on one.
        """
        try:
            status = self.directory.read_json(names.STATUS)
        except DamagedRunError as error:
            return {"state": "unknown", "reason": str(error)}
        if status.get("state") == "running" and not is_held(self.directory):
            # it may have ended in order between the two looks
            status = self.directory.read_json(names.STATUS)
            if status.get("state") == "running":
                status["state"] = "killed"
        return status

    @property
    def state(self) -> str:
        """The state alone: running, paused, finished, failed, interrupted, killed, unknown."""
        return str(self.status.get("state", "unknown"))

    @property
    def changed_at(self) -> float:
        """When the status was last set, in seconds since 1970."""
        try:
            changed = float(str(self.directory.read_json(names.STATUS)["changed"]))
        except (DamagedRunError, KeyError, ValueError, OSError):
            changed = math.nan
        # a time that no calendar has is no time
        return changed if 0 <= changed < LAST_YEAR else self.path.stat().st_mtime

    @property
    def last(self) -> int:
        """Generation of the last complete record, -1 if there is none."""
        return self._lines.last_generation()

    @property
    def count(self) -> int:
        """Complete lines of metrics.jsonl, whatever they hold; DamagedRunError without the file."""
        require_file(self.directory, names.RECORDS)
        return len(self._lines)

    @property
    def checkpoints(self) -> Checkpoints:
        """The checkpoints as they are now, to be read only."""
        return Checkpoints(self.directory, identity=read_identity(self.directory))

    @property
    def last_of_values(self) -> float:
        """Last generation with the values of all replicates; infinite where lines hold them."""
        sizes = map(self.directory.size, self.layout.value_files.values())
        return min(((size or 0) // self.layout.row - 1 for size in sizes), default=math.inf)

    @property
    def theory_states(self) -> dict[int, StateAverages]:
        """What theory starts anew from: generation → averages of its state."""
        return read_states(self.directory)

    @property
    def state_bytes(self) -> int:
        """What the checkpoints take on disk, which later ones take the place of."""
        folders = (folder for folder in names.FOLDERS if folder.startswith(names.STATE))
        found = (name for folder in folders for name in self.directory.names(folder))
        return sum(self.directory.size(name) or 0 for name in found if names.is_own_name(name))

    def require_unlocked(self) -> None:
        """Raise RunLockedError if a living process writes the run."""
        require_unlocked(self.directory)

    def verify(self, *, values: bool = True) -> tuple[TableDamage, ...]:
        """Raise DamagedRunError if records were changed, or the files are not of one run.

        What a writer may be changing at this moment is looked at twice.

        Parameters
        ----------
        values : bool
            As in `require_whole_tables`.

        Returns
        -------
        tuple of TableDamage
            Of the tables that are not needed.
        """
        require_identity(self.directory)
        return self._verify_tables(values=values)

    def verify_records(
        self, *, values: bool = False, among: Sequence[int] | None = None
    ) -> tuple[str, ...]:
        """Raise DamagedRunError if the records cannot be relied on.

        Parameters
        ----------
        values : bool
            As in `require_whole_tables`.
        among : sequence of int or None
            The records that are needed, ascending; None for all.

        Returns
        -------
        tuple of str
            What is wrong with the files beside them, one sentence each.
        """
        try:
            identity = require_identity(self.directory, experiment=False)
            spared = self._verify_tables(values=values, among=among)
        except LostChecksumsError as lost:
            require_file(self.directory, names.RECORDS)
            return (f"whether the records were changed cannot be told: {lost}",)
        changed = find_changed_provenance(self.directory, identity)
        notes = [damage.message(self.directory) for damage in spared if not damage.short]
        return (*notes, changed) if changed else tuple(notes)

    def _verify_tables(
        self, *, values: bool, among: Sequence[int] | None = None
    ) -> tuple[TableDamage, ...]:
        try:
            return require_whole_tables(self.directory, values=values, among=among)
        except LostChecksumsError:
            raise
        except DamagedRunError:
            # it may have been written meanwhile; if not, what is whole is said of all records
            return require_whole_tables(self.directory, values=values)

    def verify_experiment(self) -> None:
        """Raise DamagedRunError if experiment.toml is not what the run was computed with."""
        # without the table of checksums it cannot be told, which `verify_records` says
        with suppress(LostChecksumsError):
            require_experiment(self.directory, read_identity(self.directory))

    def lines(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """Yield the lines of metrics.jsonl with their newlines, `start` up to before `stop`."""
        return self._lines.lines(start, stop)

    def records(self, start: int = 0, stop: int | None = None) -> Iterator[dict[str, Any]]:
        """Yield records `start` up to before `stop` as objects."""
        for number, line in enumerate(self._lines.lines(start, stop), start):
            yield self._lines.parse(line, number)

    def record(self, generation: int) -> dict[str, Any]:
        """Return one record as an object."""
        found = next(self._lines.pick([generation]), None)
        if found is None:
            raise MissingRecordError(
                f"{self.path} holds records 0 to {self.last}, got {generation}"
            )
        return found

    def pick(self, generations: Iterable[int]) -> Iterator[dict[str, Any]]:
        """Yield some records, ascending, as objects, without reading those in between."""
        return self._lines.pick(generations)

    def matches(self, generation: Generation) -> bool:
        """Return whether the stored record equals this one byte for byte."""
        number, replicates = generation.generation, self.layout.replicates
        if next(self.lines(number, number + 1), b"") != encode_record(generation, replicates):
            return False
        return not self.layout.separate or all(
            encode_row(values) == encode_row(self.values(metric, number, number + 1))
            for metric, values in generation.metrics.items()
        )

    def values(self, metric: str, start: int = 0, stop: int | None = None) -> FloatArray:
        """Return one metric of every replicate.

        Parameters
        ----------
        metric : str
        start, stop : int
            Records to read: `start` up to before `stop`.

        Returns
        -------
        ndarray, shape (records, R)
            NaN where undefined; up to 100 replicates also where infinite (flags say which).
        """
        if metric not in self.metric_names:
            known = ", ".join(self.metric_names)
            raise MissingRecordError(f"metric must be one of {known}, got {metric!r}")
        replicates = self.layout.replicates
        if not self.layout.separate:
            rows = [record["metrics"][metric] for record in self.records(start, stop)]
            return np.array(rows, dtype=np.float64).reshape(-1, replicates)
        count = self.last + 1
        stop = count if stop is None else min(stop, count)
        name = self.layout.value_files[metric]
        path = self.path / name
        size = max(stop - start, 0) * replicates
        try:
            with self.directory.open_to_read(name) as file:
                values = np.fromfile(file, "<f8", size, offset=start * self.layout.row)
        except FileNotFoundError:
            require_file(self.directory, name)
            raise
        if values.size != size:
            raise DamagedRunError(
                f"{path} holds {start * replicates + values.size} numbers, not {stop * replicates};"
                f" `collapse-tui resume {to_shell_word(str(self.path))}` computes them again"
            )
        return values.reshape(-1, replicates)

    def columns(
        self, start: int, stop: int, records: Sequence[dict[str, Any]] | None = None
    ) -> dict[str, FloatArray]:
        """Return metric → values of every replicate, shape (records, R) each, as `values` does.

        Parameters
        ----------
        start, stop : int
            Records to read: `start` up to before `stop`.
        records : sequence of dict, or None
            These records, where they have been read already.
        """
        if self.layout.separate:
            return {metric: self.values(metric, start, stop) for metric in self.metric_names}
        rows = [record["metrics"] for record in records or self.records(start, stop)]
        return {
            metric: np.array([row[metric] for row in rows], np.float64).reshape(
                len(rows), self.layout.replicates
            )
            for metric in self.metric_names
        }

    def summaries(
        self, start: int = 0, stop: int | None = None
    ) -> dict[str, dict[str, FloatArray]]:
        """Return metric → statistic → values by record, shape (records,), NaN for null."""
        return summaries_of(self.records(start, stop), self.metric_names)

    def timings(self) -> Iterator[dict[str, Any]]:
        """Yield the lines of timing.jsonl as objects: generation, seconds, at."""
        timing = LineFile(self.directory, names.TIMING)
        return (timing.parse(line, number) for number, line in enumerate(timing.lines()))

    def view(self, generation: int) -> View | None:
        """Return what the screen shows of one record, None if nothing was stored."""
        return self._views.read(generation)

    def strips(self, generations: Iterable[int]) -> Iterator[tuple[int, View]]:
        """Yield the views of some generations, ascending, that are stored: their strips alone."""
        return self._views.pick(generations, STRIP_ARRAYS)


def summaries_of(
    records: Iterable[dict[str, Any]], metric_names: Sequence[str]
) -> dict[str, dict[str, FloatArray]]:
    """Return metric → statistic → values by record, shape (records,), NaN for null."""
    rows = [record["summary"] for record in records]
    return {
        metric: {
            statistic: np.array([row[metric].get(statistic) for row in rows], np.float64)
            for statistic in STATISTICS
        }
        for metric in metric_names
    }
