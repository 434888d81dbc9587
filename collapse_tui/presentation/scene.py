"""What is to be shown of a run, as one immutable value, and the charts of its metrics.

The screen makes a scene, and the render thread turns it into charts: neither waits for the
other.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from collapse_tui.charts.boxes import FEW, as_boxes
from collapse_tui.charts.palette import Colour
from collapse_tui.charts.spec import Band, Dash, Line, LineChart
from collapse_tui.events import Curve
from collapse_tui.number_format import format_count
from collapse_tui.presentation.shares import is_share, share_band, typical_statistic
from collapse_tui.presentation.shown_run import SettingChange, ShownRun
from collapse_tui.presentation.snapshot import MOST_ROWS, Snapshot
from collapse_tui.presentation.view_history import MOST_EARLIER, ViewHistory
from engines.arrays import FloatArray, even_indices

LAW_STYLES: dict[str, tuple[Colour, Dash]] = {
    "exact": (Colour.EXACT, "dashed"),
    "published": (Colour.PUBLISHED, "dashed"),
    "limit": (Colour.LIMIT, "dotted"),
    "bound": (Colour.BOUND, "dotted"),
    "approximation": (Colour.LIMIT, "dashed"),
}
"""Colour and dash of a law, by its status."""

VARIANCE = ":variance"

FAR = 20.0
"""The y axis ignores values of a law beyond this many times the largest simulated one."""
FAR_BOUND = 2.0
"""The same for bounds, which say that the law is somewhere on their other side."""


SINGLE_RUN_FLAGS = {"undefined in 1 of 1": "", "infinite in 1 of 1": "infinite"}
"""How flags that count replicates read where there is only one."""


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """One run, or one of several, and what the user has chosen to see of it.

    Attributes
    ----------
    snapshot : Snapshot
        The run that is shown.
    runs : tuple of ShownRun
        All runs on the screen, this one among them; empty where there is only one to show.
    topics : tuple of str
        The one in the main pane first; see `list_topics`.
    shown : int or None
        Generation that the user has walked to; None follows the run.
    replicates : int
    log, log_view : bool
        Logarithmic y axis of the curves, and of the view.
    theory : bool
        Laws are drawn.
    letter : str
        Of the run that is shown.
    window : (float, float) or None
        The generations that charts over generations show; None for all.
    """

    snapshot: Snapshot
    runs: tuple[ShownRun, ...] = ()
    topics: tuple[str, ...] = ()
    shown: int | None = None
    replicates: int = 1
    log: bool = False
    log_view: bool = False
    theory: bool = True
    letter: str = "A"
    window: tuple[float, float] | None = None

    @property
    def run(self) -> ShownRun | None:
        """The run that is shown, with its letter; None where there is only one to show."""
        return next((run for run in self.runs if run.letter == self.letter), None)

    @property
    def others(self) -> tuple[ShownRun, ...]:
        """The runs beside the one that is shown."""
        return tuple(run for run in self.runs if run.letter != self.letter)

    @property
    def changes(self) -> tuple[SettingChange, ...]:
        """What was changed in the run that is shown, in words."""
        return self.run.changes if self.run else ()

    @property
    def x_limits(self) -> tuple[float, float]:
        """The first and the last generation of every chart over generations."""
        return self.window or (0.0, float(max(1, self.snapshot.generations)))

    @property
    def topic(self) -> str:
        """What the main pane shows, empty before anything is known."""
        return self.topics[0] if self.topics else ""

    @property
    def generation(self) -> int:
        """The generation to show; -1 before the first record."""
        last = self.snapshot.generation
        return last if self.shown is None or last < 0 else self.snapshot.generation_of(self.row)

    @property
    def row(self) -> int:
        """The row of the snapshot that is shown; -1 before the first record."""
        snapshot = self.snapshot
        return snapshot.row(snapshot.generation if self.shown is None else self.shown)

    def view_history(self) -> ViewHistory | None:
        """Return the view of the generation shown, and those before it."""
        snapshot, row, at = self.snapshot, self.row, self.generation
        view = snapshot.view(at)
        sparse = range(0, row, max(1, row // (4 * MOST_EARLIER)))
        shown = ((snapshot.generation_of(n), snapshot.views[n]) for n in sparse)
        past = [(n, one) for n, one in shown if one is not None]
        laws = self.law_lines
        return ViewHistory(view, at, past, self.log_view, laws) if view is not None else None

    def curves(self, topic: str) -> tuple[Curve, ...]:
        """Return the laws that are drawn with a topic: those for the statistic that it shows."""
        if not self.theory:
            return ()
        metric, of_variance = split_topic(topic)
        return tuple(
            curve
            for curve in self.snapshot.curves
            if curve.metric == metric and (curve.statistic == "variance") == of_variance
        )

    def law_lines(self, topic: str) -> tuple[Line, ...]:
        """Return the laws of a topic by generation."""
        return tuple(_law(curve, self.snapshot) for curve in self.curves(topic))


def list_topics(
    metrics: Sequence[str], curves: Sequence[Curve], replicates: int
) -> tuple[str, ...]:
    """Return the topics of the main pane: metrics, and variances for which there is a law.

    Parameters
    ----------
    metrics : sequence of str
    curves : sequence of Curve
    replicates : int
        A single one has no variance across replicates.

    Returns
    -------
    tuple of str
        Names of metrics; with ``:variance`` appended, its variance across replicates.
    """
    if replicates < 2:
        return tuple(metrics)
    spread = {curve.metric for curve in curves if curve.statistic == "variance"}
    return (*metrics, *(f"{name}{VARIANCE}" for name in metrics if name in spread))


def split_topic(topic: str) -> tuple[str, bool]:
    """Return the metric of a topic, and whether its variance across replicates is meant."""
    return topic.removesuffix(VARIANCE), topic.endswith(VARIANCE)


def topic_label(topic: str) -> str:
    """Return the name of a topic for titles."""
    metric, of_variance = split_topic(topic)
    return f"var {metric}" if of_variance else metric


def typical_values(snapshot: Snapshot, topic: str) -> FloatArray:
    """Return the medians or shares of a topic by generation, or its variances."""
    metric, of_variance = split_topic(topic)
    return snapshot.column(metric, "var" if of_variance else typical_statistic(metric))


def metric_chart(scene: Scene, topic: str, *, small: bool = False) -> LineChart:
    """Return one topic by generation: quantile bands, median, other runs, laws.

    Parameters
    ----------
    scene : Scene
    topic : str
    small : bool
        For the small multiples: no bands, axes or legend.

    Returns
    -------
    LineChart
    """
    snapshot = scene.snapshot
    if not topic:
        return LineChart(legend=False, frame=False)
    laws = scene.law_lines(topic)
    lines = [
        *laws,
        *(
            _recorded(run.snapshot, typical_values(run.snapshot, topic), run.colour, run.label)
            for run in scene.others
        ),
        *_runs(scene, topic),
    ]
    bands = () if small else _bands(scene, topic)
    data = [line.y for line in lines[len(laws) :]]
    data += [edge for band in bands for edge in (band.low, band.high)]
    joined = np.concatenate(data)
    # A small chart of values that have no logarithm is drawn on a plain axis instead.
    log = scene.log and not (small and bool((joined <= 0).any()))
    seen = axis_values_of(joined, laws, log=log)
    if not seen.size or (log and not (seen > 0).any()):
        return LineChart(legend=False, frame=False, note=_explain_gap(scene, topic, seen))
    chart = LineChart(
        tuple(lines), bands, x_limits=scene.x_limits,
        y_data=seen, log=log, whole_x=True,
        marks=tuple(float(change.at) for change in snapshot.interventions),
        cursor=None if scene.shown is None else float(scene.generation),
        legend=not small, frame=not small,
    )  # fmt: skip
    if not bands or snapshot.generations > FEW:
        return chart
    return as_boxes(_with_sizes(chart, snapshot.sizes), len(laws))


def _with_sizes(chart: LineChart, sizes: tuple[int, ...]) -> LineChart:
    """Return a chart whose generations are named by the samples that each model is fitted on."""
    if not sizes:
        return chart
    names = ["real", *map(format_count, sizes[:-1])]
    ticks = tuple((float(at), name) for at, name in enumerate(names))
    return replace(chart, x_ticks=ticks, x_name="samples")


def _explain_gap(scene: Scene, topic: str, seen: FloatArray) -> str:
    """Return why there is nothing to draw of a topic."""
    snapshot, (metric, _) = scene.snapshot, split_topic(topic)
    if snapshot.generation < 0:
        return "waiting for the first record"
    if seen.size:
        return "nothing above 0 so far, and a logarithmic axis shows nothing else: l goes back"
    last = snapshot.row(snapshot.generation)
    why = snapshot.flags[last].get(metric, "") if snapshot.flags else ""
    if snapshot.generation == 0 and why.startswith("undefined"):
        why = "generation 0 is the original, no model yet"
    elif scene.replicates == 1:
        why = SINGLE_RUN_FLAGS.get(why, why)
    return f"undefined so far: {why}" if why else "undefined so far"


def _runs(scene: Scene, topic: str) -> list[Line]:
    snapshot, (metric, of_variance) = scene.snapshot, split_topic(topic)
    several = "share" if is_share(metric) else "median"
    label = "variance" if of_variance else several if scene.replicates > 1 else "run"
    median = _recorded(snapshot, typical_values(snapshot, topic), Colour.SERIES, label)
    predicted = any(curve.statistic == "mean" for curve in scene.curves(topic))
    if scene.replicates == 1 or of_variance or is_share(metric) or not predicted:
        return [median]
    return [_recorded(snapshot, snapshot.column(metric, "mean"), Colour.MEAN, "mean"), median]


def _bands(scene: Scene, topic: str) -> tuple[Band, ...]:
    metric, of_variance = split_topic(topic)
    if scene.replicates == 1 or of_variance:
        return ()
    if is_share(metric):
        return (share_band(scene.snapshot, metric),)
    q05, q25, q75, q95 = (
        scene.snapshot.column(metric, name) for name in ("q05", "q25", "q75", "q95")
    )
    x = scene.snapshot.axis(q05.size)
    return (
        Band(x, q05, q95, Colour.BAND, "5–95 %"),
        Band(x, q25, q75, Colour.BAND_INNER, "25–75 %"),
    )


def _recorded(snapshot: Snapshot, values: FloatArray, colour: Colour, label: str) -> Line:
    return Line(snapshot.axis(values.size), values, colour, label, "solid")


def _law(curve: Curve, snapshot: Snapshot) -> Line:
    colour, dash = LAW_STYLES.get(curve.status, (Colour.LIMIT, "dotted"))
    x = np.arange(curve.values.size, dtype=np.float64)
    if curve.start >= 0:
        return _law_from_state(curve, snapshot, Line(x, curve.values, colour, curve.label, dash))
    if x.size <= 2 * MOST_ROWS:
        return Line(x, curve.values, colour, curve.label, dash)
    # laws are smooth: of a million values a chart shows as much as of some thousand
    some = even_indices(x.size, 2 * MOST_ROWS)
    return Line(x[some], curve.values[some], colour, curve.label, dash)


def _law_from_state(curve: Curve, snapshot: Snapshot, whole: Line) -> Line:
    """Return a law from a state on, drawn from what was recorded there."""
    finite = np.flatnonzero(np.isfinite(curve.values))
    some = finite[even_indices(finite.size, 2 * MOST_ROWS)]
    x, y = whole.x[some], whole.y[some]
    row = snapshot.row(curve.start)
    recorded = snapshot.column(curve.metric, "var" if curve.statistic == "variance" else "mean")
    if 0 <= row < recorded.size and snapshot.generation_of(row) == curve.start:
        x, y = np.append(float(curve.start), x), np.append(recorded[row], y)
    return replace(whole, x=x, y=y)


def axis_values_of(data: FloatArray, laws: tuple[Line, ...], *, log: bool = False) -> FloatArray:
    """Return the values that the y axis must include: all data, and laws that are not far off."""
    finite = data[np.isfinite(data)]
    largest = max(float(np.abs(finite).max(initial=0.0)), 1e-300)
    seen = [finite]
    for law in laws:
        values = law.y[np.isfinite(law.y)]
        if finite.size > 1 and not log:
            far = FAR_BOUND if law.colour == Colour.BOUND else FAR
            values = values[np.abs(values) <= far * largest]
        seen.append(values)
    return np.concatenate(seen)
