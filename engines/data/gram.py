"""Linear data (x, y) held as sums of products: all that least squares needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from engines.arrays import FloatArray, IntArray
from engines.data.form import Form

if TYPE_CHECKING:
    from engines.data.points import Points


@dataclass(frozen=True, eq=False)
class Gram:
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
    adds_up: ClassVar[bool] = True
    has_subsets: ClassVar[bool] = False

    @classmethod
    def of(cls, data: "Points | Gram") -> "Gram":
        """Return the sums of rows (x, y), y last; of sums, themselves."""
        if isinstance(data, Gram):
            return data
        parts = data.by_replicate
        products = np.array([part.T @ part for part in parts])
        return cls(data.sizes, products[:, :-1, :-1], products[:, :-1, -1])

    @classmethod
    def combine(cls, parts: Sequence["Gram"]) -> "Gram":
        """Return the union of `parts`: their sums added."""
        total = parts[0]
        for part in parts[1:]:
            total = total.union(part)
        return total

    def union(self, other: "Gram") -> "Gram":
        """Return the union with one more data set."""
        return Gram(self.sizes + other.sizes, self.gram + other.gram, self.moment + other.moment)

    def repeat(self, replicates: int) -> "Gram":
        """Return one replicate's sums copied to all of them."""
        return Gram(
            np.repeat(self.sizes, replicates),
            np.repeat(self.gram, replicates, axis=0),
            np.repeat(self.moment, replicates, axis=0),
        )

    def subset(
        self, sizes: IntArray, generator: np.random.Generator, *, replacement: bool
    ) -> "Gram":
        """Raise: sums keep no points to draw from.

        Raises
        ------
        TypeError
            Always.
        """
        raise TypeError("a subset needs points, but only their sums were kept")

    def arrays(self) -> dict[str, FloatArray | IntArray]:
        """Return what a checkpoint needs."""
        return {"sizes": self.sizes, "gram": self.gram, "moment": self.moment}

    @classmethod
    def restore(cls, arrays: dict[str, FloatArray | IntArray]) -> "Gram":
        """Return the sums that `arrays` came from."""
        gram, moment = arrays["gram"], arrays["moment"]
        sizes = arrays["sizes"].astype(np.int64)
        return cls(
            sizes, gram.astype(np.float64, copy=False), moment.astype(np.float64, copy=False)
        )
