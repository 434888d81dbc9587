"""The base class of one-dimensional laws, with numerical defaults for what has no closed form.

Laws that hold one replicate each stand side by side in a `StackedLaw`.
"""

from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
from typing_extensions import override

from engines.arrays import BoolArray, FloatArray
from engines.laws.law import NumberLaw

NODES = 2049
"""Nodes on which a law is tabulated where no closed form exists."""
MOST_HALVINGS = 1_100
"""So many times an interval about a quantile is halved at most: from any number down to 0."""
UNRESOLVED = 1e-4
"""Mass by which the cells of a density that its nodes resolve are out at most."""
LEAST_RISE = 1e-3
"""Rise above the dips beside it, in heights of the highest, from which a maximum is a mode."""


class RealLaw(NumberLaw):
    """A law on the real line, or R of them along the first axis.

    Arrays of points passed in are of shape (N,), shared by all replicates, or (R, N).
    """

    whole_numbers: ClassVar[bool] = False
    shares_nodes: ClassVar[bool] = False
    """Whether `nodes` depend on all replicates: callers that sum over them query each law alone."""

    @abstractmethod
    def cdf(self, x: FloatArray) -> FloatArray:
        """Return P(X <= x), shape (R, N)."""

    def density(self, x: FloatArray) -> FloatArray:
        """Return the density at x, shape (R, N).

        Raises
        ------
        TypeError
            If the law has none: that of a finite sample, or on whole numbers.
        """
        del x
        raise TypeError(f"{type(self).__name__} has no density")

    @abstractmethod
    def span(self) -> tuple[FloatArray, FloatArray]:
        """Return (low, high), shape (R,) each: less than 1e-13 of the mass lies outside."""

    def select(self, replicates: BoolArray | slice) -> "RealLaw":
        """Return the laws of some replicates; a law that holds only one returns itself.

        Parameters
        ----------
        replicates : ndarray of bool, shape (R,), or slice
        """
        if not self.replicate_fields:
            return self
        law: Any = self
        return replace(
            law, **{name: getattr(law, name)[replicates] for name in self.replicate_fields}
        )

    def split(self) -> Sequence["RealLaw"]:
        """Return each replicate's law alone."""
        return [self.select(slice(r, r + 1)) for r in range(len(self.mean()))]

    def cdf_before(self, x: FloatArray) -> FloatArray:
        """Return P(X < x), shape (R, N); differs from `cdf` at atoms only."""
        return self.cdf(x)

    @override
    def outside(self, low: float, high: float) -> FloatArray:
        return self.cdf_before(np.array([low]))[:, 0] + (1.0 - self.cdf(np.array([high]))[:, 0])

    def log_density(self, x: FloatArray) -> FloatArray:
        """Return the logarithm of the density, shape (R, N); -inf where it is 0."""
        with np.errstate(divide="ignore"):
            return np.log(self.density(x))

    def modes(self) -> FloatArray:
        """Return the number of local maxima of the density, shape (R,)."""
        nodes = self.nodes()
        rows = np.atleast_2d(self.density(nodes))
        return np.array([count_modes(row) for row in rows], dtype=np.float64)

    def nodes(self) -> FloatArray:
        """Return points on which the law is well resolved, ascending, shape (N,) or (R, N).

        Every jump of the cdf or of the density must be one of them, and between two of them
        both must be smooth. By default they are `NODES` even ones within the span; a density
        that jumps between those has no divergences (`fault`).
        """
        low, high = self.span()
        rows = low[:, None] + (high - low)[:, None] * np.linspace(0.0, 1.0, NODES)
        return rows[0] if len(rows) == 1 else rows

    def fault(self, *, density: bool = False) -> str:
        """Return why distances from this law would exceed their error bounds, or "".

        Parameters
        ----------
        density : bool
            Whether the distance is one between densities.
        """
        if not (density and self.has_density) or type(self).nodes is not RealLaw.nodes:
            return ""
        nodes = self.nodes()
        middles = 0.5 * (nodes[..., 1:] + nodes[..., :-1])
        errors = self.density(middles) * np.diff(nodes) - np.diff(self.cdf(nodes))
        worst = float(np.abs(errors).sum(axis=1).max())
        if worst <= UNRESOLVED:
            return ""
        return (
            f"the nodes of {type(self).__name__} do not resolve its density: its cells are out by"
            f" {worst:.2g} of the mass, by {UNRESOLVED:g} at most would be right; `nodes` must"
            " return every jump"
        )

    def quantile(self, u: FloatArray) -> FloatArray:
        """Return the quantiles at probabilities `u`, shape (R, N), by inverting the cdf.

        Linear interpolation between `nodes`, refined around each quantile: the error is below
        1e-6 of the span, and of a law without atoms below 1e-6 of its mass.
        """
        nodes = np.atleast_2d(self.nodes())
        cdf = self.cdf(nodes if len(nodes) > 1 else nodes[0])
        rough = np.array([_interpolate(u, cdf[r], nodes[r % len(nodes)]) for r in range(len(cdf))])
        width = np.diff(nodes, axis=1).max(axis=1, keepdims=True)
        low: FloatArray = rough - width
        high: FloatArray = rough + width
        atomless = type(self).cdf_before is RealLaw.cdf_before
        for step in range(MOST_HALVINGS):
            middle: FloatArray = 0.5 * (low + high)
            if step >= 24:
                wide = self.cdf(high) - self.cdf(low) > 1e-6
                if not (atomless and (wide & (low < middle) & (middle < high)).any()):
                    break
            below = self.cdf(middle) < u
            low, high = np.where(below, middle, low), np.where(below, high, middle)
        return 0.5 * (low + high)


