"""One file of a checkpoint: written beside, renamed, described by size and sha256.

Networks are safetensors, which other programs read; all else is npz without pickle.
"""

import hashlib
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypedDict

import numpy as np
from numpy.typing import NDArray

from collapse_tui.storage.errors import DamagedRunError
from collapse_tui.storage.files import replacement


class FileEntry(TypedDict):
    """The entry of one file in a manifest."""

    file: str
    bytes: int
    sha256: str
    arrays: list[str]


SAFETENSORS = ".safetensors"


def write_archive(path: Path, name: str, arrays: Mapping[str, NDArray[Any]]) -> FileEntry:
    """Write `arrays` to `path`; `name` is what the manifest calls the file."""
    with replacement(path) as temporary:
        if name.endswith(SAFETENSORS):
            _write_tensors(temporary, arrays)
        else:
            _write_npz(temporary, arrays)
        with temporary.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            size = file.tell()
    return {"file": name, "bytes": size, "sha256": digest, "arrays": list(arrays)}


def _write_npz(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    # not np.savez: it cannot store an array named "file"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for key, array in arrays.items():
            with archive.open(f"{key}.npy", "w", force_zip64=True) as member:
                np.lib.format.write_array(member, np.asanyarray(array), allow_pickle=False)


def _write_tensors(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write the tensors of one network; in the file they have the last part of their names."""
    import safetensors.numpy  # only where networks are stored

    library: Any = safetensors.numpy
    library.save_file(
        {_last(key): np.ascontiguousarray(array) for key, array in arrays.items()}, path
    )


def _last(key: str) -> str:
    return key.rsplit("/", 1)[-1]


def read_archive(path: Path, stored: FileEntry) -> dict[str, NDArray[Any]]:
    """Return the arrays of a file whose size and checksum are those of its entry."""
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size != stored["bytes"]:
                raise DamagedRunError(f"{path} has {size} bytes instead of {stored['bytes']}")
            if hashlib.file_digest(file, "sha256").hexdigest() != stored["sha256"]:
                raise DamagedRunError(f"{path} fails its checksum")
            file.seek(0)
            if path.suffix == SAFETENSORS:
                return _read_tensors(path, stored)
            with np.load(file, allow_pickle=False) as archive:
                return {name: archive[name] for name in stored["arrays"]}
    except FileNotFoundError:
        raise DamagedRunError(f"{path} is missing") from None


def _read_tensors(path: Path, stored: FileEntry) -> dict[str, NDArray[Any]]:
    import safetensors.numpy

    library: Any = safetensors.numpy
    tensors = library.load_file(path)
    return {name: tensors[_last(name)] for name in stored["arrays"]}
