"""What belongs to a run, and the checksums of its records by block: ``checksums.jsonl``.

An append-only table, apart from the records, whose bytes it does not change:

- first ``{"run": …}``, the name of the run that provenance.json and every checkpoint bear too;
- ``{"next": sha256, "from": g}`` before experiment.toml is replaced, ``{"experiment": sha256,
  "from": g}`` after it: a kill in between leaves the old text or the new;
- ``{"provenance": sha256}`` before provenance.json is replaced, so that the last two are valid;
- ``{"last": n, "files": {name: [end, crc32]}}`` for each block of records up to n: the bytes of
  each table from the end of the block before.

Each line ends with the CRC-32 of what is before it, so that damage of this table is told from
damage of the others. A torn last line is ignored.
"""

import json
import zlib
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any, NamedTuple

from collapse_tui.shell_word import to_shell_word
from collapse_tui.storage.appender import Appender, Extent
from collapse_tui.storage.errors import DamagedRunError, LostChecksumsError
from collapse_tui.storage.file_names import CHECKSUMS, EXPERIMENT, RECORDS
from collapse_tui.storage.jsonl import LineFile
from collapse_tui.storage.run_directory import RunDirectory

_CRC = b',"crc":'
_LONGEST_LINE = 1 << 22


class Block(NamedTuple):
    """Some records in a row.

    Attributes
    ----------
    last : int
        Generation of the last of them.
    files : mapping of str to Extent
        Where the block ends in each table, and the checksum of its bytes there.
    """

    last: int
    files: Mapping[str, Extent]


class Identity(NamedTuple):
    """Which run and which experiments the files of a folder belong to.

    Attributes
    ----------
    run : str
        Empty for a run of a version without checksums.
    experiments : frozenset of str
        sha256 of each experiment.toml that was in force.
    current : tuple of str
        Of those that experiment.toml may hold now: two where a kill came between them.
    adopted : int
        Generation up to which an earlier version stored the run, whose checkpoints bear no name.
    provenances : tuple of str
        sha256 of what provenance.json may hold now; empty where nothing was said of it.
    """

    run: str = ""
    experiments: frozenset[str] = frozenset()
    current: tuple[str, ...] = ()
    adopted: int = -1
    provenances: tuple[str, ...] = ()


class ChecksumTable:
    """The table of a run that is being written.

    Attributes
    ----------
    reach : int
        Generation of the last record that was in a block when `rewind` was called.
    """

    def __init__(self, directory: RunDirectory) -> None:
        self._directory: RunDirectory = directory
        self._file: Appender = Appender(directory, CHECKSUMS)
        self.reach: int = -1

    def announce_experiment(self, text: bytes, generation: int) -> None:
        """Say which experiment.toml will be in force from the step to `generation` on."""
        self._append({"next": sha256(text).hexdigest(), "from": generation})

    def confirm_experiment(self, text: bytes, generation: int) -> None:
        """Say which experiment.toml is in place."""
        self._append({"experiment": sha256(text).hexdigest(), "from": generation})

    def announce_provenance(self, text: bytes) -> None:
        """Say what provenance.json will hold."""
        self._append({"provenance": sha256(text).hexdigest()})

    def add(self, block: Block) -> None:
        """Append the checksums of a block."""
        self._append({"last": block.last, "files": block.files})

    def rewind(self, generation: int) -> Block | None:
        """Forget the blocks that do not end at `generation` or before; return the last of all."""
        kept, last, dropped = list[bytes](), None, False
        for line in _lines(self._directory):
            block = _block(decode_line(self._directory, line, len(kept) + 1))
            self.reach = self.reach if block is None else block.last
            if block is not None and block.last > generation:
                dropped = True
                continue
            last = block or last
            kept.append(line)
        if dropped:
            self._file.close()
            self._directory.replace(CHECKSUMS, b"".join(kept))
            self._file = Appender(self._directory, CHECKSUMS)
        else:
            self._file.cut(sum(map(len, kept)))  # a torn last line
        return last

    def sync(self) -> None:
        """Make the table survive power loss."""
        self._file.sync()

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _append(self, document: Mapping[str, object]) -> None:
        size = self._file.size
        try:
            self._file.write(encode_checked(document))
        except BaseException:
            self._file.cut(size)
            raise


