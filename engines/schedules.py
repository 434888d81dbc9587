"""How many samples M_i each generation draws.

D_i has M_i points; model i is fitted on T_{i-1}, so its fit uses M_{i-1}.
Whether the typical run collapses is decided by the sum of 1/M_i: it does if and
only if the sum diverges (see `engines.theory.gaussian.moments`).
"""

from abc import abstractmethod
from bisect import bisect_left
from collections.abc import Callable
from itertools import pairwise
from typing import ClassVar

from pydantic import Field
from typing_extensions import override

from engines.arrays import even_indices
from engines.config import Config, Phrase, Positive, Real, Size, Sizes, Words
from engines.errors import InvalidExperimentError

MOST = 1 << 62
"""Largest size that is returned; larger ones are too many to count, and the run is refused."""

SUMMED = 4096
"""Most generations whose sizes are added up one by one; of more, the sum is bounded by blocks."""


class Schedule(Config):
    """A rule for the number of samples of each generation.

    Sizes rise or fall throughout, unless a class says otherwise: a range of any length is then
    known by its ends.
    """

    name: ClassVar[str]

    def samples(self, generation: int) -> int:
        """Return M_i, the number of points of D_i: at least 1, halves to even."""
        try:
            return max(1, round(min(self.size_at(generation), MOST)))
        except OverflowError:
            return MOST

    @property
    def growth(self) -> str:
        """How the number changes from one generation to the next, empty if it does not."""
        return ""

    def phrase_at(self, generation: int) -> Phrase:
        """Return the number of samples of a generation in words."""
        size = f"{self.samples(generation):,}"
        return Phrase(f"{size} samples", f"{size}, {self.growth}" if self.growth else size)

    @abstractmethod
    def size_at(self, generation: int) -> float:
        """Return what M_i is rounded from."""

    def extremes(self, first: int, last: int) -> tuple[int, int]:
        """Return the smallest and the largest of M_first … M_last."""
        ends = self.samples(first), self.samples(last)
        return min(ends), max(ends)

    def total(self, first: int, last: int) -> float:
        """Return the sum of M_first … M_last; of many generations, a bound just above it."""
        edges = [*even_indices(last - first + 1, SUMMED).tolist(), last - first + 1]
        blocks = ((first + start, first + stop - 1) for start, stop in pairwise(edges))
        return float(sum((b - a + 1) * self.extremes(a, b)[1] for a, b in blocks))

    def find(self, first: int, last: int, holds: Callable[[int], bool]) -> int | None:
        """Return the first generation from `first` to `last` whose size fulfils a condition.

        Parameters
        ----------
        first, last : int
        holds : callable
            Of a size; where it changes along rising sizes, it does not change back.
        """
        if holds(self.samples(first)):
            return first
        if not holds(self.samples(last)):
            return None
        generations = range(first, last + 1)
        return first + bisect_left(generations, 1, key=lambda n: holds(self.samples(n)))


class Constant(Schedule):
    """M_i = size."""

    name: ClassVar[str] = "constant"
    setting_words: ClassVar = {"size": Words("M", "samples", "samples a generation", 2)}
    size: Size = Field(description="samples per generation")

    @override
    def size_at(self, generation: int) -> float:
        return self.size


class Linear(Schedule):
    """M_i = size (i + 1)."""

    name: ClassVar[str] = "linear"
    setting_words: ClassVar = {"size": Words("M", "samples", "samples of generation 0", 2)}
    size: Size = Field(description="samples of generation 0")

    @property
    @override
    def growth(self) -> str:
        return "as many more each time"

    @override
    def size_at(self, generation: int) -> float:
        return self.size * (generation + 1)


class Power(Schedule):
    """M_i = round(size (i + 1)^exponent), halves to even."""

    name: ClassVar[str] = "power"
    setting_words: ClassVar = {
        "size": Words("M", "samples", "samples of generation 0", 2),
        "exponent": Words("", "exponent", "growth of the samples", 5),
    }
    size: Size = Field(description="samples of generation 0")
    exponent: Real = Field(description="growth exponent; above 1 a Gaussian does not collapse")

    @property
    @override
    def growth(self) -> str:
        return f"growing as n^{self.exponent:g}"

    @override
    def size_at(self, generation: int) -> float:
        return self.size * float(generation + 1) ** self.exponent


class Geometric(Schedule):
    """M_i = round(size ratio^i), halves to even."""

    name: ClassVar[str] = "geometric"
    setting_words: ClassVar = {
        "size": Words("M", "samples", "samples of generation 0", 2),
        "ratio": Words("", "ratio", "growth factor of the samples", 5),
    }
    size: Size = Field(description="samples of generation 0")
    ratio: Positive = Field(description="growth factor per generation")

    @property
    @override
    def growth(self) -> str:
        return f"× {self.ratio:g} each time"

    @override
    def size_at(self, generation: int) -> float:
        return self.size * self.ratio**generation


class Listed(Schedule):
    """M_i given one by one; needs generations + 1 of them."""

    name: ClassVar[str] = "list"
    setting_words: ClassVar = {"sizes": Words("M", "sizes", "samples of each generation", 2)}
    sizes: Sizes = Field(description="samples of each generation, 0 first", min_length=1)

    @property
    @override
    def growth(self) -> str:
        return "as listed"

    @override
    def size_at(self, generation: int) -> float:
        if generation >= len(self.sizes):
            raise InvalidExperimentError(
                f"schedule.sizes has {len(self.sizes)} sizes, too few for generation {generation}:"
                f" a run of G generations needs G + 1"
            )
        return self.sizes[generation]

    @override
    def extremes(self, first: int, last: int) -> tuple[int, int]:
        # one beyond the list is refused before a range is looked through
        self.size_at(min(last, len(self.sizes)))
        sizes = [self.samples(n) for n in range(first, last + 1)]
        return min(sizes), max(sizes)

    @override
    def find(self, first: int, last: int, holds: Callable[[int], bool]) -> int | None:
        self.size_at(min(last, len(self.sizes)))
        return next((n for n in range(first, last + 1) if holds(self.samples(n))), None)
