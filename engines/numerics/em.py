"""Expectation-maximisation for a mixture of normal laws with full covariances.

The steps are scikit-learn's (`sklearn.mixture.GaussianMixture`), floor and stopping rule
included, and give its numbers up to rounding from the same start. They are written out
here because its own cost six times as much at a thousand points, nearly all of it checks
and sums along an axis of K.

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
"""Points added to each component, so that one without any keeps a mean."""


class NormalMixture(NamedTuple):
    """One mixture.

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
    """Return the mixture of the clusters that `labels` (n,) name: the start of EM."""
    members = np.arange(components)[:, None] == labels
    return m_step(points, members.astype(np.float64), floor)


def m_step(points: FloatArray, shares: FloatArray, floor: float) -> NormalMixture:
    """Return the M-step: the mixture most likely given who owns the points.

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
    """Return the E-step: who owns the points, shape (K, n), and their mean ln density.

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
    """Yield the mixture after each iteration, and whether it is the last for good.

    Parameters
    ----------
    points : ndarray, shape (d, n)
    start : NormalMixture
    floor : float
        Added to the diagonal of each covariance.
    tolerance : float
        EM has converged where the mean ln density gains less.
    most : int
        Iterations at most; without convergence the last one says False.
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
    """Return the mixture with its components in an order that lasts through a run.

    Parameters
    ----------
    estimate : NormalMixture
    previous : NormalMixture or None
        Each component takes the place of the one of these whose mean is nearest, the
        nearest pair first. Without it they ascend by their means' first coordinate, then
        by the next.
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
