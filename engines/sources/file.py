"""The user's own numbers: a column of a table or an array, as numbers or as counts."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal, Self

import numpy as np
from pydantic import Field, model_validator
from typing_extensions import override

from engines.arrays import FloatArray
from engines.config import Integer, Phrase
from engines.data import Form, Points
from engines.errors import InvalidExperimentError
from engines.laws.empirical import EmpiricalLaw
from engines.sources.base import AdaptedSource, DataSetSource, SourceConfig
from engines.sources.readers.columns import read_column
from engines.sources.readers.dialect import NAMES, Keys
from engines.sources.readers.tables import Column


class FileSource(DataSetSource, SourceConfig):
    """A file of numbers. D_0 is the file itself; its law resamples its rows."""

    name = "file"
    kind = "real"
    draws = (Form.POINTS,)

    path: str = Field(
        description="path of a table (.csv, .tsv, .txt, .dat, packed as .gz, .bz2, .zst or .lz4;"
        " .parquet, .feather, .arrow) or of arrays (.npy, .npz)"
    )
    column: str | Integer | None = Field(
        default=None, description="column by name or number (0 first)"
    )
    array: str | None = Field(default=None, description="array of an .npz file")
    separator: str | None = Field(
        default=None,
        description="what stands between cells: one character, tab, or space for any white space;"
        " default: found",
    )
    decimal: Literal[".", ","] | None = Field(
        default=None, description="decimal mark; default: found"
    )
    header: bool | None = Field(
        default=None, description="whether the first line names the columns; default: found"
    )
    redraw: bool = Field(default=False, description="draw other rows for each replicate")

    @model_validator(mode="after")
    def _separates(self) -> Self:
        if self.separator is None:
            return self
        mark = NAMES.get(self.separator, self.separator)
        if len(mark) != 1 or not mark.isascii() or mark in '"\n\r\0' or mark.isalnum():
            raise ValueError(
                f"separator must be one character, 'tab' or 'space', got {self.separator!r}"
            )
        if mark == self.decimal:
            raise ValueError(f"separator and decimal cannot both be {mark!r}")
        return self

    @cached_property
    def _column(self) -> Column:
        keys = Keys(self.column, self.array, self.separator, self.decimal, self.header)
        column = read_column(Path(self.path), keys)
        column.values.sort()
        return column

    @cached_property
    def numbers(self) -> FloatArray:
        """The column, ascending, shape (n,).

        Raises
        ------
        InvalidExperimentError
            If it cannot be read, is empty or holds anything but finite numbers.
        """
        return self._column.values

    @property
    @override
    def phrase(self) -> Phrase:
        name = Path(self.path).name
        column = "" if self.column is None else f", column {self.column}"
        return Phrase(name[:24], f"{name}{column}")

    @property
    @override
    def files(self) -> tuple[Path, ...]:
        return (Path(self.path),)

    @property
    @override
    def content(self) -> str:
        values, name, facts = self._column
        # scaled, as squares of large numbers are infinite
        scale = float(max(-self.numbers[0], self.numbers[-1], key=abs))
        mean, sd = (
            scale * float(np.mean(values / scale)),
            abs(scale) * float(np.std(values / scale)),
        )
        ends = f"{self.numbers[0]:.6g} to {self.numbers[-1]:.6g}"
        shown = ", ".join([f"mean {mean:.6g}, sd {sd:.4g}, {ends}", *facts])
        return f"{len(values):,} rows of {name}: {shown}"

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