def create_table(
    directory: RunDirectory, run: str, experiment: bytes, provenance: bytes, *, adopted: int = -1
) -> None:
    """Make, or make anew, the table of a run without blocks.

    Parameters
    ----------
    directory : RunDirectory
    run : str
        Its name.
    experiment : bytes
        experiment.toml.
    provenance : bytes
        provenance.json.
    adopted : int
        As in `Identity`.
    """
    first = {"experiment": sha256(experiment).hexdigest(), "from": 0}
    head = {"run": run, "adopted": adopted} if adopted >= 0 else {"run": run}
    facts = {"provenance": sha256(provenance).hexdigest()}
    lines = b"".join(map(encode_checked, (head, first, facts)))
    directory.replace(CHECKSUMS, lines, durable=True)


def encode_checked(document: Mapping[str, object]) -> bytes:
    """Return one line of the table."""
    body = json.dumps(document, separators=(",", ":")).encode()
    return body[:-1] + _CRC + b"%d}\n" % zlib.crc32(body)


def decode_checked(line: bytes) -> dict[str, Any] | None:
    """Return what `encode_checked` made a line of, None where its checksum fails."""
    body, _, crc = line.rpartition(_CRC)
    try:
        document: Any = json.loads(body + b"}")
        whole = int(crc.rstrip(b"}\n")) == zlib.crc32(body + b"}")
    except (ValueError, RecursionError):
        return None
    return document if whole and isinstance(document, dict) else None  # pyright: ignore[reportUnknownVariableType]


def decode_line(directory: RunDirectory, line: bytes, number: int) -> dict[str, Any]:
    """Return one line as an object; LostChecksumsError where its checksum fails."""
    document = decode_checked(line)
    if document is None:
        raise lost_table(directory, f", line {number} fails its own checksum")
    return document


def lost_table(directory: RunDirectory, what: str) -> LostChecksumsError:
    """Return the error that the table is missing or garbled, with the command that heals it."""
    try:
        last = LineFile(directory, RECORDS).last_generation()
    except DamagedRunError:
        last = -1
    run, experiment = (
        to_shell_word(str(path)) for path in (directory.path, directory.path / EXPERIMENT)
    )
    heal = (
        f"`collapse-tui resume {run} --from {last}` makes it anew and takes the records as they are"
        if last >= 0
        else f"the same numbers come from `collapse-tui batch --preset {experiment}`"
    )
    return LostChecksumsError(f"{directory.path / CHECKSUMS}{what}: restore it; {heal}")


def read_identity(directory: RunDirectory) -> Identity:
    """Return what the table says of the run and its experiments; an empty one without a table."""
    run, experiments, current, adopted = "", set[str](), list[str](), -1
    provenances = list[str]()
    for number, line in enumerate(_lines(directory), 1):
        document = decode_line(directory, line, number)
        if number == 1:
            run, adopted = str(document.get("run", "")), document.get("adopted", -1)
        if "experiment" in document:
            current = [str(document["experiment"])]
        elif "next" in document:
            current.append(str(document["next"]))
        elif "provenance" in document:
            provenances = [*provenances[-1:], str(document["provenance"])]
        experiments.update(current)
    known = frozenset(experiments)
    return Identity(run, known, tuple(current), adopted, tuple(provenances))


def read_blocks(directory: RunDirectory) -> Iterator[Block]:
    """Yield the blocks of the table in order."""
    for number, line in enumerate(_lines(directory), 1):
        block = _block(decode_line(directory, line, number))
        if block is not None:
            yield block


def _block(document: Mapping[str, Any]) -> Block | None:
    if "last" not in document:
        return None
    files: Mapping[str, tuple[int, int]] = document["files"]
    return Block(document["last"], {name: Extent(*extent) for name, extent in files.items()})


def _lines(directory: RunDirectory) -> Iterator[bytes]:
    try:
        with directory.open_to_read(CHECKSUMS) as file:
            while (line := file.readline(_LONGEST_LINE)).endswith(b"\n"):
                yield line
    except FileNotFoundError:
        return
