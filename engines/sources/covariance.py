"""What a covariance given as rows of numbers must be."""

from collections.abc import Sequence

import numpy as np


def covariance_fault(mean: Sequence[float], covariance: Sequence[Sequence[float]]) -> str | None:
    """Return what is wrong with a covariance beside its mean, as a clause, or None."""
    size = len(mean)
    if len(covariance) != size or any(len(row) != size for row in covariance):
        return f"covariance must have {size} rows of {size} numbers, like the mean"
    matrix = np.array(covariance)
    if not np.allclose(matrix, matrix.T):
        return "covariance must be symmetric"
    smallest = float(np.linalg.eigvalsh(matrix)[0])
    if smallest <= 1e-12 * float(np.trace(matrix)):
        return f"covariance must be positive definite, its smallest eigenvalue is {smallest:.3g}"
    return None
