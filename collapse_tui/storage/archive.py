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


class Stored(TypedDict):
    """What a manifest says of one file."""

    file: str
    bytes: int
    sha256: str
    arrays: list[str]


SAFE = ".safetensors"


def write_archive(path: Path, name: str, arrays: Mapping[str, NDArray[Any]]) -> Stored:
    """Write `arrays` to `path`; `name` is what the manifest calls the file."""
    temporary = path.with_name(f".{path.name}.tmp")
    try:
        stored = (_write_tensors if name.endswith(SAFE) else _write)(temporary, name, arrays)
        os.replace(temporary, path)
    finally:
        # on a full disk the half of a file would take the last of the space
        temporary.unlink(missing_ok=True)
    return stored


def _write(path: Path, name: str, arrays: Mapping[str, NDArray[Any]]) -> Stored:
    with path.open("w+b") as file:
        # not np.savez: it cannot store an array named "file"
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
            for key, array in arrays.items():
                with archive.open(f"{key}.npy", "w", force_zip64=True) as member:
                    np.lib.format.write_array(member, np.asanyarray(array), allow_pickle=False)
        file.flush()
        size = file.tell()
        file.seek(0)
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"file": name, "bytes": size, "sha256": digest, "arrays": list(arrays)}


def _write_tensors(path: Path, name: str, arrays: Mapping[str, NDArray[Any]]) -> Stored:
    """Write the tensors of one network; in the file they have the last part of their names."""
    import safetensors.numpy  # only where networks are stored

    library: Any = safetensors.numpy
    library.save_file(
        {_last(key): np.ascontiguousarray(array) for key, array in arrays.items()}, path
    )
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        size = file.tell()
    return {"file": name, "bytes": size, "sha256": digest, "arrays": list(arrays)}


def _last(key: str) -> str:
    return key.rsplit("/", 1)[-1]


def read_archive(path: Path, stored: Stored) -> dict[str, NDArray[Any]]:
    """Return the arrays of a file that is exactly as it was written, or name it."""
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size != stored["bytes"]:
                message = f"{path} has {size} bytes instead of {stored['bytes']}"
                raise DamagedRunError(message)
            if hashlib.file_digest(file, "sha256").hexdigest() != stored["sha256"]:
                message = f"{path} fails its checksum"
                raise DamagedRunError(message)
            file.seek(0)
            if path.suffix == SAFE:
                return _read_tensors(path, stored)
            with np.load(file, allow_pickle=False) as archive:
                return {name: archive[name] for name in stored["arrays"]}
    except FileNotFoundError:
        message = f"{path} is missing"
        raise DamagedRunError(message) from None


def _read_tensors(path: Path, stored: Stored) -> dict[str, NDArray[Any]]:
    import safetensors.numpy

    library: Any = safetensors.numpy
    tensors = library.load_file(path)
    return {name: tensors[_last(name)] for name in stored["arrays"]}
