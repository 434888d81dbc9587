"""The figure of one metric by generation: bands, curves, laws, published values."""

from dataclasses import replace

import numpy as np

from collapse_tui.charts.palette import Colour
from collapse_tui.charts.spec import LineChart
from collapse_tui.events import Curve
from collapse_tui.presentation.figures.chart_axes import draw_chart
from collapse_tui.presentation.figures.end_labels import find_end_labels
from collapse_tui.presentation.figures.figure_page import FigurePage
from collapse_tui.presentation.figures.figure_style import PlotStyle
from collapse_tui.presentation.figures.run_words import RunWords, describe_interventions
from collapse_tui.presentation.metric_chart import metric_chart
from collapse_tui.presentation.metric_words import metric_words
from collapse_tui.presentation.published_values import (
    PublishedValue,
    add_published_values,
    describe_published_values,
)
from collapse_tui.presentation.scene import Scene

LOG_FROM = 1000.0
"""The y axis is logarithmic where typical values of one sign differ by such a factor."""


def axis_words(topic: str) -> str:
    """Return what a topic is, for the title of a figure: its title, and the sentence behind it."""
    words = metric_words(topic)
    if not words.sentence:
        return words.long
    said = words.long.split()[0] in words.sentence
    return words.sentence if said else f"{words.long}: {words.sentence}"


def recorded_values(scene: Scene, topic: str) -> tuple[PublishedValue, ...]:
    """Return what was published of a topic, up to the last generation recorded."""
    last = scene.snapshot.generation
    return tuple(value for value in scene.published_values(topic) if value.generation <= last)


def build_chart(scene: Scene, topic: str) -> LineChart:
    """Return the chart of a topic up to the last generation recorded, on the axis that suits it."""
    published = recorded_values(scene, topic)
    scene = replace(scene, published=())  # a figure has all of them, however far off
    chart = metric_chart(scene, topic)
    typical = next((line.y for line in chart.lines if line.colour == Colour.SERIES), np.empty(0))
    typical = typical[np.isfinite(typical)]
    if typical.size and typical.min() > 0 and typical.max() >= LOG_FROM * typical.min():
        chart = metric_chart(replace(scene, log=True), topic)
    left, right = chart.x_limits or (0.0, 1.0)
    reach = float(max(1, scene.snapshot.generation))
    if scene.snapshot.generation < scene.snapshot.generations:
        right = min(right, reach)  # what was never computed is no part of a figure
    chart = replace(chart, x_limits=(left, right), cursor=None)
    return add_published_values(chart, published)


def draw_metric_figure(
    scene: Scene,
    topic: str,
    words: RunWords,
    style: PlotStyle,
    width: float,
) -> FigurePage:
    """Return the figure of one topic.

    Parameters
    ----------
    scene : Scene
    topic : str
    words : RunWords
    style : PlotStyle
    width : float
        Millimetres.
    """
    chart = build_chart(scene, topic)
    notes = [words.head, *describe_interventions(scene)]
    notes += describe_published_values(recorded_values(scene, topic))
    notes += list_references(scene.curves(topic))
    page = FigurePage(style, width, axis_words(topic), notes)
    axes = page.add_axes()
    if chart.note:
        axes.set_axis_off()
        axes.text(0.5, 0.5, chart.note, fontsize=style.text, ha="center", parse_math=False)
        page.place_axes(axes)
        return page
    draw_chart(axes, chart, style)
    page.label_axes(axes, "generation", "")
    page.place_axes(axes, find_end_labels(axes, chart))
    return page


def list_references(curves: tuple[Curve, ...]) -> list[str]:
    """Return where each law is from, laws of the same source together."""
    labels: dict[str, list[str]] = {}
    for curve in curves:
        labels.setdefault(curve.reference, []).append(curve.label)
    return [f"{', '.join(names)}: {reference}" for reference, names in labels.items()]
