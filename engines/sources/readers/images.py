"""Reads sets of grey images; errors name the file and what is wrong with it."""

import gzip
import io
import math
import os
import struct
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from engines.errors import InvalidExperimentError
from engines.external.hub import Download, parquet_files, read_parquet
from engines.laws.images import ImageLaw
from engines.sources.readers.arrays import read_npz
from engines.sources.readers.damage import name_damage
from engines.sources.readers.regular_file import SMALL, check_growth, check_memory, open_source

PATTERN = "*/train-*.parquet"
"""Files of a data set's training part."""
NAMES = (("x_train", "y_train"), ("images", "labels"), ("train_images", "train_labels"))
"""Names that an archive may give its images and labels."""
IDX_IMAGES = ("train-images-idx3-ubyte", "train-images.idx3-ubyte")
IDX_LABELS = ("train-labels-idx1-ubyte", "train-labels.idx1-ubyte")
PIXEL_BYTES = 24
"""Bytes that a pixel takes while it is checked: floating point numbers and copies of them."""
BYTE = 255.0
"""The largest byte, which is white."""
IDX_TYPE = 0x08
"""Code of unsigned bytes in IDX files."""


def read_image_file(path: Path, white: float | None = None) -> ImageLaw:
    """Return the images of an .npz file or of a folder of IDX files (or .gz of them).

    Parameters
    ----------
    path : Path
    white : float or None
        Value of a white pixel; None: see `image_law`.

    Raises
    ------
    InvalidExperimentError
        If it does not exist, cannot be read, or does not hold grey images of one size.
    """
    if path.is_dir():
        return _idx_folder(path, white)
    if path.suffix.lower() != ".npz":
        open_source(path).close()
        raise InvalidExperimentError(
            f"source.path must be an .npz file or a folder of IDX files, got {str(path)!r}"
        )
    with name_damage(path):
        images, *labels = read_npz(path, partial(_images_and_labels, path)).values()
        return image_law(str(path), images, labels[0] if labels else None, white)


def _images_and_labels(path: Path, known: list[str]) -> list[str]:
    for images, labels in NAMES:
        if images in known:
            return [name for name in (images, labels) if name in known]
    wanted = ", ".join(images for images, _ in NAMES)
    shown = ", ".join(known) or "none"
    raise InvalidExperimentError(f"{path} has no array {wanted}, only {shown[:200]}")


def image_files(path: Path) -> list[Path]:
    """Return the files that are read for a path: itself, or those of an IDX folder."""
    if not path.is_dir():
        return [path]
    found = (_idx_path(path, names) for names in (IDX_IMAGES, IDX_LABELS))
    return [file for file in found if file is not None]


def _idx_folder(folder: Path, white: float | None) -> ImageLaw:
    images = _idx(folder, IDX_IMAGES)
    if images is None:
        raise InvalidExperimentError(
            f"{folder} has no {IDX_IMAGES[0]} (or .gz of it), the images of an IDX folder"
        )
    return image_law(str(folder), images, _idx(folder, IDX_LABELS), white)


def _idx_path(folder: Path, names: Sequence[str]) -> Path | None:
    """Return the first of these files that exists, plain or packed."""
    paths = [folder / (name + suffix) for name in names for suffix in ("", ".gz")]
    return next((path for path in paths if path.exists()), None)


def _idx(folder: Path, names: Sequence[str]) -> Any:
    """Return the array of the first of these files that exists, or None."""
    path = _idx_path(folder, names)
    if path is None:
        return None
    with name_damage(path), open_source(path) as file:
        size = os.fstat(file.fileno()).st_size
        if path.suffix != ".gz":
            return _idx_array(path, file, size)
        with gzip.GzipFile(fileobj=file) as unpacked:
            return _idx_array(path, unpacked, size)


def _idx_array(path: Path, stream: IO[bytes] | gzip.GzipFile, packed: int) -> Any:
    """Return the array in a stream from a file of so many bytes; no more than it announces."""
    start = stream.read(4)
    zeros, kind, axes = struct.unpack(">HBB", start)
    if zeros or kind != IDX_TYPE:
        raise InvalidExperimentError(
            f"{path} is not an IDX file of bytes: it starts with {start!r}"
        )
    shape = struct.unpack(f">{axes}I", stream.read(4 * axes))
    announced, shown = math.prod(shape), " × ".join(map(str, shape))
    if packed > 2 * announced + SMALL:
        raise InvalidExperimentError(f"{path} holds {packed:,} bytes, but announces {shown}")
    check_growth(str(path), packed, announced)
    check_memory(str(path), PIXEL_BYTES * announced)
    body = stream.read(announced + 1)
    if len(body) != announced:
        held = f"{len(body):,} bytes" if len(body) < announced else f"more than {announced:,} bytes"
        raise InvalidExperimentError(f"{path} holds {held}, but announces {shown}")
    return np.frombuffer(body, dtype=np.uint8).reshape(shape)


def images_download(dataset: str) -> Download:
    """Return the download of a data set."""
    return Download(dataset, "dataset", (PATTERN,))


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
    for path in parquet_files(images_download(dataset), PATTERN):
        table = read_parquet(path, "image")
        files += [entry["bytes"] for entry in table.column("image").to_pylist()]
        if "label" in table.column_names:
            labels += table.column("label").to_pylist()
    try:
        images = grey_images(files)
    except ValueError as error:
        raise InvalidExperimentError(f"data set {dataset!r}: {error}") from error
    return image_law(dataset, images, np.array(labels) if labels else None)


def image_law(
    where: str, images: NDArray[Any], labels: NDArray[Any] | None, white: float | None = None
) -> ImageLaw:
    """Return images and labels as a law.

    Parameters
    ----------
    where : str
        The file or data set, for messages.
    images : ndarray, shape (N, h, w)
        Numbers, 0 or more.
    labels : ndarray of int, shape (N,), or None
    white : float or None
        Value of a white pixel, by which all are divided; None: 1 for floating point numbers, 255
        for whole ones that use more than half of this range, else the largest that there is.

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
    if white is None:
        white = _white(images)
    values = images.astype(np.float64)
    if white != 1.0:
        values /= white
    if not (np.isfinite(values).all() and values.min() >= 0 and values.max() <= 1):
        raise InvalidExperimentError(
            f"{where} must hold pixels of 0 to {white:g}, got {images.min()} to {images.max()}: say"
            " the value of a white pixel by source.range"
        )
    if values.min() == values.max():
        raise InvalidExperimentError(f"{where} holds the same pixel {images.flat[0]} everywhere")
    if labels is not None and (labels.shape != images.shape[:1] or labels.dtype.kind not in "ui"):
        raise InvalidExperimentError(
            f"{where} has {len(images):,} images, but labels of {labels.dtype} and shape"
            f" {labels.shape}: one whole number each is right"
        )
    whole = None if labels is None else labels.astype(np.int64)
    return ImageLaw(values.reshape(len(values), -1), whole, images.shape[1:], white)


def _white(images: NDArray[Any]) -> float:
    """Return the value of a white pixel that whole numbers, or others, suggest."""
    if images.dtype.kind == "f":
        return 1.0
    largest = float(images.max())
    return BYTE if BYTE / 2 < largest <= BYTE else max(largest, 1.0)


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
