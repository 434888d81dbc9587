"""The chart of the main pane: topics by generation, with their laws and the runs before."""

from dataclasses import replace

import numpy as np

from collapse_tui.charts.boxes import FEW, as_boxes
from collapse_tui.charts.palette import Colour
from collapse_tui.charts.spec import Band, Line, LineChart
from collapse_tui.number_format import format_count
from collapse_tui.presentation.clip import clip_bands, clip_lines
from collapse_tui.presentation.law_lines import FAR, axis_values_of, law_line
from collapse_tui.presentation.laws import rank_laws
from collapse_tui.presentation.metric_words import metric_words
from collapse_tui.presentation.published_values import (
    add_published_values,
    last_published,
    name_published_value,
)
from collapse_tui.presentation.scene import Scene, split_topic, typical_values
from collapse_tui.presentation.shares import is_share, share_band
from collapse_tui.presentation.snapshot import Snapshot
from engines.arrays import FloatArray

ADDED = (Colour.STRONG, Colour.RUN_D)
"""Colours of topics that are drawn beside the leading one."""

FLAT = 0.1
"""Curves share an axis while each spans at least this part of it."""

SINGLE_RUN_FLAGS = {"undefined in 1 of 1": "", "infinite in 1 of 1": "infinite"}
"""How flags that count replicates read where there is only one."""


def metric_chart(
    scene: Scene, topic: str, added: tuple[str, ...] = (), most_laws: int | None = None
) -> LineChart:
    """Return one topic by generation: quantile bands, median, other runs, and laws over them.

    Parameters
    ----------
    scene : Scene
    topic : str
    added : tuple of str
        Topics to draw beside it, each with its typical value only.
    most_laws : int or None
        How many laws there is room for: the one that the run is compared with, then the others.

    Returns
    -------
    LineChart
    """
    if not topic:
        return LineChart(labels="none", frame=False)
    snapshot = scene.snapshot
    laws = tuple(clip_lines(_laws(scene, topic)[:most_laws], scene.window))
    runs = clip_lines([*_others(scene, topic), *_runs(scene, topic)], scene.window)
    bands = () if added else clip_bands(_bands(scene, topic), scene.window)
    data = [line.y for line in runs]
    data += [edge for band in bands for edge in (band.low, band.high)]
    seen = axis_values_of(np.concatenate(data), laws, log=scene.log)
    others = clip_lines(_added(scene, added), scene.window)
    if added:
        if share_axis(scene, topic, added):
            seen = np.concatenate([seen, *(line.y[np.isfinite(line.y)] for line in others)])
        else:
            return _relative(scene, runs, laws, others)
    if not seen.size or (scene.log and not (seen > 0).any()):
        return LineChart(labels="none", frame=False, note=_explain_gap(scene, topic, seen))
    if bands and snapshot.generations <= FEW:
        chart = _chart(scene, (*runs, *others, *laws), bands, seen)
        chart = as_boxes(_with_sizes(chart, snapshot.sizes), len(laws))
    else:
        # over the data the one law that they are compared with, below them all others
        chart = _chart(scene, (*laws[1:], *runs, *others, *laws[:1]), bands, seen)
    return _with_published_values(scene, topic, chart)


def _laws(scene: Scene, topic: str) -> list[Line]:
    """Return the laws of a topic by generation, the one that the run is compared with first."""
    curves = scene.curves(topic)
    ranked = rank_laws(curves, max(0, scene.generation))
    others = [curve for curve in curves if all(curve is not one for one in ranked)]
    return [law_line(curve, scene.snapshot) for curve in (*ranked, *others)]


def _with_published_values(scene: Scene, topic: str, chart: LineChart) -> LineChart:
    """Return a chart with marks at what was published, as far as its axis reaches."""
    finite = chart.y_data[np.isfinite(chart.y_data)]
    farthest = FAR * float(np.abs(finite).max(initial=0.0))
    first, last = scene.x_limits
    near = [
        value
        for value in scene.published_values(topic)
        if first <= value.generation <= last
        and (value.low > 0 if chart.log else max(-value.low, value.high) <= farthest)
    ]
    if not near:
        return chart
    named = last_published(near, scene.generation)
    name = name_published_value(named, several=scene.replicates > 1)
    return add_published_values(chart, near, named, name)


