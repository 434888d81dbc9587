"""Views on disk: raw little-endian arrays in one file, an index of JSON lines beside it.

An array equal to the one of the same name in the view before is not written again: the
edges and the real histogram of a run cost their bytes once.
"""

import math
import os
import zlib
from collections.abc import Container, Iterable, Iterator
from contextlib import ExitStack
from typing import Any, BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from collapse_tui.storage.appender import Appender
from collapse_tui.storage.encoding import encode_line
from collapse_tui.storage.errors import DamagedRunError
from collapse_tui.storage.file_names import VIEW_ARRAYS, VIEW_INDEX, VIEWS
from collapse_tui.storage.jsonl import LineFile
from collapse_tui.storage.run_directory import RunDirectory
from engines.views.view import View

_KINDS = "biufc"
"""Kinds of numbers; an array of objects would have to be unpickled."""


class _StoredArray(NamedTuple):
    values: NDArray[Any]
    data: bytes
    entry: list[Any]


class ViewWriter:
    """Appends views, the bytes first: a kill leaves no index line without its bytes.

    Attributes
    ----------
    files : (Appender, Appender)
        To be synced and closed by its owner.
    """

    def __init__(self, directory: RunDirectory) -> None:
        directory.make_folder(VIEWS)
        self._directory: RunDirectory = directory
        self._blob: Appender = Appender(directory, VIEW_ARRAYS)
        try:
            self._index: Appender = Appender(directory, VIEW_INDEX)
        except BaseException:
            self._blob.close()
            raise
        self.files: tuple[Appender, Appender] = (self._blob, self._index)
        self._before: dict[str, _StoredArray] = {}

    def append(self, generation: int, view: View) -> None:
        """Store the view of one record."""
        offset = self._blob.size
        fresh: list[bytes] = []
        arrays: list[list[Any]] = []
        for name, values in view.arrays.items():
            before = self._before.get(name)
            if before is not None and before.values is values:
                arrays.append(before.entry)
                continue
            array = values.astype(values.dtype.newbyteorder("<"), copy=False)
            data = array.tobytes()
            kind, shape = array.dtype.str, list(array.shape)
            if before is None or before.data != data or before.entry[1:3] != [kind, shape]:
                entry = [name, kind, shape, offset, zlib.crc32(data)]
                fresh.append(data)
                offset += len(data)
            else:
                entry = before.entry
            self._before[name] = _StoredArray(values, data, entry)
            arrays.append(entry)
        if fresh:
            self._blob.write(b"".join(fresh))
        line: dict[str, Any] = {
            "generation": generation,
            "kind": view.kind,
            "arrays": arrays,
            "end": offset,
            "notes": view.notes,
        }
        if view.strip:
            line["strip"] = view.strip
        self._index.write(encode_line(line))

    def close(self) -> None:
        """Close both files."""
        for file in self.files:
            file.close()

    def cut(self, generation: int) -> str:
        """Discard views after `generation`, and those whose bytes are not all there.

        Returns
        -------
        str
            What was found garbled; empty where nothing was.
        """
        index = LineFile(self._directory, VIEW_INDEX)
        count, fault = index.count_whole(generation + 1)
        while count and not self._is_whole(index, count - 1):
            count -= 1
        self._index.cut(index.offset(count))
        self._blob.cut(end_of_view(index, count - 1) if count else 0)
        self._before.clear()
        return fault

    def _is_whole(self, index: LineFile, line: int) -> bool:
        try:
            return end_of_view(index, line) <= self._blob.size
        except DamagedRunError:
            return False


def end_of_view(index: LineFile, line: int) -> int:
    """Return at which byte of the arrays the view of a line ends."""
    end = index.load(line).get("end")
    if not isinstance(end, int) or end < 0:
        raise DamagedRunError(f"{index.path}, line {line + 1}: end must be a number of bytes")
    return end


class ViewReader:
    """Reads views, also while they are being written."""

    def __init__(self, directory: RunDirectory) -> None:
        self._directory: RunDirectory = directory
        self._index: LineFile = LineFile(directory, VIEW_INDEX)

    def read(self, generation: int) -> View | None:
        """Return the view of one record, None if none was stored."""
        return next((view for _, view in self.pick([generation])), None)

    def pick(
        self, generations: Iterable[int], names: Container[str] | None = None
    ) -> Iterator[tuple[int, View]]:
        """Yield the views of some generations, ascending, that are there.

        Parameters
        ----------
        generations : iterable of int
        names : container of str or None
            Arrays to read, where a view has them; None: all.
        """
        with ExitStack() as opened:
            blob: BinaryIO | None = None
            for entry in self._index.pick(generations):
                try:
                    blob = blob or opened.enter_context(self._directory.open_to_read(VIEW_ARRAYS))
                    view = self._view(entry, blob, names)
                except FileNotFoundError:
                    path = self._directory.path / VIEW_ARRAYS
                    raise DamagedRunError(f"{path} is missing") from None
                except (KeyError, TypeError, ValueError, IndexError, OverflowError) as error:
                    raise DamagedRunError(
                        f"{self._index.path}, generation {entry['generation']}: its line must"
                        f" describe the arrays of its view ({error})"
                    ) from error
                yield entry["generation"], view

    def _view(self, entry: dict[str, Any], blob: BinaryIO, names: Container[str] | None) -> View:
        arrays: dict[str, Any] = {}
        for name, kind, shape, offset, checksum in entry["arrays"]:
            if names is not None and name not in names:
                continue
            data = _read_bytes(blob, kind, shape, offset)
            if zlib.crc32(data) != checksum:
                raise DamagedRunError(
                    f"{self._directory.path / VIEW_ARRAYS}: {name} of generation"
                    f" {entry['generation']} fails its checksum"
                )
            arrays[name] = np.frombuffer(data, kind).reshape(shape)
        # views of version 0.1.0 have no strip
        return View(entry["kind"], arrays, entry["notes"], str(entry.get("strip", "")))


def _read_bytes(blob: BinaryIO, kind: str, shape: list[int], offset: int) -> bytes:
    dtype, count = np.dtype(kind), math.prod(shape)
    if dtype.kind not in _KINDS or min(shape, default=0) < 0:
        raise ValueError(f"arrays hold numbers, got {kind} of shape {shape}")
    size = count * dtype.itemsize
    # no more is asked for than there is
    if offset + size > os.fstat(blob.fileno()).st_size:
        return b""
    blob.seek(offset)
    return blob.read(size)
