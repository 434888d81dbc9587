"""The law of a kernel density estimate, tabulated in O(n + N log N).

The exact law is a sum of n kernels; with 30,000 points its evaluation takes seconds. Here
the sorted points are spread linearly over the nodes of a lattice (linear binning) and
convolved by FFT with the mass of the kernel in each cell.
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray
from typing_extensions import override

from engines.arrays import FloatArray
from engines.laws.real import RealLaw, count_modes
from engines.numerics.kernels import Kernel
from engines.numerics.segments import mean_and_variance, segment_sums

NODES = 4096
"""Least number of nodes."""
MOST_NODES = 1 << 18
"""Largest number of nodes, whatever the bandwidth."""


@dataclass(frozen=True)
class Lattice:
    """Evenly spaced nodes, hashable, so that tables of a fixed law can be reused.

    Attributes
    ----------
    start, step : float
    count : int
    """

    start: float
    step: float
    count: int

    @cached_property
    def nodes(self) -> FloatArray:
        """The nodes, shape (count,)."""
        return self.start + self.step * np.arange(self.count, dtype=np.float64)

    @cached_property
    def edges(self) -> FloatArray:
        """The cell edges half a step beside the nodes, shape (count + 1,)."""
        return self.start + self.step * (np.arange(self.count + 1, dtype=np.float64) - 0.5)


@lru_cache(maxsize=64)
def cdf_at_edges(law: RealLaw, lattice: Lattice) -> FloatArray:
    """Return the cdf of a fixed law at the edges of a lattice, computed once.

    Returns
    -------
    ndarray, shape (1, count + 1)
    """
    return law.cdf(lattice.edges)


@dataclass(frozen=True, eq=False)
class GridLaw(RealLaw):
    """A law given by its mass in each cell of a lattice.

    It has one replicate, so that no replicate's numbers depend on those beside it;
    `engines.laws.real.StackedLaw` holds several.

    Attributes
    ----------
    lattice : Lattice
    masses : ndarray, shape (count,)
        Mass between the edges beside each node; sums to 1.
    support : tuple of float
        Smallest interval that holds all mass (infinite ends for unbounded kernels).
    """

    lattice: Lattice
    masses: FloatArray
    support: tuple[float, float]

    @cached_property
    def cumulative(self) -> FloatArray:
        """Cdf at the edges of the lattice, shape (count + 1,)."""
        table = np.zeros(self.lattice.count + 1)
        np.cumsum(self.masses, out=table[1:])
        return np.minimum(table, 1.0, out=table)

    def cdf(self, x: FloatArray) -> FloatArray:
        """Return P(X <= x), shape (1, N), linear between edges."""
        edges = self.lattice.edges
        return np.atleast_2d(np.interp(x, edges, self.cumulative, left=0.0, right=1.0))

    def density(self, x: FloatArray) -> FloatArray:
        """Return the density at x, shape (1, N), linear between nodes, 0 outside the support."""
        step = self.lattice.step
        row = np.interp(x, self.lattice.nodes, self.masses / step, left=0.0, right=0.0)
        inside = (x >= self.support[0]) & (x <= self.support[1])
        return np.atleast_2d(np.where(inside, row, 0.0))

    def modes(self) -> FloatArray:
        """Return the number of local maxima of the tabulated density, shape (1,)."""
        return np.array([count_modes(self.masses)], dtype=np.float64)

    def span(self) -> tuple[FloatArray, FloatArray]:
        """Return the ends of the lattice, shape (1,) each."""
        return self.lattice.edges[:1], self.lattice.edges[-1:]

    def nodes(self) -> FloatArray:
        """Return the edges of the lattice, shape (count + 1,)."""
        return self.lattice.edges


@dataclass(frozen=True, eq=False)
class KernelLaw(GridLaw):
    """A kernel density estimate on a lattice (one replicate).

    Attributes
    ----------
    points : ndarray, shape (n,)
        Training points, ascending.
    bandwidth : float
    kernel : Kernel
    """

    points: FloatArray
    bandwidth: float
    kernel: Kernel

    # The kernel is symmetric: it adds h² times its variance to the points' variance (ddof 0),
    # nothing to the third moment, and 6 m₂ h² k₂ + h⁴ k₄ to the fourth.

    def mean(self) -> FloatArray:
        """Return the mean, that of the points, shape (1,)."""
        return self._mean_and_variance[:1]

    @override
    def variance(self) -> FloatArray:
        return self._mean_and_variance[1:] + self._added_variance

    @override
    def skewness(self) -> FloatArray:
        deviations = self.points - self.points.mean()
        return (deviations**3).mean() / self.variance() ** 1.5

    @override
    def kurtosis(self) -> FloatArray:
        fourth = ((self.points - self.points.mean()) ** 4).mean()
        added = 6 * self._mean_and_variance[1:] * self._added_variance
        fourth += added + self.bandwidth**4 * self.kernel.fourth
        return fourth / self.variance() ** 2 - 3.0

    @property
    def _added_variance(self) -> float:
        return self.bandwidth**2 * self.kernel.variance

    @cached_property
    def _mean_and_variance(self) -> FloatArray:
        return np.array(mean_and_variance(self.points))

    def log_density(self, x: FloatArray) -> FloatArray:
        """Return the logarithm of the density, shape (1, N).

        Far from all points, where the table holds rounding errors only, the kernel of the
        nearest point is used instead of the sum.
        """
        x = np.reshape(x, -1)
        table = self.density(x)[0]
        far = table < 1e-11 * float(self.masses.max()) / self.lattice.step
        with np.errstate(divide="ignore"):
            logs = np.log(table)
        at = x[far]
        scores = (at - _nearest(self.points, at)) / self.bandwidth
        logs[far] = self.kernel.log_density(scores) - np.log(len(self.points) * self.bandwidth)
        return logs[None]


def _nearest(points: FloatArray, x: FloatArray) -> FloatArray:
    right = np.clip(np.searchsorted(points, x), 1, max(len(points) - 1, 1))
    below, above = points[right - 1], points[np.minimum(right, len(points) - 1)]
    return np.where(x - below < above - x, below, above)


def kernel_law(points: FloatArray, bandwidth: float, kernel: Kernel) -> KernelLaw:
    """Return the law of a kernel density estimate.

    Parameters
    ----------
    points : ndarray, shape (n,)
        Training points, ascending.
    bandwidth : float
    kernel : Kernel

    Returns
    -------
    KernelLaw
        Its moments are exact; spreading the points linearly adds at most step²/4 to the
        variance of the tabulated masses, below 1e-5 of the source's at 4,096 nodes.
    """
    reach = kernel.reach * bandwidth
    low, high = float(points[0]) - reach, float(points[-1]) + reach
    lattice = _lattice(low, high, bandwidth)
    masses = _convolve(_linear_binning(points, lattice), bandwidth, kernel, lattice)
    support = (low, high) if kernel.bounded else (-np.inf, np.inf)
    return KernelLaw(lattice, masses, support, points, bandwidth, kernel)


def _lattice(low: float, high: float, bandwidth: float) -> Lattice:
    # Ends snapped to a coarse scale: consecutive generations share a lattice, and so the
    # source's tabulated cdf is computed once for many of them.
    snap = 2.0 ** np.floor(np.log2(high - low)) / 4.0
    start = np.floor(low / snap) * snap
    end = np.ceil(high / snap) * snap
    count = NODES
    while (end - start) / (count - 1) > 0.25 * bandwidth and count < MOST_NODES:
        count *= 2
    return Lattice(float(start), float((end - start) / (count - 1)), count)


def _linear_binning(points: FloatArray, lattice: Lattice) -> FloatArray:
    """Return the points' mass spread linearly over the nodes, shape (count,)."""
    cells = np.searchsorted(points, lattice.nodes)
    number = np.diff(cells)
    offsets = segment_sums(points, cells) - number * lattice.nodes[:-1]
    inside = offsets / lattice.step
    masses = np.zeros(lattice.count)
    masses[:-1] = number - inside
    masses[1:] += inside
    return masses / len(points)


def _convolve(spread: FloatArray, bandwidth: float, kernel: Kernel, lattice: Lattice) -> FloatArray:
    # No point is nearer to the ends of the lattice than the kernel reaches: the circular
    # convolution wraps nothing around.
    transformed = _kernel_transform(kernel, bandwidth, lattice.step, lattice.count)
    masses = np.fft.irfft(np.fft.rfft(spread) * transformed, lattice.count)
    np.maximum(masses, 0.0, out=masses)
    return masses / masses.sum()


@lru_cache(maxsize=64)
def _kernel_transform(
    kernel: Kernel, bandwidth: float, step: float, count: int
) -> NDArray[np.complex128]:
    edges = (np.arange(count + 1, dtype=np.float64) - count // 2 - 0.5) * step
    weights = np.diff(kernel.cdf(edges / bandwidth))
    return np.fft.rfft(np.fft.ifftshift(weights / weights.sum()))
