"""Reading a file of JSON lines that may be growing, and whose last line may be torn."""

import json
import operator
import os
import re
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from contextlib import suppress
from io import BufferedReader
from itertools import islice
from typing import Any

import numpy as np

from collapse_tui.storage.errors import DamagedRunError, GarbledLineError
from collapse_tui.storage.run_directory import RunDirectory

_CHUNK = 1 << 22
_TAIL = 1 << 16
_FIRST_KEY = re.compile(rb'\{"generation":(\d{1,18})[,}]')
"""How a line of ours begins."""


class LineFile:
    """The complete lines of an append-only file; what follows the last newline is ignored.

    Attributes
    ----------
    path : Path
        A missing file has no lines.
    """

    def __init__(self, directory: RunDirectory, name: str) -> None:
        self.path = directory.path / name
        self._directory: RunDirectory = directory
        self._name: str = name
        self._ends: array[int] = array("q")

    def __len__(self) -> int:
        """Return the number of complete lines, as of now."""
        self._update()
        return len(self._ends)

    def offset(self, line: int) -> int:
        """Return the byte at which `line` begins; the count of lines gives the end of the last."""
        if line > len(self._ends):
            self._update()
        return self._ends[line - 1] if line > 0 else 0

    def reset(self) -> None:
        """Forget what was read of the file: it was cut."""
        self._ends = array("q")

    def read(self, line: int) -> bytes:
        """Return one line with its newline."""
        start = self.offset(line)
        with self._directory.open_to_read(self._name) as file:
            file.seek(start)
            return file.read(self.offset(line + 1) - start)

    def load(self, line: int) -> dict[str, Any]:
        """Return one line as an object."""
        return self.parse(self.read(line), line)

    def parse(self, data: bytes, line: int) -> dict[str, Any]:
        """Return `data` as an object, an error names the file and the line."""
        return self._parse(data, f"line {line + 1}")

    def _parse(self, data: bytes, place: str) -> dict[str, Any]:
        try:
            document = json.loads(data)
            operator.index(document["generation"])
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            fault = f"{self.path}, {place}: must be a JSON object with a generation, got"
            raise GarbledLineError(f"{fault} {data[:40]!r}", self._directory.path) from error
        return document

    def lines(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """Yield complete lines of a table with a line a generation, `start` to before `stop`."""
        try:
            with self._directory.open_to_read(self._name) as file:
                # the bytes of this moment: a run may write as fast as it is read
                size = os.fstat(file.fileno()).st_size
                left = size - file.seek(self._bisect(file, start, 0, size) if start else 0)
                for line in islice(file, None if stop is None else max(stop - start, 0)):
                    left -= len(line)
                    if left < 0 or not line.endswith(b"\n"):
                        return
                    yield line
        except FileNotFoundError:
            return

    def count_before(self, generation: int) -> int:
        """Return how many lines are of a generation below `generation` (they ascend)."""
        lines = range(len(self))
        return bisect_left(lines, generation, key=lambda line: self.load(line)["generation"])

    def count_whole(self, generation: int) -> tuple[int, str]:
        """Return how many lines are below `generation`, up to one that is garbled.

        Returns
        -------
        count : int
        fault : str
            A sentence on the garbled line, empty where there is none.
        """
        try:
            return self.count_before(generation), ""
        except DamagedRunError as error:
            fault = str(error)
        count, before = 0, -1
        with suppress(DamagedRunError):
            for line in self.lines():
                found: int = self.parse(line, count)["generation"]
                if not before < found < generation:
                    break
                count, before = count + 1, found
        return count, fault

    def pick(self, generations: Iterable[int]) -> Iterator[dict[str, Any]]:
        """Yield the lines of some generations, ascending, that are there, as objects.

        They are found by bisection in the bytes: no other line is parsed, and no index made.
        """
        try:
            with self._directory.open_to_read(self._name) as file:
                size, start = os.fstat(file.fileno()).st_size, 0
                for generation in generations:
                    start = self._bisect(file, generation, start, size)
                    file.seek(start)
                    line = file.readline()
                    if line.endswith(b"\n"):
                        document = self._parse(line, f"byte {start}")
                        if document["generation"] == generation:
                            yield document
        except FileNotFoundError:
            return

    def _bisect(self, file: BufferedReader, generation: int, low: int, high: int) -> int:
        """Return where the first line from `low` on begins whose generation is not below."""
        while low < high:
            middle = (low + high) // 2
            file.seek(max(middle - 1, low))
            if middle > low:
                file.readline()  # to the end of the line in which the middle lies
            start, line = file.tell(), file.readline()
            whole = start < high and line.endswith(b"\n")
            if whole and self._generation_at(line, start) < generation:
                low = start + len(line)
            else:
                high = middle
        return low

    def _generation_at(self, line: bytes, start: int) -> int:
        found = _FIRST_KEY.match(line)
        return int(found[1] if found else self._parse(line, f"byte {start}")["generation"])

    def last_generation(self) -> int:
        """Return the generation of the last complete line, -1 if there is none.

        Reads the end of the file only, so that a list of many runs costs little.
        """
        try:
            with self._directory.open_to_read(self._name) as file:
                start = end = file.seek(0, os.SEEK_END)
                pieces, length = [b""], _TAIL
                # the last piece is torn or empty; the one before it is whole after another
                while start > 0 and len(pieces) < 3:
                    start, length = max(end - length, 0), 8 * length
                    file.seek(start)
                    pieces = file.read(end - start).split(b"\n")
        except FileNotFoundError:
            return -1
        if len(pieces) < 2:
            return -1
        return int(self._parse(pieces[-2], "its last line")["generation"])

    def _update(self) -> None:
        try:
            with self._directory.open_to_read(self._name) as file:
                if self._ends and os.pread(file.fileno(), 1, self._ends[-1] - 1) != b"\n":
                    self.reset()  # it was cut
                # from the last complete line on: what was torn may have been cut and rewritten
                position = self._ends[-1] if self._ends else 0
                file.seek(position)
                while chunk := file.read(_CHUNK):
                    found = np.flatnonzero(np.frombuffer(chunk, np.uint8) == ord("\n"))
                    self._ends.frombytes((found + (position + 1)).astype(np.int64).tobytes())
                    position += len(chunk)
        except FileNotFoundError:
            self.reset()
