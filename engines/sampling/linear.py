"""Exact draws of linear data: rows (x, y), or only their sums of products."""

import numpy as np

from engines.arrays import FloatArray, IntArray
from engines.data import Data, Form, Gram, Points
from engines.sampling.normal import wishart_factor
from engines.streams import Purpose, Streams


def sample_linear(
    weights: FloatArray, noise: float, sizes: IntArray, form: Form, streams: Streams
) -> Data:
    """Return a sample of y = x·w + noise with fresh standard normal x.

    Σ x xᵀ is Wishart (Bartlett), and given it Σ x y is normal about Σ x xᵀ w with
    covariance noise² Σ x xᵀ: a sample costs the same at any size.

    Parameters
    ----------
    weights : ndarray, shape (R, d)
    noise : float
    sizes : ndarray of int, shape (R,)
    form : Form
        `Form.GRAM` or `Form.POINTS` (rows of d + 1 numbers, y last).
    streams : Streams
    """
    dimension = weights.shape[1]
    if form is Form.GRAM:
        factor = wishart_factor(sizes, dimension, streams)
        return sample_gram(weights, noise, sizes, factor, streams)
    total = int(sizes.sum())
    x = streams.of(Purpose.POINT).standard_normal((total, dimension))
    return sample_answers(weights, noise, x, sizes, streams)


def sample_answers(
    weights: FloatArray, noise: float, x: FloatArray, sizes: IntArray, streams: Streams
) -> Points:
    """Return the rows of a sample with given x and newly drawn y.

    Parameters
    ----------
    weights : ndarray, shape (R, d)
    noise : float
    x : ndarray, shape (sum of sizes, d)
    sizes : ndarray of int, shape (R,)
    streams : Streams
    """
    owner: IntArray = np.repeat(np.arange(len(weights), dtype=np.int64), sizes)
    errors = noise * streams.of(Purpose.NOISE).standard_normal(len(x))
    y = (x * weights[owner]).sum(axis=1) + errors
    return Points(np.concatenate([x, y[:, None]], axis=1), sizes)


def sample_gram(
    weights: FloatArray, noise: float, sizes: IntArray, factor: FloatArray, streams: Streams
) -> Gram:
    """Return the sums of a sample with given Σ x xᵀ = L Lᵀ and newly drawn y.

    Parameters
    ----------
    weights : ndarray, shape (R, d)
    noise : float
    sizes : ndarray of int, shape (R,)
    factor : ndarray, shape (R, d, d)
        L.
    streams : Streams
    """
    gram = factor @ np.swapaxes(factor, 1, 2)
    normals = streams.of(Purpose.MEAN).standard_normal(weights.shape)
    errors = noise * np.einsum("rij,rj->ri", factor, normals)
    return Gram(sizes, gram, np.einsum("rij,rj->ri", gram, weights) + errors)
