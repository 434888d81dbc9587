"""The Poisson engine: the sample mean as the rate.

The sum of n draws is Poisson(n rate), so a generation is one draw at any sample size,
and n times the rate is a critical Galton-Watson process: it dies with probability 1.

References
----------
.. [1] A. T. Suresh, A. Thangaraj, A. N. K. Khandavally, "Rate of Model Collapse in
   Recursive Training", 2024, arXiv:2412.17646.
"""

from typing import Any, ClassVar, NamedTuple

from typing_extensions import override

from engines.arrays import FloatArray, IntArray, scalar_if_equal
from engines.base import Context, EngineConfig
from engines.data import Data, Form, Totals
from engines.laws.law import Law
from engines.laws.poisson import PoissonLaw
from engines.sampling.poisson import sample_poisson
from engines.situation import Situation
from engines.sources.file import CountsSource, FileSource


class PoissonModel(NamedTuple):
    """Fitted rates.

    Attributes
    ----------
    rate : ndarray, shape (R,)
    """

    rate: FloatArray


class Poisson(EngineConfig):
    """Fit whole numbers by a Poisson law with their mean."""

    name = "poisson"
    plain_name = "Poisson, mean as rate"
    kinds = ("counts",)
    fits = Form.TOTALS
    draws = (Form.TOTALS, Form.POINTS)
    held_by_real_data = True
    model: ClassVar = PoissonModel
    default_metrics: ClassVar = {
        "counts": ("alive", "mean", "variance", "w1", "tv", "tail_mass"),
    }

    @override
    def adapt_source(self, source: Any) -> Any:
        return CountsSource(source) if isinstance(source, FileSource) else source

    @override
    def drift(self, situation: Situation) -> str:
        return f"the rate walks by chance, and is 0 once all {situation.size:,} draws are"

    def fit(self, data: Totals, context: Context) -> PoissonModel:
        """Return the sample mean as the rate (maximum likelihood)."""
        return PoissonModel(data.totals / scalar_if_equal(data.sizes))

    def sample(self, model: PoissonModel, sizes: IntArray, form: Form, context: Context) -> Data:
        """Return `sizes` numbers of each replicate's model, or only their sum."""
        return sample_poisson(model.rate, sizes, form, context.streams)

    def law(self, model: PoissonModel, source: Law) -> PoissonLaw:
        """Return the law of the model."""
        return PoissonLaw(model.rate)
