"""A normal source in d dimensions."""

from functools import cached_property
from typing import ClassVar, Self

import numpy as np
from pydantic import Field, model_validator

from engines.arrays import FloatArray, IntArray
from engines.config import Matrix, Reals
from engines.data import Data, Form
from engines.laws import NormalNDLaw
from engines.sampling.normal import sample_normal
from engines.sources.base import SourceConfig
from engines.sources.covariance import covariance_fault
from engines.streams import Streams


class NormalND(SourceConfig):
    """N(mean, covariance)."""

    name: ClassVar[str] = "normal-nd"
    kind: ClassVar[str] = "real-nd"
    draws: ClassVar[tuple[Form, ...]] = (Form.MOMENTS, Form.POINTS)

    mean: Reals = Field(description="mean of the real data, d numbers", min_length=2)
    covariance: Matrix = Field(description="covariance, d rows of d numbers")

    @model_validator(mode="after")
    def _is_a_covariance(self) -> Self:
        fault = covariance_fault(self.mean, self.covariance)
        if fault:
            raise ValueError(fault)
        return self

    @property
    def dimension(self) -> int:
        """Dimension d."""
        return len(self.mean)

    @cached_property
    def factor(self) -> FloatArray:
        """Cholesky factor of the covariance, shape (d, d)."""
        return np.linalg.cholesky(np.array(self.covariance))

    def law(self) -> NormalNDLaw:
        """Return the law p_0, with one replicate."""
        return NormalNDLaw(np.array([self.mean]), self.factor[None])

    def sample(self, sizes: IntArray, form: Form, streams: Streams) -> Data:
        """Return fresh points of p_0, `sizes` for each replicate."""
        mean = np.broadcast_to(np.array(self.mean), (len(sizes), self.dimension))
        factor = np.broadcast_to(self.factor, (len(sizes), self.dimension, self.dimension))
        return sample_normal(mean, factor, sizes, form, streams)
