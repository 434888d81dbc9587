"""The figure of one generation: its data and its model beside the real data."""

from typing import Any

import numpy as np

from collapse_tui.charts.palette import Colour
from collapse_tui.charts.spec import LineChart
from collapse_tui.presentation.draw_view import view_notes
from collapse_tui.presentation.figures.chart_axes import draw_chart, set_one_scale
from collapse_tui.presentation.figures.figure_page import LETTER, FigurePage
from collapse_tui.presentation.figures.figure_style import Axes, PlotStyle, dash_of, ink
from collapse_tui.presentation.figures.run_words import RunWords
from collapse_tui.presentation.view_content import ViewContent, split_view, view_words
from collapse_tui.presentation.view_history import ViewHistory
from engines.arrays import FloatArray

BINS = 400
"""Bins and states up to which a figure draws each."""
ACROSS, DOWN = 8, 4
"""Pictures of a gallery."""
SIGN = 6
"""Letters that a sign of the legend and its distances take."""
GALLERY = 0.5
"""Share of the body that the galleries take where there are charts too."""


def draw_view_figure(
    history: ViewHistory, replicates: int, words: RunWords, style: PlotStyle, width: float
) -> FigurePage:
    """Return the figure of one generation.

    Parameters
    ----------
    history : ViewHistory
    replicates : int
        Of the run; the view is of the first one.
    words : RunWords
    style : PlotStyle
    width : float
        Millimetres.
    """
    content = split_view(history, BINS)
    notes = [words.head, *view_notes(history.view)]
    notes += [f"{prompt.strip()} → {answer.strip()}" for prompt, answer in content.passages]
    title = view_words(history.generation, replicates)
    height = style.height_of(width) * (1.6 if content.pictures and content.charts else 1.0)
    if any(chart.square for chart in content.charts):
        height = 0.9 * width
    page = FigurePage(style, width, title, notes, height)
    split = 1 - GALLERY if content.charts and content.pictures else 0.0
    _draw_galleries(page, content, split)
    _draw_charts(page, content, split or 1.0)
    return page


def _draw_charts(page: FigurePage, content: ViewContent, top: float) -> None:
    count = len(content.charts)
    for index, (chart, x, y, square) in enumerate(content.charts):
        axes = page.add_axes()
        draw_chart(axes, chart, page.style)
        page.label_axes(axes, chart.x_name or x, "")
        axes.set_ylabel(y, fontsize=page.style.text, parse_math=False)
        draw_legend(axes, chart, page.style, page.width / count)
        left, right = index / count, (index + 1) / count - (0.03 if index < count - 1 else 0.0)
        page.place_axes(axes, cell=(left, 0.0, right, top - (0.04 if top < 1 else 0.0)))
        if square:
            set_one_scale(axes)


def draw_legend(axes: Axes, chart: LineChart, style: PlotStyle, width: float) -> None:
    """Name what is drawn above the axes: in one row, if it is not wider than so many points."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    handles: list[Any] = [
        Patch(facecolor=ink(band.colour), edgecolor="none", label=band.label)
        for band in chart.bands
        if band.label
    ]
    for line in chart.lines:
        if line.label:
            dash = dash_of(line.colour, line.dash)
            handles.append(
                Line2D([], [], color=ink(line.colour), linestyle=(0, dash) if dash else "-",
                       linewidth=style.line, label=line.label)
            )  # fmt: skip
    for dots in chart.dots:
        if dots.label:
            sign = "x" if dots.sign == "×" else "o"
            handles.append(
                Line2D([], [], color=ink(dots.colour), linestyle="none", marker=sign,
                       markersize=0.5 * style.text, label=dots.label)
            )  # fmt: skip
    if handles:
        words = [handle.get_label() for handle in handles]
        letters = sum(map(len, words)) + SIGN * len(words)
        across = len(words) if LETTER * style.text * letters <= 0.8 * width else 2
        axes.legend(
            handles=handles, loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=across,
            frameon=False, fontsize=style.text, labelcolor=ink(Colour.STRONG), borderpad=0.0,
            borderaxespad=0.3, columnspacing=1.2, handlelength=1.6, handletextpad=0.5,
        )  # fmt: skip


def _draw_galleries(page: FigurePage, content: ViewContent, bottom: float) -> None:
    count = len(content.pictures)
    for index, (label, images) in enumerate(content.pictures):
        axes = page.add_axes()
        axes.imshow(_tile(images), cmap="gray", vmin=0.0, vmax=1.0, interpolation="none")
        axes.set_axis_off()
        axes.annotate(
            label, (0.0, 1.0), (0.0, 2.0), xycoords="axes fraction", textcoords="offset points",
            fontsize=page.style.text, color=ink(Colour.STRONG), verticalalignment="bottom",
        )  # fmt: skip
        gap = 0.03 if index < count - 1 else 0.0
        page.place_axes(axes, cell=(index / count, bottom, (index + 1) / count - gap, 1.0))


def _tile(images: FloatArray) -> FloatArray:
    """Return the first pictures side by side, with a light line between them."""
    count, height, width = images.shape
    across = min(ACROSS, max(1, count))
    down = max(1, min(DOWN, -(-count // across)))
    sheet = np.ones((down * (height + 1) - 1, across * (width + 1) - 1))
    for number in range(min(count, across * down)):
        row, column = divmod(number, across)
        top, left = row * (height + 1), column * (width + 1)
        sheet[top : top + height, left : left + width] = images[number]
    return sheet
