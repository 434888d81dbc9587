"""Sets of images read from files, and what is said of those that are none."""

import gzip
import io
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from engines.arrays import even_indices
from engines.data import Form
from engines.errors import InvalidExperimentError
from engines.laws.images import ImageLaw
from engines.sources.images import DigitsSource, ImagesSource
from engines.sources.readers.images import grey_images, read_image_file
from engines.streams import Streams

GENERATOR = np.random.default_rng(2)
PIXELS = GENERATOR.integers(0, 256, (6, 5, 4)).astype(np.uint8)
LABELS = np.arange(6, dtype=np.uint8)


def idx(array: Any) -> bytes:
    return struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape) + array.tobytes()


def saved(folder: Path, **arrays: Any) -> Path:
    path = folder / "images.npz"
    np.savez(path, **arrays)
    return path


@pytest.mark.parametrize("names", [("x_train", "y_train"), ("images", "labels")])
def test_an_archive(tmp_path: Path, names: tuple[str, str]) -> None:
    law = read_image_file(saved(tmp_path, **{names[0]: PIXELS, names[1]: LABELS}))
    assert law.shape == (5, 4)
    assert np.array_equal(law.images, PIXELS.reshape(6, 20) / 255)
    assert np.array_equal(law.labels, LABELS)


@pytest.mark.parametrize("packed", [False, True])
def test_a_folder_of_idx_files(tmp_path: Path, packed: bool) -> None:
    for name, array in (("train-images-idx3-ubyte", PIXELS), ("train-labels-idx1-ubyte", LABELS)):
        data = gzip.compress(idx(array)) if packed else idx(array)
        (tmp_path / (name + ".gz" * packed)).write_bytes(data)
    law = read_image_file(tmp_path)
    assert np.array_equal(law.images, PIXELS.reshape(6, 20) / 255)
    assert np.array_equal(law.classes, LABELS)


def test_floating_point_images_stay_as_they_are(tmp_path: Path) -> None:
    law = read_image_file(saved(tmp_path, images=PIXELS / 510))
    assert np.array_equal(law.images, PIXELS.reshape(6, 20) / 510)
    assert law.labels is None


def bad_archive(**arrays: Any) -> Callable[[Path], Path]:
    return lambda folder: saved(folder, **arrays)


def bad_idx(data: bytes, name: str = "train-images-idx3-ubyte") -> Callable[[Path], Path]:
    def made(folder: Path) -> Path:
        (folder / name).write_bytes(data)
        return folder

    return made


def bad_file(name: str, data: bytes) -> Callable[[Path], Path]:
    def made(folder: Path) -> Path:
        (folder / name).write_bytes(data)
        return folder / name

    return made


