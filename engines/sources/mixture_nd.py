"""A mixture of normal laws in d dimensions."""

from functools import cached_property
from typing import Annotated, Self

import numpy as np
from pydantic import BeforeValidator, Field, model_validator
from typing_extensions import override

from engines.arrays import IntArray
from engines.config import Config, Matrix, Phrase, Positive, Reals, plural, to_tuple
from engines.data import Data, Form
from engines.laws.real_nd import NormalMixtureNDLaw
from engines.sampling.mixture import sample_mixture
from engines.sources.base import SourceConfig
from engines.sources.normal import check_covariance
from engines.streams import Streams


class MixtureNDComponent(Config):
    """One component: its weight, mean and covariance."""

    weight: Positive = Field(description="relative weight; weights are normalised to sum 1")
    mean: Reals = Field(description="mean, d numbers", min_length=2)
    covariance: Matrix = Field(description="covariance, d rows of d numbers")

    @model_validator(mode="after")
    def _is_a_normal_law(self) -> Self:
        check_covariance(self.mean, self.covariance)
        return self


class MixtureNDSource(SourceConfig):
    """Σ w_k N(m_k, Σ_k)."""

    name = "mixture-nd"
    kind = "real-nd"
    draws = (Form.POINTS,)

    components: Annotated[tuple[MixtureNDComponent, ...], BeforeValidator(to_tuple)] = Field(
        min_length=1, description="the normal laws that are mixed, one table each"
    )

    @model_validator(mode="after")
    def _has_one_dimension(self) -> Self:
        sizes = [len(component.mean) for component in self.components]
        if len(set(sizes)) > 1:
            raise ValueError(f"components must have means of one length, got {sizes}")
        return self

    @property
    @override
    def phrase(self) -> Phrase:
        words = f"{plural(len(self.components), 'Gaussian')} in {self.dimension}-D"
        return Phrase(words, words)

    @property
    @override
    def dimension(self) -> int:
        return len(self.components[0].mean)

    @cached_property
    def _law(self) -> NormalMixtureNDLaw:
        weights = np.array([[component.weight for component in self.components]])
        means = np.array([[component.mean for component in self.components]])
        covariances = np.array([[component.covariance for component in self.components]])
        return NormalMixtureNDLaw(weights / weights.sum(), means, np.linalg.cholesky(covariances))

    @override
    def law(self) -> NormalMixtureNDLaw:
        return self._law

    @override
    def sample(self, sizes: IntArray, form: Form, streams: Streams) -> Data:
        weights, means, factors = (
            np.broadcast_to(field, (len(sizes), *field.shape[1:]))
            for field in (self._law.weights, self._law.means, self._law.factors)
        )
        return sample_mixture(weights, means, factors, sizes, streams)
