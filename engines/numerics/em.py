"""Expectation-maximisation for a mixture of normal laws with full covariances.

The steps are scikit-learn's (`sklearn.mixture.GaussianMixture`), floor and stopping rule
included, and give its numbers up to rounding from the same start. They are implemented here
because scikit-learn's take six times as long at a thousand points, mostly for checks and sums
along an axis of length K.

References
----------
.. [1] A. P. Dempster, N. M. Laird, D. B. Rubin, "Maximum Likelihood from Incomplete Data
   via the EM Algorithm", J. R. Stat. Soc. B 39 (1977) 1.
.. [2] F. Pedregosa et al., "Scikit-learn: Machine Learning in Python", JMLR 12 (2011) 2825.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from engines.arrays import FloatArray, IntArray

TINY = 10 * np.finfo(np.float64).eps
"""Weight added to each component, so that one without points still has a mean."""


class NormalMixture(NamedTuple):
    """A mixture of K normal laws.

    Attributes
    ----------
    weights : ndarray, shape (K,)
        Positive, sum 1.
    means : ndarray, shape (K, d)
    covariances : ndarray, shape (K, d, d)
    """

    weights: FloatArray
    means: FloatArray
    covariances: FloatArray


def initial_mixture(
    points: FloatArray, labels: IntArray, components: int, floor: float
) -> NormalMixture:
    """Return the mixture of the clusters that `labels` (n,) describe, from which EM starts."""
    members = np.arange(components)[:, None] == labels
    return m_step(points, members.astype(np.float64), floor)


def m_step(points: FloatArray, shares: FloatArray, floor: float) -> NormalMixture:
    """Return the M-step: the most likely mixture, given the shares of components in the points.

    Its mean and covariance as a whole are the points' own (ddof 0), the covariance raised
    by `floor` (docs/theory.md §8).

    Parameters
    ----------
    points : ndarray, shape (d, n)
    shares : ndarray, shape (K, n)
        Probability that a component owns a point; sums to 1 over the components.
    floor : float
        Added to the diagonal of each covariance.
    """
    totals = shares.sum(axis=1) + TINY
    means = shares @ points.T / totals[:, None]
    deviations = points - means[:, :, None]
    scatter = (shares[:, None, :] * deviations) @ np.swapaxes(deviations, 1, 2)
    covariances = scatter / totals[:, None, None]
    covariances += floor * np.eye(len(points))
    return NormalMixture(totals / totals.sum(), means, covariances)


def e_step(points: FloatArray, estimate: NormalMixture) -> tuple[FloatArray, float]:
    """Return the E-step: the shares of components in the points, and the mean ln density.

    The shares have shape (K, n) and sum to 1 over the components.

    Raises
    ------
    numpy.linalg.LinAlgError
        If a covariance is not positive definite.
    """
    factors = np.linalg.cholesky(estimate.covariances)
    deviations = points - estimate.means[:, :, None]
    white = np.linalg.inv(factors) @ deviations
    scales = np.log(np.diagonal(factors, axis1=1, axis2=2)).sum(axis=1)
    constants = np.log(estimate.weights) - scales - 0.5 * len(points) * np.log(2 * np.pi)
    logs = constants[:, None] - 0.5 * np.einsum("kdn,kdn->kn", white, white)
    highest = logs.max(axis=0)
    shares = np.exp(logs - highest)
    sums = shares.sum(axis=0)
    shares /= sums
    return shares, float((highest + np.log(sums)).mean())


def iterate_em(
    points: FloatArray, start: NormalMixture, floor: float, tolerance: float, most: int
) -> Iterator[tuple[NormalMixture, bool]]:
    """Yield the mixture after each iteration, and whether EM has converged.

    Parameters
    ----------
    points : ndarray, shape (d, n)
    start : NormalMixture
    floor : float
        Added to the diagonal of each covariance.
    tolerance : float
        EM has converged where the mean ln density gains less.
    most : int
        Iterations at most.
    """
    estimate, before = start, -np.inf
    for _ in range(most):
        shares, bound = e_step(points, estimate)
        estimate = m_step(points, shares, floor)
        converged = abs(bound - before) < tolerance
        yield estimate, converged
        if converged:
            return
        before = bound


def align_components(estimate: NormalMixture, previous: NormalMixture | None) -> NormalMixture:
    """Return the mixture with its components in the order of the previous mixture.

    Parameters
    ----------
    estimate : NormalMixture
    previous : NormalMixture or None
        Each component takes the place of the previous component with the nearest mean,
        starting with the nearest pair. If None, they ascend by the first coordinate of
        their means, then by the next.
    """
    if previous is None:
        order = np.lexsort(estimate.means.T[::-1])
    else:
        gaps = ((previous.means[:, None] - estimate.means[None]) ** 2).sum(axis=2)
        order = np.empty(len(gaps), dtype=np.int64)
        for _ in range(len(gaps)):
            place, component = np.unravel_index(np.argmin(gaps), gaps.shape)
            order[place] = component
            gaps[place], gaps[:, component] = np.inf, np.inf
    return NormalMixture(*(field[order] for field in estimate))
