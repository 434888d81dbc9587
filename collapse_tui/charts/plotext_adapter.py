"""The one file that uses plotext.

plotext has one figure for the whole process, so that a lock is held from clearing the figure
until it is read back. Curves are given in dots of the canvas, already scaled, decimated and
clipped: plotext turns them into braille or blocks and draws the axes with their ticks.
"""

import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from collapse_tui.charts.canvas import Canvas, blank_canvas
from collapse_tui.charts.palette import RUN_LETTERS, RUNS, Colour
from collapse_tui.charts.spec import Marker
from engines.arrays import FloatArray

LOCK = threading.Lock()
CODE = re.compile(r"\x1b\[([0-9;]*)m")
DOTS: dict[Marker, tuple[int, int]] = {"braille": (2, 4), "block": (2, 2), "ascii": (1, 1)}
"""Columns and rows of dots in one cell."""
SYMBOLS: dict[Marker, str] = {"braille": "braille", "block": "hd", "ascii": "*"}
ASCII_SYMBOLS = {
    Colour.SERIES: "*",
    Colour.EXACT: "o",
    Colour.LIMIT: "+",
    Colour.PUBLISHED: "x",
    Colour.BOUND: "~",
    Colour.PARENT: ",",
    Colour.MEAN: "=",
    Colour.REAL: ".",
    Colour.LAW: "*",
    **dict(zip(RUNS, RUN_LETTERS, strict=True)),
}


@dataclass(frozen=True, slots=True, eq=False)
class Stroke:
    """A curve in dots, from the lower left corner of the data area.

    Attributes
    ----------
    x, y : ndarray, shape (n,)
        NaN leaves a gap.
    colour : Colour
    joined : bool
        Connect neighbouring points.
    """

    x: FloatArray
    y: FloatArray
    colour: Colour
    joined: bool = True


@dataclass(frozen=True, slots=True)
class Ticks:
    """Ticks of the two axes, positions in dots.

    Attributes
    ----------
    x, y : list of float
    x_labels, y_labels : list of str
    """

    x: Sequence[float]
    x_labels: Sequence[str]
    y: Sequence[float]
    y_labels: Sequence[str]


def draw_strokes(
    strokes: Sequence[Stroke], ticks: Ticks | None, width: int, height: int, marker: Marker
) -> Canvas:
    """Return the strokes as a canvas of `width` × `height` cells, axes included.

    Parameters
    ----------
    strokes : sequence of Stroke
    ticks : Ticks or None
        None: no axes, the data takes the whole canvas.
    width, height : int
        At least 1.
    marker : str

    Returns
    -------
    Canvas
    """
    # plotext takes 80 ms to import, which must not delay the first paint.
    import plotext

    with LOCK:
        figure = _clear_figure(plotext, width, height)
        gutter = max((len(label) for label in ticks.y_labels), default=0) + 1 if ticks else 0
        foot = 2 if ticks else 0
        across, down = DOTS[marker]
        _axes(plotext, figure, ticks)
        figure.ruler("x", "lower").lim(0, across * (width - gutter))
        figure.ruler("y", "left").lim(0, down * (height - foot))
        for stroke in strokes:
            _stroke(plotext, figure, stroke, marker)
        text: str = figure.build().string()
    return _parse_output(text, width, height)


def _clear_figure(plotext: Any, width: int, height: int) -> Any:
    figure = plotext.figure
    plotext.terminal.limit(width=False, height=False)
    figure.clear.data()
    figure.clear.settings()
    figure.canvas("default")
    figure.plot_size(width, height)
    return figure


def _axes(plotext: Any, figure: Any, ticks: Ticks | None) -> None:
    axis = plotext.pixel(foreground=int(Colour.AXIS))
    for name, sides in (("x", ("lower", "upper")), ("y", ("left", "right"))):
        for side in sides:
            shown = ticks is not None and side in {"lower", "left"}
            figure.axes(shown, pixel=axis, axis=name, side=side)
            ruler = figure.ruler(name, side)
            ruler.alignment(lim="edge")
            ruler.pixel(plotext.pixel(foreground=int(Colour.TEXT)))
            if not shown:
                ruler.frequency(0)
    if ticks is not None:
        figure.ruler("x", "lower").ticks(list(ticks.x), list(ticks.x_labels))
        figure.ruler("y", "left").ticks(list(ticks.y), list(ticks.y_labels))


def _stroke(plotext: Any, figure: Any, stroke: Stroke, marker: Marker) -> None:
    shown = np.isfinite(stroke.y) & np.isfinite(stroke.x)
    if not shown.any():
        return
    symbol = ASCII_SYMBOLS.get(stroke.colour, "*") if marker == "ascii" else SYMBOLS[marker]
    sign = plotext.marker(symbol, plotext.pixel(foreground=int(stroke.colour)))
    signal = figure.signal(stroke.x[shown].tolist(), stroke.y[shown].tolist(), marker=sign)
    if stroke.joined:
        signal.lines(active=True)
        breaks = np.flatnonzero(~shown)
        after = np.searchsorted(np.flatnonzero(shown), breaks)
        for index in np.unique(after).tolist():
            signal.line(int(index), active=False)
    figure.draw(signal)


def _parse_output(text: str, width: int, height: int) -> Canvas:
    """Return plotext's output as a canvas: its foreground numbers are our colours."""
    canvas = blank_canvas(width, height)
    for row, line in enumerate(text.split("\n")[:height]):
        column, colour = 0, Colour.NONE
        parts = CODE.split(line)
        for index, part in enumerate(parts):
            if index % 2:
                colour = _colour(part, colour)
            elif part:
                kept = part[: max(0, width - column)]
                canvas.chars[row, column : column + len(kept)] = list(kept)
                canvas.foreground[row, column : column + len(kept)] = colour
                column += len(kept)
    return canvas


def _colour(code: str, before: Colour) -> Colour:
    if code.startswith("38;5;"):
        return Colour(int(code[5:]))
    return Colour.NONE if code in {"", "0"} else before
