"""Array types, sizes that are equal for all replicates, and evenly spaced indices."""

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
Arrays = dict[str, NDArray[Any]]
"""Arrays of any type by '/'-separated names, as a run folder stores them."""


@lru_cache(maxsize=64)
def equal_sizes(size: int, replicates: int) -> IntArray:
    """Return `size` for each replicate, shape (R,): a read-only view of one number.

    `common_size` recognises such an array without comparing its elements.
    """
    return np.broadcast_to(np.int64(size), (replicates,))


def common_size(sizes: IntArray) -> int | None:
    """Return the size that all replicates share, or None if they differ."""
    if sizes.strides == (0,) or bool((sizes == sizes[0]).all()):
        return int(sizes[0])
    return None


def scalar_if_equal(sizes: IntArray) -> int | IntArray:
    """Return the size that all replicates share as a number, or `sizes` if they differ.

    Multiplying or dividing by either gives the same result; by a number it takes half the time.
    """
    size = common_size(sizes)
    return sizes if size is None else size


def even_indices(size: int, most: int) -> IntArray:
    """Return at most `most` evenly spaced indices below `size`, ascending."""
    return np.unique(np.linspace(0, size - 1, min(size, most)).astype(np.int64))
