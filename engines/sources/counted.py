"""A file of whole numbers as counts, for engines of counts."""

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np

from engines.arrays import IntArray
from engines.data import Data, Form
from engines.errors import InvalidExperimentError
from engines.laws import EmpiricalLaw
from engines.sources.base import Reading
from engines.sources.file import File
from engines.streams import Streams


@dataclass(frozen=True, eq=False)
class CountedLaw(EmpiricalLaw):
    """The empirical law of n whole numbers (one replicate)."""

    whole_numbers = True


@dataclass(frozen=True, eq=False)
class Counted(Reading):
    """A file whose numbers are counts.

    Attributes
    ----------
    source : File
    """

    source: File
    name: ClassVar[str] = "file"
    kind: ClassVar[str] = "counts"
    draws: ClassVar[tuple[Form, ...]] = (Form.POINTS,)

    @property
    def natural_size(self) -> int:
        """Number of rows."""
        return len(self._law.points)

    def law(self) -> CountedLaw:
        """Return the law of the rows, with one replicate.

        Raises
        ------
        InvalidExperimentError
            If a number is negative or not whole.
        """
        return self._law

    @cached_property
    def _law(self) -> CountedLaw:
        numbers = self.source.numbers
        strange = numbers[(numbers < 0) | (numbers != np.floor(numbers))]
        if len(strange):
            raise InvalidExperimentError(
                f"{self.source.path} holds {strange[0]:g}, but an engine of counts fits whole"
                " numbers from 0 on"
            )
        return CountedLaw(numbers)

    def sample(self, sizes: IntArray, form: Form, streams: Streams) -> Data:
        """Return rows drawn with replacement, `sizes` for each replicate."""
        return self.source.sample(sizes, form, streams)

    def real(self, size: int, replicates: int, form: Form, streams: Streams) -> Data:
        """Return D_0: the file itself, or so many of its rows."""
        return self.source.real(size, replicates, form, streams)
