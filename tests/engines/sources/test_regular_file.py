"""Files of strangers: what a header announces is compared with the file before memory is taken."""

import gzip
import os
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest

from engines.errors import InvalidExperimentError
from engines.sources.images import ImagesSource
from engines.sources.readers import regular_file
from engines.sources.readers.columns import read_column
from engines.sources.readers.dialect import Keys
from engines.sources.readers.images import IDX_IMAGES, read_image_file
from engines.sources.readers.regular_file import check_growth, check_memory

HEADER = "{'descr': '<f8', 'fortran_order': False, 'shape': (%s,), }\n"


def _npy(path: Path, length: int, body: bytes) -> Path:
    header = (HEADER % length).encode()
    path.write_bytes(b"\x93NUMPY\1\0" + struct.pack("<H", len(header)) + header + body)
    return path


def test_a_header_that_announces_more_than_there_is(tmp_path: Path) -> None:
    with pytest.raises(InvalidExperimentError, match="announces 10,000,000,000,000 numbers"):
        read_column(_npy(tmp_path / "a.npy", 10**13, b"\0" * 80))
    with pytest.raises(InvalidExperimentError, match="announces -1 numbers"):
        read_column(_npy(tmp_path / "a.npy", -1, b"\0" * 80))


def test_a_terabyte_of_nothing_is_not_read(tmp_path: Path) -> None:
    path = _npy(tmp_path / "a.npy", 3, np.arange(3.0).tobytes())
    assert read_column(path).values.tolist() == [0, 1, 2]
    os.truncate(path, 1 << 40)
    with pytest.raises(InvalidExperimentError, match=r"more follow \(1,099,511,627,776"):
        read_column(path)


def test_an_archive_that_explodes_is_not_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.npz"
    np.savez_compressed(path, a=np.arange(100_000) % 2)
    assert len(read_column(path).values) == 100_000
    monkeypatch.setattr(regular_file, "SMALL", 1_000)
    with pytest.raises(InvalidExperimentError, match="would unpack to 800,"):
        read_column(path)


def test_only_the_array_wanted_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bad.npy", b"nonsense")
        with archive.open("good.npy", "w") as entry:
            np.save(entry, np.arange(4.0))
    assert read_column(path, Keys(array="good")).values.tolist() == [0, 1, 2, 3]


def test_an_encrypted_array_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    np.savez(path, height=np.arange(4.0))
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\3\4") + 6] |= 1
    data[data.index(b"PK\1\2") + 8] |= 1
    path.write_bytes(data)
    with pytest.raises(InvalidExperimentError, match="array 'height' is encrypted"):
        read_column(path)


def test_a_row_without_an_end_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"1\n")
    os.truncate(path, 1 << 40)
    with pytest.raises(InvalidExperimentError, match="line 2, is longer than 1,000,000"):
        read_column(path)


def _idx_folder(folder: Path, length: int) -> Path:
    data = struct.pack(">HBBIII", 0, 8, 3, length, 2, 2) + bytes(range(0, 240, 10))
    (folder / f"{IDX_IMAGES[0]}.gz").write_bytes(gzip.compress(data))
    return folder


def test_images_that_are_announced_must_be_there(tmp_path: Path) -> None:
    assert read_image_file(_idx_folder(tmp_path, 6)).images.shape == (6, 4)
    with pytest.raises(InvalidExperimentError, match="holds more than 20 bytes, but announces 5"):
        read_image_file(_idx_folder(tmp_path, 5))
    with pytest.raises(InvalidExperimentError, match="would unpack to 16,000,000,000 bytes"):
        read_image_file(_idx_folder(tmp_path, 4 * 10**9))


def test_a_source_names_the_files_that_it_reads(tmp_path: Path) -> None:
    folder = _idx_folder(tmp_path, 6)
    assert ImagesSource(path=str(folder)).files == (folder / f"{IDX_IMAGES[0]}.gz",)
    assert ImagesSource(dataset="a/b").files == ()


def test_both_numbers_are_named() -> None:
    with pytest.raises(InvalidExperimentError, match=r"1,000,000\.0 GB to read, but .* GB of"):
        check_memory("a file", 10**15)
    with pytest.raises(InvalidExperimentError, match="300,000,000 bytes from 1,000"):
        check_growth("a file", 1_000, 300_000_000)
    check_growth("a file", 30_000_000, 300_000_000)
