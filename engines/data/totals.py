"""Data held as their number and their sum: all that a Poisson fit needs."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from engines.arrays import FloatArray, IntArray
from engines.data.form import Form, Sums
from engines.data.points import Points


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
