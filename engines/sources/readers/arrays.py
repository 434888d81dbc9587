"""Reads arrays of NPY and NPZ files: what a header announces is compared with what is there."""

import math
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Any, NamedTuple
from zipfile import ZipFile, ZipInfo

import numpy as np
from numpy.typing import NDArray

from engines.errors import InvalidExperimentError
from engines.sources.readers.damage import name_damage
from engines.sources.readers.regular_file import check_growth, check_memory, open_source

ENCRYPTED = 0x1
"""Bit of a ZIP entry's flags."""
LONGEST_HEADER = 10_000
"""Most characters of the header of an array: numpy's own limit."""
COPIES = 3
"""Arrays of the size of a file alive while its numbers are read, checked and sorted."""


class _Header(NamedTuple):
    shape: tuple[int, ...]
    fortran: bool
    dtype: np.dtype[Any]


def read_npy(path: Path) -> NDArray[Any]:
    """Return the array of an .npy file.

    Raises
    ------
    InvalidExperimentError
        If it is no plain array of numbers, or shorter than its header announces.
    """
    with open_source(path) as file, name_damage(path):
        start = file.read(8)
        file.seek(0)
        if not start:
            raise EOFError("it is empty")
        if start.startswith(b"PK\3\4"):
            raise InvalidExperimentError(f"{path} is an archive: give it the suffix .npz")
        if not start.startswith(b"\x93NUMPY"):
            raise InvalidExperimentError(
                f"{path} is not a plain array of numbers: it starts with {start!r}"
            )
        return _array(file, str(path), os.fstat(file.fileno()).st_size)


def read_npz(path: Path, choose: Callable[[list[str]], Sequence[str]]) -> dict[str, NDArray[Any]]:
    """Return some of the arrays of an .npz file; the others are not unpacked.

    Parameters
    ----------
    path : Path
    choose : callable
        From the names of all arrays to those wanted; it may refuse them.

    Raises
    ------
    InvalidExperimentError
        If it is no archive of plain arrays, or one that is encrypted, damaged, or unpacks to
        more than its size explains.
    """
    with open_source(path) as file, name_damage(path):
        start = file.read(8)
        if start.startswith(b"\x93NUMPY"):
            raise InvalidExperimentError(f"{path} is one array: give it the suffix .npy")
        if not start.startswith(b"PK"):
            raise InvalidExperimentError(
                f"{path} could not be read: it is not an archive of plain arrays, it starts with"
                f" {start!r}"
            )
        packed = os.fstat(file.fileno()).st_size
        with ZipFile(file) as archive:
            entries = {
                entry.filename.removesuffix(".npy"): entry
                for entry in archive.infolist()
                if entry.filename.endswith(".npy")
            }
            wanted = {name: entries[name] for name in choose(list(entries))}
            total = sum(entry.file_size for entry in wanted.values())
            check_growth(str(path), packed, total)
            return {
                name: _unpack(archive, entry, f"{path}, array {name!r}")
                for name, entry in wanted.items()
            }


def _unpack(archive: ZipFile, entry: ZipInfo, place: str) -> NDArray[Any]:
    if entry.flag_bits & ENCRYPTED:
        raise InvalidExperimentError(f"{place} is encrypted: store it without a password")
    with archive.open(entry) as stream:
        return _array(stream, place, entry.file_size)


def _array(stream: IO[bytes], place: str, size: int) -> NDArray[Any]:
    """Return the array in a stream of so many bytes."""
    header = _header(stream, place)
    if header.dtype.hasobject or header.dtype.kind not in "biufc":
        raise InvalidExperimentError(
            f"{place} holds {header.dtype}, not numbers: it is not a plain array of numbers"
        )
    shown = " × ".join(f"{length:,}" for length in header.shape) or "one number"
    announced = math.prod(header.shape) * header.dtype.itemsize
    if min(header.shape, default=0) < 0 or announced > size:
        raise InvalidExperimentError(
            f"{place} announces {shown} numbers of {header.dtype}, but holds {size:,} bytes"
        )
    check_memory(place, COPIES * announced)
    body = stream.read(announced)
    if len(body) < announced:
        raise InvalidExperimentError(
            f"{place} announces {shown} numbers of {header.dtype}, {announced:,} bytes, but"
            f" {len(body):,} follow"
        )
    if stream.read(1):
        raise InvalidExperimentError(
            f"{place} announces {shown} numbers of {header.dtype}, {announced:,} bytes, but more"
            f" follow ({size:,} in all): give each array a file, or the arrays of an .npz names"
        )
    values = np.frombuffer(body, header.dtype)
    return values.reshape(header.shape, order="F" if header.fortran else "C")


def _header(stream: IO[bytes], place: str) -> _Header:
    major, _ = np.lib.format.read_magic(stream)
    if major == 1:
        return _Header(*np.lib.format.read_array_header_1_0(stream, LONGEST_HEADER))
    if major == 2:
        return _Header(*np.lib.format.read_array_header_2_0(stream, LONGEST_HEADER))
    raise InvalidExperimentError(
        f"{place} is of version {major} of the format: it does not hold plain numbers"
    )
