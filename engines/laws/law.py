"""What a law may have beyond what every law of its kind answers."""

from enum import StrEnum
from typing import NamedTuple

from engines.arrays import FloatArray


class Part(StrEnum):
    """Something that some laws of a kind have, and that a metric may need.

    Metrics name it in `Metric.needs`, laws in `parts`, engines in `law_parts`; a metric is
    offered where the laws of source and engine both have it.
    """

    NORMAL = "normal"
    """The law is a single normal law."""
    COMPONENTS = "components"
    """The law is a finite mixture of normal laws, which `components` returns."""


class Components(NamedTuple):
    """Mixtures Σ w_k N(m_k, L_k L_kᵀ).

    Attributes
    ----------
    weights : ndarray, shape (R, K)
        Sum 1.
    means : ndarray, shape (R, K, d)
    factors : ndarray, shape (R, K, d, d)
        Lower triangular L_k.
    """

    weights: FloatArray
    means: FloatArray
    factors: FloatArray
