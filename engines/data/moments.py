"""Data held as size, mean and scatter: all that a Gaussian fit needs.

The scatter (the sum of outer products of deviations) is held as a lower triangular factor and
never squared, so that a collapsing run keeps its full precision until its standard deviation
underflows, near 1e-308.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import ClassVar

import numpy as np
from typing_extensions import override

from engines.arrays import Arrays, FloatArray, IntArray, common_size
from engines.data.form import Form, Statistics
from engines.data.points import Points


@dataclass(frozen=True, eq=False)
class Moments(Statistics):
    """Size, mean and scatter of R replicates in d dimensions.

    Attributes
    ----------
    sizes : ndarray of int, shape (R,)
    mean : ndarray, shape (R, d)
        Means; 0 where a replicate has no points.
    factor : ndarray, shape (R, d, d)
        Lower triangular L with scatter = L Lᵀ.
    parts : tuple of Moments
        The normal samples that this is the union of, where points may still be drawn
        given their statistics (see `engines.sampling.conditional`); empty for a single one.
    origin : int
        Part number of the streams that it was drawn from.
    """

    sizes: IntArray
    mean: FloatArray
    factor: FloatArray
    parts: tuple["Moments", ...] = ()
    origin: int = 0
    form: ClassVar[Form] = Form.MOMENTS

    @classmethod
    def of(cls, data: "Points | Moments") -> "Moments":
        """Return the moments of points; moments as they are."""
        if not isinstance(data, Points):
            return data
        values = data.values[:, None] if data.values.ndim == 1 else data.values
        dimension, sizes = values.shape[1], data.sizes
        size = common_size(sizes)
        if size:
            rows = values.reshape(len(sizes), size, dimension)
            mean = rows.mean(axis=1)
            return cls(sizes, mean, _factor_of_rows(rows - mean[:, None, :]))
        parts = np.split(values, np.cumsum(sizes)[:-1])
        mean = np.array([p.mean(axis=0) if len(p) else np.zeros(dimension) for p in parts])
        factors = [
            _factor_of_rows((p - m)[None]) if len(p) else np.zeros((1, dimension, dimension))
            for p, m in zip(parts, mean, strict=True)
        ]
        return cls(sizes, mean, np.concatenate(factors))

    @classmethod
    def combine(cls, parts: Sequence["Moments"]) -> "Moments":
        """Return the moments of the union of `parts`, two at a time (Chan et al. 1979)."""
        if len(parts) == 1:
            return parts[0]
        return replace(reduce(Moments.union, parts), parts=tuple(parts))

    @classmethod
    def combine_weighted(cls, parts: Sequence["Moments"], weights: Sequence[float]) -> "Moments":
        """Return the union in which each part has a given weight; its sizes are the sums.

        The mean is the weighted mean, the scatter the weighted scatter times the size.

        Parameters
        ----------
        parts : sequence of Moments
        weights : sequence of float
            Sum 1.
        """
        sizes = np.sum([part.sizes for part in parts], axis=0, dtype=np.int64)
        scaled: list[Moments] = []
        for part, weight in zip(parts, weights, strict=True):
            ratio: FloatArray = weight * sizes / part.sizes
            factor = part.factor * np.sqrt(ratio)[:, None, None]
            scaled.append(cls(part.sizes * ratio, part.mean, factor))  # pyright: ignore[reportArgumentType] - weighted sizes are not integers
        return replace(reduce(Moments.union, scaled), sizes=sizes)

    def union(self, other: "Moments") -> "Moments":
        """Return the moments of the union with one more data set."""
        sizes = self.sizes + other.sizes
        share = other.sizes / np.maximum(sizes, 1)
        shift = other.mean - self.mean
        mean = self.mean + share[:, None] * shift
        between = np.sqrt(self.sizes * share)[:, None] * shift
        if shift.shape[1] == 1:
            within = np.hypot(self.factor[:, 0, 0], other.factor[:, 0, 0])
            factor = np.hypot(within, between[:, 0])[:, None, None]
        else:
            factor = triangular(
                np.concatenate([self.factor, other.factor, between[:, :, None]], axis=2)
            )
            # Where one of the two is empty, exactly the factor of the other.
            factor = np.where((other.sizes == 0)[:, None, None], self.factor, factor)
            factor = np.where((self.sizes == 0)[:, None, None], other.factor, factor)
        return Moments(sizes, mean, factor)

    @override
    def arrays(self) -> Arrays:
        return {"sizes": self.sizes, "mean": self.mean, "factor": self.factor}

    @classmethod
    def restore(cls, arrays: Arrays) -> "Moments":
        """Return the moments whose arrays these are."""
        return cls(arrays["sizes"], arrays["mean"], arrays["factor"])


def triangular(root: FloatArray) -> FloatArray:
    """Return the lower triangular L with L Lᵀ = A Aᵀ, without forming the product.

    Parameters
    ----------
    root : ndarray, shape (R, d, m)
        A.

    Returns
    -------
    ndarray, shape (R, d, d)
        L, with a diagonal that is not negative.
    """
    dimension, columns = root.shape[1:]
    if columns < dimension:
        padding = np.zeros((len(root), dimension, dimension - columns))
        root = np.concatenate([root, padding], axis=2)
    upper = np.linalg.qr(np.swapaxes(root, 1, 2), mode="r")
    signs = np.where(np.diagonal(upper, axis1=1, axis2=2) < 0, -1.0, 1.0)
    # Contiguous, as a checkpoint restores it: the last bits of products depend on the layout.
    return np.ascontiguousarray(np.swapaxes(signs[:, :, None] * upper, 1, 2))


def _factor_of_rows(deviations: FloatArray) -> FloatArray:
    if deviations.shape[2] == 1:
        return np.linalg.norm(deviations[:, :, 0], axis=1)[:, None, None]
    return triangular(np.swapaxes(deviations, 1, 2))
