"""The views of points in the plane and of the weights of a regression."""

import numpy as np

from engines.arrays import FloatArray
from engines.laws.law import Law
from engines.laws.linear import LinearLaw
from engines.metrics.observation import Observation
from engines.views.points import note_points, points_of_view
from engines.views.view import View

SCATTER_POINTS = 500
"""Most points of D_0 and of D_n in a view."""


def view_vectors(observation: Observation) -> View:
    """Return the view of one generation.

    Points in the first two dimensions, with the ellipses of the components.
    """
    real, now = points_of_view(observation.real_counterpart), points_of_view(observation)
    arrays = {
        "real": real[:SCATTER_POINTS, :2],
        "now": now[:SCATTER_POINTS, :2],
        "real_ellipses": _ellipses(observation.source),
        "now_ellipses": _ellipses(observation.law),
    }
    return View("scatter", arrays, note_points(observation, now))


def _ellipses(law: Law) -> FloatArray:
    """Return the components of replicate 0 in the first two dimensions, shape (k, 2, 3)."""
    _, means, factors = law.components()
    roots = factors[0, :, :2]
    covariances = roots @ np.swapaxes(roots, 1, 2)
    return np.concatenate([means[0, :, :2, None], covariances], axis=2)


def view_weights(observation: Observation) -> View:
    """Return the view of one generation: each weight, fitted and true, above its number."""
    law, source = observation.laws(LinearLaw)
    index = np.arange(source.weights.shape[1], dtype=np.float64)
    none = np.empty((0, 2, 3))
    arrays = {
        "real": np.stack([index, source.weights[0]], axis=1),
        "now": np.stack([index, law.weights[0]], axis=1),
        "real_ellipses": none,
        "now_ellipses": none,
    }
    return View("scatter", arrays, {"axes": "weight number against its value"})
