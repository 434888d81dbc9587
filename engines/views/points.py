"""What the views of several kinds share: points, their number, their shares in bins."""

from collections.abc import Callable

import numpy as np

from engines.arrays import FloatArray
from engines.metrics.observation import Observation
from engines.sampling.conditional import VIEW_POINTS, display_points


def points_of_view(observation: Observation) -> FloatArray:
    """Return the points of D_n, replicate 0; at most 2,048 where only moments are drawn."""
    data, streams = observation.drawn, observation.streams
    points = observation.memo.get(
        "points of view", lambda: display_points(data, streams, VIEW_POINTS, 1)
    )
    return points.values[: int(points.sizes[0])]


def reference_histograms(
    observation: Observation,
    values: Callable[[Observation], list[FloatArray]],
    edges: Callable[[FloatArray], FloatArray],
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return edges and the shares of D_0 and of D_n in bins, all empty at generation 0.

    Parameters
    ----------
    observation : Observation
    values : callable
        What the reference model says of each replicate's points.
    edges : callable
        The values of D_0, ascending → edges, shape (b + 1,).
    """
    if observation.first_law is None:
        return np.empty(0), np.empty(0), np.empty(0)
    both = (observation.real_counterpart, observation)
    real, now = (np.sort(values(each)[0], axis=None) for each in both)
    bins = edges(real)
    return bins, bin_shares(real, bins), bin_shares(now, bins)


def note_points(observation: Observation, shown: FloatArray) -> dict[str, str]:
    """Return the note that not all points of D_n are shown; empty where all are."""
    size = int(observation.drawn.sizes[0])
    return {"points": f"{len(shown):,} of {size:,} points shown"} if len(shown) < size else {}


def bin_shares(ordered: FloatArray, edges: FloatArray) -> FloatArray:
    """Return the share of values in each bin, overflow first and last.

    Parameters
    ----------
    ordered : ndarray, shape (n,)
        Ascending.
    edges : ndarray, shape (b + 1,)
        Ascending; a bin holds its lower edge.

    Returns
    -------
    ndarray, shape (b + 2,)
    """
    below = np.searchsorted(ordered, edges)
    bounds = np.concatenate([[0], below, [len(ordered)]])
    return np.diff(bounds) / len(ordered)
