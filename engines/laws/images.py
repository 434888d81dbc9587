"""The law of a set of images: each of them with the same probability."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engines.arrays import FloatArray, IntArray
from engines.laws.law import Law


@dataclass(frozen=True, eq=False)
class ImageLaw(Law):
    """The empirical law of N grey images (one replicate).

    Attributes
    ----------
    images : ndarray, shape (N, h w)
        Pixel values, 0 to 1, row by row.
    labels : ndarray of int, shape (N,), or None
        Class of each image.
    shape : (int, int)
        Height h and width w.
    white : float
        What the pixels of the file were divided by.
    """

    images: FloatArray
    labels: IntArray | None
    shape: tuple[int, int]
    white: float = 1.0
    has_density = False

    @cached_property
    def classes(self) -> IntArray:
        """The classes that there are, ascending, shape (K,); K is 0 without labels."""
        return np.unique(self.labels) if self.labels is not None else np.empty(0, dtype=np.int64)
