"""Any one-dimensional source in bins, which makes it categorical."""

from functools import cached_property
from typing import Any, Self

import numpy as np
from pydantic import Field, model_validator
from typing_extensions import override

from engines.arrays import FloatArray, IntArray
from engines.config import Config, Phrase, Real, Size, plural
from engines.cost import Cost
from engines.data import Counts, Data, Form
from engines.errors import InvalidExperimentError
from engines.laws.discrete import DiscreteLaw
from engines.laws.real import RealLaw
from engines.sources.base import AdaptedSource, SourceConfig
from engines.streams import Purpose, Streams

MOST_LEFT_OUT = 0.1
"""Largest share of a file's rows that may lie outside of the bins."""


class Bins(Config):
    """Bins of equal width; points outside of [low, high] are left out."""

    low: Real = Field(description="lower end of the first bin")
    high: Real = Field(description="upper end of the last bin")
    count: Size = Field(description="number of bins", ge=2)

    @model_validator(mode="after")
    def _is_an_interval(self) -> Self:
        if not self.low < self.high:
            raise ValueError(f"low must be below high, got {self.low} and {self.high}")
        return self

    @property
    def cost(self) -> Cost:
        """What the bins take, before their edges are made."""
        return Cost("the bins of this run", 64.0 * self.count, "source.bins.count")

    @property
    def edges(self) -> FloatArray:
        """Edges, shape (count + 1,)."""
        return np.linspace(self.low, self.high, self.count + 1)


class BinnedSource(AdaptedSource):
    """A one-dimensional source whose points are counted in bins; their centres are the values.

    Parameters
    ----------
    source : SourceConfig
        A source of kind ``"real"``.
    bins : Bins

    Raises
    ------
    InvalidExperimentError
        If the source has no mass in the bins.
    """

    name = "binned"
    kind = "states"
    draws = (Form.COUNTS,)

    def __init__(self, source: SourceConfig, bins: Bins) -> None:
        law = source.law()
        if not isinstance(law, RealLaw):
            raise InvalidExperimentError("source.bins needs a one-dimensional source of numbers")
        # Bins hold their lower edge, the last one both, as numpy.histogram counts a file's rows.
        masses = np.diff(law.cdf_before(bins.edges)[0])
        masses[-1] += float(law.cdf(bins.edges[-1:])[0, 0] - law.cdf_before(bins.edges[-1:])[0, 0])
        if not masses.sum() > 0:
            raise InvalidExperimentError(
                f"source.bins from {bins.low} to {bins.high} holds none of the source's mass"
            )
        self.source, self.bins = source, bins
        self.edges = bins.edges
        self.probabilities: FloatArray = masses / masses.sum()
        self.values: FloatArray = 0.5 * (bins.edges[1:] + bins.edges[:-1])

        self._refuse_outliers()

    def _refuse_outliers(self) -> None:
        """Refuse bins that leave out more of a file than a few rows."""
        rows = self.source.natural_size
        if rows is not None and self._left_out > MOST_LEFT_OUT * rows:
            ends = f"{self.bins.low:g} to {self.bins.high:g}"
            raise InvalidExperimentError(
                f"source.bins from {ends} leave out {self._left_out:,} of {rows:,} rows of"
                f" {self.source.files[0]}: at most {MOST_LEFT_OUT:.0%} may lie outside of them;"
                " lower source.bins.low or raise source.bins.high"
            )

    @property
    @override
    def phrase(self) -> Phrase:
        inner = self.source.phrase
        return Phrase(inner.short, f"{inner.long} in {plural(self.bins.count, 'bin')}")

    @property
    @override
    def natural_size(self) -> int | None:
        if self.source.natural_size is None:
            return None
        return int(self._counts.sizes[0])

    @property
    def _left_out(self) -> int:
        """Rows of a file outside of the bins."""
        return int(self.source.natural_size or 0) - int(self.natural_size or 0)

    @property
    @override
    def content(self) -> str:
        left = f", {self._left_out:,} rows outside of source.bins left out"
        return self.source.content + (left if self.source.content and self._left_out else "")

    @property
    @override
    def state_count(self) -> int:
        return self.bins.count

    @property
    @override
    def cost(self) -> Cost:
        return self.bins.cost

    @override
    def law(self) -> DiscreteLaw:
        return DiscreteLaw(self.probabilities[None], self.values)

    @override
    def sample(self, sizes: IntArray, form: Form, streams: Streams) -> Data:
        return Counts(streams.of(Purpose.COUNT).multinomial(sizes, self.probabilities))

    @override
    def draw_real(self, sizes: IntArray, form: Form, streams: Streams) -> Data:
        if sizes[0] == self.natural_size:
            return self._counts.repeat(len(sizes))
        return self.sample(sizes, form, streams)

    @cached_property
    def _counts(self) -> Counts:
        """The counts of a file's rows."""
        points: Any = self.source.real(self.source.natural_size, 1, Form.POINTS, Streams(0, 0))
        counts = np.histogram(points.values, bins=self.edges)[0]
        return Counts(counts.astype(np.int64)[None])
