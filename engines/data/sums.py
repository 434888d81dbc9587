"""Data held as sums over their points: counts of states, totals of numbers, sums of products."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import reduce
from typing import Any, ClassVar, Self

import numpy as np
from typing_extensions import override

from engines.arrays import Arrays, FloatArray, IntArray
from engines.data.form import Form, Statistics
from engines.data.points import Points


@dataclass(frozen=True, eq=False)
class Sums(Statistics):
    """Base of forms whose fields are sums over points, with one row per replicate."""

    def union(self, other: Self) -> Self:
        """Return the union with one more data set: the sums of both, added."""
        theirs = other.arrays()
        return replace(self, **{name: a + theirs[name] for name, a in self.arrays().items()})

    @classmethod
    def combine(cls, parts: Sequence[Self]) -> Self:
        """Return the union of `parts`: their sums, added."""
        return reduce(cls.union, parts)

    @classmethod
    def restore(cls, arrays: Arrays) -> Self:
        """Return the data set whose fields these are; other arrays are ignored."""
        return cls(**{field.name: arrays[field.name] for field in fields(cls)})


@dataclass(frozen=True, eq=False)
class Counts(Sums):
    """State counts of R replicates.

    Attributes
    ----------
    counts : ndarray of int, shape (R, K)
    """

    counts: IntArray
    form: ClassVar[Form] = Form.COUNTS
    has_subsets: ClassVar[bool] = True

    @property
    def sizes(self) -> IntArray:
        """Number of points of each replicate, shape (R,)."""
        return self.counts.sum(axis=1)

    @classmethod
    def of(cls, data: object) -> "Counts":
        """Return `data` if they are counts.

        Raises
        ------
        TypeError
            If they are not: points do not determine the states.
        """
        if not isinstance(data, Counts):
            raise TypeError("counts of states cannot be computed from points")
        return data

    @classmethod
    def combine_weighted(cls, parts: Sequence["Counts"], weights: Sequence[float]) -> "Counts":
        """Return the union in which each part has a given weight; its counts are not integers.

        Parameters
        ----------
        parts : sequence of Counts
        weights : sequence of float
            Sum 1.
        """
        size = sum(int(part.sizes[0]) for part in parts)
        total: Any = np.zeros(parts[0].counts.shape)
        for part, weight in zip(parts, weights, strict=True):
            total += weight * size * part.counts / part.sizes[:, None]
        return cls(total)

    @override
    def subset(self, sizes: IntArray, generator: np.random.Generator, *, replacement: bool) -> Self:
        """Return the counts of `sizes` points drawn at random.

        They are multinomial with replacement and multivariate hypergeometric without.

        Raises
        ------
        ValueError
            If more points than there are should be drawn without replacement.
        """
        if replacement:
            shares = self.counts / self.sizes[:, None]
            return type(self)(generator.multinomial(sizes, shares))
        drawn = [
            generator.multivariate_hypergeometric(row, int(size), method="marginals")
            for row, size in zip(self.counts, sizes, strict=True)
        ]
        return type(self)(np.array(drawn, dtype=np.int64))


@dataclass(frozen=True, eq=False)
class Totals(Sums):
    """Sizes and sums of R replicates of non-negative whole numbers.

    Attributes
    ----------
    sizes : ndarray of int, shape (R,)
    totals : ndarray of int, shape (R,)
    """

    sizes: IntArray
    totals: IntArray
    form: ClassVar[Form] = Form.TOTALS

    @classmethod
    def of(cls, data: "Points | Totals") -> "Totals":
        """Return the totals of points; totals as they are."""
        if isinstance(data, Totals):
            return data
        ends = np.cumsum(data.sizes)
        sums = np.concatenate([[0.0], np.cumsum(data.values)])
        return cls(data.sizes, (sums[ends] - sums[ends - data.sizes]).astype(np.int64))

    def points(self, generator: np.random.Generator, most: int, replicates: int) -> Points:
        """Return at most `most` points of each of the first replicates, given their sum.

        Independent Poisson numbers given their sum are multinomial with equal shares; a part
        of them has a binomial share of the sum.
        """
        drawn: list[FloatArray] = []
        sizes = np.minimum(self.sizes[:replicates], most)
        rows: list[tuple[int, int, int]] = np.column_stack(
            [sizes, self.sizes[:replicates], self.totals[:replicates]]
        ).tolist()
        for size, whole, total in rows:
            share = int(generator.binomial(total, size / whole)) if size < whole else total
            drawn.append(generator.multinomial(share, np.full(size, 1 / size)).astype(np.float64))
        return Points(np.concatenate(drawn), sizes)


@dataclass(frozen=True, eq=False)
class Gram(Sums):
    """Sums of products of R replicates.

    Attributes
    ----------
    sizes : ndarray of int, shape (R,)
    gram : ndarray, shape (R, d, d)
        Σ x xᵀ.
    moment : ndarray, shape (R, d)
        Σ x y.
    """

    sizes: IntArray
    gram: FloatArray
    moment: FloatArray
    form: ClassVar[Form] = Form.GRAM

    @classmethod
    def of(cls, data: "Points | Gram") -> "Gram":
        """Return the sums of points, which are rows (x, y) with y last; sums as they are."""
        if not isinstance(data, Points):
            return data
        products = np.array([part.T @ part for part in data.by_replicate])
        return cls(data.sizes, products[:, :-1, :-1], products[:, :-1, -1])
