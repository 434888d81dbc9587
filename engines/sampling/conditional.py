"""Points for views and point metrics where a run draws only statistics.

Standardised normals are rescaled to the drawn mean and scatter. Given these statistics, the
result has exactly the law of the sample's points, because the standardised points are independent
of them. They are drawn from a random stream that the run does not use, so that showing a run
never changes it.
"""

import numpy as np

from engines.arrays import FloatArray, IntArray
from engines.data import Data, Form, Moments, Points, Totals
from engines.numerics.shares import largest_remainders
from engines.sampling.normal import sample_normal
from engines.streams import Purpose, Streams

MOST_POINTS = 20_000
"""Points of a replicate that are drawn for point metrics, at most."""
DISPLAY = 1 << 31
"""Added to the part number of a sample for its display points; greater than that of any model."""
VIEW_POINTS = 2_048
"""Points of a replicate that are drawn for a view, at most."""


def display_points(data: Data, streams: Streams, most: int, replicates: int) -> Points:
    """Return at most `most` points of each of the first replicates.

    Parameters
    ----------
    data : Data
        D_n.
    streams : Streams
        Streams of generation n.
    most : int
        Limit for points that are drawn given statistics; points that were kept are all returned.
    replicates : int
        Number of replicates, from the first.

    Raises
    ------
    TypeError
        If the data are counts.
    """
    if isinstance(data, Points):
        return data
    if isinstance(data, Totals):
        return data.points(streams.of(Purpose.SHOW), most, replicates)
    if not isinstance(data, Moments):
        raise TypeError("counts of states have no points")
    parts = data.parts or (data,)
    sizes = np.array([part.sizes[:replicates] for part in parts])
    wanted = np.array([_limit(column, most) for column in sizes.T]).T
    drawn = [
        _draw_given(part, wanted[index], replicates, streams.of_part(DISPLAY + part.origin))
        for index, part in enumerate(parts)
    ]
    return Points.combine(drawn)


def _limit(sizes: IntArray, most: int) -> IntArray:
    total = int(sizes.sum())
    return sizes if total <= most else largest_remainders(sizes / total, most)


def _draw_given(part: Moments, wanted: IntArray, replicates: int, streams: Streams) -> Points:
    """Return `wanted` points of a normal sample with the given mean and scatter."""
    dimension = part.mean.shape[1]
    generator = streams.of(Purpose.SHOW)
    normals = generator.standard_normal((int(wanted.sum()), dimension))
    drawn = Points(normals[:, 0] if dimension == 1 else normals, wanted)
    rest_sizes = part.sizes[:replicates] - wanted
    whole = Moments.of(drawn)
    if rest_sizes.any():
        zero = np.zeros((replicates, dimension))
        unit = np.broadcast_to(np.eye(dimension), (replicates, dimension, dimension))
        rest = sample_normal(zero, unit, rest_sizes, Form.MOMENTS, streams)
        whole = whole.union(rest) if isinstance(rest, Moments) else whole
    transform = _transformation(part.factor[:replicates], whole.factor)
    if dimension == 1:
        offset = part.mean[:replicates, 0] - transform[:, 0, 0] * whole.mean[:, 0]
        scale = np.repeat(transform[:, 0, 0], wanted)
        return Points(np.repeat(offset, wanted) + scale * normals[:, 0], wanted)
    owner = np.repeat(np.arange(replicates), wanted)
    centred = normals - whole.mean[owner]
    values = part.mean[owner] + np.einsum("nij,nj->ni", transform[owner], centred)
    return Points(values, wanted)


def _transformation(target: FloatArray, drawn: FloatArray) -> FloatArray:
    # The scatter of fewer than d + 1 points is singular: hence the pseudo-inverse.
    if target.shape[1] == 1:
        return np.divide(target, drawn, out=np.zeros_like(target), where=drawn > 0)
    return target @ np.linalg.pinv(drawn)
