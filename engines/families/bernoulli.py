"""The Bernoulli engine: the relative frequency of ones, the discrete engine on two states.

References
----------
.. [1] A. T. Suresh, A. Thangaraj, A. N. K. Khandavally, "Rate of Model Collapse in
   Recursive Training", 2024, arXiv:2412.17646, Fig. 2b.
"""

from typing import ClassVar

from typing_extensions import override

from engines.families.discrete import Discrete
from engines.laws.discrete import DiscreteLaw


class Bernoulli(Discrete):
    """Fit zeros and ones by the frequency of ones."""

    name = "bernoulli"
    plain_name = "share of ones"
    default_metrics: ClassVar = {
        "states": ("alive", "mean", "variance", "heterozygosity", "tv"),
    }

    @override
    def refusal(self, source: DiscreteLaw) -> str | None:
        states = source.probabilities.shape[1]
        if states == 2:
            return None
        return f"fits two states, 0 and 1, but the source has {states}: use engine 'discrete'"
