"""What all sources share: D_0 drawn once or for each replicate."""

from abc import abstractmethod
from typing import Any

import numpy as np
from pydantic import Field

from engines.arrays import IntArray
from engines.config import Config, Size
from engines.data import Data, Form
from engines.laws.law import Law
from engines.streams import Streams


class SourceConfig(Config):
    """Base of the sources: their common keys and the drawing of D_0."""

    size: Size | None = Field(
        default=None, description="points of D_0; default: the schedule's M_0"
    )
    redraw: bool = Field(default=True, description="draw a D_0 of its own for each replicate")

    @property
    def dimension(self) -> int:
        """Dimension of a point."""
        return 1

    @property
    def natural_size(self) -> int | None:
        """Size of D_0 where the source has one of its own."""
        return None

    @property
    def redraws(self) -> bool:
        """Whether each replicate has a D_0 of its own."""
        return self.redraw

    @abstractmethod
    def law(self) -> Law:
        """Return the law p_0, with one replicate."""

    @abstractmethod
    def sample(self, sizes: IntArray, form: Form, streams: Streams) -> Data:
        """Return fresh points of p_0, `sizes` for each replicate."""

    def real(self, size: int, replicates: int, form: Form, streams: Streams) -> Data:
        """Return D_0: one draw for each replicate, or one shared by all.

        Parameters
        ----------
        size : int
            M_0.
        replicates : int
            R.
        form : Form
        streams : Streams
            Streams of generation 0.
        """
        drawn = replicates if self.redraws else 1
        data = self.sample(np.full(drawn, size, dtype=np.int64), form, streams)
        return data if self.redraws else data.repeat(replicates)


class AdaptedSource:
    """Base of what reads another source as data of another kind.

    Attributes
    ----------
    source : SourceConfig
    """

    source: Any

    @property
    def dimension(self) -> int:
        """Dimension of a point."""
        return 1

    @property
    def size(self) -> int | None:
        """Points of D_0, as the source says."""
        return self.source.size

    @property
    def redraws(self) -> bool:
        """Whether each replicate has a D_0 of its own."""
        return self.source.redraws
