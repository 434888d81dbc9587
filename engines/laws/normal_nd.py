"""The normal law in d dimensions."""

from dataclasses import dataclass

import numpy as np

from engines.arrays import FloatArray


@dataclass(frozen=True, eq=False)
class NormalNDLaw:
    """R normal laws in d dimensions.

    Attributes
    ----------
    means : ndarray, shape (R, d)
    factors : ndarray, shape (R, d, d)
        Lower triangular L with covariance L Lᵀ.
    """

    means: FloatArray
    factors: FloatArray

    def covariance(self) -> FloatArray:
        """Return the covariance, shape (R, d, d)."""
        return self.factors @ np.swapaxes(self.factors, 1, 2)
