"""The discrete engine: the relative frequencies of K states.

Sampling from frequencies and taking frequencies again is the haploid Wright-Fisher
model of population genetics; its absorbing states are the point masses, so that
without fresh data all states but one are lost for ever.

References
----------
.. [1] I. Shumailov et al., "The Curse of Recursion: Training on Generated Data Makes
   Models Forget", 2023, arXiv:2305.17493, section 4.1 (discrete distributions with
   exact approximation).
.. [2] V. S. Borkar, "A theoretical basis for model collapse in recursive training", 2025,
   arXiv:2506.09401.
"""

from dataclasses import replace
from typing import ClassVar, NamedTuple

from typing_extensions import override

from engines.arrays import FloatArray, IntArray
from engines.base import Context, EngineConfig
from engines.config import percent
from engines.data import Counts, Data, Form
from engines.laws.discrete import DiscreteLaw
from engines.situation import Situation
from engines.streams import Purpose


class DiscreteModel(NamedTuple):
    """Fitted frequencies.

    Attributes
    ----------
    probabilities : ndarray, shape (R, K)
    """

    probabilities: FloatArray


class Discrete(EngineConfig):
    """Fit K states by their relative frequencies."""

    name = "discrete"
    plain_name = "frequencies"
    theory_name: ClassVar = "discrete"
    kinds = ("states",)
    fits = Form.COUNTS
    draws = (Form.COUNTS,)
    held_by_real_data = True
    model: ClassVar = DiscreteModel
    default_metrics: ClassVar = {
        "states": ("heterozygosity", "support_alive", "tv", "mean", "variance", "w1"),
    }

    @override
    def drift(self, situation: Situation) -> str:
        lost = percent(1 / situation.size)
        return f"each sample of {situation.size:,} loses {lost} of the diversity, rare states first"

    def fit(self, data: Counts, context: Context) -> DiscreteModel:
        """Return the relative frequencies."""
        return DiscreteModel(data.counts / data.sizes[:, None])

    def sample(self, model: DiscreteModel, sizes: IntArray, form: Form, context: Context) -> Data:
        """Return the counts of `sizes` points of each replicate's model."""
        generator = context.streams.of(Purpose.COUNT)
        return Counts(generator.multinomial(sizes, model.probabilities))

    def law(self, model: DiscreteModel, source: DiscreteLaw) -> DiscreteLaw:
        """Return the law of the model, its states numbered as the source's."""
        return replace(source, probabilities=model.probabilities)
