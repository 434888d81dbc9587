"""The figure of a whole run: generations across, the data of each as a column of shades."""

from typing import Any

from collapse_tui.charts.palette import LEVELS, SIGNED, Colour
from collapse_tui.presentation.figures.chart_axes import X_TICKS, Y_TICKS, draw_frame, set_ticks
from collapse_tui.presentation.figures.figure_page import FigurePage
from collapse_tui.presentation.figures.figure_style import PlotStyle, ink
from collapse_tui.presentation.figures.run_words import RunWords
from collapse_tui.presentation.strip import RunStrip
from collapse_tui.presentation.strip_kinds import STRIP_KINDS
from collapse_tui.presentation.strip_shades import explain_shades, shade_strip

REAL = (-0.07, -0.02)
"""Ends of the column of the real data, left of generation 0, in lengths of the run."""


def draw_strip_figure(
    strip: RunStrip, replicates: int, words: RunWords, style: PlotStyle, width: float
) -> FigurePage:
    """Return the figure of the strip of a run.

    Parameters
    ----------
    strip : RunStrip
    replicates : int
        Of the run; the strip is of the first one.
    words : RunWords
    style : PlotStyle
    width : float
        Millimetres.
    """
    from matplotlib.colors import ListedColormap

    title = STRIP_KINDS[strip.strip.name].title
    if replicates > 1:
        title += f", run 1 of {replicates:,}"
    page = FigurePage(style, width, title, [words.head, explain_shades(strip.strip)])
    axes = page.add_axes()
    shades = shade_strip(strip)
    scale = SIGNED if strip.strip.signed else LEVELS
    looks: dict[str, Any] = {
        "cmap": ListedColormap([ink(colour) for colour in scale]), "origin": "lower",
        "aspect": "auto", "interpolation": "none", "vmin": 0.0, "vmax": 1.0,
    }  # fmt: skip
    (low, high), end = strip.axis, len(shades.columns) * strip.width - 0.5
    axes.imshow(shades.columns.T, extent=(-0.5, end, low, high), **looks)
    left = -0.5
    if shades.real is not None:
        start, stop = (side * (end + 0.5) - 0.5 for side in REAL)
        axes.imshow(shades.real[:, None], extent=(start, stop, low, high), **looks)
        axes.annotate(
            "real", ((start + stop) / 2, 1.0), (0.0, 2.0), xycoords=("data", "axes fraction"),
            textcoords="offset points", ha="center", fontsize=style.small, color=ink(Colour.TEXT),
        )  # fmt: skip
        left = start
    axes.set_xlim(left, end)
    axes.set_ylim(low, high)
    draw_frame(axes, style)
    axes.grid(visible=False)
    whole = STRIP_KINDS[strip.strip.name].whole
    set_ticks(axes.xaxis, 0.0, end, X_TICKS, log=False, whole=True)
    set_ticks(axes.yaxis, low, high, Y_TICKS, log=strip.strip.log, whole=whole)
    page.label_axes(axes, "generation", "")
    axes.set_ylabel(strip.strip.axis, fontsize=style.text, parse_math=False)
    page.place_axes(axes)
    return page
