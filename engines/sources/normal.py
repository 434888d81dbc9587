"""A normal source."""

from typing import ClassVar

import numpy as np
from pydantic import Field

from engines.arrays import IntArray
from engines.config import Positive, Real
from engines.data import Data, Form
from engines.laws import NormalLaw
from engines.sampling.normal import sample_normal
from engines.sources.base import SourceConfig
from engines.streams import Streams


class Normal(SourceConfig):
    """N(mean, sd²)."""

    name: ClassVar[str] = "normal"
    kind: ClassVar[str] = "real"
    draws: ClassVar[tuple[Form, ...]] = (Form.MOMENTS, Form.POINTS)

    mean: Real = Field(default=0.0, description="mean of the real data")
    sd: Positive = Field(default=1.0, description="standard deviation of the real data")

    def law(self) -> NormalLaw:
        """Return the law p_0, with one replicate."""
        return NormalLaw(np.array([self.mean]), np.array([self.sd]))

    def sample(self, sizes: IntArray, form: Form, streams: Streams) -> Data:
        """Return fresh points of p_0, `sizes` for each replicate."""
        mean = np.full((len(sizes), 1), self.mean)
        factor = np.full((len(sizes), 1, 1), self.sd)
        return sample_normal(mean, factor, sizes, form, streams)
