"""What a run has reported so far, as snapshots that never change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from collapse_tui.events import Curve, Generation, Intervened
from collapse_tui.presentation.eta import TimeEstimate, Timing
from collapse_tui.presentation.heavy_tails import find_carriers
from collapse_tui.presentation.strip import RunStrip, StripColumns
from engines.arrays import FloatArray, IntArray
from engines.views.view import View

Number = TypeVar("Number", np.float64, np.int64)
MOST_ROWS = 4096
"""A run of more than twice as many records is kept in so many rows, and those that follow."""
STATISTICS = ("mean", "q05", "q25", "q50", "q75", "q95", "var", "n")


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """A run at one instant.

    Attributes
    ----------
    version : int
        Rises with every change of what the charts show.
    phase : str
        ``"opening"``, ``"running"``, ``"finished"``, ``"stopped"`` or ``"failed"``.
    message : str
        Why it failed.
    generation : int
        Last one recorded; -1 before the first.
    generations : int
        G.
    sizes : tuple of int
        M_0 … M_G of a run of few generations whose sizes differ; else empty.
    device : str
    folder : str
        Empty if nothing is saved.
    writer : str
        The other process that goes on with it, empty for none.
    series : dict of str to ndarray, shape (rows, 8)
        Metric → `STATISTICS` by row, NaN where undefined.
    picked : ndarray or None
        The generations of the rows where they are not 0, 1, 2, …: a run of many records is
        drawn from some of them.
    stages : sequence of dict
        Diagnosis by row; it may be longer, and so may flags and views.
    flags : sequence of dict
        Metric → what is undefined, by row.
    views : sequence of View or None
        By row.
    strip : RunStrip or None
        All views in one picture; None before the first that has a strip.
    carriers : sequence of dict
        Metric whose mean few replicates carry → how many, by row.
    curves : tuple of Curve
    absent : dict of str to str
        Overlay → why it is not drawn.
    interventions : tuple of Intervened
        Settings that changed, or will change, by the step from which they hold.
    labels : dict of str to str
        Key of a setting → how it is written: ``λ real data``.
    rate : float
        Generations a second; NaN if unknown.
    timing : Timing
        The generation in flight.
    resumed_at : int or None
        Last generation that was computed before it was resumed; None if it never was.
    held_at : float or None
        Second at which it was paused within a generation; None while it is not.
    """

    version: int = 0
    phase: str = "opening"
    message: str = ""
    generation: int = -1
    generations: int = 0
    sizes: tuple[int, ...] = ()
    device: str = ""
    folder: str = ""
    series: Mapping[str, FloatArray] = field(default_factory=dict[str, FloatArray])
    picked: IntArray | None = None
    stages: Sequence[Mapping[str, int]] = ()
    flags: Sequence[Mapping[str, str]] = ()
    views: Sequence[View | None] = ()
    strip: RunStrip | None = None
    carriers: Sequence[Mapping[str, int]] = ()
    curves: tuple[Curve, ...] = ()
    absent: Mapping[str, str] = field(default_factory=dict[str, str])
    interventions: tuple[Intervened, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict[str, str])
    rate: float = float("nan")
    timing: Timing = field(default_factory=Timing)
    resumed_at: int | None = None
    held_at: float | None = None
    writer: str = ""

    @property
    def held(self) -> bool:
        """Whether it is paused within a generation."""
        return self.held_at is not None

    @property
    def over(self) -> bool:
        """Whether the run has ended."""
        return self.phase in {"finished", "stopped", "failed"}

    def row(self, generation: int) -> int:
        """Return the row of a generation, else of the last one before it that has one."""
        at = min(generation, self.generation)
        return at if self.picked is None else int(self.picked.searchsorted(at, side="right")) - 1

    def generation_of(self, row: int) -> int:
        """Return the generation of a row."""
        return row if self.picked is None else int(self.picked[row])

    def column(self, metric: str, statistic: str) -> FloatArray:
        """Return one statistic of one metric by row, empty if there is none."""
        rows = self.series.get(metric)
        if rows is None:
            return np.empty(0)
        return rows[: self.row(self.generation) + 1, STATISTICS.index(statistic)]

    def axis(self, size: int) -> FloatArray:
        """Return the generations of a column of `size` values."""
        if self.picked is not None:
            return self.picked.astype(np.float64)
        return np.arange(size, dtype=np.float64)

    def view(self, generation: int) -> View | None:
        """Return the view of `generation`, or the last one before it."""
        for index in range(min(self.row(generation), len(self.views) - 1), -1, -1):
            if self.views[index] is not None:
                return self.views[index]
        return None


@dataclass(frozen=True, slots=True)
class StepProgress:
    """The generation in flight at one instant.

    Attributes
    ----------
    now : float
        Seconds on the clock of the run.
    estimate : TimeEstimate
    stopping : bool
        The run was asked to end and has not ended yet.
    """

    now: float
    estimate: TimeEstimate
    stopping: bool = False


class RunHistory:
    """Records of a run in arrays that grow, and the newest snapshot of them.

    A row is written once, so that all snapshots share the arrays: publishing one costs a few
    microseconds. Of a long run evenly spaced rows are kept, in arrays of their own.
    """

    def __init__(self) -> None:
        self._count = 0
        self._generations: IntArray = np.empty(64, np.int64)
        self._rows: dict[str, FloatArray] = {}
        self._stages: list[Mapping[str, int]] = []
        self._flags: list[Mapping[str, str]] = []
        self._views: list[View | None] = []
        self._strip = StripColumns()
        self._carriers: list[Mapping[str, int]] = []
        self.snapshot = Snapshot()

    def publish(self, **changes: object) -> None:
        """Publish a new snapshot with some fields changed."""
        self.snapshot = replace(self.snapshot, version=self.snapshot.version + 1, **changes)

    def set_timing(self, timing: Timing, held_at: float | None = None) -> None:
        """Publish where the generation in flight stands, which changes no chart."""
        self.snapshot = replace(self.snapshot, timing=timing, held_at=held_at)

    def add_record(self, record: Generation, rate: float) -> None:
        """Add one record and publish a snapshot with it.

        Parameters
        ----------
        record : Generation
            A later one than the last; one that is there already (a replay) is ignored.
        rate : float
            Generations a second.
        """
        if record.generation <= self.snapshot.generation:
            return
        if self._count == 2 * MOST_ROWS:
            self._thin()
        row = self._count
        self._generations = _with_room(self._generations, row)
        self._generations[row] = record.generation
        self._stages.append(record.stage)
        self._flags.append(record.flags)
        self._views.append(record.view)
        self._strip.add(record.generation, record.view)
        self._carriers.append(find_carriers(record))
        for name, summary in record.summary.items():
            rows = self._rows.get(name)
            if rows is None:
                rows = np.full((max(64, row + 1), len(STATISTICS)), np.nan)
            self._rows[name] = rows = _with_room(rows, row)
            rows[row] = [_float(summary.get(key)) for key in STATISTICS]
        self._count += 1
        picked = None if record.generation == row else self._generations[: row + 1]
        self.publish(
            phase="running", message="", generation=record.generation, rate=rate, picked=picked,
            series=dict(self._rows), stages=self._stages, flags=self._flags, views=self._views,
            strip=self._strip.published,
            carriers=self._carriers,
        )  # fmt: skip

    def _thin(self) -> None:
        """Keep evenly spaced rows; the snapshots so far keep theirs."""
        generations = self._generations[: self._count]
        kept = np.flatnonzero(generations % stride_of(int(generations[-1]), MOST_ROWS) == 0)
        self._generations = generations[kept]
        self._rows = {name: rows[kept] for name, rows in self._rows.items()}
        self._stages = [self._stages[row] for row in kept]
        self._flags = [self._flags[row] for row in kept]
        self._views = [self._views[row] for row in kept]
        self._carriers = [self._carriers[row] for row in kept]
        self._count = kept.size


def stride_of(last: int, most: int) -> int:
    """Return the power of 2 whose multiples are at most `most` of the generations 0 to `last`.

    The multiples of a larger one are among them, so that rows can be thinned again and again.
    """
    return 1 << (last // most).bit_length()


def _with_room(rows: NDArray[Number], row: int) -> NDArray[Number]:
    """Return an array with these rows and room for one more, `row`."""
    return rows if row < rows.shape[0] else np.concatenate([rows, np.empty_like(rows)])


def _float(value: float | None) -> float:
    return float("nan") if value is None else float(value)
