"""One file of a checkpoint: written beside, renamed, described by size and sha256.

Networks are safetensors, which other programs read; all else is npz without pickle.
"""

import hashlib
import math
import os
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from io import BufferedRandom, BufferedReader
from pathlib import Path
from typing import IO, Any, TypedDict

import numpy as np
from numpy.typing import NDArray

from collapse_tui.storage.errors import DamagedRunError
from collapse_tui.storage.file_names import ARCHIVE, SAFETENSORS, STATE
from collapse_tui.storage.run_directory import RunDirectory


class FileEntry(TypedDict):
    """The entry of one file in a manifest."""

    file: str
    bytes: int
    sha256: str
    arrays: list[str]


_HEADERS: dict[tuple[int, int], Any] = {
    (1, 0): np.lib.format.read_array_header_1_0,
    (2, 0): np.lib.format.read_array_header_2_0,
}


def write_archive(
    directory: RunDirectory, name: str, arrays: Mapping[str, NDArray[Any]]
) -> FileEntry:
    """Write `arrays` to a file of the folder of states; the manifest calls it `name`."""
    with directory.replacement(f"{STATE}/{name}") as file:
        if name.endswith(SAFETENSORS):
            _write_tensors(file, arrays)
        else:
            write_npz(file, arrays)
        file.flush()
        file.seek(0)
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        size = file.tell()
    return {"file": name, "bytes": size, "sha256": digest, "arrays": list(arrays)}


def write_npz(file: IO[bytes], arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write arrays as numpy.load reads them."""
    # not np.savez: it cannot store an array named "file"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for key, array in arrays.items():
            with archive.open(f"{key}.npy", "w", force_zip64=True) as member:
                np.lib.format.write_array(member, np.asanyarray(array), allow_pickle=False)


def _write_tensors(file: BufferedRandom, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write the tensors of one network; in the file they have the last part of their names."""
    import safetensors.numpy  # only where networks are stored

    library: Any = safetensors.numpy
    tensors = {_last(key): np.ascontiguousarray(array) for key, array in arrays.items()}
    # not save_file, which takes a name, writes beside it and renames
    file.write(library.save(tensors))


def _last(key: str) -> str:
    return key.rsplit("/", 1)[-1]


def read_archive(directory: RunDirectory, stored: FileEntry) -> dict[str, NDArray[Any]]:
    """Return the arrays of a file whose name, size and checksum are those of its entry."""
    name = require_archive_name(directory, stored["file"])
    path = directory.path / name
    try:
        with directory.open_to_read(name) as file:
            _verify(file, path, stored)
            return (
                _read_tensors(file, stored)
                if path.suffix == SAFETENSORS
                else _read_npz(file, stored)
            )
    except FileNotFoundError:
        raise DamagedRunError(f"{path} is missing") from None
    except DamagedRunError:
        raise
    except Exception as error:
        # its checksum is right: whoever wrote the manifest wrote this too
        raise DamagedRunError(f"{path} holds no arrays of a state ({error})") from error


def verify_archive(directory: RunDirectory, stored: FileEntry) -> None:
    """Raise DamagedRunError unless a file has the size and the checksum of its entry."""
    name = require_archive_name(directory, stored["file"])
    try:
        with directory.open_to_read(name) as file:
            _verify(file, directory.path / name, stored)
    except FileNotFoundError:
        raise DamagedRunError(f"{directory.path / name} is missing") from None


def holds_own_checksums(directory: RunDirectory, name: str) -> bool:
    """Return whether an npz is whole by the CRC-32 that it holds of each array."""
    with (
        suppress(Exception),
        directory.open_to_read(require_archive_name(directory, name)) as file,
        zipfile.ZipFile(file) as archive,
    ):
        members = archive.infolist()
        # what a stranger made may be small, and far larger once it is unpacked
        stored = all(member.compress_type == zipfile.ZIP_STORED for member in members)
        size = sum(member.file_size for member in members)
        return stored and size <= os.fstat(file.fileno()).st_size and archive.testzip() is None
    return False


def _verify(file: BufferedReader, path: Path, stored: FileEntry) -> None:
    size = os.fstat(file.fileno()).st_size
    if size != stored["bytes"]:
        raise DamagedRunError(f"{path} has {size} bytes instead of {stored['bytes']}")
    if hashlib.file_digest(file, "sha256").hexdigest() != stored["sha256"]:
        raise DamagedRunError(f"{path} fails its checksum")
    file.seek(0)


def require_archive_name(directory: RunDirectory, name: object) -> str:
    """Return the name of an archive relative to the run, after checking that it may be one."""
    if not isinstance(name, str) or not ARCHIVE.fullmatch(name):
        raise DamagedRunError(
            f"a manifest of {directory.path / STATE} names {str(name)[:200]!r}, which is no file"
            " of a state; it was not touched"
        )
    return f"{STATE}/{name}"


def _read_npz(file: IO[bytes], stored: FileEntry) -> dict[str, NDArray[Any]]:
    with zipfile.ZipFile(file) as archive:
        names = stored["arrays"]
        return {name: _read_array(archive, f"{name}.npy", stored["bytes"]) for name in names}


def _read_array(archive: zipfile.ZipFile, name: str, size: int) -> NDArray[Any]:
    with archive.open(name) as data:
        read_header = _HEADERS[np.lib.format.read_magic(data)]
        shape, _, dtype = read_header(data)
        # an array is made only where its bytes are there: `size` is that of the whole file
        if dtype.hasobject or math.prod(shape) * dtype.itemsize > size:
            raise ValueError(f"{name} must be of numbers, as many as there are bytes")
        data.seek(0)
        return np.lib.format.read_array(data, allow_pickle=False)


def _read_tensors(file: IO[bytes], stored: FileEntry) -> dict[str, NDArray[Any]]:
    import safetensors.numpy

    library: Any = safetensors.numpy
    # the library maps a file by its name; this name is of the open file, wherever it may lie
    tensors = library.load_file(f"/dev/fd/{file.fileno()}")
    return {name: tensors[_last(name)] for name in stored["arrays"]}
