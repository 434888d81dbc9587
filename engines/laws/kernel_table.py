"""The masses of a kernel density estimate in cells, in O(n + N log N).

The exact law is a sum of n kernels; with 30,000 points its evaluation takes seconds. Here
the sorted points are spread linearly over the nodes of a lattice (linear binning) and
convolved by FFT with the mass of the kernel in each cell. Points that lie far apart have a
lattice for each cluster. The steps of a kernel that jumps are cells of their own, and exact.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engines.arrays import FloatArray
from engines.laws.lattice import Cells, Lattice
from engines.numerics.kernels import Kernel
from engines.numerics.segments import segment_sums

NODES = 4096
"""Least number of nodes."""
MOST_NODES = 1 << 18
"""Largest number of nodes, whatever the bandwidth."""
CLUSTER_NODES = 2048
"""Least number of nodes of a cluster of points that lies apart."""
FINE, COARSE = 12, 4
"""Nodes a bandwidth; the smaller number where `DENSE` points overlap in each kernel."""
APART = 48
"""Nodes a bandwidth of a bounded kernel, which has kinks, where fewer than `SPARSE` overlap."""
DENSE, SPARSE = 10, 3
ROUNDINGS = 32
"""Least width of a cell, in distances of two neighbouring floating-point numbers."""


class Table(NamedTuple):
    """The masses of an estimate.

    Attributes
    ----------
    cells : Lattice or Cells
    masses : ndarray, shape (count,)
        The mass in each cell.
    coarse : str
        Why the cells are too coarse for the bounds of metrics, or "".
    rough : str
        Why they are too coarse, or too narrow, for those of metrics that compare densities.
    """

    cells: Lattice | Cells
    masses: FloatArray
    coarse: str = ""
    rough: str = ""


def tabulate(points: FloatArray, bandwidth: float, kernel: Kernel) -> Table:
    """Return the table of a kernel density estimate.

    Parameters
    ----------
    points : ndarray, shape (n,)
        Ascending.
    bandwidth : float
    kernel : Kernel
    """
    distance = float(np.spacing(np.abs(points[[0, -1]]).max()))
    if bandwidth < ROUNDINGS * distance:
        # Cells of this bandwidth would be none: those of the least one stand for them.
        table = tabulate(points, ROUNDINGS * distance, kernel)
        return table._replace(
            coarse=f"the kernel estimate has a bandwidth of {bandwidth:.6g} where neighbouring"
            f" numbers are {distance:.3g} apart: it must be {ROUNDINGS} times that at least"
        )
    table = _steps(points, bandwidth) if kernel.jumps else _smooth(points, bandwidth, kernel)
    narrowest = bandwidth / 16 if kernel.jumps else float(np.min(table.cells.widths))
    if narrowest >= ROUNDINGS * distance:
        return table
    return table._replace(
        rough=f"the kernel estimate has cells of {narrowest:.3g} where neighbouring numbers are"
        f" {distance:.3g} apart, {ROUNDINGS} times that would be right: the bandwidth,"
        f" {bandwidth:.6g}, must be larger, or the data nearer to 0"
    )


def _smooth(points: FloatArray, bandwidth: float, kernel: Kernel) -> Table:
    reach = kernel.reach * bandwidth
    low, high = float(points[0]) - reach, float(points[-1]) + reach
    overlap = len(points) * bandwidth / (high - low)
    widest = widest_step(overlap, bandwidth, kernel)
    lattice = _lattice(low, high, widest)
    if lattice.count > NODES:
        clusters = _clusters(points, 2.5 * reach)
        parts = [_lattice_apart(part, bandwidth, kernel) for part in clusters]
        if len(clusters) > 1 and sum(part.count + 1 for part in parts) <= lattice.count:
            cells = Cells(np.concatenate([part.edges for part in parts]))
            return Table(cells, _masses_apart(clusters, parts, bandwidth, kernel))
    table = Table(lattice, _convolve(_linear_binning(points, lattice), bandwidth, kernel, lattice))
    if lattice.step <= widest:
        return table
    reason = (
        f"the kernel estimate spans {high - low:.6g} with a bandwidth of {bandwidth:.6g}, and its"
        f" table would have more than {MOST_NODES:,} nodes: the bandwidth must be larger"
    )
    sharp = lattice.step > bandwidth / (COARSE if overlap > DENSE else FINE)
    return table._replace(coarse=reason if sharp else "", rough=reason)


def widest_step(overlap: float, bandwidth: float, kernel: Kernel) -> float:
    """Return the widest step of a lattice, where so many points overlap in each kernel."""
    if overlap > DENSE:
        return bandwidth / (2 * COARSE if kernel.bounded else COARSE)
    return bandwidth / (APART if kernel.bounded and overlap < SPARSE else FINE)


def _steps(points: FloatArray, bandwidth: float) -> Table:
    """Return the table of a density that is constant between the ends of kernels."""
    offsets = bandwidth * np.linspace(-1.0, 1.0, max(NODES // len(points), 2))
    edges = np.unique(points[:, None] + offsets)
    begun = np.searchsorted(points + offsets[0], edges[:-1], side="right")
    ended = np.searchsorted(points + offsets[-1], edges[:-1], side="right")
    masses = (begun - ended) * np.diff(edges)
    return Table(Cells(edges, flat=True), masses / masses.sum())


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


def _lattice_apart(points: FloatArray, bandwidth: float, kernel: Kernel) -> Lattice:
    reach, widest = kernel.reach * bandwidth, widest_step(0.0, bandwidth, kernel)
    low, high = float(points[0]) - reach, float(points[-1]) + reach
    count = CLUSTER_NODES
    while (high - low) / (count - 1) > widest and count < MOST_NODES:
        count *= 2
    # Two cells without mass on each side, so that a density falls to 0 before the gap.
    margin = 2 if kernel.bounded else 0
    step = (high - low) / (count - 1 - 2 * margin)
    return Lattice(low - margin * step, step, count)


def _masses_apart(
    clusters: list[FloatArray], lattices: list[Lattice], bandwidth: float, kernel: Kernel
) -> FloatArray:
    """Return the mass of each cell of all clusters; none lies between two of them."""
    total = sum(len(part) for part in clusters)
    pieces: list[FloatArray] = []
    for part, lattice in zip(clusters, lattices, strict=True):
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
