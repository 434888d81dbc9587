"""What of a run is damaged, what of it can still be had, and the command that heals it."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from collapse_tui.shell_word import to_shell_word
from collapse_tui.storage.checksums import read_blocks
from collapse_tui.storage.errors import StorageError
from collapse_tui.storage.file_names import CHECKSUMS, STATUS, VIEW_INDEX
from collapse_tui.storage.jsonl import LineFile
from collapse_tui.storage.saved import SavedRun
from collapse_tui.storage.verification import (
    find_changed_provenance,
    find_table_damage,
    require_identity,
)
from engines.errors import InvalidExperimentError

_UNCHECKED = (
    "an earlier version stored it without checksums: whether its records were changed cannot be"
    " told"
)


class Inspection(NamedTuple):
    """What was found in the folder of one run.

    Attributes
    ----------
    path : Path
    records : int
        How many there are.
    damages : tuple of str
        Each a sentence that names the file, and what to do; empty for a whole run.
    notes : tuple of str
        What is no damage, and is still worth knowing.
    """

    path: Path
    records: int
    damages: tuple[str, ...]
    notes: tuple[str, ...]


def inspect_run(path: Path) -> Inspection:
    """Read every file of a run and say what is damaged; nothing is written."""
    run = SavedRun.open(path)
    notes: list[str] = []
    damages: list[str] = []
    for find in (_documents, _records, _views, _checkpoints):
        try:
            damages += find(run)
        except (StorageError, OSError) as error:
            damages.append(str(error))
    if not run.directory.exists(CHECKSUMS):
        notes += [] if damages else [_UNCHECKED]
    elif not damages:
        notes += _find_unchecked(run)
    foreign = run.directory.foreign_names()
    if foreign:
        notes.append(f"{len(foreign)} of the names in it are not the run's, such as {foreign[0]}")
    try:
        records = run.last + 1
    except StorageError:
        records = 0  # it is among the damages
    return Inspection(run.path, records, tuple(dict.fromkeys(damages)), tuple(notes))


def _documents(run: SavedRun) -> Iterator[str]:
    try:
        run.document  # noqa: B018 - whether it can be read is what is asked
    except InvalidExperimentError as error:
        yield f"{error}; restore it"
    status = run.status
    if status.get("state") == "unknown":
        yield f"{status.get('reason', run.path / STATUS)}; {_resume(run)} writes it anew"
    identity = require_identity(run.directory)
    changed = find_changed_provenance(run.directory, identity)
    if changed:
        yield f"{changed}; restore it, or {_resume(run)} takes it as it is"


def _resume(run: SavedRun) -> str:
    return f"`collapse-tui resume {to_shell_word(str(run.path))}`"


def _find_unchecked(run: SavedRun) -> Iterator[str]:
    """Yield how many of the last records no block holds."""
    last, held = run.last, -1
    for block in read_blocks(run.directory):
        held = block.last
    if last > held:
        yield (
            f"no checksum covers the last {last - held:,} records ({held + 1:,} to {last:,}) yet:"
            f" whether they were changed cannot be told; {_resume(run)} gives them one"
        )


def _records(run: SavedRun) -> Iterator[str]:
    yield from (damage.message(run.directory) for damage in find_table_damage(run.directory))
    count = 0
    for record in run.records():
        if record["generation"] != count:
            yield (
                f"{run.path / 'metrics.jsonl'}, line {count + 1}: must be generation {count}, got"
                f" {record['generation']}"
            )
            return
        count += 1
    if count and run.layout.separate:
        for metric in run.metric_names:
            run.values(metric, count - 1, count)


def _views(run: SavedRun) -> Iterator[str]:
    index = LineFile(run.directory, VIEW_INDEX)
    for line in range(len(index)):
        try:
            run.view(index.load(line)["generation"])
        except StorageError as error:
            yield f"{error}; the numbers of the records do not need it"
            return  # one is enough: the others of the file may be many


def _checkpoints(run: SavedRun) -> Iterator[str]:
    checkpoints = run.checkpoints
    for generation in checkpoints.generations():
        try:
            checkpoints.load(generation)
        except StorageError as error:
            yield str(error)
