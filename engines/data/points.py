"""Data held as points, one replicate after the other, so that replicates may differ in size."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, ClassVar, Self

import numpy as np

from engines.arrays import Arrays, FloatArray, IntArray, common_size
from engines.data.form import Form
from engines.numerics.sorting import sort_rows


@dataclass(frozen=True, eq=False)
class Points:
    """Points of R replicates.

    Attributes
    ----------
    values : ndarray, shape (N,) or (N, d)
        All points, replicate 0 first; N is the sum of `sizes`.
    sizes : ndarray of int, shape (R,)
        Points of each replicate.
    """

    values: FloatArray
    sizes: IntArray
    form: ClassVar[Form] = Form.POINTS
    adds_up: ClassVar[bool] = False
    has_subsets: ClassVar[bool] = True
    dtype: ClassVar[type[Any]] = np.float64

    @classmethod
    def of(cls, data: Self) -> Self:
        """Return the points as they are."""
        return data

    def union(self, other: Self) -> Self:
        """Return the union with one more data set, sorted if one-dimensional.

        A stable sort merges a sorted union with a new generation in linear time.
        """
        return self.combine([self, other]).sort()

    def sort(self) -> Self:
        """Return one-dimensional points in ascending order; other points as they are."""
        if self.values.ndim > 1:
            return self
        return self.of_sorted_rows(np.sort(self.rows, axis=1, kind="stable"))

    def repeat(self, replicates: int) -> Self:
        """Return the points of a single replicate copied to `replicates` of them."""
        values = np.tile(self.values, (replicates,) + (1,) * (self.values.ndim - 1))
        return type(self)(values, np.repeat(self.sizes, replicates))

    @classmethod
    def of_rows(cls, rows: Any) -> Self:
        """Return the points of a rectangular array, shape (R, n) or (R, n, d)."""
        sizes: IntArray = np.full(len(rows), rows.shape[1], dtype=np.int64)
        return cls(rows.reshape(-1, *rows.shape[2:]), sizes)

    @classmethod
    def of_sorted_rows(cls, rows: FloatArray) -> Self:
        """Return the points of an array whose rows are sorted already, shape (R, n)."""
        points = cls.of_rows(rows)
        points.__dict__["sorted_rows"] = rows
        return points

    @property
    def rows(self) -> FloatArray:
        """The points as an array of shape (R, n) or (R, n, d), for replicates of equal size.

        Raises
        ------
        ValueError
            If the replicates differ in size.
        """
        size = common_size(self.sizes)
        if size is None:
            raise ValueError("replicates of different sizes do not fit into one rectangular array")
        return self.values.reshape(len(self.sizes), size, *self.values.shape[1:])

    @property
    def by_replicate(self) -> list[Any]:
        """The points of each replicate: views of shape (n,) or (n, d)."""
        return np.split(self.values, np.cumsum(self.sizes)[:-1])

    @cached_property
    def sorted_rows(self) -> FloatArray:
        """The points of each replicate in ascending order, shape (R, n); one-dimensional only."""
        return sort_rows(self.rows)

    @classmethod
    def combine(cls, parts: Sequence[Self]) -> Self:
        """Return the union of `parts`, within each replicate in the order of the parts."""
        if len(parts) == 1:
            return parts[0]
        sizes: IntArray = np.array([part.sizes for part in parts]).sum(axis=0)
        values = np.empty((int(sizes.sum()), *parts[0].values.shape[1:]), dtype=cls.dtype)
        offsets = np.cumsum(sizes) - sizes
        for part in parts:
            starts = np.cumsum(part.sizes) - part.sizes
            within = np.arange(len(part.values)) - np.repeat(starts, part.sizes)
            values[np.repeat(offsets, part.sizes) + within] = part.values
            offsets = offsets + part.sizes
        return cls(values, sizes)

    def subset(self, sizes: IntArray, generator: np.random.Generator, *, replacement: bool) -> Self:
        """Return `sizes` points of each replicate, drawn at random.

        Raises
        ------
        ValueError
            If more points than there are should be drawn without replacement.
        """
        indices = uniform_indices(self.sizes, sizes, generator, replacement=replacement)
        return self.take(indices, sizes)

    def take(self, indices: IntArray, sizes: IntArray) -> Self:
        """Return the points at `indices` (flat), which count within each replicate."""
        if len(self.sizes) == 1:
            return type(self)(self.values[indices], sizes)
        starts = np.repeat(np.cumsum(self.sizes) - self.sizes, sizes)
        return type(self)(self.values[starts + indices], sizes)

    def arrays(self) -> Arrays:
        """Return the arrays that a checkpoint stores, by name."""
        return {"values": self.values, "sizes": self.sizes}

    @classmethod
    def restore(cls, arrays: Arrays) -> Self:
        """Return the points whose arrays these are; other arrays are ignored."""
        return cls(**{field.name: arrays[field.name] for field in fields(cls)})


@dataclass(frozen=True, eq=False)
class Blocks(Points):
    """Blocks of R replicates, all of one length; a block is one point.

    Attributes
    ----------
    values : ndarray of int, shape (N, L)
        Token numbers, replicate 0 first; N is the sum of `sizes`.
    sizes : ndarray of int, shape (R,)
        Blocks of each replicate.
    """

    form: ClassVar[Form] = Form.BLOCKS
    dtype: ClassVar[type[Any]] = np.int64


def uniform_indices(
    pools: IntArray, sizes: IntArray, generator: np.random.Generator, *, replacement: bool = True
) -> IntArray:
    """Return ``sizes[r]`` uniform indices below ``pools[r]`` for each replicate, flat.

    Parameters
    ----------
    pools, sizes : ndarray of int, shape (R,)
    generator : numpy.random.Generator
        Replicate r does not depend on R.
    replacement : bool
        Whether an index may occur more than once in a replicate.

    Returns
    -------
    ndarray of int, shape (sum of sizes,)

    Raises
    ------
    ValueError
        If more indices than there are should be drawn without replacement.
    """
    if not replacement:
        drawn = [
            generator.choice(int(pool), size=int(size), replace=False, shuffle=False)
            for pool, size in zip(pools, sizes, strict=True)
        ]
        return np.concatenate(drawn)
    pool = common_size(pools)
    if pool is not None:
        return generator.integers(0, pool, size=int(sizes.sum()))
    return generator.integers(0, np.repeat(pools, sizes))
