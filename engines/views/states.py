"""The view of states: the probability of each."""

from engines.laws.discrete import DiscreteLaw
from engines.metrics.observation import Observation
from engines.views.view import View


def view_states(observation: Observation) -> View:
    """Return the view of one generation: bars of the states' probabilities."""
    law, source = observation.laws(DiscreteLaw)
    real, now = source.probabilities[0], law.probabilities[0]
    return View("states", {"real": real, "now": now, "values": law.values})
