"""What every one-dimensional law answers; numerical defaults where no closed form is given."""

from abc import ABC, abstractmethod
from collections.abc import Sequence

import numpy as np

from engines.arrays import BoolArray, FloatArray
from engines.laws.law import Part

NODES = 2049
"""Nodes on which a law is tabulated where no closed form exists."""


class RealLaw(ABC):
    """A law on the real line, or R of them along the first axis.

    Arrays of points passed in are of shape (N,), shared by all replicates, or (R, N).
    """

    has_density: bool = True
    whole_numbers: bool = False
    shares_nodes: bool = False
    """Whether `nodes` depend on all replicates: who sums over them asks each alone."""

    @abstractmethod
    def mean(self) -> FloatArray:
        """Return the mean, shape (R,)."""

    @abstractmethod
    def variance(self) -> FloatArray:
        """Return the variance, shape (R,)."""

    @abstractmethod
    def skewness(self) -> FloatArray:
        """Return the skewness, shape (R,)."""

    @abstractmethod
    def kurtosis(self) -> FloatArray:
        """Return the excess kurtosis, shape (R,)."""

    @abstractmethod
    def cdf(self, x: FloatArray) -> FloatArray:
        """Return P(X <= x), shape (R, N)."""

    @abstractmethod
    def density(self, x: FloatArray) -> FloatArray:
        """Return the density at x, shape (R, N).

        Raises
        ------
        TypeError
            If the law has none (see `has_density`).
        """

    @abstractmethod
    def span(self) -> tuple[FloatArray, FloatArray]:
        """Return (low, high), shape (R,) each: less than 1e-13 of the mass lies outside."""

    @property
    def parts(self) -> frozenset[Part]:
        """What it has beyond what every law of numbers has."""
        return frozenset()

    def split(self) -> Sequence["RealLaw"]:
        """Return each replicate's law alone."""
        return (self,)

    def first(self) -> "RealLaw":
        """Return the law of replicate 0 alone."""
        return self

    def taken(self, chosen: BoolArray) -> "RealLaw":
        """Return the laws of the chosen replicates, those where the mask (R,) is true.

        Here of a single replicate, which is chosen; laws of several answer for themselves.
        """
        del chosen
        return self

    def cdf_before(self, x: FloatArray) -> FloatArray:
        """Return P(X < x), shape (R, N); differs from `cdf` at atoms only."""
        return self.cdf(x)

    def outside(self, low: float, high: float) -> FloatArray:
        """Return P(X < low) + P(X > high), shape (R,)."""
        return self.cdf_before(np.array([low]))[:, 0] + (1.0 - self.cdf(np.array([high]))[:, 0])

    def log_density(self, x: FloatArray) -> FloatArray:
        """Return the logarithm of the density, shape (R, N); -inf where it is 0."""
        with np.errstate(divide="ignore"):
            return np.log(self.density(x))

    def sd(self) -> FloatArray:
        """Return the standard deviation, shape (R,)."""
        return np.sqrt(self.variance())

    def log_sd(self) -> FloatArray:
        """Return the logarithm of the standard deviation, shape (R,)."""
        with np.errstate(divide="ignore"):
            return np.log(self.sd())

    def modes(self) -> FloatArray:
        """Return the number of local maxima of the density, shape (R,)."""
        nodes = self.nodes()
        rows = np.atleast_2d(self.density(nodes))
        return np.array([count_modes(row) for row in rows], dtype=np.float64)

    def nodes(self) -> FloatArray:
        """Return points on which the law is well resolved, ascending, shape (N,) or (R, N)."""
        low, high = self.span()
        rows = low[:, None] + (high - low)[:, None] * np.linspace(0.0, 1.0, NODES)
        return rows[0] if len(rows) == 1 else rows

    def quantile(self, u: FloatArray) -> FloatArray:
        """Return the quantiles at probabilities `u`, shape (R, N), by inverting the cdf.

        Linear interpolation between `nodes`, refined once around each quantile: the error
        is below 1e-6 of the span.
        """
        nodes = np.atleast_2d(self.nodes())
        cdf = self.cdf(nodes if len(nodes) > 1 else nodes[0])
        rough = np.array([_interpolated(u, cdf[r], nodes[r % len(nodes)]) for r in range(len(cdf))])
        width = np.diff(nodes, axis=1).max(axis=1, keepdims=True)
        low: FloatArray = rough - width
        high: FloatArray = rough + width
        for _ in range(24):
            middle: FloatArray = 0.5 * (low + high)
            below = self.cdf(middle) < u
            low, high = np.where(below, middle, low), np.where(below, high, middle)
        return 0.5 * (low + high)


def _interpolated(u: FloatArray, cdf: FloatArray, nodes: FloatArray) -> FloatArray:
    return np.interp(u, cdf, nodes)


def count_modes(density: FloatArray) -> int:
    """Return the number of local maxima of a tabulated density.

    A maximum counts when it rises above the dips on both sides by 0.1 % of the highest,
    so that rounding is not taken for structure.

    Parameters
    ----------
    density : ndarray, shape (N,)
    """
    threshold = 1e-3 * float(density.max())
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
