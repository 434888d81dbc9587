"""Laws given by their mass in the cells of a lattice."""

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from engines.arrays import FloatArray
from engines.laws.real import RealLaw, count_modes


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

    @property
    def widths(self) -> float | FloatArray:
        """The width of each cell, or the one that all have."""
        return self.step


@dataclass(frozen=True, eq=False)
class Cells:
    """Cells of any width.

    Attributes
    ----------
    edges : ndarray, shape (count + 1,)
        Ascending.
    flat : bool
        Whether the density is constant in each cell; else it is linear between their middles.
    """

    edges: FloatArray
    flat: bool = False

    @cached_property
    def nodes(self) -> FloatArray:
        """The middles of the cells, shape (count,)."""
        return 0.5 * (self.edges[1:] + self.edges[:-1])

    @cached_property
    def widths(self) -> FloatArray:
        """The width of each cell, shape (count,)."""
        return np.diff(self.edges)

    @property
    def count(self) -> int:
        """The number of cells."""
        return len(self.edges) - 1


@lru_cache(maxsize=64)
def cdf_at_edges(law: RealLaw, lattice: Lattice) -> FloatArray:
    """Return the cdf of a fixed law at the edges of a lattice, computed once.

    Returns
    -------
    ndarray, shape (1, count + 1)
    """
    return law.cdf(lattice.edges)


@lru_cache(maxsize=64)
def resolves(lattice: Lattice, law: RealLaw) -> bool:
    """Return whether the edges of a lattice resolve the cdf of a fixed law.

    They do where the trapezoidal rule on them is out by less than 1e-4 of the law's sd.
    """
    bends = np.abs(np.diff(cdf_at_edges(law, lattice)[0], 2)).sum()
    return bool(lattice.step * bends / 12 < 1e-4 * law.sd()[0])


@dataclass(frozen=True, eq=False)
class GridLaw(RealLaw):
    """A law given by its mass in each cell of a lattice.

    It has one replicate, so that no replicate's numbers depend on those beside it;
    `engines.laws.real.StackedLaw` holds several.

    Attributes
    ----------
    lattice : Lattice or Cells
    masses : ndarray, shape (count,)
        Mass between the edges beside each node; sums to 1.
    support : tuple of float
        Smallest interval that holds all mass (infinite ends for unbounded kernels).
    """

    lattice: Lattice | Cells
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
        """Return the density at x, shape (1, N), 0 outside the support."""
        heights = self.masses / self.lattice.widths
        if isinstance(self.lattice, Cells) and self.lattice.flat:
            cell = np.searchsorted(self.lattice.edges, x, side="right") - 1
            row = heights[np.clip(cell, 0, self.lattice.count - 1)]
        else:
            row = np.interp(x, self.lattice.nodes, heights, left=0.0, right=0.0)
        inside = (x >= self.support[0]) & (x <= self.support[1])
        return np.atleast_2d(np.where(inside, row, 0.0))

    def modes(self) -> FloatArray:
        """Return the number of local maxima of the tabulated density, shape (1,)."""
        return np.array([count_modes(self.masses / self.lattice.widths)], dtype=np.float64)

    def span(self) -> tuple[FloatArray, FloatArray]:
        """Return the ends of the lattice, shape (1,) each."""
        return self.lattice.edges[:1], self.lattice.edges[-1:]

    def nodes(self) -> FloatArray:
        """Return the edges of the lattice, shape (count + 1,)."""
        return self.lattice.edges
