"""The base class of all laws, and the parts that only some laws have."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Any, ClassVar, NamedTuple, TypeVar

import numpy as np

from engines.arrays import FloatArray


class Part(StrEnum):
    """Something that some laws of a kind have and that a metric may need.

    Metrics name it in `Metric.needs`, laws in `parts`, engines in `law_parts`; a metric is
    offered where the laws of source and engine both have it.
    """

    NORMAL = "normal"
    """The law is a single normal law."""
    COMPONENTS = "components"
    """The law is a finite mixture of normal laws, returned by `components`."""


class Components(NamedTuple):
    """Mixtures Σ w_k N(m_k, L_k L_kᵀ).

    Attributes
    ----------
    weights : ndarray, shape (R, K)
        Each row sums to 1.
    means : ndarray, shape (R, K, d)
    factors : ndarray, shape (R, K, d, d)
        Lower triangular L_k.
    """

    weights: FloatArray
    means: FloatArray
    factors: FloatArray


class Law:
    """The probability law of a source (one replicate) or of R models side by side.

    What can be computed from a law depends on the kind of data: `RealLaw` and `RealNDLaw` are
    the bases for numbers and vectors, `DiscreteLaw` is the law of states and tokens.

    Attributes
    ----------
    has_density : bool
        False for the empirical law of a finite sample.
    parts : frozenset of Part
        Optional parts that it has.
    replicate_fields : tuple of str
        Dataclass fields with one row per replicate; the other fields are the same for all.
        Empty for a law that holds one replicate only, or whose replicates cannot be cut apart.
    """

    has_density: ClassVar[bool] = True
    parts: ClassVar[frozenset[Part]] = frozenset()
    replicate_fields: ClassVar[tuple[str, ...]] = ()

    def components(self) -> Components:
        """Return its normal components, where `parts` holds `Part.COMPONENTS`.

        Raises
        ------
        TypeError
            If it has none.
        """
        raise TypeError(f"{type(self).__name__} has no normal components")


class NumberLaw(Law, ABC):
    """R laws on numbers: the real line, or states with numbers attached.

    Attributes
    ----------
    least_sd : float
        Below it a standard deviation has lost digits: here its square is no normal float.
    """

    least_sd: ClassVar[float] = float(np.sqrt(np.finfo(np.float64).tiny))

    @abstractmethod
    def mean(self) -> FloatArray:
        """Return the mean, shape (R,)."""

    @abstractmethod
    def variance(self) -> FloatArray:
        """Return the variance, shape (R,)."""

    @abstractmethod
    def skewness(self) -> FloatArray:
        """Return the skewness, shape (R,); NaN for a point mass."""

    @abstractmethod
    def kurtosis(self) -> FloatArray:
        """Return the excess kurtosis, shape (R,); NaN for a point mass."""

    @abstractmethod
    def outside(self, low: float, high: float) -> FloatArray:
        """Return P(X < low) + P(X > high), shape (R,)."""

    def sd(self) -> FloatArray:
        """Return the standard deviation, shape (R,)."""
        return np.sqrt(self.variance())

    def log_sd(self) -> FloatArray:
        """Return the logarithm of the standard deviation, shape (R,); -inf for a point mass.

        NaN where the deviation is so small that it has lost digits, and the logarithm with them.
        """
        sd = self.sd()
        with np.errstate(divide="ignore"):
            return np.where((sd > 0) & (sd < self.least_sd), np.nan, np.log(sd))


SomeLaw = TypeVar("SomeLaw", bound=Law)


def narrow(law: Law, kind: type[SomeLaw]) -> SomeLaw:
    """Return a law as one of a class.

    Raises
    ------
    TypeError
        If it is of another class.
    """
    if not isinstance(law, kind):
        raise TypeError(f"needs a {kind.__name__}, got a {type(law).__name__}")
    return law


def concatenate(laws: Sequence[Law]) -> Law | None:
    """Return one law with the replicates of all laws, one law after the other.

    Parameters
    ----------
    laws : sequence of Law
        Laws of one run.

    Returns
    -------
    Law or None
        None where the laws differ in class or shape, or where their class does not define
        `Law.replicate_fields` itself (a subclass with further fields must define it again).
    """
    first: Any = laws[0]
    kind = type(laws[0])
    fields: tuple[str, ...] | None = vars(kind).get("replicate_fields")
    if fields is None or any(type(law) is not kind for law in laws):
        return None
    columns = {name: [getattr(law, name) for law in laws] for name in fields}
    if any(len({part.shape[1:] for part in column}) > 1 for column in columns.values()):
        return None
    return replace(first, **{name: np.concatenate(column) for name, column in columns.items()})
