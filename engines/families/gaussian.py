"""The Gaussian engine: sample mean and covariance, in one or more dimensions.

This is the system that Shumailov et al. solve. With only the mean and the scatter
drawn (Cochran; Wishart by Bartlett in d dimensions) a generation costs the same at
any sample size, and a thousand replicates advance in one vectorised step.

References
----------
.. [1] I. Shumailov, Z. Shumaylov, Y. Zhao, Y. Gal, N. Papernot, R. Anderson, "The Curse
   of Recursion: Training on Generated Data Makes Models Forget", 2023,
   arXiv:2305.17493, eq. 1-3.
.. [2] S. Alemohammad et al., "Self-Consuming Generative Models Go MAD", 2023,
   arXiv:2307.01850, section 5 (the sampling bias).
"""

import math
from typing import ClassVar, Literal, NamedTuple

import numpy as np
from pydantic import Field
from typing_extensions import override

from engines.arrays import FloatArray, IntArray, common_size
from engines.base import Context, EngineConfig
from engines.config import Phrase, Share, Words
from engines.data import Data, Form, Moments
from engines.laws.law import Law, Part
from engines.laws.normal import NormalLaw
from engines.laws.real_nd import NormalNDLaw
from engines.sampling.normal import sample_normal
from engines.situation import Situation


class GaussianModel(NamedTuple):
    """Fitted normal laws.

    Attributes
    ----------
    mean : ndarray, shape (R, d)
    factor : ndarray, shape (R, d, d)
        Lower triangular L with covariance L Lᵀ; never squared, so that the standard
        deviation keeps its precision down to 1e-308.
    """

    mean: FloatArray
    factor: FloatArray


class Gaussian(EngineConfig):
    """Fit a normal law by sample mean and covariance."""

    name = "gaussian"
    kinds = ("real", "real-nd")
    fits = Form.MOMENTS
    draws = (Form.MOMENTS, Form.POINTS)
    changeable = frozenset({"estimator", "sampling_bias"})
    held_by_real_data = True
    model: ClassVar = GaussianModel
    law_parts: ClassVar = frozenset({Part.NORMAL, Part.COMPONENTS})
    default_metrics: ClassVar = {
        "real": ("w2_squared", "log_sigma", "mean", "variance", "kl", "tail_mass"),
        "real-nd": ("trace_ratio", "log_det_ratio", "mean_error", "log_condition", "w2_squared"),
    }

    setting_words: ClassVar = {
        "estimator": Words("", "estimator", "estimator of the variance", 3),
        "sampling_bias": Words("", "sample var", "variance of samples, relative", 6),
    }

    estimator: Literal["unbiased", "mle"] = Field(
        default="unbiased",
        description="divide the scatter by n - 1 (unbiased) or by n (mle)",
    )
    sampling_bias: Share = Field(
        default=1.0,
        gt=0,
        description="factor on the model's variance when it is sampled, 1 for honest samples",
    )

    @property
    @override
    def phrase(self) -> Phrase:
        divisor = "n - 1" if self.estimator == "unbiased" else "n"
        long = f"Gaussian, variance over {divisor}"
        if self.sampling_bias == 1:
            return Phrase("Gaussian", long)
        factor = f"× {self.sampling_bias:g}"
        return Phrase(f"Gaussian, var {factor}", f"{long}, sampled with variance {factor}")

    @override
    def drift(self, situation: Situation) -> str:
        # E ln det of a Wishart matrix over its mean is -d (d + 1)/(2 (M - 1)) to first order,
        # and each variance falls by 1/M more where n divides
        parts = (situation.dimension + 1) / 2 + (self.estimator == "mle")
        loss = parts / (2 * max(1, situation.size - 1))
        fit = f"each fit to {situation.size:,} points takes {100 * loss:.2g} % off the typical sd"
        if self.sampling_bias == 1:
            return fit
        return f"{fit}, and sampling takes {100 * (1 - math.sqrt(self.sampling_bias)):.2g} %"

    def minimum(self, dimension: int) -> int:
        """Return the smallest data set with a regular covariance: d + 1."""
        return dimension + 1

    def fit(self, data: Moments, context: Context) -> GaussianModel:
        """Return the normal law with the data's mean and covariance."""
        lost = 1 if self.estimator == "unbiased" else 0
        size = common_size(data.sizes)
        if size is not None:
            return GaussianModel(data.mean, data.factor / np.sqrt(size - lost))
        return GaussianModel(data.mean, data.factor / np.sqrt(data.sizes - lost)[:, None, None])

    def sample(self, model: GaussianModel, sizes: IntArray, form: Form, context: Context) -> Data:
        """Return `sizes` points of each replicate's N(mean, λ L Lᵀ), or only their moments."""
        factor = model.factor * np.sqrt(self.sampling_bias)
        return sample_normal(model.mean, factor, sizes, form, context.streams)

    def law(self, model: GaussianModel, source: Law) -> NormalLaw | NormalNDLaw:
        """Return the law of the model."""
        if model.mean.shape[1] == 1:
            return NormalLaw(model.mean[:, 0], model.factor[:, 0, 0])
        return NormalNDLaw(model.mean, model.factor)
