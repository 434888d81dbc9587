"""The protocol of a data set, one per replicate, and the names of its forms."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any, ClassVar, Protocol, Self, runtime_checkable

import numpy as np

from engines.arrays import FloatArray, IntArray


class Form(StrEnum):
    """How a data set is held."""

    POINTS = "points"
    MOMENTS = "moments"
    COUNTS = "counts"
    TOTALS = "totals"
    GRAM = "gram"
    NGRAMS = "ngrams"
    TOKENS = "tokens"
    BLOCKS = "blocks"


@runtime_checkable
class Data(Protocol):
    """R data sets side by side.

    Attributes
    ----------
    form : Form
        Its own form.
    adds_up : bool
        Whether a union takes no more room than its parts: then it is kept whole, where
        points are kept generation by generation.
    has_subsets : bool
        Whether points can be drawn from it again.
    """

    form: ClassVar[Form]
    adds_up: ClassVar[bool]
    has_subsets: ClassVar[bool]

    @property
    def sizes(self) -> IntArray:
        """Number of points of each replicate, shape (R,)."""
        ...

    @classmethod
    def combine(cls, parts: Sequence[Self]) -> Self:
        """Return the union of `parts`, replicate by replicate."""
        ...

    @classmethod
    def of(cls, data: Any) -> Self:
        """Return `data` in this form: points reduced to what it holds.

        Raises
        ------
        TypeError
            If it cannot be had from such data.
        """
        ...

    def union(self, other: Self) -> Self:
        """Return the union with one more data set, without what is only for display."""
        ...

    def repeat(self, replicates: int) -> Self:
        """Return one replicate's data set copied to all of them."""
        ...

    def subset(self, sizes: IntArray, generator: np.random.Generator, *, replacement: bool) -> Self:
        """Return `sizes` points of each replicate drawn at random.

        Raises
        ------
        TypeError
            If the form keeps no points to draw from.
        """
        ...

    def arrays(self) -> dict[str, FloatArray | IntArray]:
        """Return what a checkpoint needs, by name."""
        ...

    @classmethod
    def restore(cls, arrays: dict[str, FloatArray | IntArray]) -> Self:
        """Return the data set that `arrays` came from."""
        ...
