"""The protocol of a data set, one per replicate, and the names of its forms."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol, Self, runtime_checkable

import numpy as np

from engines.arrays import FloatArray, IntArray


class Form(StrEnum):
    """How a data set is held."""

    POINTS = "points"
    MOMENTS = "moments"
    COUNTS = "counts"


@runtime_checkable
class Data(Protocol):
    """R data sets side by side."""

    @property
    def sizes(self) -> IntArray:
        """Number of points of each replicate, shape (R,)."""
        ...

    @classmethod
    def combine(cls, parts: Sequence[Self]) -> Self:
        """Return the union of `parts`, replicate by replicate."""
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
