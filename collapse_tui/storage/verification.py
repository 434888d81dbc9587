"""Whether the files of a run are whole and belong together, in bounded memory."""

import zlib
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress
from hashlib import sha256
from io import BufferedReader
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple

from collapse_tui.shell_word import to_shell_word
from collapse_tui.storage.appender import NOTHING
from collapse_tui.storage.checksums import (
    Block,
    Identity,
    lost_table,
    read_blocks,
    read_identity,
)
from collapse_tui.storage.errors import (
    DamagedRunError,
    LostChecksumsError,
    missing_file,
    way_without,
)
from collapse_tui.storage.file_names import BESIDE, EXPERIMENT, PROVENANCE, RECORDS
from collapse_tui.storage.run_directory import RunDirectory, read_pieces
from engines.errors import CollapseError

RUN_KEY = "run"
"""The key of provenance.json, and of a checkpoint, that names the run."""


class TableDamage(NamedTuple):
    """A table of which some records are not what was written.

    Attributes
    ----------
    name : str
        The file.
    before : int
        Generation of the last record before the damage, -1 if there is none.
    last : int
        Generation of the last record of the damaged block, of all blocks where bytes are missing.
    short : bool
        The bytes are missing, as after a loss of power; not changed.
    """

    name: str
    before: int
    last: int
    short: bool

    def fault(self, directory: RunDirectory) -> str:
        """Return what is damaged."""
        what = "lacks" if self.short else "was changed in"
        where = f"{directory.path / self.name} {what} records {self.before + 1} to {self.last}"
        return f"{where} (checksums.jsonl)"

    def message(self, directory: RunDirectory) -> str:
        """Return what is damaged and the command that heals it."""
        if self.name in BESIDE:
            run = to_shell_word(str(directory.path))
            heal = f"no number needs it, and `collapse-tui resume {run}` goes on without it"
        else:
            heal = way_back(directory, self.before)
        return f"{self.fault(directory)}; {heal}"


def way_back(directory: RunDirectory, generation: int) -> str:
    """Return what is left of a run whose records are whole up to `generation`, and how to go on."""
    run = to_shell_word(str(directory.path))
    if generation < 0:
        experiment = to_shell_word(str(directory.path / EXPERIMENT))
        return (
            "no record of the run can be relied on; the same numbers come from"
            f" `collapse-tui batch --preset {experiment}`"
        )
    return (
        f"records 0 to {generation} are whole: `collapse-tui resume {run} --from {generation}`"
        " computes the others again"
    )


def require_file(directory: RunDirectory, name: str) -> None:
    """Raise DamagedRunError if a table that the numbers are in is missing."""
    if not directory.exists(name):
        path = directory.path / name
        raise DamagedRunError(f"{path} is missing: restore it; {way_back(directory, -1)}")


def find_table_damage(
    directory: RunDirectory, until: int | None = None, among: Sequence[int] | None = None
) -> Iterator[TableDamage]:
    """Yield the first damage of each table.

    Parameters
    ----------
    directory : RunDirectory
    until : int or None
        Only blocks that end at this generation or before.
    among : sequence of int or None
        Only blocks with one of these generations, which ascend.
    """
    before = Block(-1, {})
    found: set[str] = set()
    short: dict[str, int] = {}
    with ExitStack() as opened:
        files: dict[str, BufferedReader] = {}
        blocks = read_blocks(directory)
        for block in takewhile(lambda block: until is None or block.last <= until, blocks):
            for name, extent in block.files.items():
                if name in found or not _holds(before.last, block.last, among):
                    continue
                if name not in files:
                    with suppress(FileNotFoundError):
                        files[name] = opened.enter_context(directory.open_to_read(name))
                start = before.files.get(name, NOTHING).end
                size, crc = _checksum(files.get(name), start, extent.end)
                if size == extent.end - start and crc == extent.crc:
                    continue
                found.add(name)
                if size < extent.end - start:
                    short[name] = before.last
                else:
                    yield TableDamage(name, before.last, block.last, short=False)
            before = block
    # where a table ends too early, all that follows is missing too
    for name, last in short.items():
        yield TableDamage(name, last, before.last, short=True)


