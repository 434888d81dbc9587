"""A linear source: y = x·w* + noise."""

import numpy as np
from pydantic import Field
from typing_extensions import override

from engines.arrays import FloatArray, IntArray
from engines.config import Phrase, Positive, Size, plural
from engines.cost import Cost
from engines.data import Data, Form
from engines.laws.linear import LinearLaw
from engines.sampling.linear import sample_linear
from engines.sources.base import SourceConfig
from engines.streams import Streams


class LinearSource(SourceConfig):
    """x ~ N(0, I), y = x·w* + N(0, noise²), with w* = (1, …, 1) / √d.

    The excess error of least squares does not depend on w*.
    """

    name = "linear"
    kind = "linear"
    draws = (Form.GRAM, Form.POINTS)

    inputs: Size = Field(description="number d of inputs x")
    noise: Positive = Field(default=1.0, description="standard deviation σ of y given x")

    @property
    @override
    def phrase(self) -> Phrase:
        inputs = plural(self.inputs, "input")
        return Phrase(f"linear, {inputs}", f"linear model of {inputs}, noise sd {self.noise:g}")

    @property
    @override
    def dimension(self) -> int:
        return self.inputs

    @property
    @override
    def cost(self) -> Cost:
        return Cost("the inputs of this run", 64.0 * self.inputs, "source.inputs")

    def weights(self) -> FloatArray:
        """Return w*, shape (d,)."""
        return np.full(self.inputs, self.inputs**-0.5)

    @override
    def law(self) -> LinearLaw:
        return LinearLaw(self.weights()[None], self.noise)

    @override
    def sample(self, sizes: IntArray, form: Form, streams: Streams) -> Data:
        weights = np.broadcast_to(self.weights(), (len(sizes), self.inputs))
        return sample_linear(weights, self.noise, sizes, form, streams)
