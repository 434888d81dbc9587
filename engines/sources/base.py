"""What sources share: how D_0 is drawn, and how a given data set serves as a source."""

from abc import abstractmethod
from pathlib import Path
from typing import Any, ClassVar

from pydantic import Field
from typing_extensions import override

from engines.arrays import IntArray, equal_sizes
from engines.base import Source
from engines.config import Config, Phrase, Size
from engines.data import Data, Form
from engines.data.points import uniform_indices
from engines.streams import Purpose, Streams


class SourceConfig(Source, Config):
    """Base of the sources that a preset names: their common keys."""

    name: ClassVar[str]
    kind: ClassVar[str]
    draws: ClassVar[tuple[Form, ...]]

    size: Size | None = Field(
        default=None, description="points of D_0; default: the schedule's M_0"
    )
    redraw: bool = Field(default=True, description="draw a D_0 of its own for each replicate")

    @property
    @override
    def phrase(self) -> Phrase:
        words = self.plain_name or self.name
        return Phrase(words, words)

    @property
    @override
    def redraws(self) -> bool:
        return self.redraw


class AdaptedSource(Source):
    """Base of the sources that present another source as data of another kind.

    Attributes
    ----------
    source : SourceConfig
    """

    source: Any

    @property
    @override
    def phrase(self) -> Phrase:
        return self.source.phrase

    @property
    def size(self) -> int | None:
        """Points of D_0, as the source says."""
        return self.source.size

    @property
    @override
    def files(self) -> tuple[Path, ...]:
        return self.source.files

    @property
    @override
    def content(self) -> str:
        return self.source.content

    @property
    @override
    def redraws(self) -> bool:
        return self.source.redraws


class DataSetSource(Source):
    """Base of the sources that are a data set: D_0 is the set itself, p_0 resamples it.

    Fewer points than it has are drawn without replacement, more with; fresh data are always
    drawn with replacement.
    """

    @property
    @abstractmethod
    @override
    def natural_size(self) -> int: ...

    @abstractmethod
    def data_set(self, form: Form) -> Any:
        """Return the whole data set, as the data of one replicate."""

    @override
    def sample(self, sizes: IntArray, form: Form, streams: Streams) -> Data:
        pools = equal_sizes(self.natural_size, len(sizes))
        indices = uniform_indices(pools, sizes, streams.of(Purpose.INDEX))
        return self.data_set(form).take(indices, sizes)

    @override
    def draw_real(self, sizes: IntArray, form: Form, streams: Streams) -> Data:
        if sizes[0] > self.natural_size:
            return self.sample(sizes, form, streams)
        data = self.data_set(form).repeat(len(sizes))
        if sizes[0] == self.natural_size:
            return data
        return data.subset(sizes, streams.of(Purpose.SUBSET), replacement=False)
