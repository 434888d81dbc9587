"""The view of numbers: a histogram of D_n and of D_0, and the exact law of model n."""

import numpy as np

from engines.arrays import FloatArray
from engines.data import Points
from engines.laws.law import narrow
from engines.laws.real import RealLaw
from engines.metrics.observation import Baseline, Observation
from engines.views.points import bin_shares, note_points, points_of_view
from engines.views.strip import DENSITY, cell_weights
from engines.views.view import View

BINS = 200
FEWEST_BINS = 40


def view_numbers(observation: Observation) -> View:
    """Return the view of one generation, on edges that stay the same throughout a run."""
    baseline, drawn = observation.baseline, observation.drawn
    edges = baseline.memo.get("edges", lambda: _edges(baseline))
    real, now = points_of_view(observation.real_counterpart), points_of_view(observation)
    # A sort that a metric or the fit has done, or will do, is not done twice.
    ordered = drawn.sorted_rows[0] if isinstance(drawn, Points) else np.sort(now)
    law = narrow(observation.law, RealLaw).select(slice(1))
    below = law.cdf(edges)[0]
    weights, axis = baseline.memo.get("cells of the strip", lambda: _cells(edges))
    shares = weights @ below
    shares[-1] += 1.0
    arrays = {
        "edges": edges,
        "real": baseline.memo.get("shares", lambda: bin_shares(np.sort(real), edges)),
        "now": bin_shares(ordered, edges),
        "law": np.diff(below),
        "theory": np.empty(0),
        "strip": shares.astype(np.float32),
        "strip_axis": axis,
    }
    return View("histogram", arrays, note_points(observation, now), DENSITY.name)


def _cells(edges: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the matrix from a cdf at the edges to the shares in the cells of the strip, its ends.

    Without the 1 that the cdf ends with: it belongs to the last cell.
    """
    weights = cell_weights(edges.size - 1)
    return weights[:, :-1] - weights[:, 1:], edges[[0, -1]]


def _edges(baseline: Baseline) -> FloatArray:
    """Return edges over what the source covers, wider where theory says that it spreads."""
    law, widest = narrow(baseline.law, RealLaw), baseline.widest
    bins = int(np.clip(6 * np.sqrt(int(baseline.real.sizes[0])), FEWEST_BINS, BINS))
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
