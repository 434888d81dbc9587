"""What a metric may look at: the laws of model and source, and the points D_n and D_0."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from engines.arrays import FloatArray, IntArray
from engines.data import Counts, Data, Moments, Points, Totals
from engines.laws.discrete import DiscreteLaw
from engines.laws.law import Law, SomeLaw, narrow
from engines.laws.real import RealLaw
from engines.numerics.segments import mean_and_variance
from engines.sampling.conditional import MOST_POINTS, display_points
from engines.streams import Streams

Result = TypeVar("Result")


class Memo:
    """Intermediate results by name: each is computed once, however many metrics need it."""

    def __init__(self) -> None:
        self._results: dict[str, Any] = {}

    def has(self, name: str) -> bool:
        """Return whether the result of this name has been computed."""
        return name in self._results

    def get(self, name: str, compute: Callable[[], Result]) -> Result:
        """Return the result of this name, computed if it is the first time."""
        if name not in self._results:
            self._results[name] = compute()
        return self._results[name]


@dataclass(eq=False)
class Baseline:
    """What stays the same throughout a run: the source and D_0.

    Attributes
    ----------
    law : Law
        p_0, one replicate.
    real : Data
        D_0.
    seed : int
        Seed of D_0.
    widest : float
        Largest standard deviation that theory predicts during the run; 0 where it does not say.
    memo : Memo
        Results that depend on these alone, kept for the whole run.
    """

    law: Law
    real: Data
    seed: int
    widest: float = 0.0
    memo: Memo = field(default_factory=Memo)

    @cached_property
    def tails(self) -> tuple[float, float]:
        """The source's 1 % and 99 % quantiles."""
        if isinstance(self.law, DiscreteLaw):
            values, cumulative = self.law.cdf_table()
            ends: IntArray = np.searchsorted(cumulative[0], [0.01, 0.99 - 1e-12])
            low, high = int(ends[0]), min(int(ends[1]), len(values) - 1)
            return float(values[low]), float(values[high])
        quantiles = narrow(self.law, RealLaw).quantile(np.array([0.01, 0.99]))
        return float(quantiles[0, 0]), float(quantiles[0, 1])

    @cached_property
    def tail_mass(self) -> float:
        """Mass of a one-dimensional source strictly beyond its tails' quantiles."""
        law = narrow(self.law, RealLaw)
        low, high = self.tails
        below = float(law.cdf_before(np.array([low]))[0, 0])
        return below + 1.0 - float(law.cdf(np.array([high]))[0, 0])

    @cached_property
    def without_data(self) -> "Baseline":
        """The same without D_0: using it raises `DataNeededError`."""
        unavailable: Any = _Unavailable()
        return replace(self, real=unavailable)


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
    baseline : Baseline
    first_law : Law or None
        Law of the reference model (model 1), where the engine keeps it; None at generation 0.
    memo : Memo
        Results of this generation that several metrics need.
    """

    law: Law
    drawn: Data
    streams: Streams
    baseline: Baseline
    first_law: Law | None = None
    memo: Memo = field(default_factory=Memo)

    @property
    def source(self) -> Law:
        """The law p_0."""
        return self.baseline.law

    @property
    def real_counterpart(self) -> "Observation":
        """D_0 in the place of D_n, with results that are kept for the whole run."""
        real, streams = self.baseline.real, Streams(self.baseline.seed, 0)
        return replace(self, drawn=real, streams=streams, memo=self.baseline.memo)

    def laws(self, kind: type[SomeLaw]) -> tuple[SomeLaw, SomeLaw]:
        """Return the laws of model and source, both of one class.

        Raises
        ------
        TypeError
            If one of them is not.
        """
        return narrow(self.law, kind), narrow(self.source, kind)

    def nan_values(self) -> FloatArray:
        """Return NaN for each replicate, shape (R,)."""
        return np.full(len(self.drawn.sizes), np.nan)

    def of_each(
        self, parts: list[NDArray[Any]], function: Callable[[NDArray[Any]], float]
    ) -> FloatArray:
        """Return a function of each replicate's part, shape (R,); NaN where there are no parts."""
        return np.array([function(part) for part in parts]) if parts else self.nan_values()

    @property
    def points(self) -> Points:
        """Points of D_n (at most 20,000 of each replicate where only moments are drawn)."""
        drawn, streams = self.drawn, self.streams
        return self.memo.get(
            "points", lambda: display_points(drawn, streams, MOST_POINTS, len(drawn.sizes))
        )

    @property
    def frequencies(self) -> DiscreteLaw:
        """The relative frequencies of D_n, on the states of the source.

        Raises
        ------
        TypeError
            If the data are not counts.
        """
        drawn, source = self.drawn, self.source
        if not isinstance(drawn, Counts) or not isinstance(source, DiscreteLaw):
            raise TypeError("relative frequencies need counts of states")
        return DiscreteLaw(drawn.counts / drawn.sizes[:, None], source.values)

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
            return self.frequencies.mean(), self.frequencies.variance()
        pairs = np.array([mean_and_variance(row) for row in self.points.rows])
        return pairs[:, 0], pairs[:, 1]


class DataNeededError(Exception):
    """A metric of an observation of laws alone needs data, streams or the reference model."""


class _Unavailable:
    def __getattribute__(self, name: str) -> Any:
        # Every attribute, `__class__` too: `isinstance` is how a metric asks what data it has.
        raise DataNeededError(name)


def observe_laws(law: Law, baseline: Baseline) -> Observation:
    """Return an observation of the laws of model and source, without any data.

    A metric that is content with it can measure several generations at once
    (`engines.laws.law.concatenate`).

    Parameters
    ----------
    law : Law
        Any number of replicates.
    baseline : Baseline

    Returns
    -------
    Observation
        Using anything else of it raises `DataNeededError`.
    """
    unavailable: Any = _Unavailable()
    return Observation(law, unavailable, unavailable, baseline.without_data, unavailable)
