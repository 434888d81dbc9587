"""What theory knows of an experiment: the settings in force at each generation."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Self

import numpy as np

from engines.arrays import FloatArray, IntArray

Span = tuple[int, int, Any]
"""First and last generation of a range, and what is in force there."""


@dataclass(frozen=True, eq=False)
class SourceFacts:
    """Moments and shape of the source p_0.

    Attributes
    ----------
    kind : str
        Kind of its data: ``"real"``, ``"real-nd"``, ``"states"``, ``"counts"``, …
    normal : bool
        Whether p_0 is a normal law (any dimension).
    mean : ndarray, shape (d,)
        Mean of p_0; for states, of their values (NaN for states without values).
    covariance : ndarray, shape (d, d)
        Covariance of p_0.
    probabilities : ndarray, shape (K,)
        Probabilities of the states; empty for real data.
    values : ndarray, shape (K,)
        Numbers attached to the states; empty for real data.
    law : object
        The law itself (see `engines.laws`), for anything that needs its cdf.
    rows : int or None
        Number of rows when the source is a file, so that D_0 is the file itself; else None.
    fixed : bool
        Whether D_0 has the components of a mixture in fixed shares, so that it is not iid.
    """

    kind: str
    normal: bool
    mean: FloatArray
    covariance: FloatArray
    probabilities: FloatArray
    values: FloatArray
    law: Any
    rows: int | None = None
    fixed: bool = False

    @property
    def variance(self) -> float:
        """Variance of p_0, or of its first coordinate."""
        return float(self.covariance[0, 0])

    @property
    def dimension(self) -> int:
        """Number of coordinates d."""
        return len(self.mean)

    @property
    def heterozygosity(self) -> float:
        """H_0 = 1 - sum p^2 of the states."""
        return float(1 - np.sum(self.probabilities**2))


@dataclass(frozen=True, eq=False)
class Case:
    """One experiment as theory sees it. Index n is the generation, 0 … G.

    Attributes
    ----------
    engines : tuple of engine configurations
        ``engines[n]`` fits model n (entry 0 is not used).
    policies : tuple of policy configurations
        ``policies[n]`` forms T_n.
    sizes : ndarray of int, shape (G + 1,)
        M_n, the number of points of D_n.
    source : SourceFacts
        Facts of p_0.
    redraw : bool
        Whether each replicate has a D_0 of its own.
    """

    engines: tuple[Any, ...]
    policies: tuple[Any, ...]
    sizes: IntArray
    source: SourceFacts
    redraw: bool = True

    @property
    def generations(self) -> int:
        """G."""
        return len(self.sizes) - 1

    def after(self, generation: int, size: int, last: int) -> Self:
        """Return the part of the run after the state of a generation, which takes the place of 0.

        Parameters
        ----------
        generation : int
            n; model n + 1 of the run is model 1 of the part.
        size : int
            Number of points of T_n.
        last : int
            The last generation that is described.
        """
        chosen = slice(generation, last + 1)
        sizes = np.concatenate([[size], self.sizes[generation + 1 : last + 1]])
        parts = self.engines[chosen], self.policies[chosen]
        return replace(self, engines=parts[0], policies=parts[1], sizes=sizes.astype(np.int64))

    @cached_property
    def engine_spans(self) -> tuple[Span, ...]:
        """The engines of models 1 … G, each with the models that it fits."""
        return _spans_of(self.engines)

    @cached_property
    def policy_spans(self) -> tuple[Span, ...]:
        """The policies of T_1 … T_G, each with the training sets that it forms."""
        return _spans_of(self.policies)

    @property
    def fitting_engines(self) -> tuple[Any, ...]:
        """The engines of models 1 … G, one for each range that it fits without a change."""
        return tuple(engine for _, _, engine in self.engine_spans)

    @cached_property
    def last_unchanged(self) -> int:
        """Last generation described by the first engine and policy; G without interventions.

        A change at step k takes effect on model k (engine) or on T_k and so model k + 1
        (policy).
        """
        fitted = (first - 1 for first, _, each in self.engine_spans if each != self.engines[1])
        formed = (first for first, _, each in self.policy_spans if each != self.policies[1])
        return min(next(fitted, self.generations), next(formed, self.generations))


def _spans_of(settings: tuple[Any, ...]) -> tuple[Span, ...]:
    """Return the ranges of generations 1 … G in which a setting does not change."""
    starts = [n for n in range(1, len(settings)) if n == 1 or settings[n] is not settings[n - 1]]
    ends = [*(start - 1 for start in starts[1:]), len(settings) - 1]
    return tuple((start, end, settings[start]) for start, end in zip(starts, ends, strict=False))


Condition = Callable[[Case], str | None]
"""Returns None where a law holds, else the reason why it does not, as a clause."""

Values = Callable[[Case], FloatArray]
"""Returns values by generation, shape (G + 1,); NaN where the law gives none."""
