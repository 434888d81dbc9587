"""What one generation is in the strip of a run: at most 64 numbers, from the low end of an axis up.

The numbers stand for cells of equal size on that axis, which stays the same throughout a run.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engines.arrays import FloatArray, IntArray

MOST = 64
"""Most numbers of a generation."""


MANY_STATES = 50
"""States from which on those in the order of their probabilities are shown by rank."""
STRIP_ARRAYS = frozenset({"strip", "strip_axis", "strip_real"})
"""Arrays of a view that its strip is in."""


class Strip(NamedTuple):
    """What the numbers of a strip are.

    Attributes
    ----------
    name : str
        A key of `STRIPS`; `View.strip`.
    axis : str
        What the vertical axis is, in words.
    log : bool
        The limits of the axis are decimal logarithms.
    shares : bool
        The numbers are the shares of a whole in the cells; what lies beyond the axis is in its
        first and last cell.
    signed : bool
        The numbers have signs that matter.
    """

    name: str
    axis: str
    log: bool = False
    shares: bool = False
    signed: bool = False


DENSITY = Strip("density", "value", shares=True)
BY_STATE = Strip("states", "state")
BY_RANK = Strip("ranks", "rank in the real data", log=True)
FIRST_AXIS = Strip("first-axis", "position on the first principal axis", shares=True)
AXES = Strip("axes", "principal axis")
LATENT = Strip("latent", "the latent that varies most", shares=True)
PERPLEXITY = Strip("perplexity", "perplexity", log=True, shares=True)
WEIGHTS = Strip("weights", "weight", signed=True)

STRIPS = {
    strip.name: strip
    for strip in (DENSITY, BY_STATE, BY_RANK, FIRST_AXIS, AXES, LATENT, PERPLEXITY, WEIGHTS)
}
"""All strips by name; `engines.kinds.KINDS` says which of them a kind of data has."""


def strip_arrays(values: FloatArray, low: float, high: float) -> dict[str, NDArray[Any]]:
    """Return the arrays of a view that hold its strip: at most 64 numbers, and their axis."""
    return {"strip": values.astype(np.float32), "strip_axis": np.array([low, high])}


def strip_of_bins(edges: FloatArray, real: FloatArray, now: FloatArray) -> dict[str, NDArray[Any]]:
    """Return the arrays of a strip of shares in at most 64 bins, and that of the real data.

    Parameters
    ----------
    edges : ndarray, shape (b + 1,)
        Of bins of equal size; empty where nothing is known of the generation.
    real, now : ndarray, shape (b + 2,)
        Shares, overflow first and last, which is added to the first and last bin.
    """
    if not edges.size:
        return strip_arrays(edges, 0.0, 1.0)
    weights = cell_weights(edges.size - 1)
    found = strip_arrays(weights @ now, edges[0], edges[-1])
    return {**found, "strip_real": (weights @ real).astype(np.float32)}


def cell_weights(bins: int) -> FloatArray:
    """Return the matrix from the shares in bins, overflow first and last, to those in cells.

    Parameters
    ----------
    bins : int
        Of equal size. Up to 64 of them are the cells themselves.

    Returns
    -------
    ndarray, shape (cells, bins + 2)
        Each column sums to 1; what lies beyond the bins goes to the first and last cell.
    """
    cells = min(bins, MOST)
    weights = np.zeros((cells, bins + 2))
    weights[:, 1:-1] = overlaps(bins, cells)
    weights[0, 0] = weights[-1, -1] = 1.0
    return weights


def overlaps(parts: int, cells: int) -> FloatArray:
    """Return which share of each of `parts` equal parts lies in each of `cells` equal cells."""
    edges = np.linspace(0.0, 1.0, parts + 1)
    bounds = np.linspace(0.0, 1.0, cells + 1)
    low = np.maximum(bounds[:-1, None], edges[:-1])
    high = np.minimum(bounds[1:, None], edges[1:])
    return np.maximum(high - low, 0.0) * parts


def descend_by_state(probabilities: FloatArray) -> bool:
    """Return whether many states are numbered by how probable they are: 1, 2, 3, … are ranks."""
    return probabilities.size >= MANY_STATES and bool((np.diff(probabilities) <= 0).all())


def rank_places(states: int) -> tuple[IntArray, float]:
    """Return the places of at most 64 ranks, evenly on a logarithmic axis, and where it ends.

    The axis begins at 0 and ends at the decimal logarithm of the number of states.
    """
    high = float(np.log10(max(states, 2)))
    cells = min(states, MOST)
    middles = (np.arange(cells) + 0.5) / cells * high
    return np.rint(10.0**middles).astype(np.int64) - 1, high
