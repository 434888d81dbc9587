"""The source of Poisson counts."""

import numpy as np
from pydantic import Field
from typing_extensions import override

from engines.arrays import IntArray
from engines.config import Phrase, Positive
from engines.data import Data, Form
from engines.laws.poisson import PoissonLaw
from engines.sampling.poisson import sample_poisson
from engines.sources.base import SourceConfig
from engines.streams import Streams

MOST_RATE = 1e15
"""Larger counts are not exact, and beyond 9.2e18 there are none."""


class PoissonSource(SourceConfig):
    """Poisson(rate)."""

    name = "poisson"
    kind = "counts"
    draws = (Form.TOTALS, Form.POINTS)

    rate: Positive = Field(description="rate λ of the real data", le=MOST_RATE)

    @property
    @override
    def phrase(self) -> Phrase:
        return Phrase(f"Poisson, rate {self.rate:g}", f"Poisson law, rate {self.rate:g}")

    @override
    def law(self) -> PoissonLaw:
        return PoissonLaw(np.array([self.rate]))

    @override
    def sample(self, sizes: IntArray, form: Form, streams: Streams) -> Data:
        return sample_poisson(np.full(len(sizes), self.rate), sizes, form, streams)
