"""Sources on K states: given probabilities, Zipf's law, or zeros and ones."""

from abc import abstractmethod
from functools import cached_property
from typing import Self

import numpy as np
from pydantic import Field, model_validator
from typing_extensions import override

from engines.arrays import FloatArray, IntArray
from engines.config import Phrase, Real, Reals, Share, Shares, Size, percent, plural
from engines.cost import Cost
from engines.data import Counts, Data, Form
from engines.laws.discrete import DiscreteLaw
from engines.sources.base import SourceConfig
from engines.streams import Purpose, Streams


class StatesSource(SourceConfig):
    """Base of the sources on K states."""

    kind = "states"
    draws = (Form.COUNTS,)

    @abstractmethod
    def state_probabilities(self) -> FloatArray:
        """Return the probabilities, shape (K,)."""

    def state_values(self) -> FloatArray | None:
        """Return the number attached to each state, shape (K,), or None for 0 … K - 1."""
        return None

    @cached_property
    def _law(self) -> DiscreteLaw:
        probabilities, values = self.state_probabilities(), self.state_values()
        has_values = values is not None
        numbers = values if has_values else np.arange(len(probabilities), dtype=np.float64)
        return DiscreteLaw(probabilities[None], numbers, has_values)

    @override
    def law(self) -> DiscreteLaw:
        return self._law

    @override
    def sample(self, sizes: IntArray, form: Form, streams: Streams) -> Data:
        generator = streams.of(Purpose.COUNT)
        return Counts(generator.multinomial(sizes, self._law.probabilities[0]))


class CategoricalSource(StatesSource):
    """K states with given probabilities."""

    name = "categorical"

    probabilities: Shares = Field(description="probability of each state, sum 1", min_length=2)
    values: Reals | None = Field(default=None, description="number of each state: 0 … K-1")

    @model_validator(mode="after")
    def _is_a_distribution(self) -> Self:
        total = sum(self.probabilities)
        if abs(total - 1) > 1e-9:
            raise ValueError(f"probabilities must sum to 1, they sum to {total:.10g}")
        if self.values is not None and len(self.values) != len(self.probabilities):
            raise ValueError(
                f"values must be one for each of the {len(self.probabilities)} states,"
                f" got {len(self.values)}"
            )
        return self

    @property
    @override
    def phrase(self) -> Phrase:
        words = plural(len(self.probabilities), "state")
        even = len(set(self.probabilities)) == 1
        return Phrase(words, f"{words}, {'equal' if even else 'unequal'} shares")

    @property
    @override
    def state_count(self) -> int:
        return len(self.probabilities)

    @override
    def state_probabilities(self) -> FloatArray:
        probabilities = np.array(self.probabilities)
        return probabilities / probabilities.sum()

    @override
    def state_values(self) -> FloatArray | None:
        return None if self.values is None else np.array(self.values)


class ZipfSource(StatesSource):
    """K states, the k-th with probability proportional to (k + offset)^-exponent.

    References
    ----------
    .. [1] B. Mandelbrot, "An informational theory of the statistical structure of language",
       in Communication Theory, ed. W. Jackson, 1953, p. 486 (the offset).
    """

    name = "zipf"

    states: Size = Field(description="number of states K", ge=2)
    exponent: Real = Field(default=1.0, description="Zipf exponent", ge=0)
    offset: Real = Field(default=0.0, description="Mandelbrot's offset of the rank", ge=0)

    @property
    @override
    def phrase(self) -> Phrase:
        words = plural(self.states, "state")
        offset = f", offset {self.offset:g}" if self.offset else ""
        return Phrase(f"Zipf, {words}", f"Zipf's law, {words}, exponent {self.exponent:g}{offset}")

    @property
    @override
    def state_count(self) -> int:
        return self.states

    @property
    @override
    def cost(self) -> Cost:
        return Cost("the states of this run", 64.0 * self.states, "source.states")

    @override
    def state_probabilities(self) -> FloatArray:
        ranks = np.arange(1, self.states + 1, dtype=np.float64)
        weights = (ranks + self.offset) ** -self.exponent
        return weights / weights.sum()


class BernoulliSource(StatesSource):
    """Ones with a given probability."""

    name = "bernoulli"

    probability: Share = Field(description="probability of a one", gt=0, lt=1)

    @property
    @override
    def phrase(self) -> Phrase:
        ones = f"{percent(self.probability)} ones"
        return Phrase(f"0 and 1, {ones}", f"zeros and ones, {ones}")

    @override
    def state_probabilities(self) -> FloatArray:
        return np.array([1 - self.probability, self.probability])

    @override
    def state_values(self) -> FloatArray:
        return np.array([0.0, 1.0])
