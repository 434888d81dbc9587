"""A table of a run that is open for appending, and the checksum of what is new in it."""

import os
import zlib
from typing import NamedTuple

from collapse_tui.storage.run_directory import RunDirectory, write_all

_PIECE = 1 << 20


class Extent(NamedTuple):
    """The bytes of one file that a block of records ends with.

    Attributes
    ----------
    end : int
        Bytes of the file up to the end of the block.
    crc : int
        CRC-32 of those since the end of the block before.
    """

    end: int
    crc: int


NOTHING = Extent(0, 0)
"""Of a file before its first block."""


class Appender:
    """A file that is appended to or cut; unbuffered.

    Attributes
    ----------
    name : str
        Relative to the run folder.
    size : int
        Bytes in the file.
    block_start : int
        Where the block begins that is not closed yet.
    """

    def __init__(self, directory: RunDirectory, name: str) -> None:
        self._file = directory.open_to_append(name)
        self.name: str = name
        self.size: int = os.fstat(self._file.fileno()).st_size
        self.block_start: int = 0
        self._crc = 0
        # what was there before is read only once somebody says where the block begins
        self._counted = 0

    def write(self, data: bytes) -> None:
        """Append `data` in one call to the system where the disk allows it."""
        write_all(self._file.fileno(), data)
        if self._counted == self.size:
            self._crc = zlib.crc32(data, self._crc)
            self._counted += len(data)
        self.size += len(data)

    def read(self, offset: int, length: int) -> bytes:
        """Return `length` bytes from `offset` (fewer at the end of the file)."""
        return os.pread(self._file.fileno(), length, offset)

    def cut(self, size: int) -> None:
        """Discard everything beyond the first `size` bytes."""
        if os.fstat(self._file.fileno()).st_size > size:
            self._file.truncate(size)
        self.size = min(self.size, size)
        if self._counted > self.size:
            self.begin_block(min(self.block_start, self.size))

    def begin_block(self, start: int) -> None:
        """Say where the block begins that is not closed yet."""
        self.block_start = self._counted = start
        self._crc = 0

    def extent(self) -> Extent:
        """Return where the open block would end now, and its checksum."""
        while self._counted < self.size:
            data = self.read(self._counted, min(_PIECE, self.size - self._counted))
            if not data:
                break
            self._crc = zlib.crc32(data, self._crc)
            self._counted += len(data)
        return Extent(self.size, self._crc)

    def sync(self) -> None:
        """Make the bytes survive power loss."""
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """Close the file; a second call does nothing."""
        self._file.close()
