"""Exact draws of normal samples: their points, or only their mean and scatter.

The mean and the scatter of a normal sample are independent; the mean is normal, the scatter is
Wishart (in one dimension chi-square). Both can therefore be drawn without the points, at a cost
that does not depend on the size of the sample.

References
----------
.. [1] W. G. Cochran, "The distribution of quadratic forms in a normal system",
   Proc. Camb. Phil. Soc. 30 (1934) 178.
.. [2] M. S. Bartlett, "On the theory of statistical regression",
   Proc. R. Soc. Edinb. 53 (1933) 260. The triangular factor of a Wishart matrix.
"""

import numpy as np

from engines.arrays import FloatArray, IntArray, common_size, equal_sizes
from engines.data import Data, Form, Moments, Points
from engines.streams import Purpose, Streams


def sample_normal(
    mean: FloatArray, factor: FloatArray, sizes: IntArray, form: Form, streams: Streams
) -> Data:
    """Return a sample of each replicate's N(mean, L Lᵀ).

    Parameters
    ----------
    mean : ndarray, shape (R, d)
    factor : ndarray, shape (R, d, d)
        Lower triangular L.
    sizes : ndarray of int, shape (R,)
        Points of each replicate; 0 and 1 are allowed.
    form : Form
        `Form.POINTS` or `Form.MOMENTS`.
    streams : Streams
        One stream each for points, means, diagonals and off-diagonals.
    """
    if form is Form.POINTS:
        return _points(mean, factor, sizes, streams)
    return _moments(mean, factor, sizes, streams)


def _points(mean: FloatArray, factor: FloatArray, sizes: IntArray, streams: Streams) -> Points:
    dimension = mean.shape[1]
    generator = streams.of(Purpose.POINT)
    if dimension == 1:
        scale = np.repeat(factor[:, 0, 0], sizes)
        normals = generator.standard_normal(len(scale))
        return Points(np.repeat(mean[:, 0], sizes) + scale * normals, sizes)
    normals = generator.standard_normal((int(sizes.sum()), dimension))
    size = common_size(sizes)
    if size is not None:
        rows = normals.reshape(len(sizes), size, dimension)
        values = mean[:, None, :] + rows @ np.swapaxes(factor, 1, 2)
        return Points(values.reshape(-1, dimension), sizes)
    # The same products as above, so that a replicate does not depend on the other replicates.
    parts = np.split(normals, np.cumsum(sizes)[:-1])
    values = [m + part @ f.T for m, part, f in zip(mean, parts, factor, strict=True)]
    return Points(np.concatenate(values), sizes)


def _moments(mean: FloatArray, factor: FloatArray, sizes: IntArray, streams: Streams) -> Moments:
    replicates, dimension = mean.shape
    normals = streams.of(Purpose.MEAN).standard_normal((replicates, dimension))
    size = common_size(sizes)
    freedom = sizes - 1 if size is None else equal_sizes(size - 1, replicates)
    root = wishart_factor(freedom, dimension, streams)
    if dimension == 1:
        # The products below have only one term.
        spread, drawn_factor = factor[:, :, 0] * normals, factor * root
    else:
        spread, drawn_factor = np.einsum("rij,rj->ri", factor, normals), factor @ root
    if size:
        return Moments(sizes, mean + spread / np.sqrt(size), drawn_factor, origin=streams.part)
    shift = spread / np.sqrt(np.maximum(sizes, 1))[:, None]
    drawn_mean = np.where(sizes[:, None] > 0, mean + shift, 0.0)
    return Moments(sizes, drawn_mean, drawn_factor, origin=streams.part)


def wishart_factor(degrees: IntArray, dimension: int, streams: Streams) -> FloatArray:
    """Return a lower triangular G with G Gᵀ Wishart(I, degrees), by Bartlett's decomposition.

    With fewer degrees of freedom than dimensions the Wishart matrix is singular, and the columns
    beyond the degrees are zero.

    Parameters
    ----------
    degrees : ndarray of int, shape (R,)
        Degrees of freedom; below 1 the factor is zero.
    dimension : int
        d.
    streams : Streams

    Returns
    -------
    ndarray, shape (R, d, d)
    """
    generator = streams.of(Purpose.SCATTER)
    degree = common_size(degrees)
    if dimension == 1 and degree is not None and degree > 0:
        # The same draws as below, in a third less time.
        return np.sqrt(generator.chisquare(degree, (len(degrees), 1, 1)))
    columns = np.arange(dimension)
    freedom = degrees[:, None] - columns
    present = freedom > 0
    diagonal = np.sqrt(generator.chisquare(np.maximum(freedom, 1))) * present
    if dimension == 1:
        return diagonal[:, :, None]
    factor = np.zeros((len(degrees), dimension, dimension))
    factor[:, columns, columns] = diagonal
    below = np.tril_indices(dimension, -1)
    generator = streams.of(Purpose.OFF_DIAGONAL)
    normals = generator.standard_normal((len(degrees), len(below[0])))
    factor[:, below[0], below[1]] = normals * present[:, below[1]]
    return factor
