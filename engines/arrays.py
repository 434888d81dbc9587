"""Array types used throughout, sizes that are all the same, and evenly spaced indices."""

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
Arrays = dict[str, NDArray[Any]]
"""Arrays of any kind by '/'-separated names, as a run folder stores them."""


@lru_cache(maxsize=64)
def equal_sizes(size: int, replicates: int) -> IntArray:
    """Return one size for all replicates, shape (R,), read-only; it takes no more memory than one.

    `common_size` sees without looking through it that there is a single size.
    """
    return np.broadcast_to(np.int64(size), (replicates,))


def common_size(sizes: IntArray) -> int | None:
    """Return the one size of all replicates, or None where they differ."""
    if sizes.strides == (0,) or bool((sizes == sizes[0]).all()):
        return int(sizes[0])
    return None


def scalar_if_equal(sizes: IntArray) -> int | IntArray:
    """Return the one size of all replicates, or all of them: what to multiply or divide by.

    The numbers come out the same; with a single one it takes half the time.
    """
    size = common_size(sizes)
    return sizes if size is None else size


def even_indices(size: int, most: int) -> IntArray:
    """Return at most `most` of the indices below `size`, evenly spaced, ascending."""
    return np.unique(np.linspace(0, size - 1, min(size, most)).astype(np.int64))
