"""Data held as their number and their sum: all that a Poisson fit needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from engines.arrays import FloatArray, IntArray
from engines.data.form import Form
from engines.data.points import Points


@dataclass(frozen=True, eq=False)
class Totals:
    """Sizes and sums of R replicates of non-negative whole numbers.

    Attributes
    ----------
    sizes : ndarray of int, shape (R,)
    totals : ndarray of int, shape (R,)
    """

    sizes: IntArray
    totals: IntArray
    form: ClassVar[Form] = Form.TOTALS
    adds_up: ClassVar[bool] = True
    has_subsets: ClassVar[bool] = False

    @classmethod
    def of(cls, data: "Points | Totals") -> "Totals":
        """Return the sums of points; of totals, themselves."""
        if isinstance(data, Totals):
            return data
        ends = np.cumsum(data.sizes)
        sums = np.concatenate([[0.0], np.cumsum(data.values)])
        return cls(data.sizes, (sums[ends] - sums[ends - data.sizes]).astype(np.int64))

    @classmethod
    def combine(cls, parts: Sequence["Totals"]) -> "Totals":
        """Return the union of `parts`: sizes and sums added."""
        total = parts[0]
        for part in parts[1:]:
            total = total.union(part)
        return total

    def union(self, other: "Totals") -> "Totals":
        """Return the union with one more data set."""
        return Totals(self.sizes + other.sizes, self.totals + other.totals)

    def repeat(self, replicates: int) -> "Totals":
        """Return one replicate's totals copied to all of them."""
        return Totals(np.repeat(self.sizes, replicates), np.repeat(self.totals, replicates))

    def subset(
        self, sizes: IntArray, generator: np.random.Generator, *, replacement: bool
    ) -> "Totals":
        """Raise: totals keep no points to draw from.

        Raises
        ------
        TypeError
            Always.
        """
        raise TypeError("a subset needs points, but only their sum was kept")

    def points(self, generator: np.random.Generator, most: int, replicates: int) -> Points:
        """Return at most `most` points of the first replicates, given their sum.

        Independent Poisson numbers given their sum are multinomial with equal shares; a part
        of them holds a binomial share of the sum.
        """
        drawn: list[FloatArray] = []
        sizes = np.minimum(self.sizes[:replicates], most)
        kept: list[int] = sizes.tolist()
        wholes: list[int] = self.sizes.tolist()
        totals: list[int] = self.totals.tolist()
        for size, whole, total in zip(kept, wholes, totals, strict=False):
            held = int(generator.binomial(total, size / whole)) if size < whole else total
            drawn.append(generator.multinomial(held, np.full(size, 1 / size)).astype(np.float64))
        return Points(np.concatenate(drawn), sizes)

    def arrays(self) -> dict[str, FloatArray | IntArray]:
        """Return what a checkpoint needs."""
        return {"sizes": self.sizes, "totals": self.totals}

    @classmethod
    def restore(cls, arrays: dict[str, FloatArray | IntArray]) -> "Totals":
        """Return the totals that `arrays` came from."""
        return cls(arrays["sizes"].astype(np.int64), arrays["totals"].astype(np.int64))
