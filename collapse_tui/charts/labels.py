"""Labels of curves, bands and dots: where a curve ends, or near the upper right corner.

Each is placed on free cells nearest to where it belongs, with the sign of what it names before
it. One for which no room is left is returned, for the caption below the chart.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from collapse_tui.charts.canvas import Area, Canvas
from collapse_tui.charts.layout import Scales
from collapse_tui.charts.palette import FILLS, Colour
from collapse_tui.charts.plotext_adapter import ASCII_SYMBOLS
from collapse_tui.charts.spec import Band, Dots, Line, LineChart, Marker
from collapse_tui.number_format import format_fixed
from engines.arrays import BoolArray, FloatArray

ORDER = (
    Colour.MEAN, Colour.SERIES, Colour.REAL_FILL, Colour.NOW_FILL, Colour.EXTINCT, Colour.EXACT,
    Colour.LIMIT, Colour.PUBLISHED, Colour.BOUND, Colour.LAW,
)  # fmt: skip
"""Which labels are placed first, by their colour."""

SIGNS = {"solid": "━", "dashed": "╍", "dotted": "┈"}
SWATCH = "■"
"""The sign of a band among curves: it touches no cell beside it."""
END = "●"
"""The sign of a curve that may go on, at its last point."""
BLANKS = (" ", "⠀")
ROWS = {"ends": 3.0, "corner": 0.3}
"""Columns that a row counts for in the distance of a label from its place: in a corner, labels
stand one below the other."""


@dataclass(frozen=True, slots=True)
class Label:
    """A label, and the cell of the chart's area where it belongs.

    Attributes
    ----------
    text, sign : str
    colour : Colour
    column, row : int
        Of its first cell, from the upper left corner of the area.
    """

    text: str
    sign: str
    colour: Colour
    column: int
    row: int

    @property
    def width(self) -> int:
        """Cells that it takes, with its sign."""
        return len(self.sign) + 1 + len(self.text)


def draw_labels(canvas: Canvas, chart: LineChart, scales: Scales, marker: Marker) -> list[Label]:
    """Write the labels of a chart on its canvas; return those for which there is no room."""
    labels = [*_of_lines(chart, scales, marker), *_of_areas(chart, scales)]
    rank = {colour: index for index, colour in enumerate(ORDER)}
    labels.sort(key=lambda label: rank.get(label.colour, len(ORDER)))
    row = ROWS[chart.labels]
    blank, tinted = _blank_cells(canvas, scales.area), _tinted_cells(canvas, scales.area)
    left_out: list[Label] = []
    for label in labels:
        # a band is no place for the name of a band, nor an area of a view for any, as it is one
        over = chart.labels == "ends" and label.colour not in FILLS
        place = _find_place(label, blank if over else blank & ~tinted, row)
        if place is None:
            left_out.append(label)
            continue
        _write(canvas, scales.area.top + place[0], scales.area.left + place[1], label)
        # one cell on either side stays free, so that two labels are never read as one
        blank[place[0], max(0, place[1] - 1) : place[1] + label.width + 1] = False
    return left_out


def _of_lines(chart: LineChart, scales: Scales, marker: Marker) -> list[Label]:
    found: list[Label] = []
    for line in chart.lines:
        if not line.label:
            continue
        sign = SIGNS[line.dash]
        if marker == "ascii":
            sign = ASCII_SYMBOLS.get(line.colour, "*")
        elif chart.labels == "ends" and line.dash == "solid":
            sign = END
        found.append(_anchored(chart, scales, line, line.y, sign))
    return found


def _name(part: Line | Band | Dots) -> str:
    """Return the text of a label: of a line that tells it, with its last value."""
    if isinstance(part, Line) and np.isfinite(part.value):
        return f"{part.label} {format_fixed(part.value)}"
    return part.label


def _of_areas(chart: LineChart, scales: Scales) -> list[Label]:
    # at the ends of curves a square that fills its cells would be read as a part of its band
    swatch = SWATCH if chart.labels == "ends" else "  "
    found = [
        _anchored(chart, scales, band, band.high, swatch) for band in chart.bands if band.label
    ]
    for dots in chart.dots:
        # beside its own mark a second one would look like another value
        sign = "" if dots.sign and chart.labels == "ends" else dots.sign or "●"
        if dots.label:
            found.append(_anchored(chart, scales, dots, dots.y, sign))
    return found


def _anchored(
    chart: LineChart, scales: Scales, part: Line | Band | Dots, y: FloatArray, sign: str
) -> Label:
    """Return the label of a part of a chart at the cell right of its last visible point."""
    area, name = scales.area, _name(part)
    width = len(name) + len(sign) + 1
    if chart.labels == "corner":
        return Label(name, sign, part.colour, area.width - width, 0)
    size = min(part.x.size, y.size)
    columns = np.floor(scales.x_dots(part.x[:size]) / scales.across)
    heights = scales.y_dots(y[:size]) / scales.down
    shown = np.isfinite(heights) & (columns >= 0) & (columns <= area.width)
    inside = np.flatnonzero(shown & (heights >= 0) & (heights <= area.height))
    if not inside.size:
        return Label(name, sign, part.colour, area.width - width, 0)
    last = int(inside[-1])
    row = area.height - 1 - int(min(heights[last], area.height - 1))
    column = min(int(columns[last]) + 1, area.width - width)
    return Label(name, sign, part.colour, column, row)


def _blank_cells(canvas: Canvas, area: Area) -> BoolArray:
    return np.isin(canvas.chars[_cells(area)], BLANKS)


def _tinted_cells(canvas: Canvas, area: Area) -> BoolArray:
    return canvas.background[_cells(area)] != Colour.NONE


def _cells(area: Area) -> tuple[slice, slice]:
    return slice(area.top, area.top + area.height), slice(area.left, area.left + area.width)


def _find_place(label: Label, free: BoolArray, row_weight: float) -> tuple[int, int] | None:
    """Return row and column of the free cells nearest to those of a label; None for none."""
    width, places = label.width, free.shape[1] - label.width + 1
    if places < 1:
        return None
    counts = np.cumsum(np.pad(free, ((0, 0), (1, 0))), axis=1)
    fits = counts[:, width:] - counts[:, :-width] == width
    if not fits.any():
        return None
    rows, columns = np.indices(fits.shape)
    distance = row_weight * np.abs(rows - label.row) + np.abs(columns - label.column)
    row, column = divmod(int(np.where(fits, distance, np.inf).argmin()), places)
    return row, column


def _write(canvas: Canvas, row: int, column: int, label: Label) -> None:
    if label.colour in FILLS and label.sign != SWATCH:
        canvas.background[row, column : column + len(label.sign)] = label.colour
    canvas.write(row, column, label.sign, label.colour)
    canvas.write(row, column + len(label.sign), f" {label.text}", _ink(label))


def _ink(label: Label) -> Colour:
    """Return the colour of a label's letters: that of a tint could not be read."""
    return Colour.TEXT if label.colour in FILLS else label.colour


def as_caption(labels: Sequence[Label]) -> tuple[tuple[str, Colour], ...]:
    """Return labels that have no place in a chart as text for its caption."""
    return tuple((f"{label.sign.strip()} {label.text}".strip(), _ink(label)) for label in labels)
