"""The views of points in the plane and of the weights of a regression."""

from dataclasses import dataclass

import numpy as np

from engines.arrays import FloatArray
from engines.laws.law import Law, narrow
from engines.laws.linear import LinearLaw
from engines.metrics.observation import Baseline, Observation
from engines.streams import Streams
from engines.views.view import View
from engines.views.viewer import note_points, points_of_view

SCATTER_POINTS = 500
"""Most points of D_0 and of D_n in a view."""


@dataclass(frozen=True, eq=False)
class ScatterViewer:
    """Points in the first two dimensions, with the ellipses of the components.

    Attributes
    ----------
    real : ndarray, shape (m, 2)
        Points of D_0.
    ellipses : ndarray, shape (k, 2, 3)
        Components of p_0 as [mean | covariance].
    """

    real: FloatArray
    ellipses: FloatArray

    @classmethod
    def of(cls, baseline: Baseline, widest: float) -> "ScatterViewer":
        """Return the viewer of a run."""
        del widest
        points = points_of_view(baseline.real, Streams(baseline.seed, 0))
        return cls(points[:SCATTER_POINTS, :2], _ellipses(baseline.law))

    def view(self, observation: Observation) -> View:
        """Return the view of one generation."""
        now = points_of_view(observation.drawn, observation.streams)
        arrays = {
            "real": self.real,
            "now": now[:SCATTER_POINTS, :2],
            "real_ellipses": self.ellipses,
            "now_ellipses": _ellipses(observation.law),
        }
        return View("scatter", arrays, note_points(observation, now))


def _ellipses(law: Law) -> FloatArray:
    """Return the components of replicate 0 in the first two dimensions, shape (k, 2, 3)."""
    _, means, factors = law.components()
    roots = factors[0, :, :2]
    covariances = roots @ np.swapaxes(roots, 1, 2)
    return np.concatenate([means[0, :, :2, None], covariances], axis=2)


@dataclass(frozen=True, eq=False)
class WeightsViewer:
    """Each weight of a regression, fitted and true, as a point above its number.

    Attributes
    ----------
    real : ndarray, shape (d,)
        w*.
    """

    real: FloatArray

    @classmethod
    def of(cls, baseline: Baseline, widest: float) -> "WeightsViewer":
        """Return the viewer of a run."""
        del widest
        return cls(narrow(baseline.law, LinearLaw).weights[0])

    def view(self, observation: Observation) -> View:
        """Return the view of one generation."""
        index = np.arange(len(self.real), dtype=np.float64)
        weights = narrow(observation.law, LinearLaw).weights[0]
        none = np.empty((0, 2, 3))
        arrays = {
            "real": np.stack([index, self.real], axis=1),
            "now": np.stack([index, weights], axis=1),
            "real_ellipses": none,
            "now_ellipses": none,
        }
        return View("scatter", arrays, {"axes": "weight number against its value"})
