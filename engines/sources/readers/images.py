"""Reads sets of grey images; errors name the file and what is wrong with it."""

import gzip
import io
import struct
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from engines.errors import InvalidExperimentError
from engines.external.hub import parquet_files, read_parquet
from engines.laws.images import ImageLaw

PATTERN = "*/train-*.parquet"
"""Files of a data set's training part."""
NAMES = (("x_train", "y_train"), ("images", "labels"), ("train_images", "train_labels"))
"""Names that an archive may give its images and labels."""
IDX_IMAGES = ("train-images-idx3-ubyte", "train-images.idx3-ubyte")
IDX_LABELS = ("train-labels-idx1-ubyte", "train-labels.idx1-ubyte")
IDX_TYPE = 0x08
"""Code of unsigned bytes in IDX files."""


def read_image_file(path: Path) -> ImageLaw:
    """Return the images of an .npz file or of a folder of IDX files (or .gz of them).

    Parameters
    ----------
    path : Path

    Raises
    ------
    InvalidExperimentError
        If it does not exist, cannot be read, or does not hold grey images of one size.
    """
    if not path.exists():
        raise InvalidExperimentError(f"source.path names {str(path)!r}, which does not exist")
    if path.is_dir():
        return _idx_folder(path)
    if path.suffix.lower() != ".npz":
        raise InvalidExperimentError(
            f"source.path must be an .npz file or a folder of IDX files, got {str(path)!r}"
        )
    try:
        with path.open("rb") as file:
            loaded: Any = np.load(file, allow_pickle=False)
            archive = None if isinstance(loaded, np.ndarray) else dict(loaded)
    except (OSError, ValueError, EOFError, BadZipFile) as error:
        reason = "it holds no plain arrays" if isinstance(error, ValueError) else str(error)
        raise InvalidExperimentError(f"{path} could not be read: {reason}") from error
    if archive is None:
        raise InvalidExperimentError(f"{path} is one array: give the images a name in an .npz")
    return _of_archive(path, archive)


def _of_archive(path: Path, archive: Mapping[str, Any]) -> ImageLaw:
    for images, labels in NAMES:
        if images in archive:
            return image_law(str(path), archive[images], archive.get(labels))
    wanted = ", ".join(images for images, _ in NAMES)
    raise InvalidExperimentError(
        f"{path} has no array {wanted}, only {', '.join(archive) or 'none'}"
    )


def _idx_folder(folder: Path) -> ImageLaw:
    images = _idx(folder, IDX_IMAGES)
    if images is None:
        raise InvalidExperimentError(
            f"{folder} has no {IDX_IMAGES[0]} (or .gz of it), the images of an IDX folder"
        )
    return image_law(str(folder), images, _idx(folder, IDX_LABELS))


def _idx(folder: Path, names: Sequence[str]) -> Any:
    """Return the array of the first of these files that exists, or None."""
    paths = [folder / (name + suffix) for name in names for suffix in ("", ".gz")]
    path = next((path for path in paths if path.is_file()), None)
    if path is None:
        return None
    try:
        data = path.read_bytes()
        data = gzip.decompress(data) if path.suffix == ".gz" else data
        zeros, kind, axes = struct.unpack_from(">HBB", data)
        shape = struct.unpack_from(f">{axes}I", data, 4)
    except (OSError, EOFError, struct.error) as error:
        raise InvalidExperimentError(f"{path} could not be read: {error}") from error
    if zeros or kind != IDX_TYPE:
        raise InvalidExperimentError(
            f"{path} is not an IDX file of bytes: it starts with {data[:4]!r}"
        )
    body = np.frombuffer(data, dtype=np.uint8, offset=4 + 4 * axes)
    if len(body) != int(np.prod(shape)):
        raise InvalidExperimentError(
            f"{path} holds {len(body):,} bytes, but announces {' × '.join(map(str, shape))}"
        )
    return body.reshape(shape)


def read_image_dataset(dataset: str) -> ImageLaw:
    """Return the training images of a data set in the Hugging Face cache.

    Parameters
    ----------
    dataset : str
        ``owner/name``; its Parquet files have the columns ``image`` (PNG) and ``label``.

    Raises
    ------
    MissingDownloadError
        If it is not in the cache.
    InvalidExperimentError
        If it does not hold grey images of one size.
    """
    files: list[bytes] = []
    labels: list[int] = []
    for path in parquet_files(dataset, PATTERN):
        table = read_parquet(path, "image")
        files += [entry["bytes"] for entry in table.column("image").to_pylist()]
        if "label" in table.column_names:
            labels += table.column("label").to_pylist()
    try:
        images = grey_images(files)
    except ValueError as error:
        raise InvalidExperimentError(f"data set {dataset!r}: {error}") from error
    return image_law(dataset, images, np.array(labels) if labels else None)


def image_law(where: str, images: NDArray[Any], labels: NDArray[Any] | None) -> ImageLaw:
    """Return images and labels as a law.

    Parameters
    ----------
    where : str
        The file or data set, for messages.
    images : ndarray, shape (N, h, w)
        Bytes are divided by 255; floating point numbers must be 0 to 1.
    labels : ndarray of int, shape (N,), or None

    Raises
    ------
    InvalidExperimentError
        If these are not grey images, or not as many labels.
    """
    if images.ndim != 3 or images.dtype.kind not in "buif" or not images.size:
        raise InvalidExperimentError(
            f"{where} must hold grey images as numbers of shape (N, h, w), got {images.dtype} of"
            f" shape {images.shape}"
        )
    values = images.astype(np.float64)
    if images.dtype.kind in "ui":
        values /= 255.0
    if not (np.isfinite(values).all() and values.min() >= 0 and values.max() <= 1):
        raise InvalidExperimentError(
            f"{where} must hold pixels of 0 to 255 as whole numbers or of 0 to 1, got"
            f" {images.min()} to {images.max()}"
        )
    if not np.ptp(values) > 0:
        raise InvalidExperimentError(f"{where} holds the same pixel {images.flat[0]} everywhere")
    if labels is not None and (labels.shape != images.shape[:1] or labels.dtype.kind not in "ui"):
        raise InvalidExperimentError(
            f"{where} has {len(images):,} images, but labels of {labels.dtype} and shape"
            f" {labels.shape}: one whole number each is right"
        )
    whole = None if labels is None else labels.astype(np.int64)
    return ImageLaw(values.reshape(len(values), -1), whole, images.shape[1:])


def grey_images(files: Sequence[bytes]) -> NDArray[np.uint8]:
    """Return the pixels of picture files, 0 to 255, shape (n, h, w).

    Parameters
    ----------
    files : sequence of bytes
        8-bit grey images of one size, in any format that Pillow reads.

    Raises
    ------
    ValueError
        That names the image and what is wrong with it.
    """
    from PIL import Image, UnidentifiedImageError

    images: list[NDArray[np.uint8]] = []
    for number, file in enumerate(files):
        try:
            with Image.open(io.BytesIO(file)) as image:
                mode, pixels = image.mode, np.asarray(image)
        except (UnidentifiedImageError, OSError, SyntaxError) as error:
            raise ValueError(f"image {number} cannot be read as a picture") from error
        if mode != "L":
            raise ValueError(f"image {number} is of mode {mode}, not grey with 8 bits (L)")
        if images and pixels.shape != images[0].shape:
            size, first = (" × ".join(map(str, shape)) for shape in (pixels.shape, images[0].shape))
            raise ValueError(f"image {number} has {size} pixels, those before {first}")
        images.append(pixels)
    return np.array(images)
