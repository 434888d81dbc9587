"""The protocol of a data set, the names of its forms, and what several forms share."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, ClassVar, Protocol, Self

import numpy as np

from engines.arrays import Arrays, IntArray


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


class Data(Protocol):
    """R data sets side by side, one per replicate.

    Attributes
    ----------
    form : Form
        Its own form.
    adds_up : bool
        Whether a union takes no more memory than one part: then the union of all data is kept,
        otherwise the points of each generation.
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
    def of(cls, data: Any) -> Self:
        """Return `data` in this form, for example points reduced to their moments.

        Raises
        ------
        TypeError
            If this form cannot be computed from the form of `data`.
        """
        ...

    @classmethod
    def combine(cls, parts: Sequence[Self]) -> Self:
        """Return the union of `parts`, replicate by replicate."""
        ...

    def union(self, other: Self) -> Self:
        """Return the union with one more data set, without what only views need."""
        ...

    def repeat(self, replicates: int) -> Self:
        """Return the data set of a single replicate copied to `replicates` of them."""
        ...

    def subset(self, sizes: IntArray, generator: np.random.Generator, *, replacement: bool) -> Self:
        """Return `sizes` points of each replicate, drawn at random.

        Raises
        ------
        TypeError
            If the form keeps no points to draw from.
        ValueError
            If more points than there are should be drawn without replacement.
        """
        ...

    def arrays(self) -> Arrays:
        """Return the arrays that a checkpoint stores, by name."""
        ...

    @classmethod
    def restore(cls, arrays: Arrays) -> Self:
        """Return the data set whose arrays these are."""
        ...


@dataclass(frozen=True, eq=False)
class Statistics:
    """Base of forms that keep statistics of the points and not the points."""

    form: ClassVar[Form]
    adds_up: ClassVar[bool] = True
    has_subsets: ClassVar[bool] = False

    def arrays(self) -> Arrays:
        """Return the fields by name, as a checkpoint stores them."""
        return dict(vars(self))

    def repeat(self, replicates: int) -> Self:
        """Return the statistics of a single replicate copied to `replicates` of them."""
        arrays = self.arrays().items()
        return replace(self, **{name: np.repeat(a, replicates, axis=0) for name, a in arrays})

    def subset(self, sizes: IntArray, generator: np.random.Generator, *, replacement: bool) -> Self:
        """Raise an error, because there are no points to draw from.

        Raises
        ------
        TypeError
            Always.
        """
        raise TypeError(f"a subset needs points, but only their {self.form.value} were kept")
