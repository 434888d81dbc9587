"""The writing handle of a run: one process at a time, nothing lost but the record in flight."""

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from numpy.typing import NDArray

from collapse_tui.events import Generation
from collapse_tui.storage import layout as names
from collapse_tui.storage.checkpoints import Checkpoints
from collapse_tui.storage.create import Newborn, appearing
from collapse_tui.storage.files import SyncClock, dump_json, load_json, replace_file, storing
from collapse_tui.storage.fork_copy import copy_until
from collapse_tui.storage.layout import Layout, new_layout, read_layout, require_run
from collapse_tui.storage.lock import Lock
from collapse_tui.storage.records import Records, lay_out_values
from collapse_tui.storage.saved import SavedRun

State = Literal["running", "paused", "finished", "failed", "interrupted"]


class RunFolder:
    """A run being written; use `create`, `open` or `fork`.

    Attributes
    ----------
    path : Path
        Absolute.
    layout : Layout
        Metric names and replicates.
    """

    def __init__(self, path: Path, lock: Lock, keep: int) -> None:
        self.path: Path = path
        self.layout: Layout = read_layout(path)
        self._lock: Lock = lock
        self._records: Records = Records(path, self.layout)
        self._checkpoints: Checkpoints = Checkpoints(path / names.STATE, keep)
        self._checkpoints.discard_after(self.last)
        self._checkpoints.tidy()
        self._record_clock: SyncClock = SyncClock()
        self._state_clock: SyncClock = SyncClock()
        self._is_open: bool = True

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
            What provenance.json says beside the storage's own table.
        metric_names : sequence of str
            What every record will hold.
        replicates : int
            R; above 100 their values go to metrics/<name>.f64.
        keep : int
            Newest checkpoints to keep, beside the first.
        """
        layout = new_layout(metric_names, replicates)

        def fill(newborn: Newborn) -> None:
            lay_out_values(newborn.folder, layout)
            (newborn.folder / names.RECORDS).touch()

        return cls._born(path, experiment, {**provenance, **layout.described()}, fill, keep)

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
        described = read_layout(parent.path).described()

        def fill(newborn: Newborn) -> None:
            copy_until(parent, generation, newborn.folder)

        return cls._born(path, experiment, {**provenance, **described}, fill, keep)

    @classmethod
    def _born(
        cls,
        path: Path,
        experiment: str,
        provenance: Mapping[str, object],
        fill: Callable[[Newborn], None],
        keep: int,
    ) -> Self:
        path = Path(os.path.realpath(path.expanduser()))
        with appearing(path) as newborn:
            folder = newborn.folder
            fill(newborn)
            replace_file(folder / names.EXPERIMENT, experiment.encode(), durable=True)
            replace_file(folder / names.PROVENANCE, dump_json(provenance), durable=True)
            _write_status(folder, "running", "", {})
            return_lock = newborn.lock
        return cls._holding(path, return_lock, keep)

    @classmethod
    def open(cls, path: Path, *, keep: int = 3) -> Self:
        """Return an existing run, locked and cut back to its last complete record."""
        path = Path(os.path.realpath(path.expanduser()))
        require_run(path)
        with storing(path, exit_code=2):
            lock = Lock.acquire(path)
        return cls._holding(path, lock, keep)

    @classmethod
    def _holding(cls, path: Path, lock: Lock, keep: int) -> Self:
        try:
            with storing(path, exit_code=2):
                return cls(path, lock, keep)
        except BaseException:
            lock.release()
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
        with storing(self.path):
            self._records.append(generation, seconds)
            if self._record_clock.due():
                self._records.sync()

    def matches(self, generation: Generation) -> bool:
        """Return whether the stored record equals this one byte for byte."""
        return self._records.matches(generation)

    def lines(self, start: int = 0) -> Iterator[bytes]:
        """Yield the lines of metrics.jsonl from record `start` on, with their newlines."""
        return self._records.lines(start)

    def truncate(self, generation: int) -> None:
        """Discard the records and checkpoints after `generation`."""
        with storing(self.path):
            self._records.cut(min(generation, self.last))
            self._checkpoints.drop_partial()
            self._checkpoints.discard_after(generation)

    def checkpoint(self, generation: int, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Store the state after `generation`, complete or not at all.

        Parameters
        ----------
        generation : int
        arrays : dict of str to ndarray
            '/'-separated names. What begins with ``once/`` or ``weights/`` never changes and
            is written once per run; it must still be passed while it belongs to the state.
        """
        with storing(self.path):
            durable = self._state_clock.due()
            if durable:
                self._records.sync()
            self._checkpoints.save(generation, arrays, durable=durable)

    def keep_partial(self, generation: int, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Store what is finished of the step to `generation`."""
        with storing(self.path):
            self._checkpoints.save_partial(generation, arrays)

    def partial(self, generation: int) -> dict[str, NDArray[Any]] | None:
        """Return what is finished of the step to `generation`, None if nothing is."""
        return self._checkpoints.load_partial(generation)

    @property
    def flight(self) -> int:
        """Generation of the step of which something is stored, -1 without one."""
        return self._checkpoints.flight

    def drop_partial(self) -> None:
        """Forget the step in flight."""
        with storing(self.path):
            self._checkpoints.drop_partial()

    def checkpoints(self) -> list[int]:
        """Return the generations of which there is a checkpoint, ascending."""
        return self._checkpoints.generations()

    def load(self, generation: int) -> dict[str, NDArray[Any]]:
        """Return the arrays of a checkpoint, every checksum verified."""
        return self._checkpoints.load(generation)

    def amend(self, experiment: str) -> None:
        """Replace experiment.toml; it survives power loss when this returns."""
        with storing(self.path):
            replace_file(self.path / names.EXPERIMENT, experiment.encode(), durable=True)

    def status(self, state: State, reason: str = "", **more: object) -> None:
        """Replace status.json."""
        with storing(self.path):
            _write_status(self.path, state, reason, more)

    def update_provenance(self, **more: object) -> None:
        """Set keys of provenance.json; the others stay."""
        path = self.path / names.PROVENANCE
        with storing(self.path):
            replace_file(path, dump_json({**load_json(path), **more}), durable=True)

    def close(self) -> None:
        """Make everything survive power loss and let others write; idempotent."""
        if not self._is_open:
            return
        self._is_open = False
        try:
            with storing(self.path):
                self._records.sync()
        finally:
            self._records.close()
            self._lock.release()

    def __enter__(self) -> Self:
        """Return the folder itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close."""
        self.close()


def _write_status(folder: Path, state: State, reason: str, more: Mapping[str, object]) -> None:
    status = {"state": state, "reason": reason, "changed": time.time(), **more}
    replace_file(folder / names.STATUS, dump_json(status))
