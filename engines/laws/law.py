"""What all laws share: the base class, and parts that only some laws have."""

from enum import StrEnum
from typing import ClassVar, NamedTuple

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
    replicate_fields : tuple of str
        Dataclass fields with one row per replicate; the other fields are the same for all.
        Empty for a law that holds one replicate only, or whose replicates cannot be cut apart.
    """

    has_density: ClassVar[bool] = True
    replicate_fields: ClassVar[tuple[str, ...]] = ()

    @property
    def parts(self) -> frozenset[Part]:
        """Optional parts that this law has."""
        return frozenset()
