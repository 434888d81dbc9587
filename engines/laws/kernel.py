"""The law of a kernel density estimate, tabulated in O(n + N log N).

The exact law is a sum of n kernels; with 30,000 points its evaluation takes seconds. Here
the sorted points are spread linearly over the nodes of a lattice (linear binning) and
convolved by FFT with the mass of the kernel in each cell. Points that lie far apart have a
lattice for each cluster.
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray
from typing_extensions import override

from engines.arrays import FloatArray
from engines.laws.kernel_tails import far_log_density
from engines.laws.lattice import GridLaw, Lattice, Lattices
from engines.laws.real import LEAST_RISE, count_modes
from engines.numerics.kernels import Kernel
from engines.numerics.segments import mean_and_variance, segment_sums

NODES = 4096
"""Least number of nodes."""
MOST_NODES = 1 << 18
"""Largest number of nodes, whatever the bandwidth."""
CLUSTER_NODES = 2048
"""Least number of nodes of a cluster of points that lies apart."""
FINE, COARSE = 12, 4
"""Nodes a bandwidth; the smaller number where `DENSE` points overlap in each kernel."""
DENSE = 10
NOISE = 6.0
"""A mode rises by so many standard deviations of the height of an estimate."""


@dataclass(frozen=True, eq=False)
class KernelLaw(GridLaw):
    """A kernel density estimate on a lattice (one replicate).

    Attributes
    ----------
    points : ndarray, shape (n,)
        Training points, ascending.
    bandwidth : float
    kernel : Kernel
    coarse : str
        Why its table is too coarse for the bounds of metrics; empty where it is not.
    """

    points: FloatArray
    bandwidth: float
    kernel: Kernel
    coarse: str = ""

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

    def fault(self, *, density: bool = False) -> str:
        """Return why the table is too coarse, or ""."""
        return self.coarse

    @override
    def outside(self, low: float, high: float) -> FloatArray:
        return np.array([np.nan]) if self.coarse else super().outside(low, high)

    @override
    def modes(self) -> FloatArray:
        """Return the number of maxima that rise above the sampling noise, shape (1,).

        The height of an estimate by n points has the sd √(f R / (n h)), where R = ∫ K²; a
        maximum counts when it rises `NOISE` times that of the highest above the dips beside
        it, at least 0.1 % and at most half of the highest.
        """
        if self.coarse:
            return np.array([np.nan])
        heights = self.masses / self.lattice.widths
        top = float(heights.max())
        noise = np.sqrt(self.kernel.roughness / (len(self.points) * self.bandwidth * top))
        rise = min(max(LEAST_RISE, NOISE * float(noise)), 0.5)
        return np.array([count_modes(heights, rise)], dtype=np.float64)

    def log_density(self, x: FloatArray) -> FloatArray:
        """Return the logarithm of the density, shape (1, N).

        Far from all points, where the table holds rounding errors only, the kernels of the
        points around are summed instead.
        """
        x = np.reshape(x, -1)
        table = self.density(x)[0]
        far = table < 1e-11 * float((self.masses / self.lattice.widths).max())
        with np.errstate(divide="ignore"):
            logs = np.log(table)
        logs[far] = far_log_density(self.points, self.bandwidth, self.kernel, x[far])
        return logs[None]


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
    support = (low, high) if kernel.bounded else (-np.inf, np.inf)
    dense = len(points) * bandwidth > DENSE * (high - low)
    widest = bandwidth / (COARSE if dense else FINE)
    lattice, coarse = _lattice(low, high, widest), ""
    if lattice.count > NODES:
        clusters = _clusters(points, 2.5 * reach)
        apart = Lattices(tuple(_lattice_apart(part, reach, bandwidth / FINE) for part in clusters))
        if len(clusters) > 1 and apart.count < lattice.count:
            masses = _masses_apart(clusters, apart, bandwidth, kernel)
            return KernelLaw(apart, masses, support, points, bandwidth, kernel)
        if lattice.step > widest:
            coarse = (
                f"the kernel estimate spans {high - low:.6g} with a bandwidth of {bandwidth:.6g},"
                f" and its table would have more than {MOST_NODES:,} nodes: the bandwidth must be"
                " larger"
            )
    masses = _convolve(_linear_binning(points, lattice), bandwidth, kernel, lattice)
    return KernelLaw(lattice, masses, support, points, bandwidth, kernel, coarse)


def _lattice(low: float, high: float, widest: float) -> Lattice:
    # Ends snapped to a coarse scale: consecutive generations share a lattice, and so the
    # source's tabulated cdf is computed once for many of them.
    snap = 2.0 ** np.floor(np.log2(high - low)) / 4.0
    start = np.floor(low / snap) * snap
    end = np.ceil(high / snap) * snap
    count = NODES
    while (end - start) / (count - 1) > widest and count < MOST_NODES:
        count *= 2
    return Lattice(float(start), float((end - start) / (count - 1)), count)


def _clusters(points: FloatArray, gap: float) -> list[FloatArray]:
    """Return the points in clusters with wider gaps between them; in one if they are too many."""
    breaks = np.flatnonzero(np.diff(points) > gap) + 1
    if len(breaks) >= MOST_NODES // CLUSTER_NODES:
        return [points]
    return np.split(points, breaks)


def _lattice_apart(points: FloatArray, reach: float, widest: float) -> Lattice:
    low, high = float(points[0]) - reach, float(points[-1]) + reach
    count = CLUSTER_NODES
    while (high - low) / (count - 1) > widest and count < MOST_NODES:
        count *= 2
    return Lattice(low, (high - low) / (count - 1), count)


def _masses_apart(
    clusters: list[FloatArray], lattices: Lattices, bandwidth: float, kernel: Kernel
) -> FloatArray:
    """Return the mass of each cell of all clusters; none lies between two of them."""
    total = sum(len(part) for part in clusters)
    pieces: list[FloatArray] = []
    for part, lattice in zip(clusters, lattices.parts, strict=True):
        masses = _convolve(_linear_binning(part, lattice), bandwidth, kernel, lattice)
        pieces += [masses * (len(part) / total), np.zeros(1)]
    return np.concatenate(pieces[:-1])


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
