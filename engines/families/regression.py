"""The regression engine: least squares on answers given by the model before.

References
----------
.. [1] E. Dohmatob, Y. Feng, J. Kempe, "Model Collapse Demystified: The Case of
   Regression", 2024, arXiv:2402.07712.
.. [2] M. Gerstgrasser et al., "Is Model Collapse Inevitable?", 2024, arXiv:2404.01413,
   Theorems 1 and 2.
"""

from typing import Any, ClassVar, Literal, NamedTuple

import numpy as np
from pydantic import Field
from typing_extensions import override

from engines.arrays import FloatArray, IntArray, common_size
from engines.base import Context, EngineConfig
from engines.config import Phrase, Real, Words
from engines.data import Data, Form, Gram
from engines.laws.law import Law
from engines.laws.linear import LinearLaw
from engines.sampling.linear import sample_answers, sample_gram, sample_linear
from engines.situation import Situation, digits


class RegressionModel(NamedTuple):
    """Fitted weights.

    Attributes
    ----------
    weights : ndarray, shape (R, d)
    design : ndarray, shape (R, d, d)
        Factor L of Σ x xᵀ over D_0, for models that answer the same questions again.
    noise : ndarray, shape (1,)
        Standard deviation of an answer.
    """

    weights: FloatArray
    design: FloatArray
    noise: FloatArray


class Regression(EngineConfig):
    """Fit y = x·w by least squares, or ridge regression; samples are answers of the model.

    ``design`` says for which x: new ones in each generation, or those of D_0 again.
    """

    name = "regression"
    kinds = ("linear",)
    fits = Form.GRAM
    draws = (Form.GRAM, Form.POINTS)
    changeable = frozenset({"ridge"})
    held_by_real_data = True
    model: ClassVar = RegressionModel
    default_metrics: ClassVar = {
        "linear": ("test_error", "weight_norm"),
    }

    setting_words: ClassVar = {
        "ridge": Words("", "ridge", "ridge penalty", 3),
    }

    design: Literal["fresh", "same"] = Field(
        default="fresh", description="x of each generation: new draws, or those of D_0"
    )
    noise: Real = Field(default=1.0, ge=0, description="sd of an answer given x, the source's")
    ridge: Real = Field(default=0.0, ge=0, description="ridge penalty added to Σ x xᵀ")

    @property
    @override
    def phrase(self) -> Phrase:
        name = f"ridge {self.ridge:g}" if self.ridge else "least squares"
        return Phrase(name, f"{name}, {'new' if self.design == 'fresh' else 'the same'} inputs")

    @override
    def refusal(self, source: LinearLaw) -> str | None:
        if source.noise == self.noise:
            return None
        return f"has noise {self.noise}, but the source has {source.noise}: make them equal"

    @override
    def policy_refusal(self, policy: Any, sizes: IntArray) -> str | None:
        if self.design == "fresh":
            return None
        whole = policy.shares[0] == 1 and (policy.needs.pool or not policy.needs.subsets)
        if whole and common_size(sizes) is not None:
            return None
        return (
            "with design 'same' answers all x of D_0 each generation: use replace, accumulate or"
            " subsample with a constant schedule, or design 'fresh'"
        )

    @override
    def drift(self, situation: Situation) -> str:
        spare = situation.size - situation.dimension - 1
        if self.ridge or self.design != "fresh" or spare <= 0:
            return "each fit adds an error of its own to that of the one before"
        added = digits(self.noise**2 * situation.dimension / spare)
        return f"each fit adds an error of σ² d/(M − d − 1) = {added}"

    def minimum(self, dimension: int) -> int:
        """Return the smallest data set with a finite expected error: d + 2."""
        return dimension + 2

    def fit(self, data: Gram, context: Context) -> RegressionModel:
        """Return the least-squares weights (Σ x xᵀ + ridge I)⁻¹ Σ x y."""
        dimension = data.moment.shape[1]
        penalty = self.ridge * np.eye(dimension)
        real: Any = context.real
        weights: FloatArray = np.asarray(
            np.linalg.solve(data.gram + penalty, data.moment[:, :, None])[:, :, 0], np.float64
        )
        design = np.asarray(np.linalg.cholesky(Gram.of(real).gram), np.float64)
        return RegressionModel(weights, design, np.array([self.noise]))

    def sample(self, model: RegressionModel, sizes: IntArray, form: Form, context: Context) -> Data:
        """Return `sizes` answers of each replicate's model, or only their sums."""
        noise = float(model.noise[0])
        if self.design == "fresh":
            return sample_linear(model.weights, noise, sizes, form, context.streams)
        if form is Form.GRAM:
            return sample_gram(model.weights, noise, sizes, model.design, context.streams)
        real: Any = context.real
        return sample_answers(model.weights, noise, real.values[:, :-1], sizes, context.streams)

    def law(self, model: RegressionModel, source: Law) -> LinearLaw:
        """Return the law of the model."""
        return LinearLaw(model.weights, float(model.noise[0]))
