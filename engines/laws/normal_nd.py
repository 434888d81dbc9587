"""The normal law in d dimensions."""

from dataclasses import dataclass
from typing import ClassVar

from engines.arrays import FloatArray
from engines.laws.law import Part
from engines.laws.real_nd import RealNDLaw, log_normal


@dataclass(frozen=True, eq=False)
class NormalNDLaw(RealNDLaw):
    """R normal laws in d dimensions.

    Attributes
    ----------
    means : ndarray, shape (R, d)
    factors : ndarray, shape (R, d, d)
        Lower triangular L with covariance L Lᵀ.
    """

    replicate_fields: ClassVar[tuple[str, ...]] = ("means", "factors")

    means: FloatArray
    factors: FloatArray

    @property
    def parts(self) -> frozenset[Part]:
        """It is normal, a mixture of one."""
        return frozenset({Part.NORMAL, Part.COMPONENTS})

    def matched(self) -> "NormalNDLaw":
        """Return the law itself."""
        return self

    def log_density(self, x: FloatArray) -> FloatArray:
        """Return the logarithm of the density at x (N, d), shape (R, N); regular laws only."""
        return log_normal(x, self.means, self.factors)