BAD: dict[str, tuple[Callable[[Path], Path], str]] = {
    "missing": (lambda folder: folder / "none.npz", "does not exist"),
    "suffix": (bad_file("a.png", b"x"), "must be an .npz file or a folder of IDX files"),
    "garbage": (bad_file("a.npz", b"nonsense"), "could not be read"),
    "names": (bad_archive(pictures=PIXELS), "has no array x_train, images.*only pictures"),
    "colour": (bad_archive(images=np.zeros((3, 4, 4, 3))), r"grey images.*\(3, 4, 4, 3\)"),
    "flat": (bad_archive(images=np.zeros((3, 4))), r"shape \(N, h, w\)"),
    "empty": (bad_archive(images=np.zeros((0, 4, 4))), "must hold grey images"),
    "words": (bad_archive(images=np.full((2, 2, 2), "a")), "not numbers"),
    "nan": (bad_archive(images=np.full((2, 2, 2), np.nan)), "0 to 1, got nan to nan"),
    "range": (bad_archive(images=np.arange(8.0).reshape(2, 2, 2)), r"got 0\.0 to 7\.0"),
    "constant": (bad_archive(images=np.ones((2, 2, 2))), "the same pixel"),
    "labels": (bad_archive(images=PIXELS, labels=LABELS[:3]), "6 images, but labels"),
    "one-hot": (bad_archive(images=PIXELS, labels=np.eye(6)), "one whole number each"),
    "no idx": (lambda folder: folder, "has no train-images-idx3-ubyte"),
    "short idx": (bad_idx(b"\0\0"), "could not be read"),
    "other idx": (bad_idx(struct.pack(">HBBI", 0, 13, 1, 4) + b"abcd"), "not an IDX file of bytes"),
    "cut idx": (bad_idx(idx(PIXELS)[:-3]), "holds 117 bytes, but announces 6 × 5 × 4"),
    "gz": (bad_idx(b"nonsense", "train-images-idx3-ubyte.gz"), "could not be read"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_no_set_of_images_is_refused_in_one_sentence(tmp_path: Path, case: str) -> None:
    made, sentence = BAD[case]
    with pytest.raises(InvalidExperimentError, match=sentence) as caught:
        read_image_file(made(tmp_path))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("scale", "kind", "white", "said"),
    [
        (16, np.uint8, None, "pixels divided by 16"),
        (127, np.uint8, None, "pixels divided by 127"),
        (128, np.uint8, None, "pixels divided by 255"),
        (4095, np.uint16, None, "pixels divided by 4095"),
        (1, np.bool_, None, "images of 3 × 2 pixels, no labels"),
        (3000, np.uint16, 4095.0, "pixels divided by 4095"),
        (1.0, np.float64, None, "images of 3 × 2 pixels, no labels"),
        (80.0, np.float32, 100.0, "pixels divided by 100"),
    ],
)
def test_pixels_use_their_range(
    tmp_path: Path, scale: float, kind: Any, white: float | None, said: str
) -> None:
    images = (np.arange(12).reshape(2, 3, 2) / 11 * scale).astype(kind)
    source = ImagesSource(path=str(saved(tmp_path, images=images)), range=white)
    assert said in source.content
    divided = float(said.rsplit(maxsplit=1)[-1]) if "divided" in said else 1.0
    assert source.law().images.max() == pytest.approx(images.max() / divided)


@pytest.mark.parametrize("images", [np.array([[[0, 300]]]), np.array([[[0.0, 2.0]]])])
def test_pixels_beyond_white_are_refused(tmp_path: Path, images: Any) -> None:
    source = ImagesSource(path=str(saved(tmp_path, images=images)), range=1.5)
    with pytest.raises(InvalidExperimentError, match=r"pixels of 0 to 1\.5, got.*source\.range"):
        source.law()


def test_a_source_of_images_is_one_thing() -> None:
    for keys in ({}, {"path": "a", "dataset": "b/c"}):
        with pytest.raises(ValueError, match="either path or dataset"):
            ImagesSource(**keys)
    assert ImagesSource(path="a.npz").downloads == ()
    assert ImagesSource(dataset="ylecun/mnist").downloads[0].repository == "ylecun/mnist"


# ---- data sets in Parquet -----------------------------------------------------------------------


def png(image: Any, mode: str | None = None) -> bytes:
    file = io.BytesIO()
    Image.fromarray(image).convert(mode or "L").save(file, "PNG")
    return file.getvalue()


def test_pictures_have_their_pixels() -> None:
    assert np.array_equal(grey_images([png(image) for image in PIXELS]), PIXELS)


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (b"nonsense", "image 1 cannot be read"),
        (png(PIXELS[0])[:60], "image 1 cannot be read"),
        (png(PIXELS[0][:3]), "image 1 has 3 × 4 pixels, those before 5 × 4"),
        (png(PIXELS[0], "RGB"), "image 1 is of mode RGB, not grey"),
    ],
)
def test_other_pictures_are_refused(file: bytes, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        grey_images([png(PIXELS[0]), file])


@pytest.fixture
def parquet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Give what puts a table where the data set's only file is looked for."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = tmp_path / "train-00000.parquet"
    monkeypatch.setattr("engines.sources.readers.images.parquet_files", lambda *_: [path])

    def write(**columns: Any) -> None:
        pq.write_table(pa.table(columns), path)

    return write


def test_a_data_set_of_the_cache(parquet: Any) -> None:
    files = [{"bytes": png(image), "path": None} for image in PIXELS]
    parquet(image=files, label=LABELS.tolist())
    law = ImagesSource(dataset="ylecun/mnist").law()
    assert np.array_equal(law.images, PIXELS.reshape(6, 20) / 255)
    assert np.array_equal(law.labels, LABELS)


def test_bad_data_sets_are_refused(parquet: Any) -> None:
    parquet(text=["a"])
    with pytest.raises(InvalidExperimentError, match="no column 'image', only text"):
        ImagesSource(dataset="a/b").law()
    parquet(image=[{"bytes": b"nonsense", "path": None}])
    with pytest.raises(InvalidExperimentError, match="'a/b': image 0 cannot be read"):
        ImagesSource(dataset="a/b").law()


def test_a_data_set_that_is_not_there_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(InvalidExperimentError, match=r"'nobody/nothing'.*not in the Hugging Face"):
        ImagesSource(dataset="nobody/nothing").law()


# ---- D_0 ----------------------------------------------------------------------------------------


def test_digits_are_the_real_data_themselves() -> None:
    source = DigitsSource()
    law = source.law()
    assert isinstance(law, ImageLaw)
    assert (law.images.shape, law.shape) == ((1797, 64), (8, 8))
    assert (law.images.min(), law.images.max()) == (0.0, 1.0)
    assert len(law.classes) == 10
    whole: Any = source.real(1797, 2, Form.POINTS, Streams(1, 0))
    assert np.array_equal(whole.values, np.tile(law.images, (2, 1)))
    fewer: Any = source.real(100, 1, Form.POINTS, Streams(1, 0))
    rows = {row.tobytes() for row in law.images}
    assert len({row.tobytes() for row in fewer.values}) == 100
    assert all(row.tobytes() in rows for row in fewer.values)
    more: Any = source.real(2000, 1, Form.POINTS, Streams(1, 0))
    assert more.values.shape == (2000, 64)


def test_evenly_spaced_rows() -> None:
    assert even_indices(10, 20).tolist() == list(range(10))
    assert even_indices(10, 4).tolist() == [0, 3, 6, 9]
    assert even_indices(10, 1).tolist() == [0]
