"""Laws by scipy alone, and distances between them by quadrature that knows their breaks.

Nothing here is the product's: cdfs and densities are scipy's, the cells end at quantiles,
jumps and atoms of both laws, and each has eight nodes of Gauss and Legendre.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from scipy import stats

from engines.arrays import FloatArray
from engines.laws.empirical import EmpiricalLaw
from engines.laws.kernel import kernel_law
from engines.laws.mixture import GammaShape, MixtureLaw, NormalShape, UniformShape
from engines.laws.normal import NormalLaw
from engines.laws.normal_mixture import NormalMixtureLaw
from engines.laws.real import RealLaw
from engines.numerics.kernels import KERNELS

GAUSS = np.polynomial.legendre.leggauss(8)
LEVELS = np.concatenate([np.geomspace(1e-14, 0.02, 120), np.linspace(0.02, 0.98, 97)[1:-1]])
LEVELS = np.concatenate([LEVELS, 1 - np.geomspace(0.02, 1e-14, 60)])
SHAPES: dict[str, Any] = {"normal": NormalShape, "uniform": UniformShape, "gamma": GammaShape}


@dataclass(frozen=True)
class Cosine:
    """The cosine kernel about a centre, which scipy does not have.

    Attributes
    ----------
    centre, scale : float
        The middle of its support and half the width.
    """

    centre: float
    scale: float

    def logpdf(self, x: FloatArray) -> FloatArray:
        """Return the logarithm of the density."""
        score = (x - self.centre) / self.scale
        height = 0.25 * np.pi / self.scale * np.cos(0.5 * np.pi * score)
        with np.errstate(divide="ignore"):
            return np.log(np.where(np.abs(score) < 1, height, 0.0))

    def cdf(self, x: FloatArray) -> FloatArray:
        """Return P(X <= x)."""
        angle = 0.5 * np.pi * np.clip((x - self.centre) / self.scale, -1.0, 1.0)
        return np.sin(0.5 * angle + 0.25 * np.pi) ** 2

    def ppf(self, u: FloatArray) -> FloatArray:
        """Return the quantiles."""
        return self.centre + self.scale * (4 / np.pi * np.arcsin(np.sqrt(u)) - 1)

    def support(self) -> tuple[float, float]:
        """Return the ends of the support."""
        return self.centre - self.scale, self.centre + self.scale

    def stats(self, moments: str) -> tuple[float, ...]:
        """Return mean, variance, skewness and excess kurtosis, which is all that is asked."""
        del moments
        variance = 1 - 8 / np.pi**2
        excess = (1 - 48 / np.pi**2 + 384 / np.pi**4) / variance**2 - 3
        return self.centre, self.scale**2 * variance, 0.0, excess


KERNEL_SHAPES: dict[str, Callable[[float, float], Any]] = {
    "gaussian": stats.norm,
    "tophat": lambda a, b: stats.uniform(a - b, 2 * b),
    "epanechnikov": lambda a, b: stats.beta(2, 2, a - b, 2 * b),
    "exponential": stats.laplace,
    "linear": lambda a, b: stats.triang(0.5, a - b, 2 * b),
    "cosine": Cosine,
}
Part = tuple[float, str, float, float]
"""Weight, family and the two parameters of a component, as a source of mixtures has them."""


@dataclass(frozen=True, eq=False)
class Exact:
    """A law by its components, or by its atoms.

    Attributes
    ----------
    form : str
        What the product makes of it: "normal", "normals", "mixture", "kernels" or "file".
    parts : sequence of (weight, family, first, second)
    """

    form: str
    parts: Sequence[Part]

    @cached_property
    def weights(self) -> FloatArray:
        """Normalised weights."""
        weights = np.array([part[0] for part in self.parts], dtype=float)
        return weights / weights.sum()

    @cached_property
    def scipy(self) -> list[Any]:
        """The components as scipy's distributions."""
        made: list[Any] = []
        for _, family, a, b in self.parts:
            if family == "normal":
                made.append(stats.norm(a, b))
            elif family == "uniform":
                made.append(stats.uniform(a, b - a))
            elif family == "gamma":
                made.append(stats.gamma(a, scale=b))
            elif family in KERNEL_SHAPES:
                made.append(KERNEL_SHAPES[family](a, b))
        return made

    @cached_property
    def atoms(self) -> FloatArray:
        """The points of a file, ascending; otherwise none."""
        return np.sort(np.array([part[2] for part in self.parts if part[1] == "atom"]))

    @cached_property
    def kernel(self) -> Any:
        """The kernel about 0 of a kernel estimate."""
        return KERNEL_SHAPES[self.parts[0][1]](0.0, self.parts[0][3])

    @cached_property
    def centres(self) -> FloatArray:
        """The points of a kernel estimate, ascending; otherwise none."""
        return np.sort([part[2] for part in self.parts if self.form == "kernels"])

    def cdf(self, x: FloatArray) -> FloatArray:
        """Return P(X <= x)."""
        if len(self.atoms):
            return np.searchsorted(self.atoms, x, side="right") / len(self.atoms)
        if len(self.centres):
            return self.kernel.cdf(x[..., None] - self.centres).mean(axis=-1)
        return sum(w * part.cdf(x) for w, part in zip(self.weights, self.scipy, strict=True))

    def log_density(self, x: FloatArray) -> FloatArray:
        """Return the logarithm of the density."""
        with np.errstate(divide="ignore"):
            if len(self.centres):
                logs = self.kernel.logpdf(x[..., None] - self.centres)
                return np.logaddexp.reduce(logs, axis=-1) - np.log(len(self.centres))
            logs = [np.log(w) + p.logpdf(x) for w, p in zip(self.weights, self.scipy, strict=True)]
        return np.logaddexp.reduce(logs, axis=0)

    @cached_property
    def breaks(self) -> FloatArray:
        """Atoms, ends of supports and quantiles of all components."""
        if len(self.atoms):
            return np.unique(self.atoms)
        if len(self.centres):
            levels = LEVELS if len(self.parts) < 9 else np.append(LEVELS[::6], 0.5)
            offsets = np.append(self.kernel.ppf(levels), self.kernel.support())
            places = (self.centres[:, None] + offsets[np.isfinite(offsets)]).ravel()
            # Half-way between two kernels the logarithm of their sum turns sharply.
            return np.union1d(places, 0.5 * (self.centres[1:] + self.centres[:-1]))
        levels = LEVELS if len(self.parts) < 9 else LEVELS[::6]
        places = [np.append(part.ppf(levels), part.support()) for part in self.scipy]
        for (_, family, shape, _), part in zip(self.parts, self.scipy, strict=True):
            if family == "gamma" and shape < 1:
                logs = np.log(part.ppf([1e-14, 0.1]))
                places.append(np.exp(np.arange(*logs, 0.7)))
        joined = np.concatenate(places)
        return np.unique(joined[np.isfinite(joined)])

    def law(self) -> RealLaw:
        """Return the product's law."""
        weights, first, second = self.weights, *np.array([part[2:] for part in self.parts]).T
        if self.form == "normal":
            return NormalLaw(first, second)
        if self.form == "normals":
            return NormalMixtureLaw(weights[None], first[None], second[None])
        if self.form == "kernels":
            return kernel_law(np.sort(first), float(second[0]), KERNELS[self.parts[0][1]])
        if self.form == "file":
            return EmpiricalLaw(self.atoms)
        return MixtureLaw(weights, tuple(SHAPES[f](a, b) for _, f, a, b in self.parts))

    def moved(self, scale: float, shift: float) -> "Exact":
        """Return the law of scale · X + shift; a gamma law is only scaled."""
        parts: list[Part] = []
        for weight, family, a, b in self.parts:
            if family == "gamma":
                parts.append((weight, family, a, b * scale))
            elif family == "uniform":
                parts.append((weight, family, a * scale + shift, b * scale + shift))
            else:
                parts.append((weight, family, a * scale + shift, b * scale))
        return Exact(self.form, parts)


