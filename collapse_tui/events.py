"""The events of a run: the only thing that screen, batch and scripts consume."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from engines.arrays import FloatArray
from engines.views.view import View

Summary = Mapping[str, Mapping[str, float | int | None]]


@dataclass(frozen=True, slots=True)
class Curve:
    """An overlay evaluated for one experiment.

    Attributes
    ----------
    name, label : str
        Unique name; legend of at most 24 characters.
    metric, statistic, status : str
        As in `engines.theory.overlay.Overlay`.
    values : ndarray, shape (H + 1,)
        By generation; NaN where the law gives no value. H is G, or of a long run its horizon:
        `TheoryExtended` brings curves that reach further.
    variance : ndarray, shape (H + 1,), or None
        Exact variance of the metric across replicates, for z-scores.
    reference : str
        Authors, year, link and equation, one line.
    start : int
        Generation whose state it starts from, with values from the next one on; -1 for a law of
        the run from its beginning.
    """

    name: str
    label: str
    metric: str
    statistic: str
    status: str
    values: FloatArray
    variance: FloatArray | None
    reference: str
    start: int = -1


def absent_after(metric: str, generation: int) -> str:
    """Return the key of `absent` for a metric without a law from the state of a generation on."""
    return f"state.{metric}@{generation}"


@dataclass(frozen=True, slots=True)
class Started:
    """A run starts or continues.

    Attributes
    ----------
    generation : int
        Last generation already recorded; -1 for a new run.
    generations : int
        G.
    folder : Path or None
    device : str
    curves : tuple of Curve
        Theory whose conditions hold.
    absent : dict of str to str
        Overlay name, or `absent_after` a change, → why it is not drawn.
    notes : tuple of str
        Sentences for the user: how data are drawn, what is not measured, disk.
    sizes : tuple of int
        M_0 … M_G of a run of few generations whose sizes differ; else empty.
    """

    generation: int
    generations: int
    folder: Path | None
    device: str
    curves: tuple[Curve, ...] = ()
    absent: Mapping[str, str] = field(default_factory=dict[str, str])
    notes: tuple[str, ...] = ()
    sizes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Progress:
    """Progress inside a generation, or of a replay."""

    generation: int
    fraction: float
    message: str


@dataclass(frozen=True, slots=True)
class Generation:
    """Record n: model n and D_n; record 0: the source and D_0.

    Attributes
    ----------
    generation : int
    metrics : dict of str to ndarray, shape (R,)
        One number a replicate; NaN undefined, ±inf infinite.
    summary : dict
        Metric → {"n", "mean", "var", "q05", "q25", "q50", "q75", "q95"}.
    stage : dict of str to int
        Diagnosis: how many replicates are stable, early, late, dispersing.
    flags : dict of str to str
        Metric → what is undefined or infinite.
    view : View or None
    """

    generation: int
    metrics: Mapping[str, FloatArray]
    summary: Summary
    stage: Mapping[str, int]
    flags: Mapping[str, str]
    view: View | None = None


@dataclass(frozen=True, slots=True)
class Checkpointed:
    """The state after `generation` is on disk."""

    generation: int


@dataclass(frozen=True, slots=True)
class Intervened:
    """Settings change from step `at` on, and the theory with them."""

    at: int
    settings: Mapping[str, object]
    curves: tuple[Curve, ...] = ()
    absent: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class TheoryExtended:
    """The theory of a long run reaches further, or starts anew from a state.

    Attributes
    ----------
    horizon : int
        Last generation of the curves.
    curves : tuple of Curve
        They replace those before.
    absent : dict of str to str
        As in `Started`.
    """

    horizon: int
    curves: tuple[Curve, ...]
    absent: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Refused:
    """An intervention was refused; the run continues unchanged."""

    at: int
    settings: Mapping[str, object]
    reason: str


@dataclass(frozen=True, slots=True)
class Finished:
    """The run ended: it is done, or it stopped on request with its state saved.

    Attributes
    ----------
    generation : int
        The last one recorded.
    folder : Path or None
    reason : str
    condition : str
        Which condition of the experiment ended it before its last generation, a clause; "" for
        none.
    """

    generation: int
    folder: Path | None
    reason: Literal["finished", "stopped"] = "finished"
    condition: str = ""


@dataclass(frozen=True, slots=True)
class Failed:
    """The run cannot continue; every record is kept.

    Attributes
    ----------
    generation : int
        The step that failed, or the record after which it cannot go on.
    reason : str
    folder : Path or None
    """

    generation: int
    reason: str
    folder: Path | None = None


Event = (
    Started
    | Progress
    | Generation
    | Checkpointed
    | Intervened
    | TheoryExtended
    | Refused
    | Finished
    | Failed
)
