"""All data drawn so far, D_0 … D_n, as accumulating policies need them.

A pool is append-only. The points of each generation are stored once, so that a checkpoint adds
only D_n to what earlier ones wrote.
"""

from dataclasses import dataclass

import numpy as np

from engines.arrays import FloatArray, equal_sizes
from engines.data import Data, Points
from engines.data.points import uniform_indices


@dataclass(frozen=True, eq=False)
class PointPool:
    """The points of generations 0 … n in one growing buffer.

    Attributes
    ----------
    buffer : ndarray, shape (R, capacity) or (R, capacity, d)
        Shared between the states of one run; this pool ends at the last of `ends`.
    ends : tuple of int
        End of each generation's points.
    kind : type
        `Points` or a subclass.
    """

    buffer: FloatArray
    ends: tuple[int, ...]
    kind: type[Points] = Points

    @classmethod
    def start(cls, points: Points) -> "PointPool":
        """Return the pool that holds D_0."""
        rows = points.rows
        return cls(rows.copy(), (rows.shape[1],), type(points))

    def append(self, points: Points) -> "PointPool":
        """Return the pool with one more generation; this pool stays valid."""
        rows = points.rows
        used, wanted = self.ends[-1], self.ends[-1] + rows.shape[1]
        buffer = self.buffer
        if wanted > buffer.shape[1]:
            capacity = max(wanted, 2 * buffer.shape[1])
            shape = (buffer.shape[0], capacity, *buffer.shape[2:])
            buffer = np.empty(shape, dtype=buffer.dtype)
            buffer[:, :used] = self.buffer[:, :used]
        buffer[:, used:wanted] = rows
        return PointPool(buffer, (*self.ends, wanted), self.kind)

    @property
    def points(self) -> FloatArray:
        """All points, shape (R, N) or (R, N, d)."""
        return self.buffer[:, : self.ends[-1]]

    def chunk(self, generation: int) -> FloatArray:
        """Return the points of one generation, shape (R, M_i) or (R, M_i, d)."""
        start = self.ends[generation - 1] if generation else 0
        return self.buffer[:, start : self.ends[generation]]

    def subset(self, size: int, generator: np.random.Generator, *, replacement: bool) -> Points:
        """Return `size` points of each replicate drawn at random."""
        replicates = len(self.buffer)
        pools, sizes = equal_sizes(self.ends[-1], replicates), equal_sizes(size, replicates)
        indices = uniform_indices(pools, sizes, generator, replacement=replacement)
        rows = np.arange(replicates)[:, None]
        return self.kind.of_rows(self.points[rows, indices.reshape(replicates, size)])


@dataclass(frozen=True, eq=False)
class RunningPool:
    """The union of generations 0 … n, for forms that add up (`Data.adds_up`).

    Attributes
    ----------
    total : Data
    """

    total: Data

    def append(self, data: Data) -> "RunningPool":
        """Return the pool with one more generation."""
        return RunningPool(type(data).combine([self.total, data]))

    def subset(self, size: int, generator: np.random.Generator, *, replacement: bool) -> Data:
        """Return `size` points of each replicate drawn at random."""
        sizes = equal_sizes(size, len(self.total.sizes))
        return self.total.subset(sizes, generator, replacement=replacement)


Pool = PointPool | RunningPool


def new_pool(data: Data) -> Pool:
    """Return a pool that holds D_0."""
    return PointPool.start(data) if isinstance(data, Points) else RunningPool(data)