class Cells:
    """Quadrature between all breaks of two laws: places, weights, and both laws there."""

    def __init__(self, p: Exact, q: Exact) -> None:
        edges = np.union1d(p.breaks, q.breaks)
        half, middle = 0.5 * np.diff(edges)[:, None], 0.5 * (edges[1:] + edges[:-1])[:, None]
        self.laws = p, q
        self.x, self.weights = (middle + half * GAUSS[0]).ravel(), (half * GAUSS[1]).ravel()

    @cached_property
    def gap(self) -> FloatArray:
        """Difference of the cdfs."""
        return self.laws[0].cdf(self.x) - self.laws[1].cdf(self.x)

    @cached_property
    def logs(self) -> tuple[FloatArray, FloatArray]:
        """Logarithms of the densities."""
        return self.laws[0].log_density(self.x), self.laws[1].log_density(self.x)


@lru_cache(maxsize=4)
def cells(p: Exact, q: Exact) -> Cells:
    """Return the quadrature of two laws, which all their distances share."""
    return Cells(p, q)


def quantiles(law: Exact, u: FloatArray) -> FloatArray:
    """Return quantiles by bisection between the breaks, and a chord in what is left."""
    if len(law.atoms):
        return law.atoms[np.minimum((u * len(law.atoms)).astype(int), len(law.atoms) - 1)]
    levels = law.cdf(law.breaks)
    right = np.clip(np.searchsorted(levels, u), 1, len(levels) - 1)
    low, high = law.breaks[right - 1], law.breaks[right]
    start, end = levels[right - 1], levels[right]
    for _ in range(8):
        middle = 0.5 * (low + high)
        level = law.cdf(middle)
        below = level < u
        low, start = np.where(below, middle, low), np.where(below, level, start)
        high, end = np.where(below, high, middle), np.where(below, end, level)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.clip((u - start) / (end - start), 0.0, 1.0)
    return low + (high - low) * np.where(end > start, share, 0.5)


