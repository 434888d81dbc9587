"""Draws from mixtures of normal laws."""

import numpy as np

from engines.arrays import FloatArray, IntArray
from engines.data import Points
from engines.streams import Purpose, Streams


def sample_mixture(
    weights: FloatArray, means: FloatArray, factors: FloatArray, sizes: IntArray, streams: Streams
) -> Points:
    """Return `sizes` points of each replicate's Σ w_k N(m_k, L_k L_kᵀ), unsorted.

    The component of each point is drawn iid, so that their counts are multinomial.

    Parameters
    ----------
    weights : ndarray, shape (R, K)
    means : ndarray, shape (R, K, d)
    factors : ndarray, shape (R, K, d, d)
        Lower triangular L_k.
    sizes : ndarray of int, shape (R,)
    streams : Streams
        One stream for the components, one for the normals, so that replicate r does not
        depend on R.

    Returns
    -------
    Points
        Flat in replicate order, shape (N,) for d = 1, else (N, d).
    """
    total, (_, components, dimension) = int(sizes.sum()), means.shape
    uniforms = streams.of(Purpose.COMPONENT).random(total)
    normals = streams.of(Purpose.POINT).standard_normal((total, dimension))
    owners = np.repeat(np.arange(len(sizes)) * components, sizes)
    for bounds in np.cumsum(weights, axis=1).T[:-1]:
        owners += uniforms >= np.repeat(bounds, sizes)
    centres = means.reshape(-1, dimension)[owners]
    roots = factors.reshape(-1, dimension, dimension)[owners]
    values = centres + np.einsum("nij,nj->ni", roots, normals)
    return Points(values[:, 0] if dimension == 1 else values, sizes)
