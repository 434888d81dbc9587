"""The sizes M_0 … M_G of a run, known by its schedules: no array as long as the run."""

from collections.abc import Callable, Sequence
from typing import NamedTuple, overload

import numpy as np
from typing_extensions import override

from engines.arrays import IntArray
from engines.schedules import MOST, Schedule

FEW = 64
"""Generations up to which a reader is told all sizes."""
LISTED = 1 << 16
"""Generations of which all sizes are given to an engine that judges them; of more, the ends."""


class Span(NamedTuple):
    """Generations `first` … `last` under one schedule; None: generation 0."""

    first: int
    last: int
    schedule: Schedule | None


class SampleSizes(Sequence[int]):
    """M_0 … M_G as a sequence that computes what it is asked for.

    Parameters
    ----------
    real_size : int
        M_0.
    schedules : sequence of (int, Schedule)
        The schedules in force from a generation on, in order.
    generations : int
        G.
    """

    def __init__(
        self, real_size: int, schedules: Sequence[tuple[int, Schedule]], generations: int
    ) -> None:
        self._real_size = min(real_size, MOST)
        starts = [max(start, 1) for start, _ in schedules]
        ends = [*(start - 1 for start in starts[1:]), generations]
        spans = [
            Span(start, min(end, generations), schedule)
            for start, end, (_, schedule) in zip(starts, ends, schedules, strict=True)
        ]
        self.spans = (
            Span(0, 0, None),
            *(span for span in spans if span.first <= span.last),
        )

    @override
    def __len__(self) -> int:
        return self.spans[-1].last + 1

    @overload
    def __getitem__(self, index: int) -> int: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[int]: ...
    @override
    def __getitem__(self, index: int | slice) -> int | Sequence[int]:
        if isinstance(index, slice):
            return [self[n] for n in range(*index.indices(len(self)))]
        number = range(len(self))[index]
        return next(self._sample(span, number) for span in self.spans if number <= span.last)

    @property
    def differing(self) -> tuple[int, ...]:
        """All sizes of a run of few generations where they differ, else none."""
        sizes = tuple(self) if len(self) <= FEW + 1 else ()
        return sizes if len(set(sizes)) > 1 else ()

    def until(self, generation: int) -> IntArray:
        """Return M_0 … M_`generation` as an array."""
        sizes = [
            self._sample(span, n)
            for span in self.spans
            for n in range(span.first, min(span.last, generation) + 1)
        ]
        return np.array(sizes, dtype=np.int64)

    @property
    def listed(self) -> IntArray:
        """All sizes, or of a long run those of the first and last generations of its spans."""
        if len(self) <= LISTED:
            return self.until(len(self) - 1)
        ends = sorted({end for span in self.spans for end in (span.first, span.last)})
        return np.array([self[n] for n in ends], dtype=np.int64)

    @property
    def largest(self) -> int:
        """The largest size."""
        return max(self._real_size, *(self._extremes(span)[1] for span in self.spans))

    def total(self, generation: int) -> float:
        """Return M_0 + … + M_`generation`; of long runs, a bound just above it."""
        cut = ((span, min(span.last, generation)) for span in self.spans)
        return sum(
            float(self._real_size) if span.schedule is None
            else span.schedule.total(span.first, last)
            for span, last in cut if span.first <= last
        )  # fmt: skip

    def find(self, first: int, last: int, holds: Callable[[int], bool]) -> int | None:
        """Return the first generation from `first` to `last` whose size fulfils a condition.

        Parameters
        ----------
        first, last : int
        holds : callable
            Of a size, as in `Schedule.find`.
        """
        for span in self.spans:
            start, end = max(first, span.first), min(last, span.last)
            if start > end:
                continue
            if span.schedule is not None:
                found = span.schedule.find(start, end, holds)
            else:
                found = 0 if holds(self._real_size) else None
            if found is not None:
                return found
        return None

    def _sample(self, span: Span, generation: int) -> int:
        return self._real_size if span.schedule is None else span.schedule.samples(generation)

    def _extremes(self, span: Span) -> tuple[int, int]:
        if span.schedule is None:
            return self._real_size, self._real_size
        return span.schedule.extremes(span.first, span.last)
