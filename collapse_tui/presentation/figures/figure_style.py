"""What figures look like: their width, sizes of text and lines, and a dash for each meaning.

The colours are those of the light palette. As a journal may print in grey, each meaning has a
dash of its own too, and none needs its colour to be told from the others.
"""

import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from collapse_tui.charts.palette import LIGHT, Colour
from collapse_tui.charts.spec import Dash
from collapse_tui.storage.errors import ExportError

Axes = Any
"""The axes of matplotlib, whose own annotations are incomplete."""
POINTS_PER_MM = 72 / 25.4
WIDTHS = {"column": 84.0, "page": 174.0}
"""Widths in millimetres that have a name: of a column, and of a page, of most journals."""
NARROWEST, WIDEST = 40.0, 1000.0
"""Millimetres between which text and curves have room."""
_WIDTH = re.compile(r"(\d+(?:\.\d+)?)\s*(mm|cm|in|)")
_UNITS = {"": 1.0, "mm": 1.0, "cm": 10.0, "in": 25.4}


@dataclass(frozen=True, slots=True)
class PlotStyle:
    """Sizes of a figure.

    Attributes
    ----------
    name : str
    text, small : float
        Points of labels, and of the lines below the figure.
    line, thin : float
        Points of a curve, and of axes and grid.
    width : float
        Millimetres where none is asked for.
    height : (float, float)
        Of a width: millimetres, and so many for each of its millimetres.
    dpi : int
        Pixels an inch of a PNG.
    """

    name: str
    text: float
    small: float
    line: float
    thin: float
    width: float
    height: tuple[float, float]
    dpi: int

    def height_of(self, width: float) -> float:
        """Return the millimetres of axes and their labels that suit a width."""
        base, share = self.height
        return base + share * width


STYLES = {
    "paper": PlotStyle("paper", 7.0, 5.0, 1.1, 0.5, WIDTHS["column"], (22.0, 0.34), 600),
    "slides": PlotStyle("slides", 16.0, 10.0, 2.6, 1.0, 254.0, (0.0, 0.5), 150),
}

DASHES: MappingProxyType[Dash, tuple[float, ...]] = MappingProxyType(
    {"solid": (), "dashed": (4.0, 1.6), "dotted": (1.0, 1.4)}
)
"""On and off, in widths of the line, where the meaning has no dash of its own."""
OWN_DASHES: MappingProxyType[Colour, tuple[float, ...]] = MappingProxyType(
    {
        Colour.EXACT: (1.0, 1.4),
        Colour.LIMIT: (1.0, 3.4),
        Colour.PUBLISHED: (6.0, 1.6, 1.0, 1.6),
        Colour.BOUND: (6.0, 1.6, 1.0, 1.6, 1.0, 1.6),
        Colour.MEAN: (6.0, 1.6),
    }
)
"""Laws are dotted or broken, what was simulated is solid; the mean beside a median is dashed."""


def ink(colour: Colour) -> str:
    """Return how a colour looks on paper, as ``#rrggbb``."""
    return LIGHT.colours.get(colour, "#111827")


def dash_of(colour: Colour, dash: Dash) -> tuple[float, ...]:
    """Return on and off of a line, in widths of it; empty for a solid one."""
    return OWN_DASHES.get(colour, DASHES[dash])


def parse_width(text: str | None, style: PlotStyle) -> float:
    """Return a width in millimetres.

    Parameters
    ----------
    text : str or None
        ``column``, ``page``, or a number with mm, cm or in; None for what suits the style.
    style : PlotStyle

    Raises
    ------
    ExportError
        With what would be right.
    """
    if text is None:
        return style.width
    if text in WIDTHS:
        return WIDTHS[text]
    found = _WIDTH.fullmatch(text.strip())
    width = float(found[1]) * _UNITS[found[2]] if found else 0.0
    if not NARROWEST <= width <= WIDEST:
        raise ExportError(
            f"width must be column, page, or from {NARROWEST:g}mm to {WIDEST:g}mm, as in 120mm or"
            f" 5in, got {text!r}"
        )
    return width
