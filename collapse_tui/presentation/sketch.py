"""The picture that a run of a preset gives, small enough to be shipped: its first curve, its strip.

A sketch is taken from the snapshot of a finished run, and becomes one again to be drawn: what
the screen shows of it is drawn by the same charts as a run.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from collapse_tui.charts.sparkline import sparkline
from collapse_tui.events import Curve, Intervened
from collapse_tui.presentation.scene import Scene, split_topic
from collapse_tui.presentation.shares import is_share
from collapse_tui.presentation.sketch_strip import StripSketch, decode_strip, encode_strip
from collapse_tui.presentation.snapshot import STATISTICS, Snapshot
from engines.arrays import FloatArray, even_indices

MOST_POINTS, MOST_LAWS = 36, 2
"""Generations, and laws, that a sketch keeps of a curve."""
DIGITS = 3
"""Significant digits of its numbers."""
MOST_BYTES = 4096
"""Bytes of a sketch as text."""
SEVERAL, SINGLE, SHARE = ("mean", "q05", "q25", "q50", "q75", "q95"), ("q50",), ("mean", "n")
"""Statistics that are drawn of several replicates, of one, and of answers of yes and no."""

Numbers = Sequence[float | None]


@dataclass(frozen=True, slots=True)
class LawSketch:
    """A curve of theory at the generations of a sketch."""

    label: str
    statistic: str
    status: str
    values: Numbers


@dataclass(frozen=True, slots=True)
class Sketch:
    """What a run of a preset looks like.

    Attributes
    ----------
    preset, version : str
        What was run, and by which version of the program.
    seed, generations, replicates : int
    topic : str
        The metric in the main pane of the screen (`collapse_tui.presentation.scene.list_topics`).
    at : sequence of int
        The generations that it keeps, ascending.
    series : mapping of str to numbers
        Statistic → its values at these generations; None where there is none.
    laws : sequence of LawSketch
    strip : StripSketch or None
    sizes : sequence of int
        M_0 … M_G of a run of few generations whose sizes differ; else empty.
    changes : sequence of int
        Steps from which other settings hold.
    """

    preset: str
    version: str
    seed: int
    generations: int
    replicates: int
    topic: str
    at: Sequence[int]
    series: Mapping[str, Numbers]
    laws: Sequence[LawSketch]
    strip: StripSketch | None = None
    sizes: Sequence[int] = ()
    changes: Sequence[int] = ()

    def to_text(self) -> str:
        """Return the sketch as the JSON of a file."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":")) + "\n"


def read_sketch(text: str) -> Sketch:
    """Return the sketch that a text holds.

    Raises
    ------
    ValueError
        If it holds none.
    """
    try:
        plain = json.loads(text)
        laws = tuple(LawSketch(**law) for law in plain.pop("laws"))
        strip = plain.pop("strip")
        return Sketch(**plain, laws=laws, strip=StripSketch(**strip) if strip else None)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"this is no sketch: {error}") from None


def take_sketch(scene: Scene, preset: str, version: str, seed: int) -> Sketch:
    """Return the sketch of a finished run.

    Parameters
    ----------
    scene : Scene
        With the topics of the run, the one in the main pane first.
    preset, version : str
    seed : int
    """
    snapshot, topic = scene.snapshot, scene.topic
    metric, of_variance = split_topic(topic)
    statistics = ("var",) if of_variance else _drawn_statistics(metric, scene.replicates)
    rows = even_indices(snapshot.row(snapshot.generation) + 1, MOST_POINTS)
    at = [snapshot.generation_of(int(row)) for row in rows]
    laws = [
        LawSketch(law.label, law.statistic, law.status, _rounded(law.values[at]))
        for law in scene.curves(topic)[:MOST_LAWS]
        if law.values.size > at[-1]
    ]
    return Sketch(
        preset, version, seed, snapshot.generations, scene.replicates, topic, at,
        {name: _rounded(snapshot.column(metric, name)[rows]) for name in statistics},
        laws, encode_strip(snapshot.strip) if snapshot.strip is not None else None,
        snapshot.sizes, [change.at for change in snapshot.interventions],
    )  # fmt: skip


def to_scene(sketch: Sketch) -> Scene:
    """Return the run that a sketch shows, at its end."""
    metric, _ = split_topic(sketch.topic)
    rows = np.full((len(sketch.at), len(STATISTICS)), np.nan)
    for name, values in sketch.series.items():
        rows[:, STATISTICS.index(name)] = _floats(values)
    picked = np.array(sketch.at, dtype=np.int64)
    every = np.arange(sketch.generations + 1, dtype=np.float64)
    curves = tuple(
        Curve(law.label, law.label, metric, law.statistic, law.status,
              np.interp(every, picked, _floats(law.values)), None, "")
        for law in sketch.laws
    )  # fmt: skip
    snapshot = Snapshot(
        phase="finished", generation=sketch.at[-1], generations=sketch.generations,
        series={metric: rows}, picked=picked, curves=curves,
        strip=decode_strip(sketch.strip) if sketch.strip is not None else None,
        sizes=tuple(sketch.sizes),
        interventions=tuple(Intervened(at, {}) for at in sketch.changes),
    )  # fmt: skip
    return Scene(snapshot, topics=(sketch.topic,), replicates=sketch.replicates)


def to_sparkline(sketch: Sketch, cells: int = 8) -> str:
    """Return the curve of a sketch in so many cells of one row.

    It is as high as the pane that it announces: half of the runs lie within its cells, so that
    a median that hardly moves is no zigzag.
    """
    name = "q50" if "q50" in sketch.series else next(iter(sketch.series))
    values = _floats(sketch.series[name])
    known = values[np.isfinite(values)]
    if known.size < 2:
        return ""
    around = np.concatenate([_floats(sketch.series.get(edge, ())) for edge in ("q25", "q75")])
    around = around[np.isfinite(around)]
    return sparkline(known, cells, within=(around.min(), around.max()) if around.size else None)


def _drawn_statistics(metric: str, replicates: int) -> tuple[str, ...]:
    if replicates == 1:
        return SINGLE
    return SHARE if is_share(metric) else SEVERAL


def _rounded(values: FloatArray) -> list[float | None]:
    return [round_number(float(value)) for value in values]


def round_number(value: float) -> float | None:
    """Return a number with three significant digits; None for what is none."""
    if not math.isfinite(value):
        return None
    rounded = float(f"{value:.{DIGITS}g}")
    return int(rounded) if rounded.is_integer() and abs(rounded) < 1e6 else rounded


def _floats(values: Sequence[Any]) -> FloatArray:
    return np.array([math.nan if value is None else value for value in values], dtype=np.float64)
