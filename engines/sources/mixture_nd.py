"""A mixture of normal laws in d dimensions."""

from functools import cached_property
from typing import Annotated, Self

import numpy as np
from pydantic import BeforeValidator, Field, model_validator
from typing_extensions import override

from engines.arrays import IntArray
from engines.config import Config, Matrix, Positive, Reals, to_tuple
from engines.data import Data, Form
from engines.laws.normal_mixture_nd import NormalMixtureNDLaw
from engines.sampling.mixture import sample_mixture
from engines.sources.base import SourceConfig
from engines.sources.normal import covariance_error
from engines.streams import Streams


class MixtureNDComponent(Config):
    """One component: its weight, mean and covariance."""

    weight: Positive = Field(description="relative weight; weights are normalised to sum 1")
    mean: Reals = Field(description="mean, d numbers", min_length=2)
    covariance: Matrix = Field(description="covariance, d rows of d numbers")

    @model_validator(mode="after")
    def _is_a_normal_law(self) -> Self:
        fault = covariance_error(self.mean, self.covariance)
        if fault:
            raise ValueError(fault)
        return self


class MixtureNDSource(SourceConfig):
    """Σ w_k N(m_k, Σ_k)."""

    name = "mixture-nd"
    kind = "real-nd"
    draws = (Form.POINTS,)

    components: Annotated[tuple[MixtureNDComponent, ...], BeforeValidator(to_tuple)] = Field(
        min_length=1
    )

    @model_validator(mode="after")
    def _has_one_dimension(self) -> Self:
        sizes = [len(component.mean) for component in self.components]
        if len(set(sizes)) > 1:
            raise ValueError(f"components must have means of one length, got {sizes}")
        return self

    @property
    @override
    def dimension(self) -> int:
        return len(self.components[0].mean)

    @cached_property
    def mixture(self) -> NormalMixtureNDLaw:
        """The law p_0, with one replicate."""
        weights = np.array([[component.weight for component in self.components]])
        means = np.array([[component.mean for component in self.components]])
        covariances = np.array([[component.covariance for component in self.components]])
        return NormalMixtureNDLaw(weights / weights.sum(), means, np.linalg.cholesky(covariances))

    @override
    def law(self) -> NormalMixtureNDLaw:
        return self.mixture

    @override
    def sample(self, sizes: IntArray, form: Form, streams: Streams) -> Data:
        fields = (self.mixture.weights, self.mixture.means, self.mixture.factors)
        rows = [np.broadcast_to(f, (len(sizes), *f.shape[1:])) for f in fields]
        return sample_mixture(rows[0], rows[1], rows[2], sizes, streams)
