"""Data held as the number of points in each of K states."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from engines.arrays import FloatArray, IntArray
from engines.data.form import Form


@dataclass(frozen=True, eq=False)
class Counts:
    """State counts of R replicates.

    Attributes
    ----------
    counts : ndarray of int, shape (R, K)
    """

    counts: IntArray
    form: ClassVar[Form] = Form.COUNTS
    adds_up: ClassVar[bool] = True
    has_subsets: ClassVar[bool] = True

    @classmethod
    def of(cls, data: object) -> "Counts":
        """Return the counts themselves.

        Raises
        ------
        TypeError
            If `data` are no counts: points do not tell the states.
        """
        if not isinstance(data, Counts):
            raise TypeError("counts of states cannot be had from points")
        return data

    @classmethod
    def combine_weighted(cls, parts: Sequence["Counts"], weights: Sequence[float]) -> "Counts":
        """Return the union in which each part has a given weight; its counts are no whole numbers.

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

    def union(self, other: "Counts") -> "Counts":
        """Return the union with one more data set."""
        return Counts(self.counts + other.counts)

    def repeat(self, replicates: int) -> "Counts":
        """Return one replicate's counts copied to all of them."""
        return Counts(np.repeat(self.counts, replicates, axis=0))

    @property
    def sizes(self) -> IntArray:
        """Number of points of each replicate, shape (R,)."""
        return self.counts.sum(axis=1)

    @classmethod
    def combine(cls, parts: Sequence["Counts"]) -> "Counts":
        """Return the union of `parts`: their counts added."""
        if len(parts) == 1:
            return parts[0]
        return cls(np.array([part.counts for part in parts]).sum(axis=0))

    def subset(
        self, sizes: IntArray, generator: np.random.Generator, *, replacement: bool
    ) -> "Counts":
        """Return the counts of `sizes` points drawn at random.

        With replacement they are multinomial, without multivariate hypergeometric.

        Raises
        ------
        ValueError
            If more points than there are should be drawn without replacement.
        """
        if replacement:
            shares = self.counts / self.sizes[:, None]
            return Counts(generator.multinomial(sizes, shares))
        drawn = [
            generator.multivariate_hypergeometric(row, int(size), method="marginals")
            for row, size in zip(self.counts, sizes, strict=True)
        ]
        return Counts(np.array(drawn, dtype=np.int64))

    def arrays(self) -> dict[str, FloatArray | IntArray]:
        """Return what a checkpoint needs."""
        return {"counts": self.counts}

    @classmethod
    def restore(cls, arrays: dict[str, FloatArray | IntArray]) -> "Counts":
        """Return the counts that `arrays` came from."""
        counts: Any = arrays["counts"]
        return cls(counts)
