"""Views of a run: what is drawn of each generation, on edges fixed from the start."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from engines.arrays import FloatArray
from engines.data import Points
from engines.display import VIEW_POINTS, shown_points
from engines.laws import DiscreteLaw, NormalNDLaw
from engines.metrics.look import Look, Reference
from engines.streams import Streams
from engines.views import View

BINS = 200
SCATTER_POINTS = 500


@dataclass(frozen=True, eq=False)
class Viewer:
    """Draws the view of each generation of one run, always of replicate 0.

    Attributes
    ----------
    reference : Reference
    edges : ndarray, shape (b + 1,)
        Histogram edges; empty for states and points in several dimensions.
    real : ndarray
        What is shown of D_0 or of p_0.
    """

    reference: Reference
    edges: FloatArray
    real: FloatArray

    @classmethod
    def of(cls, reference: Reference, widest: float) -> "Viewer":
        """Return the viewer of a run.

        Parameters
        ----------
        reference : Reference
        widest : float
            Largest standard deviation that theory predicts during the run.
        """
        law: Any = reference.law
        if isinstance(law, DiscreteLaw):
            return cls(reference, np.empty(0), law.probabilities[0])
        streams = Streams(reference.seed, 0)
        if isinstance(law, NormalNDLaw):
            real = _shown(reference.real, streams)[:SCATTER_POINTS, :2]
            return cls(reference, np.empty(0), real)
        edges = _edges(law, widest)
        shares = binned(np.sort(_shown(reference.real, streams)), edges)
        return cls(reference, edges, shares)

    def view(self, look: Look) -> View:
        """Return the view of one generation."""
        law: Any = look.law
        if isinstance(law, DiscreteLaw):
            arrays = {"real": self.real, "now": law.probabilities[0], "values": law.values}
            return View("states", arrays)
        now = _shown(look.drawn, look.streams)
        notes: dict[str, str] = {}
        size = int(look.drawn.sizes[0])
        if len(now) < size:
            notes["points"] = f"{len(now):,} of {size:,} points shown"
        if isinstance(law, NormalNDLaw):
            return View("scatter", self._scatter(law, now), notes)
        arrays = {
            "edges": self.edges,
            "real": self.real,
            "now": binned(_ascending(look, now), self.edges),
            "law": np.diff(law.first().cdf(self.edges)[0]),
            "theory": np.empty(0),
        }
        return View("histogram", arrays, notes)

    def _scatter(self, law: NormalNDLaw, now: FloatArray) -> dict[str, FloatArray]:
        source: Any = self.reference.law
        return {
            "real": self.real,
            "now": now[:SCATTER_POINTS, :2],
            "real_ellipses": _ellipse(source),
            "now_ellipses": _ellipse(law),
        }


def _edges(law: Any, widest: float) -> FloatArray:
    """Return edges over what the source covers, wider where theory says that it spreads."""
    centre, sd = float(law.mean()[0]), float(law.sd()[0])
    low, high = (float(x) for x in law.quantile(np.array([0.0005, 0.9995]))[0])
    low, high = low - 0.25 * sd, high + 0.25 * sd
    if widest > 1.05 * sd:
        low, high = min(low, centre - 3.5 * widest), max(high, centre + 3.5 * widest)
    if law.whole_numbers:
        low, high = np.floor(max(low, 0.0)) - 0.5, np.ceil(high) + 0.5
        return np.arange(low, high + 1, max(1.0, np.ceil((high - low) / BINS)))
    return np.linspace(low, high, BINS + 1)


def _ascending(look: Look, points: FloatArray) -> FloatArray:
    # A sort that a metric or the fit has done, or will do, is not done twice.
    return look.drawn.ordered[0] if isinstance(look.drawn, Points) else np.sort(points)


def _shown(data: Any, streams: Streams) -> FloatArray:
    points = shown_points(data, streams, VIEW_POINTS, 1)
    if points is None:
        raise TypeError("counts of states have no points")
    return points.values[: int(points.sizes[0])]


def _ellipse(law: NormalNDLaw) -> FloatArray:
    covariance = law.covariance()[0, :2, :2]
    return np.concatenate([law.means[0, :2, None], covariance], axis=1)[None]


def binned(ordered: FloatArray, edges: FloatArray) -> FloatArray:
    """Return the share of sorted points in each bin, overflow first and last, shape (b + 2,)."""
    below = np.searchsorted(ordered, edges)
    bounds = np.concatenate([[0], below, [len(ordered)]])
    return np.diff(bounds) / len(ordered)