def _holds(before: int, last: int, among: Sequence[int] | None) -> bool:
    """Return whether one of some generations comes after `before`, and not after `last`."""
    return among is None or bisect_right(among, before) < bisect_right(among, last)


def _checksum(file: BufferedReader | None, start: int, end: int) -> tuple[int, int]:
    size, crc = 0, 0
    if file is not None:
        file.seek(start)
        for piece in read_pieces(file, end - start):
            size, crc = size + len(piece), zlib.crc32(piece, crc)
    return size, crc


def require_whole_tables(
    directory: RunDirectory,
    until: int | None = None,
    *,
    values: bool = True,
    among: Sequence[int] | None = None,
) -> tuple[TableDamage, ...]:
    """Raise DamagedRunError if records were changed; what is missing at the end is no damage.

    Parameters
    ----------
    directory : RunDirectory
    until : int or None
        As in `find_table_damage`.
    values : bool
        Whether the values of single replicates are needed, not only what sums them up.
    among : sequence of int or None
        As in `find_table_damage`.

    Returns
    -------
    tuple of TableDamage
        Of the tables that are not needed.
    """
    require_file(directory, RECORDS)
    spared: list[TableDamage] = []
    for damage in find_table_damage(directory, until, among):
        if damage.name in BESIDE or not (values or damage.name == RECORDS):
            spared.append(damage)
        elif not damage.short:
            raise DamagedRunError(damage.message(directory))
    return tuple(spared)


def require_identity(
    directory: RunDirectory, *, lost: bool = False, experiment: bool = True
) -> Identity:
    """Return the identity of a run; DamagedRunError where its files are not of one run.

    Parameters
    ----------
    directory : RunDirectory
    lost : bool
        Whether the table of checksums may be missing or garbled.
    experiment : bool
        Whether experiment.toml must be as it was.
    """
    try:
        identity = read_identity(directory)
    except LostChecksumsError:
        if not lost:
            raise
        identity = Identity()
    named = directory.read_json(PROVENANCE).get(RUN_KEY, "")
    if lost and not identity.run:
        return identity
    if named and not identity.run:
        raise lost_table(directory, " is missing or empty")
    if named != identity.run:
        raise DamagedRunError(
            f"{directory.path / PROVENANCE} is of another run than checksums.jsonl"
            f" ({str(named)[:40] or 'a run without a name'}, not {identity.run[:40]}):"
            " restore the files that belong together"
        )
    if experiment:
        require_experiment(directory, identity)
    return identity


def require_experiment(directory: RunDirectory, identity: Identity) -> None:
    """Raise DamagedRunError if experiment.toml is not what the run was computed with."""
    if not identity.run:
        return
    path = directory.path / EXPERIMENT
    try:
        found = sha256(directory.read(EXPERIMENT)).hexdigest()
    except FileNotFoundError:
        raise missing_file(path) from None
    if found in identity.current:
        return
    changed = f"{path} was changed since the run was computed with it"
    if not _can_run(path):
        raise DamagedRunError(f"{changed}, and is no experiment now: {way_without(path)}")
    raise DamagedRunError(
        f"{changed}: undo the change, or start a new run with it:"
        f" `collapse-tui batch --preset {to_shell_word(str(path))}`"
    )


def _can_run(path: Path) -> bool:
    from collapse_tui.experiment.loader import load  # only for a run that is damaged

    try:
        load(str(path))
    except CollapseError:
        return False
    return True


def find_changed_provenance(directory: RunDirectory, identity: Identity) -> str:
    """Return a sentence if provenance.json is not what the run wrote, else an empty one."""
    data = directory.read(PROVENANCE)
    if not identity.provenances or sha256(data).hexdigest() in identity.provenances:
        return ""
    return (
        f"{directory.path / PROVENANCE} was changed since the run wrote it: what it says of the"
        " machine and the data files cannot be relied on"
    )
