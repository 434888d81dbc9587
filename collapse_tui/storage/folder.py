"""A run being written: by one process at a time; a kill loses at most the record in flight."""

import os
import time
from collections.abc import Callable, Collection, Mapping, Sequence
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
from collapse_tui.storage.checksums import ChecksumTable, Identity, create_table, read_identity
from collapse_tui.storage.create import new_folder
from collapse_tui.storage.errors import DamagedRunError, StorageError
from collapse_tui.storage.files import SyncClock, dump_json, translate_os_errors
from collapse_tui.storage.fork_copy import copy_until
from collapse_tui.storage.layout import RecordLayout, new_layout, read_layout, require_run
from collapse_tui.storage.lock import RunLock, acquire_lock
from collapse_tui.storage.records import Records, create_tables
from collapse_tui.storage.recovery import recover
from collapse_tui.storage.run_directory import RunDirectory
from collapse_tui.storage.saved import SavedRun
from collapse_tui.storage.theory_file import StateAverages, read_states, write_states
from collapse_tui.storage.verification import RUN_KEY, find_changed_provenance

_BLOCK = 1 << 20
"""Bytes of lines after which a block of records is closed, however quick they are."""
_LOST = "the records {} to {} were stored, and are gone: they are computed again"

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

    def __init__(
        self, directory: RunDirectory, lock: RunLock, keep: int, until: int | None = None
    ) -> None:
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
                closing(Records(directory, self.layout, until))
            )
            self.notes += tuple(self._records.notes)
            self._checksums = on_error.enter_context(closing(ChecksumTable(directory)))
            self._settle(identity, is_cut=until is not None)
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
    def fork(  # noqa: PLR0913 - all but the first two by keyword
        cls,
        parent: SavedRun,
        path: Path,
        *,
        generation: int,
        experiment: str,
        provenance: Mapping[str, object],
        keep: int = 3,
        without: Collection[str] = (),
    ) -> Self:
        """Return a new run that begins with the parent's records 0…`generation`.

        Its folder is complete in itself: records, values, views, timing and the
        checkpoints up to `generation` are copied, but for the tables `without` are damaged.
        """
        layout = parent.layout.to_provenance()
        fill = partial(copy_until, parent, generation, without=frozenset(without))
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
        facts = dump_json({**provenance, RUN_KEY: run})
        with new_folder(path) as (directory, lock):
            fill(directory, run)
            create_table(directory, run, experiment.encode(), facts)
            directory.replace(names.EXPERIMENT, experiment.encode(), durable=True)
            directory.replace(names.PROVENANCE, facts, durable=True)
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
        with translate_os_errors(path, exit_code=2, stored=path), ExitStack() as on_error:
            lock = on_error.enter_context(acquire_lock(directory))
            notes = recover(directory, from_generation)
            folder = on_error.enter_context(closing(cls(directory, lock, keep, from_generation)))
            if from_generation is not None:
                folder.truncate(from_generation)
                folder.checkpoints.delete_damaged()
            folder.notes += notes
            on_error.pop_all()
            return folder

    def _settle(self, identity: Identity, *, is_cut: bool) -> None:
        """Bring checkpoints and checksums to the last complete record and to the experiment."""
        self.checkpoints.discard_after(self.last)
        self.checkpoints.delete_leftovers()
        before = self._checksums.rewind(self.last)
        if self.last < self._checksums.reach and not is_cut:
            self.notes += (_LOST.format(self.last + 1, self._checksums.reach),)
        self._records.begin_block(before)
        text = self._directory.read(names.EXPERIMENT)
        if len(identity.current) > 1:
            self._checksums.confirm_experiment(text, self.last + 1)
        changed = find_changed_provenance(self._directory, identity)
        if changed:
            self.notes += (changed,)
            self._checksums.announce_provenance(self._directory.read(names.PROVENANCE))
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
            states = read_states(self._directory)
            write_states(self._directory, {n: states[n] for n in states if n <= generation})

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

    def theory_states(self) -> dict[int, StateAverages]:
        """Return what theory starts anew from: generation → averages of its state."""
        return read_states(self._directory)

    def save_theory_states(self, states: Mapping[int, StateAverages]) -> None:
        """Store what theory starts anew from, in place of what is stored."""
        with translate_os_errors(self.path):
            write_states(self._directory, states)

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
            document = dump_json({**self._directory.read_json(names.PROVENANCE), **more})
            self._checksums.announce_provenance(document)
            self._checksums.sync()
            self._directory.replace(names.PROVENANCE, document, durable=True)

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

    def delete(self) -> None:
        """Delete a run of which nothing is to be kept."""
        self.abandon()
        self._directory.delete_all()

    def _close_block(self) -> None:
        self._checksums.add(self._records.block())

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
