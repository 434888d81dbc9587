"""The squared L² distance between mixtures of normal laws, in closed form.

References
----------
.. [1] I. Shumailov et al., "The Curse of Recursion: Training on Generated Data Makes Models
   Forget", 2023, arXiv:2305.17493, Fig. 13.
"""

import numpy as np

from engines.arrays import FloatArray
from engines.data.moments import triangular
from engines.laws.law import Components


def l2_squared(p: Components, q: Components) -> FloatArray:
    """Return ∫ (p - q)², shape (R,); infinite where either has a singular component.

    With the components of both and signed weights ω it is
    Σ_ij ω_i ω_j N(m_i; m_j, Σ_i + Σ_j).

    Parameters
    ----------
    p, q : Components
        R replicates of p, one of q (or R).
    """
    both = [_side_by_side(a, b) for a, b in zip(p._replace(weights=-p.weights), q, strict=True)]
    weights, means, factors = both
    size, dimension = means.shape[1:]
    left, right = np.triu_indices(size)
    roots = _factor_of_sum(factors[:, left], factors[:, right])
    diagonals = np.diagonal(roots, axis1=2, axis2=3)
    singular = (diagonals == 0).any(axis=2)
    safe = np.where(singular[..., None, None], np.eye(dimension), roots)
    scores = np.linalg.solve(safe, (means[:, left] - means[:, right])[..., None])[..., 0]
    with np.errstate(divide="ignore"):
        scales = np.log(diagonals).sum(axis=2)
    logs = -0.5 * (scores**2).sum(axis=2) - scales - 0.5 * dimension * np.log(2 * np.pi)
    twice = np.where(left == right, 1.0, 2.0)
    # `take`, for rows that lie in memory as rows: sums over them do not depend on R.
    products = twice * weights.take(left, axis=1) * weights.take(right, axis=1)
    with np.errstate(over="ignore", invalid="ignore"):
        total = (products * np.exp(logs)).sum(axis=1)
    return np.where(singular.any(axis=1), np.inf, np.maximum(total, 0.0))


def _side_by_side(a: FloatArray, b: FloatArray) -> FloatArray:
    replicates = max(len(a), len(b))
    rows = [np.broadcast_to(x, (replicates, *x.shape[1:])) for x in (a, b)]
    return np.concatenate(rows, axis=1)


def _factor_of_sum(left: FloatArray, right: FloatArray) -> FloatArray:
    """Return the lower triangular factors of the sums of covariances, shape (R, P, d, d)."""
    if left.shape[-1] == 1:
        return np.hypot(left, right)
    dimension = left.shape[-1]
    roots = np.concatenate([left, right], axis=3).reshape(-1, dimension, 2 * dimension)
    return triangular(roots).reshape(left.shape)
