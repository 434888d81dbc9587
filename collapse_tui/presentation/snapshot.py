"""What a run has reported so far, as snapshots that never change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from collapse_tui.events import Curve, Generation, Intervened
from collapse_tui.presentation.eta import TimeEstimate, Timing
from engines.arrays import FloatArray, IntArray
from engines.views.view import View

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
    device : str
    folder : str
        Empty if nothing is saved.
    series : dict of str to ndarray, shape (generation + 1, 8)
        Metric → `STATISTICS` by generation, NaN where undefined.
    picked : ndarray or None
        The generations of the rows of `series` where they are not 0, 1, 2, …: a stored run of
        many records is drawn from some of them.
    stages : sequence of dict
        Diagnosis by generation; read no further than `generation`.
    flags : sequence of dict
        Metric → what is undefined, by generation.
    views : sequence of View or None
        By generation.
    curves : tuple of Curve
    absent : dict of str to str
        Overlay → why it is not drawn.
    interventions : tuple of Intervened
        Settings that changed, or will change, by the step from which they hold.
    rate : float
        Generations a second; NaN if unknown.
    timing : Timing
        The generation in flight.
    held_at : float or None
        Second at which it was paused within a generation; None while it is not.
    """

    version: int = 0
    phase: str = "opening"
    message: str = ""
    generation: int = -1
    generations: int = 0
    device: str = ""
    folder: str = ""
    series: Mapping[str, FloatArray] = field(default_factory=dict[str, FloatArray])
    picked: IntArray | None = None
    stages: Sequence[Mapping[str, int]] = ()
    flags: Sequence[Mapping[str, str]] = ()
    views: Sequence[View | None] = ()
    curves: tuple[Curve, ...] = ()
    absent: Mapping[str, str] = field(default_factory=dict[str, str])
    interventions: tuple[Intervened, ...] = ()
    rate: float = float("nan")
    timing: Timing = field(default_factory=Timing)
    held_at: float | None = None

    @property
    def held(self) -> bool:
        """Whether it is paused within a generation."""
        return self.held_at is not None

    @property
    def over(self) -> bool:
        """Whether the run has ended."""
        return self.phase in {"finished", "stopped", "failed"}

    def column(self, metric: str, statistic: str) -> FloatArray:
        """Return one statistic of one metric by generation, empty if there is none."""
        rows = self.series.get(metric)
        if rows is None:
            return np.empty(0)
        return rows[: self.generation + 1, STATISTICS.index(statistic)]

    def axis(self, size: int) -> FloatArray:
        """Return the generations of a column of `size` values."""
        if self.picked is not None:
            return self.picked.astype(np.float64)
        return np.arange(size, dtype=np.float64)

    def view(self, generation: int) -> View | None:
        """Return the view of `generation`, or the last one before it."""
        for index in range(min(generation, self.generation, len(self.views) - 1), -1, -1):
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
    microseconds whatever the length of the run.
    """

    def __init__(self) -> None:
        self._rows: dict[str, FloatArray] = {}
        self._stages: list[Mapping[str, int]] = []
        self._flags: list[Mapping[str, str]] = []
        self._views: list[View | None] = []
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
            The next one; one that is there already (a replay) is ignored.
        rate : float
            Generations a second.
        """
        index = record.generation
        if index < len(self._stages):
            return
        while len(self._stages) <= index:
            self._stages.append(record.stage)
            self._flags.append(record.flags)
            self._views.append(record.view)
        for name, summary in record.summary.items():
            self._rows_for(name, index)[index] = [_float(summary.get(key)) for key in STATISTICS]
        self.publish(
            phase="running", message="", generation=index, rate=rate, series=dict(self._rows),
            stages=self._stages, flags=self._flags, views=self._views,
        )  # fmt: skip

    def _rows_for(self, name: str, index: int) -> FloatArray:
        rows = self._rows.get(name)
        if rows is None or rows.shape[0] <= index:
            larger = np.full((max(64, 2 * index + 2), len(STATISTICS)), np.nan)
            if rows is not None:
                larger[: rows.shape[0]] = rows
            self._rows[name] = rows = larger
        return rows


def _float(value: float | None) -> float:
    return float("nan") if value is None else float(value)
