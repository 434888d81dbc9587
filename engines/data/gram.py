"""Linear data (x, y) held as sums of products: all that least squares needs."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from engines.arrays import FloatArray, IntArray
from engines.data.form import Form, Sums
from engines.data.points import Points


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
