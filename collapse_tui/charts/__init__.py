"""Charts: descriptions of charts, drawn as a matrix of characters, shown or printed."""

from collapse_tui.charts.canvas import Area, Canvas, adapt_to_palette
from collapse_tui.charts.draw import draw
from collapse_tui.charts.palette import PALETTES, Colour, Palette
from collapse_tui.charts.spec import Band, Dots, Line, LineChart, Marker
from collapse_tui.charts.svg import to_svg
from collapse_tui.charts.terminal_text import to_ansi_text, to_plain_text
from collapse_tui.charts.to_lines import bars_lines, histogram_lines, scatter_lines

__all__ = [
    "PALETTES",
    "Area",
    "Band",
    "Canvas",
    "Colour",
    "Dots",
    "Line",
    "LineChart",
    "Marker",
    "Palette",
    "adapt_to_palette",
    "bars_lines",
    "draw",
    "histogram_lines",
    "scatter_lines",
    "to_ansi_text",
    "to_plain_text",
    "to_svg",
]
