"""Mixtures of normal, uniform and gamma laws, such as Borji's four data sets."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from typing_extensions import override

from engines.arrays import FloatArray
from engines.laws.law import Components, Part
from engines.laws.real import RealLaw, count_modes
from engines.numerics.special import gammainc, gammaln, ndtr

NODES = 1025
"""Nodes of each component."""
LEAST_LOG = -690.0
"""Logarithm of the smallest node beside a density that is singular at 0."""
LEAST_GAMMA = 0.03
"""Shape of a gamma law below which more than 1e-9 of its mass lies below that node."""


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

    def moments(self) -> FloatArray:
        """Return the mean and the central moments of order 2, 3 and 4, shape (4,)."""
        return np.array([self.mean, self.sd**2, 0.0, 3 * self.sd**4])

    def span(self) -> tuple[float, float]:
        """Return an interval outside of which less than 1e-13 of the mass lies."""
        return self.mean - 7.5 * self.sd, self.mean + 7.5 * self.sd

    def nodes(self) -> FloatArray:
        """Return nodes that resolve the law, shape (N,)."""
        return _even_nodes(self)


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

    def moments(self) -> FloatArray:
        """Return the mean and the central moments of order 2, 3 and 4, shape (4,)."""
        width = self.high - self.low
        return np.array([self.low + 0.5 * width, width**2 / 12, 0.0, width**4 / 80])

    def span(self) -> tuple[float, float]:
        """Return an interval outside of which less than 1e-13 of the mass lies."""
        return self.low, self.high

    def nodes(self) -> FloatArray:
        """Return nodes that resolve the law, shape (N,)."""
        return _even_nodes(self)


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

    def moments(self) -> FloatArray:
        """Return the mean and the central moments of order 2, 3 and 4, shape (4,)."""
        a, b = self.shape, self.scale
        return np.array([a * b, a * b**2, 2 * a * b**3, 3 * a * (a + 2) * b**4])

    def span(self) -> tuple[float, float]:
        """Return an interval outside of which less than 1e-13 of the mass lies."""
        root = np.sqrt(self.shape)
        low, high = max(0.0, self.shape - 8 * root), self.shape + 9 * root + 34.0
        return self.scale * low, self.scale * high

    def nodes(self) -> FloatArray:
        """Return nodes that resolve the law, shape (N,).

        A density that is singular at 0 is a power of x there: its nodes ascend from 1e-13 of
        the mass on by a constant ratio.
        """
        even = _even_nodes(self)
        if self.shape >= 1:
            return even
        mass = np.log(1e-13) + float(gammaln(self.shape + 1))
        least = max(float(mass / self.shape + np.log(self.scale)), LEAST_LOG)
        top = float(np.log(even[32]))
        logs = np.linspace(least, top, int((top - least) / 0.02) + 2)
        return np.concatenate([np.exp(logs), even])


Shape = NormalShape | UniformShape | GammaShape
"""A component: closed forms of a single law."""


def _even_nodes(shape: Shape) -> FloatArray:
    return np.linspace(*shape.span(), NODES)


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
    def _moments(self) -> FloatArray:
        """The mean and the central moments of order 2, 3 and 4, shape (4,)."""
        means, second, third, fourth = np.array([shape.moments() for shape in self.shapes]).T
        mean = float(self.weights @ means)
        # About the mean of the mixture, not about 0: far from 0 raw moments leave no digits.
        shifts = means - mean
        fourth = fourth + 4 * shifts * third + 6 * shifts**2 * second + shifts**4
        third = third + 3 * shifts * second + shifts**3
        central = np.array([second + shifts**2, third, fourth])
        return np.array([mean, *(central @ self.weights)])

    @override
    def mean(self) -> FloatArray:
        return self._moments[:1]

    @override
    def variance(self) -> FloatArray:
        return self._moments[1:2]

    @override
    def skewness(self) -> FloatArray:
        return self._moments[2:3] / self.variance() ** 1.5

    @override
    def kurtosis(self) -> FloatArray:
        return self._moments[3:] / self.variance() ** 2 - 3.0

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

    @override
    def fault(self, *, density: bool = False) -> str:
        gammas = [shape.shape for shape in self.shapes if isinstance(shape, GammaShape)]
        if not density or min(gammas, default=1.0) >= LEAST_GAMMA:
            return ""
        return (
            f"the source has a gamma law of shape {min(gammas):g}, whose density beside 0 numbers"
            f" cannot resolve; from {LEAST_GAMMA:g} on they can"
        )

    def nodes(self) -> FloatArray:
        """Return nodes that resolve every component, ascending, shape (N,)."""
        return np.unique(np.concatenate([shape.nodes() for shape in self.shapes]))

    @override
    def modes(self) -> FloatArray:
        # Between uniform laws with a gap no node shows that there is no density.
        nodes = self.nodes()
        places = np.sort(np.concatenate([nodes, 0.5 * (nodes[1:] + nodes[:-1])]))
        return np.array([count_modes(self.density(places)[0])], dtype=np.float64)

    def span(self) -> tuple[FloatArray, FloatArray]:
        """Return the interval that covers all components, shape (1,) each."""
        spans = np.array([shape.span() for shape in self.shapes])
        return spans[:, 0].min(keepdims=True), spans[:, 1].max(keepdims=True)
