"""Grey images of one size from PNG and other picture files."""

import io
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def grey_images(files: Sequence[bytes]) -> NDArray[np.uint8]:
    """Return the pixels of picture files, 0 to 255, shape (n, h, w).

    Parameters
    ----------
    files : sequence of bytes
        8-bit grey images of one size, in any format that Pillow reads.

    Raises
    ------
    ValueError
        With what is wrong with which of them.
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
