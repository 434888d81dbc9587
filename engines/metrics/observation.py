"""What a metric may look at: the laws of model and source, and the points D_n and D_0."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from engines.arrays import FloatArray, IntArray
from engines.data import Counts, Data, Moments, Points, Totals
from engines.laws.discrete import DiscreteLaw
from engines.laws.law import Law
from engines.numerics.segments import mean_and_square
from engines.sampling.conditional import MOST_POINTS, display_points
from engines.streams import Streams

Once = Callable[[str, Callable[[], FloatArray]], FloatArray]
"""`Look.once` or `Reference.once`."""


class DataNeededError(Exception):
    """What looks at laws alone was asked for data, streams or the reference model."""


class _Unavailable:
    def __getattribute__(self, name: str) -> Any:
        # Everything, `__class__` too: who asks `isinstance` wants to know what data it is.
        raise DataNeededError(name)


@dataclass(eq=False)
class Reference:
    """What stays the same throughout a run: the source and D_0.

    Attributes
    ----------
    law : Law
        p_0, one replicate.
    real : Data
        D_0.
    seed : int
        Seed of D_0.
    """

    law: Law
    real: Data
    seed: int
    _kept: dict[str, FloatArray] = field(default_factory=dict[str, FloatArray])

    @cached_property
    def points(self) -> Points:
        """Points of D_0 (at most 20,000 of each replicate where only moments are drawn)."""
        replicates = len(self.real.sizes)
        points = display_points(self.real, Streams(self.seed, 0), MOST_POINTS, replicates)
        if points is None:
            raise TypeError("counts of states have no points")
        return points

    @cached_property
    def tails(self) -> tuple[float, float]:
        """The source's 1 % and 99 % quantiles."""
        if isinstance(self.law, DiscreteLaw):
            values, cumulative = self.law.cdf_table()
            ends: IntArray = np.searchsorted(cumulative[0], [0.01, 0.99 - 1e-12])
            low, high = int(ends[0]), min(int(ends[1]), len(values) - 1)
            return float(values[low]), float(values[high])
        law: Any = self.law
        quantiles: FloatArray = law.quantile(np.array([0.01, 0.99]))
        return float(quantiles[0, 0]), float(quantiles[0, 1])

    @cached_property
    def tail_mass(self) -> float:
        """Mass of the source strictly beyond its tails' quantiles."""
        law: Any = self.law
        low, high = self.tails
        below = float(law.cdf_before(np.array([low]))[0, 0])
        return below + 1.0 - float(law.cdf(np.array([high]))[0, 0])

    @cached_property
    def laws(self) -> "Reference":
        """The same without D_0: whoever asks for that gets `DataNeededError`."""
        beyond: Any = _Unavailable()
        return replace(self, real=beyond)

    def once(self, name: str, compute: Callable[[], FloatArray]) -> FloatArray:
        """Return what a metric needs of D_0, computed once per run."""
        if name not in self._kept:
            self._kept[name] = compute()
        return self._kept[name]


@dataclass(eq=False)
class Observation:
    """One generation as a metric sees it.

    Attributes
    ----------
    law : Law
        Law of model n; of the source at generation 0.
    drawn : Data
        D_n.
    streams : Streams
        Streams of generation n.
    reference : Reference
    first : Law or None
        Law of the reference model (model 1), where the engine keeps it; None at generation 0.
    """

    law: Law
    drawn: Data
    streams: Streams
    reference: Reference
    first: Law | None = None

    _kept: dict[str, FloatArray] = field(default_factory=dict[str, FloatArray])

    def once(self, name: str, compute: Callable[[], FloatArray]) -> FloatArray:
        """Return what several readers of this generation need, computed once."""
        if name not in self._kept:
            self._kept[name] = compute()
        return self._kept[name]

    def knows(self, name: str) -> bool:
        """Return whether `once` has computed this already."""
        return name in self._kept

    @property
    def source(self) -> Law:
        """The law p_0."""
        return self.reference.law

    @cached_property
    def points(self) -> Points:
        """Points of D_n (at most 20,000 of each replicate where only moments are drawn)."""
        if self.drawn is self.reference.real:
            return self.reference.points
        replicates = len(self.drawn.sizes)
        points = display_points(self.drawn, self.streams, MOST_POINTS, replicates)
        if points is None:
            raise TypeError("counts of states have no points")
        return points

    def frequencies(self, data: Data) -> DiscreteLaw:
        """Return the relative frequencies of counts, on the states of the source.

        Raises
        ------
        TypeError
            If `data` are no counts.
        """
        if not isinstance(data, Counts) or not isinstance(self.source, DiscreteLaw):
            raise TypeError("relative frequencies need counts of states")
        return DiscreteLaw(data.counts / data.sizes[:, None], self.source.values)

    @cached_property
    def sample_moments(self) -> tuple[FloatArray, FloatArray]:
        """Mean and variance (ddof 0) of D_n, shape (R,) each; one-dimensional data."""
        if isinstance(self.drawn, Moments):
            variance = self.drawn.factor[:, 0, 0] ** 2 / self.drawn.sizes
            return self.drawn.mean[:, 0], variance
        if isinstance(self.drawn, Totals):
            mean = self.drawn.totals / self.drawn.sizes
            return mean, np.full_like(mean, np.nan)
        if isinstance(self.drawn, Counts):
            law = self.frequencies(self.drawn)
            return law.mean(), law.variance()
        pairs = np.array([mean_and_square(row) for row in self.points.rows])
        return pairs[:, 0], pairs[:, 1]


def observe_laws(law: Law, reference: Reference) -> Observation:
    """Return a look at the laws of model and source, and at nothing else.

    What can do with it may look at several generations at once: see `engines.laws.concatenate`.

    Parameters
    ----------
    law : Law
        Of any number of replicates.
    reference : Reference

    Returns
    -------
    Observation
        Anything else that is asked of it raises `DataNeededError`.
    """
    beyond: Any = _Unavailable()
    return Observation(law, beyond, beyond, reference.laws, beyond)


def each_once(
    once: Once, what: str, parts: Sequence[Any], compute: Callable[[int, Any], FloatArray]
) -> list[FloatArray]:
    """Return what is computed of each replicate's data, kept for further readers.

    Parameters
    ----------
    once : callable
        `Look.once` or `Reference.once`.
    what : str
        Its name.
    parts : sequence
        Data of each replicate.
    compute : callable
        Number of the replicate and its data → array.
    """
    return [
        once(f"{what} of replicate {number}", lambda r=number, data=part: compute(r, data))
        for number, part in enumerate(parts)
    ]
