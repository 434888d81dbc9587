"""The view of states: the probability of each."""

from dataclasses import dataclass

from engines.arrays import FloatArray
from engines.laws.discrete import DiscreteLaw
from engines.laws.law import narrow
from engines.metrics.observation import Baseline, Observation
from engines.views.view import View


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
    def of(cls, baseline: Baseline, widest: float) -> "StatesViewer":
        """Return the viewer of a run."""
        del widest
        return cls(narrow(baseline.law, DiscreteLaw).probabilities[0])

    def view(self, observation: Observation) -> View:
        """Return the view of one generation."""
        law = narrow(observation.law, DiscreteLaw)
        arrays = {"real": self.real, "now": law.probabilities[0], "values": law.values}
        return View("states", arrays)