def kl(p: Exact, q: Exact) -> float:
    """Return KL(p‖q)."""
    weights, (log_p, log_q) = cells(p, q).weights, cells(p, q).logs
    used = weights * np.exp(log_p) > 0
    return float((weights * np.exp(log_p))[used] @ (log_p - log_q)[used])


def js(p: Exact, q: Exact) -> float:
    """Return the Jensen-Shannon divergence."""
    weights, logs = cells(p, q).weights, cells(p, q).logs
    middle = np.logaddexp(*logs) - np.log(2)
    return 0.5 * sum(
        float((weights * np.exp(own))[own > -700] @ (own - middle)[own > -700]) for own in logs
    )


def tv(p: Exact, q: Exact) -> float:
    """Return the total variation."""
    weights, (log_p, log_q) = cells(p, q).weights, cells(p, q).logs
    return 0.5 * float(weights @ np.abs(np.exp(log_p) - np.exp(log_q)))


def w1(p: Exact, q: Exact) -> float:
    """Return W₁."""
    return float(cells(p, q).weights @ np.abs(cells(p, q).gap))


def energy(p: Exact, q: Exact) -> float:
    """Return the energy distance."""
    return 2 * float(cells(p, q).weights @ cells(p, q).gap ** 2)


def w2_squared(p: Exact, q: Exact) -> float:
    """Return W₂², between all levels at which either law has a break or a jump."""
    scores = stats.norm.cdf(np.linspace(-7.5, 7.5, 301))
    levels = [scores, *(law.cdf(law.breaks) for law in (p, q) if not len(law.atoms))]
    levels += [np.arange(1, len(law.atoms)) / len(law.atoms) for law in (p, q) if len(law.atoms)]
    edges = np.unique(np.clip(np.concatenate(levels), 0.0, 1.0))
    half, middle = 0.5 * np.diff(edges)[:, None], 0.5 * (edges[1:] + edges[:-1])[:, None]
    nodes, weights = np.polynomial.legendre.leggauss(3)
    u = (middle + half * nodes).ravel()
    return float((half * weights).ravel() @ (quantiles(p, u) - quantiles(q, u)) ** 2)


def mmd(p: Exact, q: Exact) -> float:
    """Return MMD² by 1,200 quantiles of each law."""
    u = (np.arange(1_200) + 0.5) / 1_200
    x, y, length = quantiles(p, u), quantiles(q, u), float(q.law().sd()[0])

    def mean(a: FloatArray, b: FloatArray) -> float:
        return float(np.exp(-0.5 * ((a[:, None] - b) / length) ** 2).mean())

    return mean(x, x) + mean(y, y) - 2 * mean(x, y)
