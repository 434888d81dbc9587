"""Metrics whose values are yes and no, as a share of the replicates with its interval.

Quantiles of zeros and ones are zeros and ones: bands of them fill the pane and say nothing.
"""

import numpy as np

from collapse_tui.charts.palette import Colour
from collapse_tui.charts.spec import Band
from collapse_tui.presentation.snapshot import Snapshot
from engines.arrays import FloatArray

CONFIDENT = 1.959964
"""Standard deviations of a normal law that hold 95 %."""


def is_share(metric: str) -> bool:
    """Return whether a metric says yes or no of each replicate."""
    # the table of metrics takes what must not delay the first paint
    from engines.metrics.registry import METRICS

    return metric in METRICS and METRICS[metric].answer


def typical_statistic(metric: str) -> str:
    """Return the statistic that stands for a metric: its median, of yes and no the share."""
    return "mean" if is_share(metric) else "q50"


def wilson_interval(share: FloatArray, count: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return Wilson's 95 % interval of a probability.

    Parameters
    ----------
    share : ndarray
        Of the trials that succeeded.
    count : ndarray
        Trials; where there is none the interval is NaN.

    Returns
    -------
    low, high : ndarray
        Within 0 and 1, of positive width at a share of 0 or 1 too.
    """
    trials = np.where(count > 0, count, np.nan)
    square = CONFIDENT**2 / trials
    centre = (share + square / 2) / (1 + square)
    spread = share * (1 - share) / trials + square / (4 * trials)
    half = CONFIDENT / (1 + square) * np.sqrt(np.maximum(spread, 0.0))
    return np.maximum(centre - half, 0.0), np.minimum(centre + half, 1.0)


def share_band(snapshot: Snapshot, metric: str) -> Band:
    """Return the interval of a share by generation."""
    share, count = (snapshot.column(metric, name) for name in ("mean", "n"))
    low, high = wilson_interval(share, count)
    return Band(snapshot.axis(share.size), low, high, Colour.BAND_INNER, "95 % interval")
