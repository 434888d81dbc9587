"""Data held as the number of points in each of K states."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
from typing_extensions import override

from engines.arrays import IntArray
from engines.data.form import Form, Sums


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
