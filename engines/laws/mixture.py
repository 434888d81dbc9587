"""Mixtures of normal, uniform and gamma laws, such as Borji's four data sets."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from typing_extensions import override

from engines.arrays import FloatArray
from engines.laws.law import Components, Part
from engines.laws.real import RealLaw
from engines.numerics.special import gammainc, gammaln, ndtr

NODES = 1025
"""Nodes of each component."""


@dataclass(frozen=True)
class NormalShape:
    """N(mean, sd²)."""

    mean: float
    sd: float

    def cdf(self, x: FloatArray) -> FloatArray:
        """Return P(X <= x), shaped like x."""
        return ndtr((x - self.mean) / self.sd)

    def log_density(self, x: FloatArray) -> FloatArray:
        """Return the logarithm of the density, shaped like x."""
        scores = (x - self.mean) / self.sd
        return -0.5 * scores**2 - np.log(self.sd * np.sqrt(2 * np.pi))

    def raw_moments(self) -> FloatArray:
        """Return E X, E X², E X³, E X⁴, shape (4,)."""
        m, v = self.mean, self.sd**2
        return np.array([m, m**2 + v, m**3 + 3 * m * v, m**4 + 6 * m**2 * v + 3 * v**2])

    def span(self) -> tuple[float, float]:
        """Return an interval outside of which less than 1e-13 of the mass lies."""
        return self.mean - 7.5 * self.sd, self.mean + 7.5 * self.sd


@dataclass(frozen=True)
class UniformShape:
    """U(low, high)."""

    low: float
    high: float

    def cdf(self, x: FloatArray) -> FloatArray:
        """Return P(X <= x), shaped like x."""
        return np.clip((x - self.low) / (self.high - self.low), 0.0, 1.0)

    def log_density(self, x: FloatArray) -> FloatArray:
        """Return the logarithm of the density, shaped like x; -inf outside the support."""
        inside = (x >= self.low) & (x <= self.high)
        return np.where(inside, -np.log(self.high - self.low), -np.inf)

    def raw_moments(self) -> FloatArray:
        """Return E X, E X², E X³, E X⁴, shape (4,)."""
        k = np.arange(1, 5)
        width = self.high - self.low
        return (self.high ** (k + 1) - self.low ** (k + 1)) / ((k + 1) * width)

    def span(self) -> tuple[float, float]:
        """Return an interval outside of which less than 1e-13 of the mass lies."""
        return self.low, self.high


@dataclass(frozen=True)
class GammaShape:
    """Gamma(shape, scale)."""

    shape: float
    scale: float

    def cdf(self, x: FloatArray) -> FloatArray:
        """Return P(X <= x), shaped like x."""
        scaled = np.maximum(x, 0.0) / self.scale
        return np.asarray(gammainc(self.shape, scaled), dtype=np.float64)

    def log_density(self, x: FloatArray) -> FloatArray:
        """Return the logarithm of the density, shaped like x; -inf outside the support."""
        ratio = np.where(x > 0, x, 1.0) / self.scale
        exponent = (self.shape - 1) * np.log(ratio) - ratio - gammaln(self.shape)
        return np.where(x > 0, exponent - np.log(self.scale), -np.inf)

    def raw_moments(self) -> FloatArray:
        """Return E X, E X², E X³, E X⁴, shape (4,)."""
        factors = (self.shape + np.arange(4)) * self.scale
        return np.asarray(np.cumprod(factors), dtype=np.float64)

    def span(self) -> tuple[float, float]:
        """Return (0, a point with less than 1e-13 of the mass above it)."""
        return 0.0, self.scale * (self.shape + 9 * np.sqrt(self.shape) + 34.0)


Shape = NormalShape | UniformShape | GammaShape
"""A component: closed forms of a single law."""


@dataclass(frozen=True, eq=False)
class MixtureLaw(RealLaw):
    """Σ w_j p_j (one replicate).

    Attributes
    ----------
    weights : ndarray, shape (k,)
        Positive, sum 1.
    shapes : tuple of Shape
    """

    weights: FloatArray
    shapes: tuple[Shape, ...]

    @property
    def parts(self) -> frozenset[Part]:  # pyright: ignore[reportIncompatibleVariableOverride] - depends on `shapes`
        """It has normal components if all its shapes are normal."""
        normal = all(isinstance(shape, NormalShape) for shape in self.shapes)
        return frozenset({Part.COMPONENTS} if normal else ())

    @override
    def components(self) -> Components:
        """Return the components, which must be normal."""
        pairs = [(s.mean, s.sd) for s in self.shapes if isinstance(s, NormalShape)]
        table = np.array(pairs)[None]
        return Components(self.weights[None], table[:, :, :1], table[:, :, 1:, None])

    @cached_property
    def _raw_moments(self) -> FloatArray:
        return self.weights @ np.array([shape.raw_moments() for shape in self.shapes])

    @override
    def mean(self) -> FloatArray:
        return self._raw_moments[:1]

    @override
    def variance(self) -> FloatArray:
        return self._raw_moments[1:2] - self._raw_moments[:1] ** 2

    @override
    def skewness(self) -> FloatArray:
        m, second, third, _ = self._raw_moments
        return np.array([third - 3 * m * second + 2 * m**3]) / self.variance() ** 1.5

    @override
    def kurtosis(self) -> FloatArray:
        m, second, third, fourth = self._raw_moments
        central = fourth - 4 * m * third + 6 * m**2 * second - 3 * m**4
        return np.array([central]) / self.variance() ** 2 - 3.0

    def cdf(self, x: FloatArray) -> FloatArray:
        """Return P(X <= x), shape (1, N) or like x."""
        parts = (w * s.cdf(x) for w, s in zip(self.weights, self.shapes, strict=True))
        return np.atleast_2d(sum(parts, np.zeros(np.shape(x))))

    @override
    def density(self, x: FloatArray) -> FloatArray:
        return np.exp(self.log_density(x))

    def log_density(self, x: FloatArray) -> FloatArray:
        """Return the logarithm of the density, shape (1, N) or like x; it does not underflow."""
        parts = [
            np.log(weight) + shape.log_density(x)
            for weight, shape in zip(self.weights, self.shapes, strict=True)
        ]
        return np.atleast_2d(np.logaddexp.reduce(parts, axis=0))

    def nodes(self) -> FloatArray:
        """Return nodes that resolve every component, ascending, shape (N,)."""
        parts = [np.linspace(*shape.span(), NODES) for shape in self.shapes]
        return np.unique(np.concatenate(parts))

    def span(self) -> tuple[FloatArray, FloatArray]:
        """Return the interval that covers all components, shape (1,) each."""
        spans = np.array([shape.span() for shape in self.shapes])
        return spans[:, 0].min(keepdims=True), spans[:, 1].max(keepdims=True)