def _interpolate(u: FloatArray, cdf: FloatArray, nodes: FloatArray) -> FloatArray:
    return np.interp(u, cdf, nodes)


def count_modes(density: FloatArray, rise: float = LEAST_RISE) -> int:
    """Return the number of local maxima of a tabulated density.

    Parameters
    ----------
    density : ndarray, shape (N,)
    rise : float
        A maximum counts when it rises above the dips on both sides by so much of the highest:
        neither rounding nor noise is taken for structure.
    """
    threshold = rise * float(density.max())
    slopes = np.sign(np.diff(density))
    turns = np.flatnonzero(slopes[1:] != slopes[:-1]) + 1
    extremes = np.concatenate([density[:1], density[turns], density[-1:]])
    modes, peak, dip, rising = 0, 0.0, 0.0, True
    for value in extremes.tolist():
        if rising:
            peak = max(peak, value)
            if value < peak - threshold:
                modes, rising, dip = modes + 1, False, value
        else:
            dip = min(dip, value)
            if value > dip + threshold:
                rising, peak = True, value
    return modes + int(rising and peak > threshold)


def _of_each(name: str) -> Callable[..., FloatArray]:
    """Return the method that concatenates what this method of each law returns."""

    def method(stack: "StackedLaw", *points: Any) -> FloatArray:
        return np.concatenate([getattr(law, name)(*points) for law in stack.laws])

    return method


@dataclass(frozen=True, eq=False)
class StackedLaw(RealLaw):
    """R laws of one replicate each, evaluated one by one at points (N,) that all share.

    Attributes
    ----------
    laws : tuple of RealLaw
    """

    laws: tuple[RealLaw, ...]
    shares_nodes = True

    mean, variance, skewness, kurtosis = map(_of_each, ("mean", "variance", "skewness", "kurtosis"))
    modes, outside, cdf, density = map(_of_each, ("modes", "outside", "cdf", "density"))

    @override
    def split(self) -> tuple[RealLaw, ...]:
        return self.laws

    @override
    def fault(self, *, density: bool = False) -> str:
        return next(filter(None, (law.fault(density=density) for law in self.laws)), "")

    @override
    def select(self, replicates: BoolArray | slice) -> "StackedLaw":
        chosen: list[int] = np.arange(len(self.laws))[replicates].tolist()
        return StackedLaw(tuple(self.laws[number] for number in chosen))

    @override
    def span(self) -> tuple[FloatArray, FloatArray]:
        low, high = zip(*(law.span() for law in self.laws), strict=True)
        return np.concatenate(low), np.concatenate(high)
