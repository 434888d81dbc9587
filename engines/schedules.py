"""How many samples M_i each generation draws.

D_i has M_i points; model i is fitted on T_{i-1}, so its fit uses M_{i-1}.
Whether the typical run collapses is decided by the sum of 1/M_i: it does if and
only if the sum diverges (see `engines.theory.gaussian.moments`).
"""

from abc import abstractmethod
from typing import ClassVar

from pydantic import Field
from typing_extensions import override

from engines.config import Config, Positive, Real, Size, Sizes
from engines.errors import InvalidExperimentError

MOST = 1 << 62
"""Largest size that is returned; larger ones are too many to count, and the run is refused."""


class Schedule(Config):
    """A rule for the number of samples of each generation."""

    name: ClassVar[str]

    def samples(self, generation: int) -> int:
        """Return M_i, the number of points of D_i: at least 1, halves to even."""
        try:
            return max(1, round(min(self.size_at(generation), MOST)))
        except OverflowError:
            return MOST

    @abstractmethod
    def size_at(self, generation: int) -> float:
        """Return what M_i is rounded from."""


class Constant(Schedule):
    """M_i = size."""

    name: ClassVar[str] = "constant"
    size: Size = Field(description="samples per generation")

    @override
    def size_at(self, generation: int) -> float:
        return self.size


class Linear(Schedule):
    """M_i = size (i + 1)."""

    name: ClassVar[str] = "linear"
    size: Size = Field(description="samples of generation 0")

    @override
    def size_at(self, generation: int) -> float:
        return self.size * (generation + 1)


class Power(Schedule):
    """M_i = round(size (i + 1)^exponent), halves to even."""

    name: ClassVar[str] = "power"
    size: Size = Field(description="samples of generation 0")
    exponent: Real = Field(description="growth exponent; above 1 a Gaussian does not collapse")

    @override
    def size_at(self, generation: int) -> float:
        return self.size * float(generation + 1) ** self.exponent


class Geometric(Schedule):
    """M_i = round(size ratio^i), halves to even."""

    name: ClassVar[str] = "geometric"
    size: Size = Field(description="samples of generation 0")
    ratio: Positive = Field(description="growth factor per generation")

    @override
    def size_at(self, generation: int) -> float:
        return self.size * self.ratio**generation


class Listed(Schedule):
    """M_i given one by one; needs generations + 1 of them."""

    name: ClassVar[str] = "list"
    sizes: Sizes = Field(description="samples of each generation, 0 first", min_length=1)

    @override
    def size_at(self, generation: int) -> float:
        if generation >= len(self.sizes):
            raise InvalidExperimentError(
                f"schedule.sizes has {len(self.sizes)} sizes, too few for generation {generation}:"
                f" a run of G generations needs G + 1"
            )
        return self.sizes[generation]
