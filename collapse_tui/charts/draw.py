"""Drawing: from the description of a chart to a canvas."""

from dataclasses import replace

import numpy as np

from collapse_tui.charts.canvas import Area, Canvas, blank_canvas
from collapse_tui.charts.decimate import cut_dashes, interpolate, keep_extremes, step_outline
from collapse_tui.charts.fill import fill_between, to_row_heights
from collapse_tui.charts.labels import as_caption, draw_labels
from collapse_tui.charts.layout import Scales, axis_values, compute_scales
from collapse_tui.charts.noise import thin_noise
from collapse_tui.charts.palette import Colour
from collapse_tui.charts.plotext_adapter import Stroke, draw_strokes
from collapse_tui.charts.spec import Dots, Line, LineChart, Marker
from collapse_tui.charts.text import draw_text

TITLE_ROWS = 7
"""Rows from which on the first one is the title, where there is one."""

THICK = 4
"""Rows of dots in a cell from which on a curve may be two of them high."""

OWN_DASHES = {Colour.LIMIT: "dashed", Colour.PUBLISHED: "dash-dot", Colour.BOUND: "sparse"}
"""What is broken otherwise than its line says, so that no two laws differ by colour alone."""


def draw(chart: LineChart, width: int, height: int, marker: Marker = "braille") -> Canvas:
    """Return `chart` drawn on `width` × `height` cells.

    Parameters
    ----------
    chart : LineChart
    width, height : int
        Any. On too few cells the chart is drawn without axes.
    marker : str
        ``"braille"``, ``"block"`` or ``"ascii"``.

    Returns
    -------
    Canvas
    """
    if width <= 1 or height < 1:
        return blank_canvas(width, height)
    if chart.note:
        return draw_text([(chart.note, Colour.TEXT)], width, height)
    head = 1 if chart.title and height >= TITLE_ROWS else 0
    body = _body(chart, width, height - head, marker)
    if not head:
        return body
    canvas = blank_canvas(width, height)
    canvas.paste(body, head, 0)
    canvas.write(0, 0, chart.title, Colour.STRONG)
    area = replace(body.area, top=body.area.top + head) if body.area else None
    return replace(canvas, area=area, left_out=body.left_out)


def _body(chart: LineChart, width: int, height: int, marker: Marker) -> Canvas:
    scales = compute_scales(chart, width, height, marker)
    chart = thin_noise(chart, scales)
    plain = [dots for dots in chart.dots if not dots.sign]
    strokes = [stroke for line in (*plain, *chart.lines) for stroke in _strokes(line, scales)]
    drawn = draw_strokes(strokes, scales.ticks, width, height, marker)
    canvas = replace(drawn, area=scales.area if scales.ticks else None)
    _bands(canvas, chart, scales, smooth=marker != "ascii")
    _verticals(canvas, chart, scales.area, marker)
    _signs(canvas, chart, scales)
    if scales.ticks:
        _name_axis(canvas, chart.x_name)
    if chart.labels == "none":
        return canvas
    return replace(canvas, left_out=as_caption(draw_labels(canvas, chart, scales, marker)))


def _strokes(line: Line | Dots, scales: Scales) -> list[Stroke]:
    """Return the strokes of a curve: a second one, a dot higher, where it is thick."""
    stroke = _stroke(line, scales)
    if isinstance(line, Dots) or not line.thick or scales.down < THICK:
        return [stroke]
    # at the upper edge it is as thick downwards
    above = np.where(stroke.y + 1 < scales.rows, stroke.y + 1, stroke.y - 1)
    return [stroke, replace(stroke, y=above)]


def _stroke(line: Line | Dots, scales: Scales) -> Stroke:
    if isinstance(line, Dots):
        return Stroke(scales.x_dots(line.x), scales.y_dots(line.y), line.colour, joined=False)
    x, y = scales.x_dots(line.x), scales.y_dots(line.y)
    if line.steps:
        x, y = step_outline(x, y)
    if line.dash == "solid":
        x, y = keep_extremes(x, y, scales.columns)
        return Stroke(x, y, line.colour)
    dash = OWN_DASHES.get(line.colour, line.dash)
    x, y = cut_dashes(x, y, scales.columns, dash, scales.across)
    return Stroke(x, y, line.colour, joined=dash not in {"dotted", "sparse"})


def _bands(canvas: Canvas, chart: LineChart, scales: Scales, *, smooth: bool) -> None:
    area = scales.area
    at = area.low + (np.arange(area.width) + 0.5) / area.width * (area.high - area.low)
    # The inner band first, because a partial block needs a cell that is still free.
    for band in reversed(chart.bands):
        edges = [axis_values(edge, log=scales.log) for edge in (band.low, band.high)]
        if scales.log:
            edges[0] = np.where(np.isnan(edges[0]) & ~np.isnan(edges[1]), scales.y_low, edges[0])
        values = (interpolate(band.x, edge, at, steps=band.steps) for edge in edges)
        low, high = (
            to_row_heights(edge, area.height, scales.y_low, scales.y_high) for edge in values
        )
        before = canvas.background.copy()
        fill_between(canvas, area, low, high, band.colour, smooth=smooth)
        painted = before != Colour.NONE
        canvas.background[painted] = before[painted]


def _verticals(canvas: Canvas, chart: LineChart, area: Area, marker: Marker) -> None:
    for at, colour, sign in (
        *((mark, Colour.MARK, "┊") for mark in chart.marks),
        *(((chart.cursor, Colour.CURSOR, "│"),) if chart.cursor is not None else ()),
    ):
        column = area.left + area.column(at)
        if not area.left <= column < area.left + area.width:
            continue
        rows = slice(area.top, area.top + area.height)
        free = np.isin(canvas.chars[rows, column], (" ", "⠀", "┊"))
        char = ("|" if colour == Colour.CURSOR else ":") if marker == "ascii" else sign
        canvas.chars[rows, column][free] = char
        canvas.foreground[rows, column][free] = colour


def _signs(canvas: Canvas, chart: LineChart, scales: Scales) -> None:
    area = scales.area
    for dots in chart.dots:
        if not dots.sign:
            continue
        x, y = scales.x_dots(dots.x) / scales.across, scales.y_dots(dots.y) / scales.down
        inside = (x >= 0) & (x <= area.width) & (y >= 0) & (y <= area.height)
        # what lies on the right or upper edge is in the last cell before it
        columns = np.minimum(np.floor(x[inside]), area.width - 1).astype(np.int64)
        rows = np.maximum(area.height - 1 - np.floor(y[inside]), 0).astype(np.int64)
        for column, row in zip(columns.tolist(), rows.tolist(), strict=True):
            canvas.write(area.top + row, area.left + column, dots.sign, dots.colour)


def _name_axis(canvas: Canvas, name: str) -> None:
    """Write what x is into the line of its axis, between two ticks, as far right as it can be."""
    row = canvas.height - 2
    free = "".join("-" if char in "─-" else char for char in canvas.chars[row])
    at = free.rfind("-" * (len(name) + 2))
    if name and at >= 0:
        canvas.write(row, at, f" {name} ", Colour.TEXT)
