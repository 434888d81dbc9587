"""The user's own numbers: a column of a CSV, NPY, NPZ or TXT file."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import ClassVar

import numpy as np
from pydantic import Field

from engines.arrays import FloatArray, IntArray
from engines.config import Integer
from engines.data import Data, Form, Points
from engines.errors import InvalidExperimentError
from engines.laws.empirical import EmpiricalLaw
from engines.sources.base import AdaptedSource, SourceConfig
from engines.sources.readers.columns import read_column
from engines.streams import Purpose, Streams


class FileSource(SourceConfig):
    """A file of numbers. D_0 is the file itself; its law resamples its rows.

    Fewer points than rows are drawn without replacement, more with; fresh data are
    always drawn with replacement.
    """

    name: ClassVar[str] = "file"
    kind: ClassVar[str] = "real"
    draws: ClassVar[tuple[Form, ...]] = (Form.POINTS,)

    path: str = Field(description="path of a .csv, .npy, .npz or .txt file")
    column: str | Integer | None = Field(
        default=None, description="column by name or number (0 first); array name for .npz"
    )
    redraw: bool = Field(default=False, description="draw rows anew for each replicate")

    @cached_property
    def numbers(self) -> FloatArray:
        """The column, ascending, shape (n,).

        Raises
        ------
        InvalidExperimentError
            If it cannot be read, is empty or holds anything but finite numbers.
        """
        return np.sort(read_column(Path(self.path), self.column))

    @property
    def natural_size(self) -> int:
        """Number of rows."""
        return len(self.numbers)

    def law(self) -> EmpiricalLaw:
        """Return the law of the rows, with one replicate."""
        return EmpiricalLaw(self.numbers)

    def sample(self, sizes: IntArray, form: Form, streams: Streams) -> Data:
        """Return rows drawn with replacement, `sizes` for each replicate."""
        del form
        indices = streams.of(Purpose.INDEX).integers(0, len(self.numbers), int(sizes.sum()))
        return Points(self.numbers[indices], sizes)

    def real(self, size: int, replicates: int, form: Form, streams: Streams) -> Data:
        """Return D_0: the file itself, or so many of its rows."""
        drawn = replicates if self.redraw else 1
        if size > len(self.numbers):
            return super().real(size, replicates, form, streams)
        whole = Points(np.tile(self.numbers, drawn), np.full(drawn, len(self.numbers)))
        if size < len(self.numbers):
            generator = streams.of(Purpose.SUBSET)
            sizes = np.full(drawn, size, dtype=np.int64)
            whole = whole.subset(sizes, generator, replacement=False)
        return whole if self.redraw else whole.repeat(replicates)


@dataclass(frozen=True, eq=False)
class CountsLaw(EmpiricalLaw):
    """The empirical law of n whole numbers (one replicate)."""

    whole_numbers = True


@dataclass(frozen=True, eq=False)
class CountsSource(AdaptedSource):
    """A file whose numbers are counts.

    Attributes
    ----------
    source : FileSource
    """

    source: FileSource
    name: ClassVar[str] = "file"
    kind: ClassVar[str] = "counts"
    draws: ClassVar[tuple[Form, ...]] = (Form.POINTS,)

    @property
    def natural_size(self) -> int:
        """Number of rows."""
        return len(self._law.points)

    def law(self) -> CountsLaw:
        """Return the law of the rows, with one replicate.

        Raises
        ------
        InvalidExperimentError
            If a number is negative or not whole.
        """
        return self._law

    @cached_property
    def _law(self) -> CountsLaw:
        numbers = self.source.numbers
        strange = numbers[(numbers < 0) | (numbers != np.floor(numbers))]
        if len(strange):
            raise InvalidExperimentError(
                f"{self.source.path} holds {strange[0]:g}, but an engine of counts fits whole"
                " numbers from 0 on"
            )
        return CountsLaw(numbers)

    def sample(self, sizes: IntArray, form: Form, streams: Streams) -> Data:
        """Return rows drawn with replacement, `sizes` for each replicate."""
        return self.source.sample(sizes, form, streams)

    def real(self, size: int, replicates: int, form: Form, streams: Streams) -> Data:
        """Return D_0: the file itself, or so many of its rows."""
        return self.source.real(size, replicates, form, streams)
