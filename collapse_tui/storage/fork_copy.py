"""Copying the beginning of a run, also while it is being written."""

from collapse_tui.storage.array_log import ArrayLog
from collapse_tui.storage.checkpoint_file import require_archive_name
from collapse_tui.storage.checkpoints import FIXED
from collapse_tui.storage.errors import DamagedRunError, MissingRecordError
from collapse_tui.storage.file_names import (
    RECORDS,
    STATE,
    TIMING,
    VALUES,
    VIEW_ARRAYS,
    VIEW_INDEX,
    VIEWS,
)
from collapse_tui.storage.files import dump_json
from collapse_tui.storage.jsonl import LineFile
from collapse_tui.storage.layout import read_layout
from collapse_tui.storage.run_directory import RunDirectory, read_pieces
from collapse_tui.storage.saved import SavedRun
from collapse_tui.storage.theory_file import read_states, write_states
from collapse_tui.storage.verification import require_file
from collapse_tui.storage.view_file import end_of_view


def copy_until(
    run: SavedRun,
    generation: int,
    target: RunDirectory,
    name: str,
    *,
    without: frozenset[str] = frozenset(),
) -> None:
    """Copy what `run` holds of generations 0…`generation` into the empty folder `target`.

    experiment.toml, provenance.json, status.json and the checksums are left to the caller.

    Parameters
    ----------
    run : SavedRun
    generation : int
    target : RunDirectory
    name : str
        Of the new run, for its checkpoints.
    without : frozenset of str
        Tables that no number comes from, and that are damaged: they begin anew.
    """
    if not 0 <= generation <= run.last:
        raise MissingRecordError(
            f"the generation to fork at must be from 0 to {run.last}, "
            f"the last record of {run.path}, got {generation}"
        )
    source = run.directory
    lines = LineFile(source, RECORDS)
    _copy_bytes(source, target, RECORDS, lines.offset(generation + 1))
    if TIMING not in without:
        _copy_bytes(source, target, TIMING, _end_of_lines(LineFile(source, TIMING), generation))
    _copy_values(source, target, generation)
    if without.isdisjoint({VIEW_INDEX, VIEW_ARRAYS}):
        _copy_views(source, target, generation)
    states = read_states(source)
    write_states(target, {n: states[n] for n in states if n <= generation})
    _copy_series(run, target, generation)
    _copy_checkpoints(run, target, generation, name)


def _end_of_lines(lines: LineFile, generation: int) -> int:
    return lines.offset(lines.count_whole(generation + 1)[0])


def _copy_values(source: RunDirectory, target: RunDirectory, generation: int) -> None:
    layout = read_layout(source)
    if layout.separate:
        target.make_folder(VALUES)
    for name in layout.value_files.values():
        require_file(source, name)
        _copy_bytes(source, target, name, (generation + 1) * layout.row)


def _copy_views(source: RunDirectory, target: RunDirectory, generation: int) -> None:
    target.make_folder(VIEWS)
    lines = LineFile(source, VIEW_INDEX)
    count, _ = lines.count_whole(generation + 1)
    _copy_bytes(source, target, VIEW_ARRAYS, end_of_view(lines, count - 1) if count else 0)
    _copy_bytes(source, target, VIEW_INDEX, lines.offset(count))


def _copy_series(run: SavedRun, target: RunDirectory, generation: int) -> None:
    for fixed in FIXED:
        target.make_folder(f"{STATE}/{fixed}".rstrip("/"))
    for series in run.checkpoints.series():
        log = ArrayLog(run.directory, series)
        reach = log.reach(generation)
        for file, size in zip(log.files, (reach.arrays, reach.lines), strict=True):
            _copy_bytes(run.directory, target, file, size)


def _copy_checkpoints(run: SavedRun, target: RunDirectory, generation: int, name: str) -> None:
    source = run.directory
    checkpoints = run.checkpoints
    for number in checkpoints.generations():
        if number > generation:
            continue
        try:
            manifest = checkpoints.manifest(number)
            for stored in manifest["files"]:
                file = require_archive_name(source, stored["file"])
                if not target.exists(file):
                    # an archive is never changed once it has its name
                    target.link_from(source, file, file)
        except (FileNotFoundError, DamagedRunError):
            continue  # pruned meanwhile by its writer, or damaged: older ones or replay serve
        owned = {**manifest, "run": name, "experiment": None}
        target.replace(f"{STATE}/{number}.json", dump_json(owned))


def _copy_bytes(source: RunDirectory, target: RunDirectory, name: str, size: int) -> None:
    with target.replacement(name) as copy:
        if size:
            with source.open_to_read(name) as original:
                copy.writelines(read_pieces(original, size))
