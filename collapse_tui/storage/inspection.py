"""What of a run is damaged, what of it can still be had, and the command that heals it."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from collapse_tui.shell_word import to_shell_word
from collapse_tui.storage.checksums import read_blocks
from collapse_tui.storage.errors import GarbledLineError, StorageError, way_without
from collapse_tui.storage.file_names import CHECKSUMS, EXPERIMENT, RECORDS, STATUS, VIEW_INDEX
from collapse_tui.storage.jsonl import LineFile
from collapse_tui.storage.saved import SavedRun
from collapse_tui.storage.verification import (
    find_changed_provenance,
    find_table_damage,
    require_file,
    require_identity,
    way_back,
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
        notes += _find_lost_states(run)
    foreign = run.directory.foreign_names()
    if foreign:
        notes.append(f"{len(foreign)} of the names in it are not the run's, such as {foreign[0]}")
    # whatever stands after them is among the damages
    records, _ = LineFile(run.directory, RECORDS).count_whole(sys.maxsize)
    return Inspection(run.path, records, tuple(dict.fromkeys(damages)), tuple(notes))


def _documents(run: SavedRun) -> Iterator[str]:
    readable = True
    try:
        run.document  # noqa: B018 - whether it can be read is what is asked
    except InvalidExperimentError as error:
        yield f"{error}: {way_without(run.path / EXPERIMENT)}"
        readable = False
    status = run.status
    if status.get("state") == "unknown":
        yield f"{status.get('reason', run.path / STATUS)}; {_resume(run)} writes it anew"
    identity = require_identity(run.directory, experiment=readable)
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


def _find_lost_states(run: SavedRun) -> Iterator[str]:
    """Yield what has to be computed again because a checkpoint is not there."""
    last, kept = run.last, run.checkpoints.generations()
    if last < 0 or run.state == "running":
        return
    newest = max(kept, default=-1)
    if newest < last:
        yield (
            f"it has no checkpoint of generation {last:,}: to go on, {_resume(run)} computes the"
            f" generations {newest + 1:,} to {last:,} again and compares them with their records"
        )
    if 0 not in kept and newest >= 0:
        yield (
            f"it has no checkpoint of generation 0: a fork before generation {min(kept):,} computes"
            " the generations up to it again"
        )


def _records(run: SavedRun) -> Iterator[str]:
    require_file(run.directory, RECORDS)
    damages = list(find_table_damage(run.directory))
    yield from (damage.message(run.directory) for damage in damages)
    if any(damage.name == RECORDS for damage in damages):
        return  # it says from where on
    count, fault = 0, ""
    try:
        for record in run.records():
            if record["generation"] != count:
                fault = f"must be generation {count}, got {record['generation']}"
                fault = f"{run.path / RECORDS}, line {count + 1}: {fault}"
                break
            count += 1
    except GarbledLineError as error:
        fault = error.fault
    if fault:
        yield f"{fault}; {way_back(run.directory, count - 1)}"
        return
    if count and run.layout.separate:
        for metric in run.metric_names:
            run.values(metric, count - 1, count)


def _views(run: SavedRun) -> Iterator[str]:
    index = LineFile(run.directory, VIEW_INDEX)
    for line in range(len(index)):
        try:
            run.view(index.load(line)["generation"])
        except StorageError as error:
            fault = error.fault if isinstance(error, GarbledLineError) else error
            yield f"{fault}; no number needs it, and {_resume(run)} goes on without it"
            return  # one is enough: the others of the file may be many


def _checkpoints(run: SavedRun) -> Iterator[str]:
    checkpoints = run.checkpoints
    for generation in checkpoints.generations():
        try:
            checkpoints.load(generation)
        except StorageError as error:
            yield str(error)
