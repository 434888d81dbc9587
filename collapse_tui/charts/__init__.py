"""Charts: descriptions of charts, drawn as a matrix of characters, shown or printed."""

from collapse_tui.charts.canvas import Area, Canvas, adapt_to_palette
from collapse_tui.charts.draw import draw
from collapse_tui.charts.palette import PALETTES, Colour, Palette
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
from collapse_tui.charts.svg import to_svg
from collapse_tui.charts.terminal_text import to_ansi_text, to_plain_text

__all__ = [
    "PALETTES",
    "Area",
    "Band",
    "BarsChart",
    "Canvas",
    "Chart",
    "Colour",
    "Dots",
    "HistogramChart",
    "Line",
    "LineChart",
    "Marker",
    "Palette",
    "ScatterChart",
    "adapt_to_palette",
    "draw",
    "to_ansi_text",
    "to_plain_text",
    "to_svg",
]
