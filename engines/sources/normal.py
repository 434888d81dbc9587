"""Normal sources, in one dimension and in several."""

from collections.abc import Sequence
from functools import cached_property
from typing import Self

import numpy as np
from pydantic import Field, model_validator
from typing_extensions import override

from engines.arrays import FloatArray, IntArray
from engines.config import Matrix, Phrase, Positive, Real, Reals
from engines.data import Data, Form
from engines.laws.normal import NormalLaw
from engines.laws.real_nd import NormalNDLaw
from engines.sampling.normal import sample_normal
from engines.sources.base import SourceConfig
from engines.streams import Streams


def check_covariance(mean: Sequence[float], covariance: Sequence[Sequence[float]]) -> None:
    """Raise ValueError unless a matrix is a covariance of the mean's dimension."""
    size = len(mean)
    if len(covariance) != size or any(len(row) != size for row in covariance):
        raise ValueError(f"covariance must have {size} rows of {size} numbers, like the mean")
    matrix = np.array(covariance)
    if not np.allclose(matrix, matrix.T):
        raise ValueError("covariance must be symmetric")
    smallest = float(np.linalg.eigvalsh(matrix)[0])
    if smallest <= 1e-12 * float(np.trace(matrix)):
        raise ValueError(
            f"covariance must be positive definite, its smallest eigenvalue is {smallest:.3g}"
        )


class NormalSource(SourceConfig):
    """N(mean, sd²)."""

    name = "normal"
    kind = "real"
    draws = (Form.MOMENTS, Form.POINTS)

    mean: Real = Field(default=0.0, description="mean of the real data")
    sd: Positive = Field(default=1.0, description="standard deviation of the real data")

    @property
    @override
    def phrase(self) -> Phrase:
        spread = "1" if self.sd == 1 else f"{self.sd:g}²"
        law = f"Gaussian N({self.mean:g}, {spread})"
        return Phrase(law if len(law) <= 24 else "Gaussian", law)

    @override
    def law(self) -> NormalLaw:
        return NormalLaw(np.array([self.mean]), np.array([self.sd]))

    @override
    def sample(self, sizes: IntArray, form: Form, streams: Streams) -> Data:
        mean = np.full((len(sizes), 1), self.mean)
        factor = np.full((len(sizes), 1, 1), self.sd)
        return sample_normal(mean, factor, sizes, form, streams)


class NormalNDSource(SourceConfig):
    """N(mean, covariance)."""

    name = "normal-nd"
    kind = "real-nd"
    draws = (Form.MOMENTS, Form.POINTS)

    mean: Reals = Field(description="mean of the real data, d numbers", min_length=2)
    covariance: Matrix = Field(description="covariance, d rows of d numbers")

    @model_validator(mode="after")
    def _is_a_covariance(self) -> Self:
        check_covariance(self.mean, self.covariance)
        return self

    @property
    @override
    def phrase(self) -> Phrase:
        law = f"{len(self.mean)}-D Gaussian"
        return Phrase(law, f"{law}, correlated" if self._is_correlated else law)

    @property
    def _is_correlated(self) -> bool:
        covariance = np.array(self.covariance)
        return bool((covariance != np.diag(np.diag(covariance))).any())

    @property
    @override
    def dimension(self) -> int:
        return len(self.mean)

    @cached_property
    def factor(self) -> FloatArray:
        """Cholesky factor of the covariance, shape (d, d)."""
        return np.linalg.cholesky(np.array(self.covariance))

    @override
    def law(self) -> NormalNDLaw:
        return NormalNDLaw(np.array([self.mean]), self.factor[None])

    @override
    def sample(self, sizes: IntArray, form: Form, streams: Streams) -> Data:
        mean = np.broadcast_to(np.array(self.mean), (len(sizes), self.dimension))
        factor = np.broadcast_to(self.factor, (len(sizes), self.dimension, self.dimension))
        return sample_normal(mean, factor, sizes, form, streams)
