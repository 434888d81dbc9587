"""The digests of a run's data are those of the files that it reads."""

import gzip
import struct
from hashlib import sha256
from pathlib import Path

from collapse_tui.execution.provenance import changed_files, digest_files
from collapse_tui.experiment.loader import resolve


def _write_idx(path: Path, start: int) -> None:
    body = bytes((start + 10 * pixel) % 250 for pixel in range(20 * 16))
    path.write_bytes(gzip.compress(struct.pack(">HBBIII", 0, 8, 3, 20, 4, 4) + body, mtime=0))


def test_a_folder_of_images_has_a_digest_for_each_file_read(tmp_path: Path) -> None:
    images = tmp_path / "train-images-idx3-ubyte.gz"
    _write_idx(images, 0)
    (tmp_path / "notes.txt").write_text("not read")
    source = {"name": "images", "path": str(tmp_path)}
    built = resolve("test", {"format": 1, "source": source, "engine": {"name": "vae"}})
    assert digest_files(built) == {str(images): sha256(images.read_bytes()).hexdigest()}
    stored = {"files": digest_files(built)}
    assert changed_files(built, stored) == []
    _write_idx(images, 1)
    assert changed_files(built, stored) == [str(images)]
