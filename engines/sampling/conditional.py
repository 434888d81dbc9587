"""Points for views and point metrics where a run draws only statistics.

Standardised normals are rescaled to the drawn mean and scatter. Given these statistics
the result has exactly the law of the sample's own points, by their independence; it is
drawn from a stream of its own, so that looking at a run never changes it.
"""

import numpy as np

from engines.arrays import FloatArray, IntArray
from engines.data import Data, Form, Moments, Points, Totals
from engines.numerics.shares import largest_remainders
from engines.sampling.normal import sample_normal
from engines.streams import Purpose, Streams

MOST_POINTS = 20_000
"""Most points of a replicate that are drawn for point metrics."""
DISPLAY = 1 << 31
"""Added to the part number of what is shown: beyond that of any model."""
VIEW_POINTS = 2_048
"""Most points that are drawn for a view."""


def display_points(data: Data, streams: Streams, most: int, replicates: int) -> Points | None:
    """Return at most `most` points of the first replicates, or None for counts.

    Parameters
    ----------
    data : Data
        D_n.
    streams : Streams
        Streams of generation n.
    most : int
        Points kept are all there are; points drawn given moments are at most so many.
    replicates : int
        How many replicates, from the first.
    """
    if isinstance(data, Points):
        return data
    if isinstance(data, Totals):
        return data.points(streams.of(Purpose.SHOW), most, replicates)
    if not isinstance(data, Moments):
        return None
    parts = data.parts or (data,)
    sizes = np.array([part.sizes[:replicates] for part in parts])
    wanted = np.array([_thinned(column, most) for column in sizes.T]).T
    drawn = [
        _given(part, wanted[index], replicates, streams.of_part(DISPLAY + part.origin))
        for index, part in enumerate(parts)
    ]
    return Points.combine(drawn)


def _thinned(sizes: IntArray, most: int) -> IntArray:
    total = int(sizes.sum())
    return sizes if total <= most else largest_remainders(sizes / total, most)


def _given(part: Moments, wanted: IntArray, replicates: int, streams: Streams) -> Points:
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
    transform = _transform(part.factor[:replicates], whole.factor)
    if dimension == 1:
        offset = part.mean[:replicates, 0] - transform[:, 0, 0] * whole.mean[:, 0]
        scale = np.repeat(transform[:, 0, 0], wanted)
        return Points(np.repeat(offset, wanted) + scale * normals[:, 0], wanted)
    owner = np.repeat(np.arange(replicates), wanted)
    centred = normals - whole.mean[owner]
    values = part.mean[owner] + np.einsum("nij,nj->ni", transform[owner], centred)
    return Points(values, wanted)


def _transform(target: FloatArray, drawn: FloatArray) -> FloatArray:
    # A sample of one point (or of fewer than d + 1) has no full scatter to invert.
    if target.shape[1] == 1:
        return np.divide(target, drawn, out=np.zeros_like(target), where=drawn > 0)
    return target @ np.linalg.pinv(drawn)
