"""Means that a few replicates carry: how many of them make half of the sum."""

from collections.abc import Mapping

import numpy as np

from collapse_tui.events import Generation
from engines.arrays import FloatArray

FEWEST, MOST = 20, 100_000
"""Replicates from which on, and up to which, those that carry a mean are counted."""


def count_carriers(values: FloatArray) -> int:
    """Return the smallest number of values that make half of the sum of all.

    Parameters
    ----------
    values : ndarray, shape (R,)
        Of a metric that is not negative where its mean exceeds its 95 % quantile; what is not
        finite counts for nothing.
    """
    descending: FloatArray = np.sort(np.where(np.isfinite(values), values, 0.0))[::-1]
    sums: FloatArray = np.cumsum(descending)
    return int(np.searchsorted(sums, float(sums[-1]) / 2)) + 1


def find_carriers(record: Generation) -> Mapping[str, int]:
    """Return the metrics whose mean exceeds their 95 % quantile, with those that carry it."""
    found: dict[str, int] = {}
    for name, values in record.metrics.items():
        summary = record.summary.get(name, {})
        mean, high = summary.get("mean"), summary.get("q95")
        if mean is None or high is None or not FEWEST <= values.size <= MOST:
            continue
        if mean > high > 0 and bool((values >= 0).all()):
            found[name] = count_carriers(values)
    return found
