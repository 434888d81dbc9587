"""Arrays of every generation in one file, with an index beside it: ``once/<series>.bin``.

What a state keeps of each generation, its models or its data, never changes once it is there.
So each is appended once, and a checkpoint only says how far it reaches. Each line of the index
and each array has a checksum.
"""

import math
import os
import re
import zlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from collapse_tui.storage.appender import Appender
from collapse_tui.storage.checksums import decode_checked, encode_checked
from collapse_tui.storage.errors import DamagedRunError
from collapse_tui.storage.file_names import STATE
from collapse_tui.storage.run_directory import RunDirectory

SERIES = re.compile(r"once/([a-z]+)/(\d{6}|[1-9]\d{6,17})(/.*)?", re.DOTALL)
"""A name of an array of a generation: series, generation, rest."""
_KINDS = "biufc"


class Reach(NamedTuple):
    """How much of a series a checkpoint needs: bytes of the index and of the arrays."""

    lines: int
    arrays: int


class _Line(NamedTuple):
    generation: int
    arrays: list[tuple[str, str, list[int], int, int]]
    reach: Reach


def group_series(
    arrays: Mapping[str, NDArray[Any]],
) -> dict[str, dict[int, dict[str, NDArray[Any]]]]:
    """Return series → generation → rest of the name → array, generations ascending."""
    found: dict[str, dict[int, dict[str, NDArray[Any]]]] = {}
    for name in sorted(arrays):
        match = SERIES.fullmatch(name)
        if match is not None:
            series = found.setdefault(match[1], {})
            series.setdefault(int(match[2]), {})[match[3] or ""] = arrays[name]
    return found


class ArrayLog:
    """One series of a run.

    Attributes
    ----------
    files : (str, str)
        The arrays and the index, relative to the run.
    generations : list of int
        What is stored, ascending.
    """

    def __init__(self, directory: RunDirectory, series: str) -> None:
        self._directory: RunDirectory = directory
        self._series: str = series
        self.files: tuple[str, str] = series_files(series)
        self.generations: list[int] = []
        self._ends: list[Reach] = []
        for line in self._whole_lines():
            self.generations.append(line.generation)
            self._ends.append(line.reach)

    def extend(self, arrays: Mapping[int, Mapping[str, NDArray[Any]]]) -> Reach | None:
        """Append what is not stored yet; return the reach of all.

        Parameters
        ----------
        arrays : mapping
            Generation → name → array, ascending; None is returned where what is stored is not
            its beginning.
        """
        wanted = list(arrays)
        count = len(self.generations)
        if wanted[:count] != self.generations:
            return None
        if count < len(wanted):
            self._append({generation: arrays[generation] for generation in wanted[count:]})
        return self._reach()

    def reach(self, generation: int) -> Reach:
        """Return how far the generations up to one reach."""
        count = bisect_right(self.generations, generation)
        return self._ends[count - 1] if count else Reach(0, 0)

    def cut_damaged(self) -> None:
        """Discard what comes after the first array that is not what was written."""
        count = bisect_left(range(len(self._ends)), 1, key=self._is_damaged)
        if count < len(self._ends):
            self.cut(self.generations[count] - 1)

    def _is_damaged(self, line: int) -> int:
        try:
            read_series(self._directory, self._series, self._ends[line])
        except DamagedRunError:
            return 1
        return 0

    def cut(self, generation: int) -> None:
        """Discard what is of later generations, or was left by a kill."""
        count = bisect_right(self.generations, generation)
        del self.generations[count:], self._ends[count:]
        reach = self._reach()
        # the index first: bytes without a line are cut by the next opening
        for name, size in zip(reversed(self.files), reach, strict=True):
            present = self._directory.size(name)
            if present is not None and present > size:
                with closing(Appender(self._directory, name)) as file:
                    file.cut(size)

    def _reach(self) -> Reach:
        return self._ends[-1] if self._ends else Reach(0, 0)

    def _append(self, arrays: Mapping[int, Mapping[str, NDArray[Any]]]) -> None:
        self.cut(self.generations[-1] if self.generations else -1)
        position, end = self._reach()
        data, lines, ends = list[bytes](), list[bytes](), list[Reach]()
        for generation, named in arrays.items():
            entries: list[list[Any]] = []
            for rest, values in named.items():
                array = np.asarray(values)
                if array.dtype.hasobject:
                    raise ValueError(f"allow_pickle is off: {rest} must hold numbers")
                array = array.astype(array.dtype.newbyteorder("<"), copy=False)
                raw = array.tobytes()
                entries.append([rest, array.dtype.str, list(array.shape), end, zlib.crc32(raw)])
                data.append(raw)
                end += len(raw)
            line = encode_checked({"generation": generation, "arrays": entries, "end": end})
            position += len(line)
            lines.append(line)
            ends.append(Reach(position, end))
        for name, content in zip(self.files, (b"".join(data), b"".join(lines)), strict=True):
            with closing(Appender(self._directory, name)) as file:
                file.write(content)
        self.generations += arrays
        self._ends += ends

    def _whole_lines(self) -> Iterator[_Line]:
        """Yield the lines of the index up to the first that is torn, damaged or without arrays."""
        size = self._directory.size(self.files[0]) or 0
        before = -1
        try:
            for line in read_lines(self._directory, self._series, None):
                if line.reach.arrays > size or line.generation <= before:
                    return
                before = line.generation
                yield line
        except DamagedRunError:
            return  # a checkpoint that needs more says so when it is loaded


