"""Reads files in parts, unpacked where their name says that they are packed."""

import os
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from engines.errors import InvalidExperimentError
from engines.sources.readers.regular_file import check_growth, open_source

PACKINGS = (".gz", ".bz2", ".zst", ".lz4")
"""Suffixes of packed files."""
STARTS = {
    b"\x1f\x8b": "packed by gzip: give it the suffix .gz",
    b"BZh": "packed by bzip2: give it the suffix .bz2",
    b"\x28\xb5\x2f\xfd": "packed by zstd: give it the suffix .zst",
    b"\x04\x22\x4d\x18": "packed by lz4: give it the suffix .lz4",
    b"\xfd7zXZ": "packed by xz: unpack it",
    b"PK\3\4": "an archive, as .xlsx and .docx are: save the table or the text of it",
    b"PAR1": "a Parquet file: give it the suffix .parquet",
    b"ARROW1": "a Feather file: give it the suffix .feather",
    b"\x93NUMPY": "an array of numpy: give it the suffix .npy",
    b"%PDF": "a PDF: save the table or the text of it",
}
"""What a file is that begins so, and what helps."""
CHUNK = 1 << 20
"""Bytes that are read at once."""


def split_suffix(path: Path) -> tuple[str, str]:
    """Return the suffix of the kind of file and that of its packing: ``.csv`` and ``.gz``."""
    suffixes = [suffix.lower() for suffix in path.suffixes[-2:]]
    if suffixes and suffixes[-1] in PACKINGS:
        return (suffixes[0] if len(suffixes) > 1 else ""), suffixes[-1]
    return (suffixes[-1] if suffixes else ""), ""


def read_chunks(path: Path) -> Iterator[bytes]:
    """Yield the content of a file in parts of about a megabyte, unpacked.

    Raises
    ------
    InvalidExperimentError
        If it is no regular file, or unpacks to more than its size explains.
    """
    total = 0
    with _open_unpacked(path) as (stream, packed):
        while chunk := stream.read(CHUNK):
            total += len(chunk)
            if packed:
                check_growth(str(path), packed, total)
            yield chunk


def refuse_kind(path: Path, start: bytes) -> None:
    """Refuse what is no text, where its first bytes say what it is.

    Raises
    ------
    InvalidExperimentError
        That says what helps.
    """
    for mark, what in STARTS.items():
        if start.startswith(mark):
            raise InvalidExperimentError(f"{path} is not text, but {what}")


@contextmanager
def _open_unpacked(path: Path) -> Generator[tuple[Any, int]]:
    """Yield a stream of the content, and the size of the file where it is packed."""
    packing = split_suffix(path)[1]
    with open_source(path) as file:
        size = os.fstat(file.fileno()).st_size
        match packing:
            case "":
                yield file, 0
            case ".gz":
                import gzip

                with gzip.GzipFile(fileobj=file) as stream:
                    yield stream, size
            case _:
                import pyarrow as pa

                library: Any = pa
                # bz2 of Python takes a damaged stream after the first for the end of the file
                codec = {".bz2": "bz2", ".zst": "zstd", ".lz4": "lz4"}[packing]
                with library.CompressedInputStream(library.PythonFile(file), codec) as stream:
                    yield stream, size
