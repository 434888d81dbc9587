"""Copying the beginning of a run, also while it is being written."""

import shutil
from pathlib import Path

from collapse_tui.storage import layout as names
from collapse_tui.storage.checkpoints import FIXED, Checkpoints
from collapse_tui.storage.errors import DamagedRunError, MissingRecordError
from collapse_tui.storage.files import load_json
from collapse_tui.storage.jsonl import LineFile
from collapse_tui.storage.layout import RecordLayout, read_layout
from collapse_tui.storage.saved import SavedRun
from collapse_tui.storage.view_file import BLOB, INDEX

_CHUNK = 1 << 20


def copy_until(run: SavedRun, generation: int, target: Path) -> None:
    """Copy what `run` holds of generations 0…`generation` into the empty folder `target`.

    experiment.toml, provenance.json and status.json are left to the caller.
    """
    if not 0 <= generation <= run.last:
        raise MissingRecordError(
            f"the generation to fork at must be from 0 to {run.last}, "
            f"the last record of {run.path}, got {generation}"
        )
    for name in (names.RECORDS, names.TIMING):
        _copy_lines(run.path / name, target / name, generation)
    _copy_values(run.path, target, generation, read_layout(run.path))
    _copy_views(run.path / names.VIEWS, target / names.VIEWS, generation)
    _copy_checkpoints(run.path / names.STATE, target / names.STATE, generation)


def _copy_lines(source: Path, target: Path, generation: int) -> None:
    lines = LineFile(source)
    _copy_bytes(source, target, lines.offset(lines.count_before(generation + 1)))


def _copy_values(source: Path, target: Path, generation: int, layout: RecordLayout) -> None:
    if not layout.separate:
        return
    (target / names.VALUES).mkdir()
    for name in layout.metric_names:
        size = (generation + 1) * layout.row
        _copy_bytes(layout.value_path(source, name), layout.value_path(target, name), size)


def _copy_views(source: Path, target: Path, generation: int) -> None:
    target.mkdir()
    lines = LineFile(source / INDEX)
    count = lines.count_before(generation + 1)
    _copy_bytes(source / BLOB, target / BLOB, lines.load(count - 1)["end"] if count else 0)
    _copy_lines(source / INDEX, target / INDEX, generation)


def _copy_checkpoints(source: Path, target: Path, generation: int) -> None:
    for name in FIXED:
        (target / name).mkdir(parents=True)
    for number in Checkpoints(source).generations():
        manifest = source / f"{number}.json"
        if number > generation:
            continue
        try:
            for stored in load_json(manifest)["files"]:  # pyright: ignore[reportGeneralTypeIssues,reportUnknownVariableType]
                name = str(stored["file"])  # pyright: ignore[reportUnknownArgumentType]
                if not (target / name).exists():
                    _link(source / name, target / name)
            shutil.copyfile(manifest, target / manifest.name)
        except (FileNotFoundError, DamagedRunError, KeyError, TypeError):
            continue  # pruned meanwhile by its writer, or damaged: older ones or replay serve


def _link(source: Path, target: Path) -> None:
    # an archive is never changed once it has its name, so both runs may share its bytes
    try:
        target.hardlink_to(source)
    except OSError:
        shutil.copyfile(source, target)


def _copy_bytes(source: Path, target: Path, size: int) -> None:
    target.touch()
    if not size:
        return
    with target.open("wb") as copy, source.open("rb") as original:
        while size and (chunk := original.read(min(size, _CHUNK))):
            copy.write(chunk)
            size -= len(chunk)
