"""Views of a run: what is drawn of each generation, on edges fixed from the start."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from engines.arrays import FloatArray
from engines.data import Points
from engines.metrics.observation import Observation, Reference
from engines.sampling.conditional import VIEW_POINTS, display_points
from engines.streams import Streams
from engines.views.images import ImagesViewer
from engines.views.text import TextViewer
from engines.views.tokens import TokensViewer
from engines.views.view import View

BINS = 200
FEWEST_BINS = 40
SCATTER_POINTS = 500


class Viewer(Protocol):
    """Draws the view of each generation of one run, always of replicate 0."""

    def view(self, observation: Observation) -> View:
        """Return the view of one generation."""
        ...


@dataclass(frozen=True, eq=False)
class StatesViewer:
    """Bars of the states' probabilities.

    Attributes
    ----------
    real : ndarray, shape (K,)
        Probabilities of p_0.
    """

    real: FloatArray

    @classmethod
    def of(cls, reference: Reference, widest: float) -> "StatesViewer":
        """Return the viewer of a run."""
        del widest
        law: Any = reference.law
        return cls(law.probabilities[0])

    def view(self, observation: Observation) -> View:
        """Return the view of one generation."""
        law: Any = observation.law
        arrays = {"real": self.real, "now": law.probabilities[0], "values": law.values}
        return View("states", arrays)


@dataclass(frozen=True, eq=False)
class HistogramViewer:
    """A histogram of the points, on edges fixed when the run began.

    Attributes
    ----------
    edges : ndarray, shape (b + 1,)
    real : ndarray, shape (b + 2,)
        Shares of D_0, overflow first and last.
    """

    edges: FloatArray
    real: FloatArray

    @classmethod
    def of(cls, reference: Reference, widest: float) -> "HistogramViewer":
        """Return the viewer of a run.

        Parameters
        ----------
        reference : Reference
        widest : float
            Largest standard deviation that theory predicts during the run.
        """
        bins = int(np.clip(6 * np.sqrt(int(reference.real.sizes[0])), FEWEST_BINS, BINS))
        edges = _edges(reference.law, widest, bins)
        points = _shown(reference.real, Streams(reference.seed, 0))
        return cls(edges, binned(np.sort(points), edges))

    def view(self, observation: Observation) -> View:
        """Return the view of one generation."""
        law: Any = observation.law
        now = _shown(observation.drawn, observation.streams)
        arrays = {
            "edges": self.edges,
            "real": self.real,
            "now": binned(_ascending(observation, now), self.edges),
            "law": np.diff(law.select(slice(1)).cdf(self.edges)[0]),
            "theory": np.empty(0),
        }
        return View("histogram", arrays, _thinning(observation, now))


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
    def of(cls, reference: Reference, widest: float) -> "ScatterViewer":
        """Return the viewer of a run."""
        del widest
        points = _shown(reference.real, Streams(reference.seed, 0))
        return cls(points[:SCATTER_POINTS, :2], _ellipses(reference.law))

    def view(self, observation: Observation) -> View:
        """Return the view of one generation."""
        now = _shown(observation.drawn, observation.streams)
        arrays = {
            "real": self.real,
            "now": now[:SCATTER_POINTS, :2],
            "real_ellipses": self.ellipses,
            "now_ellipses": _ellipses(observation.law),
        }
        return View("scatter", arrays, _thinning(observation, now))


@dataclass(frozen=True, eq=False)
class WeightsViewer:
    """Fitted weights against the true ones: on the diagonal while all is well.

    Attributes
    ----------
    real : ndarray, shape (d,)
        w*.
    """

    real: FloatArray

    @classmethod
    def of(cls, reference: Reference, widest: float) -> "WeightsViewer":
        """Return the viewer of a run."""
        del widest
        law: Any = reference.law
        return cls(law.weights[0])

    def view(self, observation: Observation) -> View:
        """Return the view of one generation."""
        law: Any = observation.law
        index = np.arange(len(self.real), dtype=np.float64)
        none = np.empty((0, 2, 3))
        arrays = {
            "real": np.stack([index, self.real], axis=1),
            "now": np.stack([index, law.weights[0]], axis=1),
            "real_ellipses": none,
            "now_ellipses": none,
        }
        return View("scatter", arrays, {"axes": "weight number against its value"})


VIEWERS: dict[str, Callable[[Reference, float], Viewer]] = {
    "real": HistogramViewer.of,
    "counts": HistogramViewer.of,
    "states": StatesViewer.of,
    "tokens": TokensViewer.of,
    "real-nd": ScatterViewer.of,
    "linear": WeightsViewer.of,
    "images": ImagesViewer.of,
    "text": TextViewer.of,
}
"""The viewer of each kind of source: (reference, widest sd by theory) → Viewer."""


def _thinning(observation: Observation, shown: FloatArray) -> dict[str, str]:
    size = int(observation.drawn.sizes[0])
    return {"points": f"{len(shown):,} of {size:,} points shown"} if len(shown) < size else {}


def _edges(law: Any, widest: float, bins: int) -> FloatArray:
    """Return edges over what the source covers, wider where theory says that it spreads."""
    centre, sd = float(law.mean()[0]), float(law.sd()[0])
    low, high = (float(x) for x in law.quantile(np.array([0.0005, 0.9995]))[0])
    low, high = low - 0.25 * sd, high + 0.25 * sd
    if widest > 1.05 * sd:
        low, high = min(low, centre - 3.5 * widest), max(high, centre + 3.5 * widest)
    if law.whole_numbers:
        low, high = np.floor(max(low, 0.0)) - 0.5, np.ceil(high) + 0.5
        step = max(1.0, float(np.ceil((high - low) / bins)))
        return np.arange(float(low), float(high) + 1, step, dtype=np.float64)
    return np.linspace(low, high, bins + 1)


def _ascending(observation: Observation, points: FloatArray) -> FloatArray:
    # A sort that a metric or the fit has done, or will do, is not done twice.
    return (
        observation.drawn.sorted_rows[0]
        if isinstance(observation.drawn, Points)
        else np.sort(points)
    )


def _shown(data: Any, streams: Streams) -> FloatArray:
    points = display_points(data, streams, VIEW_POINTS, 1)
    if points is None:
        raise TypeError("counts of states have no points")
    return points.values[: int(points.sizes[0])]


def _ellipses(law: Any) -> FloatArray:
    _, means, factors = law.components()
    roots = factors[0, :, :2]
    covariances = roots @ np.swapaxes(roots, 1, 2)
    return np.concatenate([means[0, :, :2, None], covariances], axis=2)


def binned(ordered: FloatArray, edges: FloatArray) -> FloatArray:
    """Return the share of sorted points in each bin, overflow first and last, shape (b + 2,)."""
    below = np.searchsorted(ordered, edges)
    bounds = np.concatenate([[0], below, [len(ordered)]])
    return np.diff(bounds) / len(ordered)
