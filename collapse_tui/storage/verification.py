"""Whether the files of a run are whole and belong together, in bounded memory."""

import shlex
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from hashlib import sha256
from io import BufferedReader
from typing import NamedTuple

from collapse_tui.storage.appender import Extent
from collapse_tui.storage.checksums import Block, Identity, read_blocks, read_identity
from collapse_tui.storage.errors import DamagedRunError
from collapse_tui.storage.file_names import CHECKSUMS, EXPERIMENT, PROVENANCE
from collapse_tui.storage.run_directory import RunDirectory, read_pieces

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
        Generation of the last record of the damaged block.
    short : bool
        The bytes are missing, as after a loss of power; not changed.
    """

    name: str
    before: int
    last: int
    short: bool

    def message(self, directory: RunDirectory) -> str:
        """Return what is damaged and the command that heals it."""
        path = directory.path / self.name
        what = "lacks" if self.short else "was changed in"
        return (
            f"{path} {what} records {self.before + 1} to {self.last} (checksums.jsonl);"
            f" {way_back(directory, self.before)}"
        )


def way_back(directory: RunDirectory, generation: int) -> str:
    """Return what is left of a run whose records are whole up to `generation`, and how to go on."""
    run = shlex.quote(str(directory.path))
    if generation < 0:
        experiment = shlex.quote(str(directory.path / EXPERIMENT))
        return (
            "none of its records can be relied on; the same numbers come from"
            f" `collapse-tui batch --preset {experiment}`"
        )
    return (
        f"records 0 to {generation} are whole: `collapse-tui resume {run} --from {generation}`"
        " computes the others again"
    )


def find_table_damage(directory: RunDirectory, until: int | None = None) -> Iterator[TableDamage]:
    """Yield the first damage of each table.

    Parameters
    ----------
    directory : RunDirectory
    until : int or None
        Only blocks that end at this generation or before.
    """
    before = Block(-1, {})
    found: set[str] = set()
    with ExitStack() as opened:
        files: dict[str, BufferedReader] = {}
        for block in read_blocks(directory):
            if until is not None and block.last > until:
                return
            for name, extent in block.files.items():
                if name in found:
                    continue
                if name not in files:
                    with suppress(FileNotFoundError):
                        files[name] = opened.enter_context(directory.open_to_read(name))
                start = before.files.get(name, Extent(0, 0)).end
                size, crc = _checksum(files.get(name), start, extent.end)
                if size < extent.end - start or crc != extent.crc:
                    found.add(name)
                    yield TableDamage(name, before.last, block.last, size < extent.end - start)
            before = block


def _checksum(file: BufferedReader | None, start: int, end: int) -> tuple[int, int]:
    size, crc = 0, 0
    if file is not None:
        file.seek(start)
        for piece in read_pieces(file, end - start):
            size, crc = size + len(piece), zlib.crc32(piece, crc)
    return size, crc


def require_whole_tables(directory: RunDirectory, until: int | None = None) -> None:
    """Raise DamagedRunError if records were changed; what is missing at the end is no damage.

    Parameters
    ----------
    directory : RunDirectory
    until : int or None
        As in `find_table_damage`.
    """
    for damage in find_table_damage(directory, until):
        if not damage.short:
            raise DamagedRunError(damage.message(directory))


def require_identity(
    directory: RunDirectory, *, lost: bool = False, experiment: bool = True
) -> Identity:
    """Return the identity of a run; DamagedRunError where its files are not of one run.

    Parameters
    ----------
    directory : RunDirectory
    lost : bool
        Whether the table of checksums may be missing.
    experiment : bool
        Whether experiment.toml must be as it was.
    """
    identity = read_identity(directory)
    named = directory.read_json(PROVENANCE).get(RUN_KEY, "")
    if lost and not identity.run:
        return identity
    if named and not identity.run:
        raise DamagedRunError(
            f"{directory.path / CHECKSUMS} is missing or empty: restore it;"
            f" `collapse-tui resume {shlex.quote(str(directory.path))} --from G` makes it anew"
            " and takes the records up to G as they are"
        )
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
    if sha256(directory.read(EXPERIMENT)).hexdigest() in identity.current:
        return
    raise DamagedRunError(
        f"{path} was changed since the run was computed with it: undo the change, or start a new"
        f" run with it: `collapse-tui batch --preset {shlex.quote(str(path))}`"
    )
