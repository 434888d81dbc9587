"""Charts: described as plain data, drawn to a matrix of characters, shown or printed."""

from collapse_tui.charts.canvas import Area, Canvas, shaded
from collapse_tui.charts.draw import draw
from collapse_tui.charts.palette import PALETTES, Ink, Palette
from collapse_tui.charts.spec import (
    Band,
    BarsChart,
    Chart,
    Dots,
    HistogramChart,
    Line,
    LineChart,
    Marker,
    ScatterChart,
)
from collapse_tui.charts.svg import svg
from collapse_tui.charts.terminal_text import coloured, plain

__all__ = [
    "PALETTES",
    "Area",
    "Band",
    "BarsChart",
    "Canvas",
    "Chart",
    "Dots",
    "HistogramChart",
    "Ink",
    "Line",
    "LineChart",
    "Marker",
    "Palette",
    "ScatterChart",
    "coloured",
    "draw",
    "plain",
    "shaded",
    "svg",
]
