"""What a law of theory may know of an experiment: the settings in force at each generation."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class SourceFacts:
    """Moments and shape of the source p_0.

    Attributes
    ----------
    kind : str
        ``"real"``, ``"real-nd"`` or ``"states"``.
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
    replicates : int
        R.
    redraw : bool
        Whether each replicate has a D_0 of its own.
    """

    engines: tuple[Any, ...]
    policies: tuple[Any, ...]
    sizes: NDArray[np.int64]
    source: SourceFacts
    replicates: int
    redraw: bool = True

    @property
    def generations(self) -> int:
        """G."""
        return len(self.sizes) - 1

    @cached_property
    def until(self) -> int:
        """Last generation described by the first engine and policy; G without interventions.

        A change at step k takes effect on model k (engine) or on T_k and so model k + 1
        (policy).
        """
        for n in range(1, self.generations + 1):
            if self.engines[n] != self.engines[1]:
                return n - 1
            if n < self.generations and self.policies[n] != self.policies[1]:
                return n
        return self.generations
