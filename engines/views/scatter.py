"""The views of points in the plane and of the weights of a regression."""

import numpy as np

from engines.arrays import FloatArray, even_indices
from engines.laws.law import Law
from engines.laws.linear import LinearLaw
from engines.metrics.observation import Observation
from engines.views.points import note_points, points_of_view
from engines.views.principal_axes import strip_of_vectors
from engines.views.strip import MOST, WEIGHTS, strip_arrays
from engines.views.view import View

SCATTER_POINTS = 500
"""Most points of D_0 and of D_n in a view."""


def view_vectors(observation: Observation) -> View:
    """Return the view of one generation.

    Points in the first two dimensions, with the ellipses of the components.
    """
    real, now = points_of_view(observation.real_counterpart), points_of_view(observation)
    strip, of_strip = strip_of_vectors(observation, lambda: now)
    arrays = {
        "real": real[:SCATTER_POINTS, :2],
        "now": now[:SCATTER_POINTS, :2],
        "real_ellipses": _ellipses(observation.source),
        "now_ellipses": _ellipses(observation.law),
        **of_strip,
    }
    return View("scatter", arrays, note_points(observation, now), strip.name)


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
    shown = law.weights[0, even_indices(len(index), MOST)]
    arrays = {
        "real": np.stack([index, source.weights[0]], axis=1),
        "now": np.stack([index, law.weights[0]], axis=1),
        "real_ellipses": none,
        "now_ellipses": none,
        **strip_arrays(shown, -0.5, len(index) - 0.5),
    }
    return View("scatter", arrays, {"axes": "weight number against its value"}, WEIGHTS.name)
