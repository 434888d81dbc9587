"""The user's own numbers: a column of a CSV, NPY, NPZ or TXT file, as numbers or as counts."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from pydantic import Field
from typing_extensions import override

from engines.arrays import FloatArray
from engines.config import Integer
from engines.data import Form, Points
from engines.errors import InvalidExperimentError
from engines.laws.empirical import EmpiricalLaw
from engines.sources.base import AdaptedSource, DataSetSource, SourceConfig
from engines.sources.readers.columns import read_column


class FileSource(DataSetSource, SourceConfig):
    """A file of numbers. D_0 is the file itself; its law resamples its rows."""

    name = "file"
    kind = "real"
    draws = (Form.POINTS,)

    path: str = Field(description="path of a .csv, .npy, .npz or .txt file")
    column: str | Integer | None = Field(
        default=None, description="column by name or number (0 first); array name for .npz"
    )
    redraw: bool = Field(default=False, description="draw other rows for each replicate")

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
    @override
    def files(self) -> tuple[Path, ...]:
        return (Path(self.path),)

    @property
    @override
    def natural_size(self) -> int:
        return len(self.numbers)

    @override
    def law(self) -> EmpiricalLaw:
        return EmpiricalLaw(self.numbers)

    @override
    def data_set(self, form: Form) -> Points:
        return Points(self.numbers, np.array([len(self.numbers)]))


@dataclass(frozen=True, eq=False)
class CountsLaw(EmpiricalLaw):
    """The empirical law of n whole numbers (one replicate)."""

    whole_numbers = True


@dataclass(frozen=True, eq=False)
class CountsSource(DataSetSource, AdaptedSource):
    """A file whose numbers are counts, for engines of counts.

    Attributes
    ----------
    source : FileSource
    """

    source: FileSource
    name = "file"
    kind = "counts"
    draws = (Form.POINTS,)

    @property
    @override
    def natural_size(self) -> int:
        return len(self._law.points)

    @override
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
        invalid = numbers[(numbers < 0) | (numbers != np.floor(numbers))]
        if len(invalid):
            raise InvalidExperimentError(
                f"{self.source.path} holds {invalid[0]:g}, but an engine of counts fits whole"
                " numbers from 0 on"
            )
        return CountsLaw(numbers)

    @override
    def data_set(self, form: Form) -> Points:
        return self.source.data_set(form)
