"""Splitting a whole number into whole parts: the method of largest remainders."""

import numpy as np

from engines.arrays import FloatArray, IntArray


def largest_remainders(shares: FloatArray, size: int) -> IntArray:
    """Return whole counts that sum to `size`, in proportion to `shares` (largest remainders).

    Parameters
    ----------
    shares : ndarray, shape (k,)
        Sum 1.
    size : int

    Returns
    -------
    ndarray of int, shape (k,)
    """
    exact = shares * size
    counts = np.floor(exact + 1e-9).astype(np.int64)
    missing = size - int(counts.sum())
    counts[np.argsort(counts - exact, kind="stable")[:missing]] += 1
    return counts
