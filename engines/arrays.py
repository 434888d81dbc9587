"""Array types used throughout, and indices of evenly spaced rows."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
Arrays = dict[str, NDArray[Any]]
"""Arrays of any kind by '/'-separated names, as a run folder stores them."""


def evenly(size: int, most: int) -> IntArray:
    """Return at most `most` of the indices below `size`, evenly spaced, ascending."""
    return np.unique(np.linspace(0, size - 1, min(size, most)).astype(np.int64))
