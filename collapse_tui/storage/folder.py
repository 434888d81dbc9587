"""A run being written: by one process at a time; a kill loses at most the record in flight."""

import os
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Literal, Self

from numpy.typing import NDArray

from collapse_tui.events import Generation
from collapse_tui.storage import file_names as names
from collapse_tui.storage.checkpoints import Checkpoints
from collapse_tui.storage.create import new_folder
from collapse_tui.storage.files import SyncClock, dump_json, translate_os_errors
from collapse_tui.storage.fork_copy import copy_until
from collapse_tui.storage.layout import RecordLayout, new_layout, read_layout, require_run
from collapse_tui.storage.lock import RunLock, acquire_lock
from collapse_tui.storage.records import Records, create_tables
from collapse_tui.storage.run_directory import RunDirectory
from collapse_tui.storage.saved import SavedRun

Status = Literal["running", "paused", "finished", "failed", "interrupted"]


class RunFolder:
    """A run being written; use `create`, `open` or `fork`.

    Attributes
    ----------
    path : Path
        Absolute.
    layout : RecordLayout
        Metric names and replicates.
    checkpoints : Checkpoints
        To be read; what writes them is a method of the folder.
    """

    def __init__(self, directory: RunDirectory, lock: RunLock, keep: int) -> None:
        self.path: Path = directory.path
        self._directory: RunDirectory = directory
        self.layout: RecordLayout = read_layout(directory)
        self._lock: RunLock = lock
        self.checkpoints = Checkpoints(directory, keep)
        self._records: Records = Records(directory, self.layout)
        try:
            self.checkpoints.discard_after(self.last)
            self.checkpoints.delete_leftovers()
        except BaseException:
            self._records.close()
            raise
        self._record_clock: SyncClock = SyncClock()
        self._state_clock: SyncClock = SyncClock()

    @classmethod
    def create(
        cls,
        path: Path,
        *,
        experiment: str,
        provenance: Mapping[str, object],
        metric_names: Sequence[str],
        replicates: int,
        keep: int = 3,
    ) -> Self:
        """Return a new, empty run, locked and with the status running.

        Parameters
        ----------
        path : Path
            Absent or an empty folder; folders above it are made.
        experiment : str
            The resolved TOML.
        provenance : mapping
            The content of provenance.json without the table of the storage.
        metric_names : sequence of str
            What every record will hold.
        replicates : int
            R; above 100 their values go to metrics/<name>.f64.
        keep : int
            Newest checkpoints to keep, beside the first.
        """
        layout = new_layout(metric_names, replicates)
        fill = partial(create_tables, layout=layout)
        return cls._create(path, experiment, {**provenance, **layout.to_provenance()}, fill, keep)

    @classmethod
    def fork(
        cls,
        parent: SavedRun,
        path: Path,
        *,
        generation: int,
        experiment: str,
        provenance: Mapping[str, object],
        keep: int = 3,
    ) -> Self:
        """Return a new run that begins with the parent's records 0…`generation`.

        Its folder is complete in itself: records, values, views, timing and the
        checkpoints up to `generation` are copied.
        """
        layout = parent.layout.to_provenance()
        fill = partial(copy_until, parent, generation)
        return cls._create(path, experiment, {**provenance, **layout}, fill, keep)

    @classmethod
    def _create(
        cls,
        path: Path,
        experiment: str,
        provenance: Mapping[str, object],
        fill: Callable[[RunDirectory], None],
        keep: int,
    ) -> Self:
        path = Path(os.path.realpath(path.expanduser()))
        with new_folder(path) as (directory, lock):
            fill(directory)
            directory.replace(names.EXPERIMENT, experiment.encode(), durable=True)
            directory.replace(names.PROVENANCE, dump_json(provenance), durable=True)
            _write_status(directory, "running", "", {})
        with translate_os_errors(path, exit_code=2):
            return cls._open_locked(RunDirectory(path), lock, keep)

    @classmethod
    def open(cls, path: Path, *, keep: int = 3) -> Self:
        """Return an existing run, locked and cut back to its last complete record."""
        path = Path(os.path.realpath(path.expanduser()))
        require_run(path)
        directory = RunDirectory(path)
        with translate_os_errors(path, exit_code=2):
            return cls._open_locked(directory, acquire_lock(directory), keep)

    @classmethod
    def _open_locked(cls, directory: RunDirectory, lock: RunLock, keep: int) -> Self:
        try:
            return cls(directory, lock, keep)
        except BaseException:
            lock.close()
            raise

    @property
    def last(self) -> int:
        """Generation of the last complete record, -1 if there is none."""
        return self._records.last

    def append(self, generation: Generation, *, seconds: float | None) -> None:
        """Store the next record; a kill at any instant loses at most this one.

        Parameters
        ----------
        generation : Generation
            Number `last` + 1, with exactly the metrics of the layout.
        seconds : float or None
            What it took, for timing.jsonl.
        """
        with translate_os_errors(self.path):
            self._records.append(generation, seconds)
            if self._record_clock.due():
                self._records.sync()

    def matches(self, generation: Generation) -> bool:
        """Return whether the stored record equals this one byte for byte."""
        return self._records.matches(generation)

    def truncate(self, generation: int) -> None:
        """Discard the records and checkpoints after `generation`."""
        with translate_os_errors(self.path):
            self._records.cut(min(generation, self.last))
            self.checkpoints.delete_partial()
            self.checkpoints.discard_after(generation)

    def save_checkpoint(self, generation: int, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Store the state after `generation`, complete or not at all.

        Parameters
        ----------
        generation : int
        arrays : dict of str to ndarray
            '/'-separated names. What begins with ``once/`` or ``weights/`` never changes and
            is written once per run; it must still be passed while it belongs to the state.
        """
        with translate_os_errors(self.path):
            durable = self._state_clock.due()
            if durable:
                self._records.sync()
            self.checkpoints.save(generation, arrays, durable=durable)

    def save_partial(self, generation: int, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Store what is finished of the step to `generation`."""
        with translate_os_errors(self.path):
            self.checkpoints.save_partial(generation, arrays)

    def delete_partial(self) -> None:
        """Forget the step in flight."""
        with translate_os_errors(self.path):
            self.checkpoints.delete_partial()

    def replace_experiment(self, experiment: str) -> None:
        """Replace experiment.toml; it survives power loss when this returns."""
        with translate_os_errors(self.path):
            self._directory.replace(names.EXPERIMENT, experiment.encode(), durable=True)

    def set_status(self, state: Status, reason: str = "", **more: object) -> None:
        """Replace status.json."""
        with translate_os_errors(self.path):
            _write_status(self._directory, state, reason, more)

    def update_provenance(self, **more: object) -> None:
        """Set keys of provenance.json; the others stay."""
        with translate_os_errors(self.path):
            document = {**self._directory.read_json(names.PROVENANCE), **more}
            self._directory.replace(names.PROVENANCE, dump_json(document), durable=True)

    def close(self) -> None:
        """Make everything survive power loss and let others write; idempotent."""
        if self._lock.closed:
            return
        try:
            with translate_os_errors(self.path):
                self._records.sync()
        finally:
            self._records.close()
            self._lock.close()

    def __enter__(self) -> Self:
        """Return the folder itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the folder."""
        self.close()


def _write_status(
    directory: RunDirectory, state: Status, reason: str, more: Mapping[str, object]
) -> None:
    status = {"state": state, "reason": reason, "changed": time.time(), **more}
    directory.replace(names.STATUS, dump_json(status))
