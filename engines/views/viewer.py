"""What draws each generation of a run, and what the viewers of several kinds share."""

from typing import Protocol

import numpy as np

from engines.arrays import FloatArray
from engines.data import Data
from engines.kinds import KINDS
from engines.metrics.observation import Baseline, Observation
from engines.sampling.conditional import VIEW_POINTS, display_points
from engines.streams import Streams
from engines.views.view import View


class Viewer(Protocol):
    """Makes the view of each generation of one run, always of replicate 0."""

    def view(self, observation: Observation) -> View:
        """Return the view of one generation."""
        ...


def make_viewer(kind: str, baseline: Baseline, widest: float) -> Viewer:
    """Return the viewer of a run.

    Parameters
    ----------
    kind : str
        Kind of data, an entry of `engines.kinds.KINDS`.
    baseline : Baseline
    widest : float
        Largest standard deviation that theory predicts during the run; 0 where it does not say.
    """
    return KINDS[kind].viewer(baseline, widest)


def points_of_view(data: Data, streams: Streams) -> FloatArray:
    """Return the points of replicate 0; where only moments are drawn, at most 2,048 of them.

    Raises
    ------
    TypeError
        If the data are counts.
    """
    points = display_points(data, streams, VIEW_POINTS, 1)
    if points is None:
        raise TypeError("counts of states have no points")
    return points.values[: int(points.sizes[0])]


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
