"""The view of states: the probability of each."""

import numpy as np

from engines.arrays import Arrays, FloatArray
from engines.laws.discrete import DiscreteLaw
from engines.metrics.observation import Memo, Observation
from engines.views.strip import (
    BY_RANK,
    BY_STATE,
    MOST,
    Strip,
    descend_by_state,
    overlaps,
    rank_places,
    strip_arrays,
)
from engines.views.view import View


def view_states(observation: Observation) -> View:
    """Return the view of one generation: bars of the states' probabilities."""
    law, source = observation.laws(DiscreteLaw)
    real, now = source.probabilities[0], law.probabilities[0]
    strip, of_strip = _strip(source, now, observation.baseline.memo)
    return View(
        "states", {"real": real, "now": now, "values": law.values, **of_strip}, {}, strip.name
    )


def _strip(source: DiscreteLaw, now: FloatArray, memo: Memo) -> tuple[Strip, Arrays]:
    """Return the probabilities by state; of many, by rank, or the mean of neighbours."""
    count = len(now)
    if memo.get("ranked", lambda: descend_by_state(source.probabilities[0])):
        places, high = memo.get("ranks of the strip", lambda: rank_places(count))
        return BY_RANK, strip_arrays(now[places], 0.0, high)
    low, high = memo.get("ends of the strip", lambda: _ends(source.values))
    if count > MOST:
        # of the states in a cell, the mean
        weights = memo.get("cells of the strip", lambda: overlaps(count, MOST) * (MOST / count))
        now = weights @ now
    return BY_STATE, strip_arrays(now, low, high)


def _ends(values: FloatArray) -> tuple[float, float]:
    """Return the ends of an axis on which each state has its value, or its number."""
    steps = np.diff(values)
    if steps.size and steps[0] > 0 and np.allclose(steps, steps[0], rtol=1e-6, atol=0.0):
        return float(values[0] - steps[0] / 2), float(values[-1] + steps[0] / 2)
    return -0.5, len(values) - 0.5