def _with_sizes(chart: LineChart, sizes: tuple[int, ...]) -> LineChart:
    """Return a chart whose generations are named by the samples that each model is fitted on."""
    if not sizes:
        return chart
    names = ["real", *map(format_count, sizes[:-1])]
    ticks = tuple((float(at), name) for at, name in enumerate(names))
    return replace(chart, x_ticks=ticks, x_name="samples")


def _chart(
    scene: Scene, lines: tuple[Line, ...], bands: tuple[Band, ...], seen: FloatArray
) -> LineChart:
    snapshot = scene.snapshot
    return LineChart(
        lines, bands, x_limits=scene.x_limits,
        y_data=seen, log=scene.log, labels="ends", whole_x=True,
        marks=tuple(float(change.at) for change in snapshot.interventions),
        cursor=None if scene.shown is None else float(scene.generation),
    )  # fmt: skip


def share_axis(scene: Scene, topic: str, added: tuple[str, ...]) -> bool:
    """Return whether topics can share an axis: none of their curves would be flat on it."""
    spans: list[tuple[float, float]] = []
    for one in (topic, *added):
        values = _on_axis(scene, typical_values(scene.snapshot, one))
        finite = values[np.isfinite(values)]
        if finite.size:
            spans.append((float(finite.min()), float(finite.max())))
    if not spans:
        return True
    whole = max(high for _, high in spans) - min(low for low, _ in spans)
    return all(high - low >= FLAT * whole for low, high in spans)


def _on_axis(scene: Scene, values: FloatArray) -> FloatArray:
    if not scene.log:
        return values
    return np.log10(np.where(values > 0, values, np.nan))


def _relative(
    scene: Scene, runs: list[Line], laws: tuple[Line, ...], others: list[Line]
) -> LineChart:
    """Return a chart in which each topic runs from its least to its largest value."""
    lines: list[Line] = []
    own = np.concatenate([line.y for line in runs])
    for part, values in (([*runs, *laws], own), *(([line], line.y) for line in others)):
        scaled = _on_axis(scene, values)
        finite = scaled[np.isfinite(scaled)]
        low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
        span = high - low or 1.0
        lines += [replace(line, y=(_on_axis(scene, line.y) - low) / span) for line in part]
    chart = _chart(scene, tuple(lines), (), np.array([0.0, 1.0]))
    return replace(chart, log=False)


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


def _others(scene: Scene, topic: str) -> list[Line]:
    return [
        _recorded(run.snapshot, typical_values(run.snapshot, topic), run.colour, run.label)
        for run in scene.others
    ]


def _runs(scene: Scene, topic: str) -> list[Line]:
    snapshot, (metric, of_variance) = scene.snapshot, split_topic(topic)
    several = "share" if is_share(metric) else "median"
    label = "variance" if of_variance else several if scene.replicates > 1 else "run"
    if scene.run is not None and scene.others:
        label = scene.run.label
    median = _recorded(snapshot, typical_values(snapshot, topic), Colour.SERIES, label)
    predicted = any(curve.statistic == "mean" for curve in scene.curves(topic))
    if scene.replicates == 1 or of_variance or is_share(metric) or not predicted:
        return [median]
    mean = _recorded(snapshot, snapshot.column(metric, "mean"), Colour.MEAN, "mean")
    # over the median and thick: it is what theory is compared with
    return [median, replace(mean, thick=True)]


def _added(scene: Scene, added: tuple[str, ...]) -> list[Line]:
    return [
        _recorded(
            scene.snapshot, typical_values(scene.snapshot, topic), colour, metric_words(topic).short
        )
        for topic, colour in zip(added, ADDED, strict=False)
    ]


def list_curves(scene: Scene) -> list[Line]:
    """Return the curves of the main chart as they are recorded, the most important first."""
    topic = scene.topic
    if not topic:
        return []
    own, laws = _runs(scene, topic), scene.law_lines(topic)
    return [*own, *_others(scene, topic), *_added(scene, scene.added), *laws]


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
        Band(x, q05, q95, Colour.BAND, "90 % of runs"),
        Band(x, q25, q75, Colour.BAND_INNER, "50 % of runs"),
    )


def _recorded(snapshot: Snapshot, values: FloatArray, colour: Colour, label: str) -> Line:
    """Return the values of a run as a line that tells its last value."""
    last = float(values[-1]) if values.size else np.nan
    return Line(snapshot.axis(values.size), values, colour, label, "solid", value=last)
