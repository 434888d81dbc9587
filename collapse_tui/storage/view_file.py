"""Views on disk: raw little-endian arrays in one file, an index of JSON lines beside it.

An array equal to the one of the same name in the view before is not written again: the
edges and the real histogram of a run cost their bytes once.
"""

import math
import zlib
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from collapse_tui.storage.encoding import encode_line
from collapse_tui.storage.errors import DamagedRunError
from collapse_tui.storage.files import Appender
from collapse_tui.storage.jsonl import LineFile
from engines.views.view import View

BLOB = "arrays.bin"
INDEX = "index.jsonl"


class _StoredArray(NamedTuple):
    data: bytes
    entry: list[Any]


class ViewWriter:
    """Appends views, the bytes first: a kill leaves no index line without its bytes.

    Attributes
    ----------
    files : (Appender, Appender)
        To be synced and closed by its owner.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self._blob: Appender = Appender(folder / BLOB)
        self._index: Appender = Appender(folder / INDEX)
        self.files: tuple[Appender, Appender] = (self._blob, self._index)
        self._before: dict[str, _StoredArray] = {}

    def append(self, generation: int, view: View) -> None:
        """Store the view of one record."""
        offset = self._blob.size
        fresh: list[bytes] = []
        arrays: list[list[Any]] = []
        for name, values in view.arrays.items():
            array = values.astype(values.dtype.newbyteorder("<"), copy=False)
            data = array.tobytes()
            kind, shape = array.dtype.str, list(array.shape)
            stored = self._before.get(name)
            if stored is None or stored.data != data or stored.entry[1:3] != [kind, shape]:
                stored = _StoredArray(data, [name, kind, shape, offset, zlib.crc32(data)])
                self._before[name] = stored
                fresh.append(data)
                offset += len(data)
            arrays.append(stored.entry)
        if fresh:
            self._blob.write(b"".join(fresh))
        line = {
            "generation": generation,
            "kind": view.kind,
            "arrays": arrays,
            "end": offset,
            "notes": view.notes,
        }
        self._index.write(encode_line(line))

    def cut(self, generation: int) -> None:
        """Discard views after `generation`, and those whose bytes are not all there."""
        index = LineFile(self._index.path)
        count = index.count_before(generation + 1)
        while count and index.load(count - 1)["end"] > self._blob.size:
            count -= 1
        self._index.cut(index.offset(count))
        self._blob.cut(index.load(count - 1)["end"] if count else 0)
        self._before.clear()


class ViewReader:
    """Reads views, also while they are being written."""

    def __init__(self, folder: Path) -> None:
        self._blob: Path = folder / BLOB
        self._index: LineFile = LineFile(folder / INDEX)

    def read(self, generation: int) -> View | None:
        """Return the view of one record, None if none was stored."""
        line = self._index.count_before(generation)
        if line >= len(self._index):
            return None
        entry = self._index.load(line)
        if entry["generation"] != generation:
            return None
        arrays: dict[str, np.ndarray[Any, Any]] = {}
        for name, kind, shape, offset, checksum in entry["arrays"]:
            values: Any = np.fromfile(self._blob, kind, math.prod(shape), offset=offset)
            if zlib.crc32(values) != checksum:
                raise DamagedRunError(
                    f"{self._blob}: {name} of generation {generation} fails its checksum"
                )
            arrays[name] = values.reshape(shape)
        return View(entry["kind"], arrays, entry["notes"])
