"""A chart drawn on the axes of a figure: areas, curves, points, ticks and a thin grid.

Logarithms are taken here and not by matplotlib, so that ticks read as on the screen.
"""

import math
from typing import Any

import numpy as np

from collapse_tui.charts.decimate import step_outline
from collapse_tui.charts.layout import axis_values, label_axis, x_limits, y_limits
from collapse_tui.charts.palette import Colour
from collapse_tui.charts.spec import Band, Dots, Line, LineChart
from collapse_tui.presentation.figures.figure_style import Axes, PlotStyle, dash_of, ink

GRID = "#e5e7eb"
OUTLINES = {Colour.REAL_FILL: Colour.REAL, Colour.NOW_FILL: Colour.SERIES}
"""Areas that are drawn with an edge, so that they can be told apart in grey."""
SYMBOLS = {"": ".", "×": "x", "◆": "D", "◇": "D", "●": "o"}
"""Characters of the screen as markers of matplotlib; any other is a small square."""
SEVERAL = 4
"""Curves of one meaning up to which none is drawn thin."""
MANY = 40
"""Points from which on they are drawn small."""
X_TICKS, Y_TICKS = 5, 4
MINOR = tuple(math.log10(digit) for digit in range(2, 10))


def draw_chart(axes: Axes, chart: LineChart, style: PlotStyle) -> None:
    """Draw a chart on axes that are still empty.

    Parameters
    ----------
    axes : Axes
    chart : LineChart
    style : PlotStyle
    """
    bottom, top = y_limits(chart)
    left, right = x_limits(chart)
    axes.set_xlim(left, right)
    axes.set_ylim(bottom, top)
    for order, band in enumerate(chart.bands):
        _draw_band(axes, band, chart, style, order)
    for line in chart.lines:
        _draw_line(axes, line, chart, style)
    for dots in chart.dots:
        _draw_dots(axes, dots, chart, style)
    for mark in chart.marks:
        axes.axvline(mark, color=ink(Colour.MARK), linewidth=style.thin, zorder=1.5)
        axes.plot(
            [mark], [1.0], "D", transform=axes.get_xaxis_transform(), clip_on=False,
            color=ink(Colour.MARK), markersize=0.5 * style.text,
        )  # fmt: skip
    draw_frame(axes, style)
    set_ticks(axes.xaxis, left, right, X_TICKS, log=chart.log_x, whole=chart.whole_x)
    set_ticks(axes.yaxis, bottom, top, Y_TICKS, log=chart.log)


def _draw_band(axes: Axes, band: Band, chart: LineChart, style: PlotStyle, order: int) -> None:
    bottom = axes.get_ylim()[0]
    low, high = (axis_values(edge, log=chart.log) for edge in (band.low, band.high))
    if chart.log:
        low = np.where(np.isnan(low) & ~np.isnan(high), bottom, low)
    x = band.x
    if band.steps:
        x, low = step_outline(band.x, low)
        high = step_outline(band.x, high)[1]
    axes.fill_between(x, low, high, color=ink(band.colour), linewidth=0, zorder=1 + 0.01 * order)
    outline = OUTLINES.get(band.colour)
    if outline is not None:
        axes.plot(x, high, color=ink(outline), linewidth=1.5 * style.thin, zorder=1.4)


def _draw_line(axes: Axes, line: Line, chart: LineChart, style: PlotStyle) -> None:
    simulated = line.colour in {Colour.SERIES, Colour.LAW}
    dash = dash_of(line.colour, line.dash)
    x, y = line.x, axis_values(line.y, log=chart.log)
    if line.steps:
        x, y = step_outline(x, y)
    alike = sum(line.colour == other.colour for other in chart.lines)
    width = style.line * (0.5 if alike > SEVERAL else 1.0 if simulated else 0.9)
    axes.plot(
        x, y, color=ink(line.colour), linewidth=width,
        linestyle=(0, dash) if dash else "-", zorder=2.5 if simulated else 3,
        solid_joinstyle="round", dash_capstyle="butt",
    )  # fmt: skip


def _draw_dots(axes: Axes, dots: Dots, chart: LineChart, style: PlotStyle) -> None:
    hollow = dots.sign == "◇"
    size = 0.7 if hollow else 0.45 if dots.x.size <= MANY else 0.25
    axes.plot(
        dots.x, axis_values(dots.y, log=chart.log), SYMBOLS.get(dots.sign, "s"),
        color=ink(dots.colour), linestyle="none", markersize=size * style.text,
        markeredgewidth=(2.0 if hollow else 1.0) * style.thin, zorder=4 if hollow else 2.2,
        fillstyle="none" if hollow else "full", clip_on=not dots.sign,
    )  # fmt: skip


def draw_frame(axes: Axes, style: PlotStyle) -> None:
    """Leave the two axes with thin lines, and a thin grid below what is drawn."""
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_linewidth(style.thin)
        axes.spines[side].set_color(ink(Colour.AXIS))
    axes.set_axisbelow(True)
    axes.grid(visible=True, color=GRID, linewidth=style.thin)
    axes.tick_params(
        which="both", labelsize=style.text, width=style.thin, length=0.35 * style.text,
        color=ink(Colour.AXIS), labelcolor=ink(Colour.STRONG), pad=0.3 * style.text,
    )  # fmt: skip
    axes.tick_params(which="minor", length=0.2 * style.text)


def set_one_scale(axes: Axes) -> None:
    """Widen one of the axes, which have their place, until a unit is as long on both."""
    box = axes.get_window_extent()
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    unit = max((right - left) / box.width, (high - low) / box.height)
    left, right = ((left + right + side * unit * box.width) / 2 for side in (-1, 1))
    low, high = ((low + high + side * unit * box.height) / 2 for side in (-1, 1))
    axes.set_xlim(left, right)
    axes.set_ylim(low, high)
    set_ticks(axes.xaxis, left, right, X_TICKS, log=False)
    set_ticks(axes.yaxis, low, high, Y_TICKS, log=False)


def set_ticks(
    axis: Any, low: float, high: float, count: int, *, log: bool, whole: bool = False
) -> None:
    """Label an axis with round numbers; on a logarithmic one they are powers of ten."""
    places, labels = label_axis(low, high, count, "braille", log=log)
    if whole and not log:
        kept = [
            (place, label)
            for place, label in zip(places, labels, strict=True)
            if place == round(place)
        ]
        places, labels = [place for place, _ in kept], [str(round(place)) for place, _ in kept]
    shown = [
        (place, label) for place, label in zip(places, labels, strict=True)
        if low - 1e-9 <= place <= high + 1e-9
    ]  # fmt: skip
    axis.set_ticks([place for place, _ in shown], [label for _, label in shown])
    if log and high - low <= len(MINOR):
        powers = range(math.floor(low), math.ceil(high) + 1)
        minor = (power + part for power in powers for part in MINOR)
        axis.set_ticks([place for place in minor if low < place < high], minor=True)
