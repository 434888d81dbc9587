"""A run in one picture: what its views say of each generation, in columns that merge."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engines.arrays import FloatArray, IntArray
from engines.views.strip import MOST, STRIPS, Strip
from engines.views.view import View

MOST_COLUMNS = 512
"""Most columns of a run: of more, two neighbours become one."""

Cells = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class RunStrip:
    """The strip of a run at one instant.

    Attributes
    ----------
    strip : Strip
        What the numbers are.
    axis : (float, float)
        The ends of the vertical axis.
    width : int
        Generations that a column covers, a power of 2: column c those from c · width on.
    columns : ndarray of float32, shape (n, c)
        The mean over the generations of each column, but for the last one; NaN where none of
        them has a strip.
    newest : ndarray of float32, shape (c,)
        The same of the last column.
    real : ndarray of float32, shape (c,), or None
        The numbers of the real data; None where they are not known yet.
    """

    strip: Strip
    axis: tuple[float, float]
    width: int
    columns: Cells
    newest: Cells
    real: Cells | None

    @property
    def values(self) -> Cells:
        """All columns, shape (n + 1, c)."""
        return np.concatenate([self.columns, self.newest[None]])


class StripColumns:
    """The columns of a run, to which one view after the other is added.

    Whatever was published stays as it is: a column is written once, and merging makes new arrays.
    """

    def __init__(self) -> None:
        self._strip: Strip | None = None
        self._axis = (0.0, 1.0)
        self._width = 1
        self._means: Cells = np.empty((0, 0), np.float32)
        self._counts: IntArray = np.empty(0, np.int64)
        self._column = 0
        self._sum: FloatArray = np.empty(0)
        self._count = 0
        self._real: Cells | None = None
        self._published: RunStrip | None = None

    @property
    def published(self) -> RunStrip | None:
        """The strip so far; None before the first view that has one."""
        return self._published

    def add(self, generation: int, view: View | None) -> None:
        """Add the view of a generation that is later than all before it."""
        if view is None or view.strip not in STRIPS:
            return
        values, axis = view.arrays.get("strip"), view.arrays.get("strip_axis")
        if values is None or axis is None or not 0 < values.size <= MOST:
            return
        low, high = float(axis[0]), float(axis[1])
        if not (np.isfinite(high - low) and low < high):
            return
        self._fit(STRIPS[view.strip], values.size, (low, high))
        column = generation // self._width
        while column >= MOST_COLUMNS:
            self._merge()
            column = generation // self._width
        if column > self._column:
            self._write_newest()
            self._column, self._count = column, 0
            self._sum = np.zeros(values.size)
        self._sum = self._sum + values
        self._count += 1
        real = view.arrays.get("strip_real", values if generation == 0 else None)
        self._real = self._real if real is None else real
        self._publish()

    def _fit(self, strip: Strip, size: int, axis: tuple[float, float]) -> None:
        """Prepare for numbers of this kind; earlier ones on another axis move to this one."""
        if self._strip is strip and self._sum.size == size and self._axis == axis:
            return
        movable = self._strip is strip and strip.shares
        if movable:
            self._write_newest()
            weights = _to_axis(self._axis, self._sum.size, axis, size)
            self._means = _weigh(self._means, weights)
            self._real = None if self._real is None else _weigh(self._real, weights)
            self._read_newest()
        else:
            self._means = np.full((MOST_COLUMNS, size), np.nan, np.float32)
            self._counts = np.zeros(MOST_COLUMNS, np.int64)
            self._sum, self._count, self._real = np.zeros(size), 0, None
        self._strip, self._axis = strip, axis

    def _write_newest(self) -> None:
        if self._count:
            self._means[self._column] = self._sum / self._count
            self._counts[self._column] = self._count

    def _read_newest(self) -> None:
        self._count = int(self._counts[self._column])
        self._sum = np.nan_to_num(self._means[self._column].astype(np.float64)) * self._count

    def _merge(self) -> None:
        """Make one column of each two neighbours."""
        self._write_newest()
        half, size = MOST_COLUMNS // 2, self._sum.size
        counts = self._counts.reshape(half, 2)
        # a column without any generation counts for nothing, NaN or not
        sums = np.where(self._counts[:, None] > 0, self._means, 0.0) * self._counts[:, None]
        total = counts.sum(axis=1)
        with np.errstate(invalid="ignore"):
            means = (
                sums.reshape(half, 2, size).sum(axis=1) / np.where(total, total, np.nan)[:, None]
            )
        self._means = np.full((MOST_COLUMNS, size), np.nan, np.float32)
        self._means[:half] = means
        self._counts = np.concatenate([total, np.zeros(half, np.int64)])
        self._width *= 2
        self._column //= 2
        self._read_newest()

    def _publish(self) -> None:
        assert self._strip is not None  # noqa: S101 - `_fit` has just set it
        newest = (self._sum / self._count).astype(np.float32)
        columns = self._means[: self._column]
        self._published = RunStrip(
            self._strip, self._axis, self._width, columns, newest, self._real
        )


def join_views(views: Iterable[tuple[int, View]]) -> RunStrip | None:
    """Return the strip of a run from the views of ascending generations, None if none has any."""
    columns = StripColumns()
    for generation, view in views:
        columns.add(generation, view)
    return columns.published


def _to_axis(
    before: tuple[float, float], size: int, after: tuple[float, float], cells: int
) -> FloatArray:
    """Return the matrix from shares in cells of one axis to those in cells of another.

    What lies beyond the new axis goes to its first and last cell.
    """
    edges = np.linspace(*before, size + 1)
    bounds = np.linspace(*after, cells + 1)
    bounds[0], bounds[-1] = min(bounds[0], edges[0]), max(bounds[-1], edges[-1])
    low = np.maximum(bounds[:-1, None], edges[:-1])
    high = np.minimum(bounds[1:, None], edges[1:])
    return np.maximum(high - low, 0.0) / np.diff(edges)


def _weigh(rows: Any, weights: FloatArray) -> Cells:
    return (rows @ weights.T).astype(np.float32)
