"""A run being written: by one process at a time; a kill loses at most the record in flight."""

import os
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, closing
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal, Self
from uuid import uuid4

from numpy.typing import NDArray

from collapse_tui.events import Generation
from collapse_tui.storage import file_names as names
from collapse_tui.storage.checkpoints import Checkpoints
from collapse_tui.storage.checksums import (
    ChecksumTable,
    Identity,
    create_table,
    read_blocks,
    read_identity,
)
from collapse_tui.storage.create import new_folder
from collapse_tui.storage.errors import DamagedRunError, StorageError
from collapse_tui.storage.files import SyncClock, dump_json, translate_os_errors
from collapse_tui.storage.fork_copy import copy_until
from collapse_tui.storage.jsonl import LineFile
from collapse_tui.storage.layout import RecordLayout, new_layout, read_layout, require_run
from collapse_tui.storage.lock import RunLock, acquire_lock
from collapse_tui.storage.records import Records, create_tables
from collapse_tui.storage.run_directory import RunDirectory
from collapse_tui.storage.saved import SavedRun
from collapse_tui.storage.verification import RUN_KEY, require_identity, require_whole_tables

_BLOCK = 1 << 20
"""Bytes of lines after which a block of records is closed, however quick they are."""
_ADOPTED = (
    "the records 0 to {} were stored without checksums, by an earlier version: they are taken as"
    " they are, and have checksums from now on"
)

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
    notes : tuple of str
        What the user should know of the folder, each in one sentence.
    """

    def __init__(self, directory: RunDirectory, lock: RunLock, keep: int) -> None:
        self.path: Path = directory.path
        self._directory: RunDirectory = directory
        self.layout: RecordLayout = read_layout(directory)
        self._lock: RunLock = lock
        lock.move_to(directory)
        self.notes: tuple[str, ...] = (lock.note,) if lock.note else ()
        identity = read_identity(directory)
        self.checkpoints = Checkpoints(directory, keep, identity)
        with ExitStack() as on_error:
            self._records: Records = on_error.enter_context(
                closing(Records(directory, self.layout))
            )
            self._checksums = on_error.enter_context(closing(ChecksumTable(directory)))
            self._settle(identity)
            on_error.pop_all()
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

        def fill(directory: RunDirectory, _run: str) -> None:
            create_tables(directory, layout)

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
        fill: Callable[[RunDirectory, str], None],
        keep: int,
    ) -> Self:
        path = Path(os.path.realpath(path.expanduser()))
        run = uuid4().hex
        with new_folder(path) as (directory, lock):
            fill(directory, run)
            create_table(directory, run, experiment.encode())
            directory.replace(names.EXPERIMENT, experiment.encode(), durable=True)
            named = {**provenance, RUN_KEY: run}
            directory.replace(names.PROVENANCE, dump_json(named), durable=True)
            _write_status(directory, "running", "", {})
        with translate_os_errors(path, exit_code=2), ExitStack() as on_error:
            on_error.callback(lock.close)
            folder = cls(RunDirectory(path), lock, keep)
            on_error.pop_all()
            return folder

    @classmethod
    def open(cls, path: Path, *, keep: int = 3, from_generation: int | None = None) -> Self:
        """Return an existing run, locked, verified and cut back to its last complete record.

        Parameters
        ----------
        path : Path
        keep : int
            As in `create`.
        from_generation : int or None
            Discard the records after this one, which then need not be whole.
        """
        path = Path(os.path.realpath(path.expanduser()))
        require_run(path)
        directory = RunDirectory(path)
        with translate_os_errors(path, exit_code=2), ExitStack() as on_error:
            lock = on_error.enter_context(acquire_lock(directory))
            is_new = _verify(directory, from_generation)
            folder = on_error.enter_context(closing(cls(directory, lock, keep)))
            if from_generation is not None:
                folder.truncate(from_generation)
                folder.checkpoints.delete_damaged()
            if is_new and folder.last >= 0:
                folder.notes = (*folder.notes, _ADOPTED.format(folder.last))
            on_error.pop_all()
            return folder

    def _settle(self, identity: Identity) -> None:
        """Bring checkpoints and checksums to the last complete record and to the experiment."""
        self.checkpoints.discard_after(self.last)
        self.checkpoints.delete_leftovers()
        before = self._checksums.rewind(self.last)
        self._records.begin_block(before)
        text = self._directory.read(names.EXPERIMENT)
        if len(identity.current) > 1:
            self._checksums.confirm_experiment(text, self.last + 1)
        self.checkpoints.set_experiment(sha256(text).hexdigest())
        if before is None and self.last >= 0:
            self._close_block()

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
            due = self._record_clock.due()
            if due:
                self._directory.require_unmoved()
                self._records.sync()
            # the first for itself: a run must not depend on one block for all that it holds
            if due or self.last == 0 or self._records.unchecked > _BLOCK:
                self._close_block()

    def matches(self, generation: Generation) -> bool:
        """Return whether the stored record equals this one byte for byte."""
        return self._records.matches(generation)

    def truncate(self, generation: int) -> None:
        """Discard the records and checkpoints after `generation`."""
        with translate_os_errors(self.path):
            last = min(generation, self.last)
            # the checksums first: a kill in between leaves records without them
            before = self._checksums.rewind(last)
            self._records.cut(last)
            self._records.begin_block(before)
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
            text, start = experiment.encode(), self.last + 1
            self._checksums.announce_experiment(text, start)
            self._checksums.sync()
            self._directory.replace(names.EXPERIMENT, text, durable=True)
            self._checksums.confirm_experiment(text, start)
            self.checkpoints.set_experiment(sha256(text).hexdigest())

    def set_status(self, state: Status, reason: str = "", **more: object) -> None:
        """Replace status.json."""
        with translate_os_errors(self.path):
            _write_status(self._directory, state, reason, more)

    @property
    def state(self) -> str:
        """The state that was last stored, whether or not its process lives."""
        try:
            return str(self._directory.read_json(names.STATUS).get("state", "unknown"))
        except DamagedRunError:
            return "unknown"

    def is_in_place(self) -> bool:
        """Return whether the folder is still where it was, and not another under its name."""
        try:
            self._directory.require_unmoved()
        except (OSError, StorageError):
            return False
        return True

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
                if self._records.unchecked:
                    self._close_block()
                self._checksums.sync()
        finally:
            self.abandon()

    def abandon(self) -> None:
        """Let others write, and store nothing more; idempotent."""
        self._checksums.close()
        self._records.close()
        self._lock.close()

    def _close_block(self) -> None:
        self._checksums.add(self._records.block())

    def __enter__(self) -> Self:
        """Return the folder itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the folder."""
        self.close()


def _verify(directory: RunDirectory, from_generation: int | None) -> bool:
    """Verify what a run says of itself; return whether it had no checksums and has them now."""
    document = directory.read_json(names.PROVENANCE)
    named = str(document.get(RUN_KEY, ""))
    # a kill during the adoption leaves a table without blocks that provenance.json does not name
    is_old = not named and next(read_blocks(directory), None) is None
    is_lost = not directory.exists(names.CHECKSUMS) and from_generation is not None
    if is_old or is_lost:
        run, last = named or uuid4().hex, len(LineFile(directory, names.RECORDS)) - 1
        create_table(directory, run, directory.read(names.EXPERIMENT), adopted=last)
        changed = dump_json({**document, RUN_KEY: run})
        directory.replace(names.PROVENANCE, changed, durable=True)
        return True
    require_identity(directory)
    require_whole_tables(directory, from_generation)
    return False


def _write_status(
    directory: RunDirectory, state: Status, reason: str, more: Mapping[str, object]
) -> None:
    status = {"state": state, "reason": reason, "changed": time.time(), **more}
    directory.replace(names.STATUS, dump_json(status))
