"""The views of points in the plane and of the weights of a regression."""

import numpy as np

from engines.arrays import FloatArray, even_indices
from engines.laws.law import Law
from engines.laws.linear import LinearLaw
from engines.laws.real_nd import RealNDLaw
from engines.metrics.observation import Observation
from engines.views.points import note_points, points_of_view
from engines.views.principal_axes import strip_of_vectors
from engines.views.strip import MOST, WEIGHTS, strip_arrays
from engines.views.view import View

SCATTER_POINTS = 500
"""Most points of D_0 and of D_n in a view."""
PLANE, MOST_AXES = 2, 64
"""Dimensions that are drawn, and most of those whose principal axes are looked for."""


def view_vectors(observation: Observation) -> View:
    """Return the view of one generation: points and the ellipses of the components.

    Two dimensions are shown as they are; of 3 to 64, the plane of the first and the last principal
    axis of model n, in which the cloud becomes a needle; of still more, the first two.
    """
    real, now = points_of_view(observation.real_counterpart), points_of_view(observation)
    law, source = observation.laws(RealNDLaw)
    dimension = now.shape[1]
    plane, sds = np.eye(2, dimension), np.empty((0, 2))
    if PLANE < dimension <= MOST_AXES and np.isfinite(law.matching_normal().factors[0]).all():
        plane, now_sds = _extreme_axes(law)
        real_sds = np.linalg.norm(plane @ source.matching_normal().factors[0], axis=1)
        sds = np.stack([real_sds, now_sds])
    strip, of_strip = strip_of_vectors(observation, lambda: now)
    arrays = {
        "real": real[:SCATTER_POINTS] @ plane.T,
        "now": now[:SCATTER_POINTS] @ plane.T,
        "real_ellipses": _ellipses(source, plane),
        "now_ellipses": _ellipses(law, plane),
        "axis_sds": sds,
        **of_strip,
    }
    return View("scatter", arrays, note_points(observation, now), strip.name)


def _extreme_axes(law: RealNDLaw) -> tuple[FloatArray, FloatArray]:
    """Return the first and the last principal axis of replicate 0, shape (2, d), and their sds.

    By the singular values of the factor: eigenvalues of the covariance would lose a needle's
    width, which is small beside the square root of the rounding error.
    """
    axes, sds, _ = np.linalg.svd(law.matching_normal().factors[0])
    ends = axes.T[[0, -1]]
    largest = np.take_along_axis(ends, np.abs(ends).argmax(axis=1)[:, None], axis=1)
    return ends * np.sign(largest), sds[[0, -1]]


def _ellipses(law: Law, plane: FloatArray) -> FloatArray:
    """Return the components of replicate 0 in a plane, shape (k, 2, 3)."""
    _, means, factors = law.components()
    roots = plane @ factors[0]
    covariances = roots @ np.swapaxes(roots, 1, 2)
    return np.concatenate([(means[0] @ plane.T)[:, :, None], covariances], axis=2)


def view_weights(observation: Observation) -> View:
    """Return the view of one generation: the weights, fitted and true."""
    law, source = observation.laws(LinearLaw)
    size = law.weights.shape[1]
    shown = law.weights[0, even_indices(size, MOST)]
    arrays = {
        "real": source.weights[0],
        "now": law.weights[0],
        **strip_arrays(shown, -0.5, size - 0.5),
    }
    return View("weights", arrays, strip=WEIGHTS.name)