def series_files(series: str) -> tuple[str, str]:
    """Return the names of the arrays and of the index of a series."""
    return f"{STATE}/once/{series}.bin", f"{STATE}/once/{series}.jsonl"


def read_series(directory: RunDirectory, series: str, reach: Reach) -> dict[str, NDArray[Any]]:
    """Return the arrays of a series by their whole names, after verifying every checksum."""
    name, index = series_files(series)
    path = directory.path / name
    found: dict[str, NDArray[Any]] = {}
    try:
        with directory.open_to_read(name) as file:
            if os.fstat(file.fileno()).st_size < reach.arrays:
                raise DamagedRunError(f"{path} has less than {reach.arrays} bytes")
            data = bytearray(file.read(reach.arrays))
        for line in read_lines(directory, series, reach.lines):
            for rest, kind, shape, offset, crc in line.arrays:
                dtype, count = np.dtype(kind), math.prod(shape)
                raw = memoryview(data)[offset : offset + count * dtype.itemsize]
                if dtype.kind not in _KINDS or min(shape, default=0) < 0 or zlib.crc32(raw) != crc:
                    raise DamagedRunError(
                        f"{path}: generation {line.generation} fails its checksum"
                    )
                values = np.frombuffer(raw, dtype).reshape(shape)
                found[f"once/{series}/{line.generation:06d}{rest}"] = values
    except FileNotFoundError:
        raise DamagedRunError(f"{path} or {directory.path / index} is missing") from None
    except (TypeError, ValueError, OverflowError) as error:
        raise DamagedRunError(f"{path} does not hold what its index says ({error})") from error
    return found


def read_lines(directory: RunDirectory, series: str, size: int | None) -> Iterator[_Line]:
    """Yield the lines of an index, of its first `size` bytes or all that are complete."""
    _, index = series_files(series)
    position = 0
    try:
        with directory.open_to_read(index) as file:
            while size is None or position < size:
                data = file.readline(1 << 26)
                if not data.endswith(b"\n"):
                    break
                position += len(data)
                yield _parse(directory, index, data, position)
    except FileNotFoundError:
        pass
    if size is not None and position != size:
        raise DamagedRunError(f"{directory.path / index} has less than {size} bytes")


def _parse(directory: RunDirectory, index: str, data: bytes, position: int) -> _Line:
    document = decode_checked(data) or {}
    try:
        reach = Reach(position, int(document["end"]))
        return _Line(int(document["generation"]), document["arrays"], reach)
    except (KeyError, TypeError, ValueError):
        raise DamagedRunError(
            f"{directory.path / index}: the line that ends at byte {position} fails its checksum"
        ) from None
