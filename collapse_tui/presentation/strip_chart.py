"""The strip of a run as a chart: generations across, its axis up, two pixels a cell."""

from dataclasses import replace
from itertools import pairwise
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray

from collapse_tui.charts.canvas import Area, Canvas, blank_canvas
from collapse_tui.charts.half_blocks import GAP, half_blocks
from collapse_tui.charts.layout import label_axis, whole_ticks
from collapse_tui.charts.palette import LEVELS, SIGNED, Colour
from collapse_tui.charts.spec import Marker
from collapse_tui.charts.text import draw_text
from collapse_tui.presentation.scene import Scene
from collapse_tui.presentation.snapshot import Snapshot
from collapse_tui.presentation.strip import Cells, RunStrip
from collapse_tui.presentation.strip_kinds import STRIP_KINDS
from engines.arrays import FloatArray, IntArray
from engines.views.strip import overlaps

NARROWEST = 12
"""Columns from which on the axis is labelled."""
ROWS_WITH_GENERATIONS = 7
"""Rows from which on the last one labels the generations."""
TICK = 12
"""Columns for the label of a generation."""
CURSOR = "┃"
NOT_YET = "generation 1 is the first that this can be said of"
OLD_VIEWS = "no strip: this run was recorded by a version of the program that had none"


def draw_strip(
    scene: Scene, width: int, height: int, marker: Marker, above: Area | None = None
) -> Canvas:
    """Return the strip of a run on `width` × `height` cells, with a line at the generation shown.

    Parameters
    ----------
    scene : Scene
    width, height : int
    marker : str
    above : Area or None
        Of a chart above it that has its data in the same columns; None if there is none.
    """
    snapshot = scene.snapshot
    if snapshot.strip is None:
        return draw_text([(_why_none(snapshot), Colour.TEXT)], width, height)
    canvas = blank_canvas(width, height)
    if width < 1 or height < 1:
        return canvas
    rows = _rows(height)
    places, labels = _value_ticks(snapshot.strip, width, rows, marker)
    left = min(max(map(len, labels), default=-1) + 1, width - 1)
    wide = width - left
    if above is not None and left <= above.left < above.left + above.width <= width:
        left, wide = above.left, above.width
    area = Area(left, 0, wide, rows, *scene.x_limits)
    canvas.paste(_pixels(snapshot.strip, snapshot.generation, area), 0, left)
    _write_values(canvas, snapshot.strip, area, places, labels)
    if rows < height:
        _write_generations(canvas, area, marker)
    if area.low <= scene.generation <= area.high:
        column = left + area.column(scene.generation)
        _draw_cursor(canvas, column, rows, whole=scene.shown is not None)
    return replace(canvas, area=area)


def _draw_cursor(canvas: Canvas, column: int, rows: int, *, whole: bool) -> None:
    """Draw a line through the generation shown.

    A cell has two colours: where its two pixels differ, the line hides one of them. That of the
    newest generation, at the end of the data, would look like a jump: there the line is broken,
    unless `whole`.
    """
    chars, colours = canvas.chars[:rows, column], canvas.foreground[:rows, column]
    free = (chars == " ") | whole
    # at its ends the line is always seen
    free[[0, -1]] |= not free.any()
    chars[free], colours[free] = CURSOR, Colour.CURSOR


def gutter_of_strip(scene: Scene, width: int, height: int, marker: Marker) -> int:
    """Return how many columns the axis of the strip takes, for the charts above it."""
    strip = scene.snapshot.strip
    labels = _value_ticks(strip, width, _rows(height), marker)[1] if strip is not None else []
    return max(map(len, labels), default=-1) + 1


def _rows(height: int) -> int:
    return height - 1 if height >= ROWS_WITH_GENERATIONS else height


def strip_title(scene: Scene) -> str:
    """Return what the strip is, and of which run where there are several."""
    strip = scene.snapshot.strip
    title = STRIP_KINDS[strip.strip.name].title if strip is not None else "by generation"
    return f"{title} · run 1 of {scene.replicates:,}" if scene.replicates > 1 else title


def strip_caption(scene: Scene) -> str:
    """Return the one fact of the generation shown that the strip is about; empty for none."""
    strip, view = scene.snapshot.strip, scene.snapshot.view(scene.generation)
    if strip is None or strip.real is None or view is None or view.strip != strip.strip.name:
        return ""
    now, real = (row.astype(np.float64) for row in (view.arrays["strip"], strip.real))
    if now.shape != real.shape or not np.isfinite([now, real]).all():
        return ""
    return STRIP_KINDS[view.strip].caption(view, now, real)


def _why_none(snapshot: Snapshot) -> str:
    if snapshot.generation < 0:
        return "waiting for the first record"
    if any(view is not None and not view.strip for view in snapshot.views[-1:]):
        return OLD_VIEWS
    return NOT_YET


def _value_ticks(
    strip: RunStrip, width: int, rows: int, marker: Marker
) -> tuple[list[float], list[str]]:
    """Return the ticks of the vertical axis and their labels, none where it is narrow."""
    if width < NARROWEST:
        return [], []
    low, high = strip.axis
    whole = STRIP_KINDS[strip.strip.name].whole and not strip.strip.log
    if whole and high - low <= rows:
        every = range(ceil(low), floor(high) + 1)
        return [float(at) for at in every], [str(at) for at in every]
    places, labels = label_axis(low, high, max(3, rows // 3), marker, log=strip.strip.log)
    if whole:
        kept = whole_ticks(places, labels)
        places, labels = kept if kept[0] else (places, labels)
    return places, labels


def _pixels(strip: RunStrip, last: int, area: Area) -> Canvas:
    """Return the generations that are recorded; blank cells for those to come."""
    values = _fill_gaps(strip.values)
    if strip.real is not None and not np.isfinite(values[0]).all():
        values[0] = strip.real  # generation 0 itself could not say so yet
    chosen = _columns(strip, max(last, 0), area, len(values))
    if not chosen:
        return blank_canvas(area.width, area.height)
    by_column = np.stack([values[part].mean(axis=0) for part in chosen])
    if strip.real is not None and area.low == 0:
        by_column[0] = strip.real
    real = (values[0] if strip.real is None else strip.real).astype(np.float64)
    to_pixels, cells = _rows_of(real.size, 2 * area.height)
    kind = STRIP_KINDS[strip.strip.name]
    numbers = by_column.T.astype(np.float64)
    if strip.strip.shares:
        bright = kind.brightness(to_pixels @ numbers, to_pixels @ real, cells)
    else:
        # of the states in a pixel, the more have died the darker it is
        bright = to_pixels @ kind.brightness(numbers, real, 1)
    levels = np.full((2 * area.height, area.width), GAP, np.int64)
    # pixels count from above, cells from the low end
    levels[:, : len(chosen)] = _levels(bright, signed=strip.strip.signed)[::-1]
    return half_blocks(levels, SIGNED if strip.strip.signed else LEVELS, blank_pairs=True)


def _fill_gaps(values: Cells) -> Cells:
    """Return columns without a generation as the column before them: some records may be left out.

    Those before the first one stay NaN.
    """
    known = np.isfinite(values).all(axis=1)
    before = np.maximum.accumulate(np.where(known, np.arange(len(values)), -1))
    return np.where((before >= 0)[:, None], values[before], np.float32(np.nan))


def _columns(strip: RunStrip, last: int, area: Area, count: int) -> list[slice]:
    """Return which columns of the strip each column of cells shows, up to the last generation."""
    step = (area.high - area.low) / max(1, area.width - 1)
    bounds = area.low + (np.arange(area.width + 1) - 0.5) * step
    chosen: list[slice] = []
    for at, (low, high) in enumerate(pairwise(bounds.tolist())):
        first, final = max(0, ceil(low)), ceil(high) - 1
        if final < first:
            # less than a generation: the one that a click here shows
            first = final = round(area.low + at * step)
        if first > last:
            break
        final = min(final, last)
        start = min(first // strip.width, count - 1)
        chosen.append(slice(start, min(final // strip.width, count - 1) + 1))
    return chosen


def _rows_of(cells: int, pixels: int) -> tuple[FloatArray, int]:
    """Return the matrix from cells to pixels, upwards, and how many cells a pixel holds at most."""
    if cells > pixels:
        return overlaps(cells, pixels) * (pixels / cells), -(-cells // pixels)
    nearest: IntArray = ((np.arange(pixels) + 0.5) * cells / pixels).astype(np.int64)
    return np.eye(cells)[nearest], 1


def _levels(bright: FloatArray, *, signed: bool) -> NDArray[np.int64]:
    """Return brightness as places on its scale of colours, `GAP` for NaN."""
    most = (len(SIGNED) - 1) // 2 if signed else len(LEVELS) - 1
    places = np.rint(np.nan_to_num(np.clip(bright, -1.0, 1.0)) * most).astype(np.int64)
    return np.where(np.isfinite(bright), places + (most if signed else 0), GAP)


def _write_values(
    canvas: Canvas, strip: RunStrip, area: Area, places: list[float], labels: list[str]
) -> None:
    if not labels:
        return
    low, high = strip.axis
    line = area.left - 1
    canvas.chars[: area.height, line] = "│"
    canvas.foreground[: area.height, line] = Colour.AXIS
    for at, label in zip(places, labels, strict=True):
        row = min(area.height - 1, int((high - at) / (high - low) * area.height))
        canvas.write(row, line - len(label), label, Colour.TEXT)
        canvas.write(row, line, "┤", Colour.AXIS)


def _write_generations(canvas: Canvas, area: Area, marker: Marker) -> None:
    places, labels = label_axis(area.low, area.high, max(1, area.width // TICK), marker, log=False)
    free = 0
    for at, label in zip(*whole_ticks(places, labels), strict=True):
        start = area.left + area.column(at) - (len(label) - 1) // 2
        start = min(max(start, 0), canvas.width - len(label))
        if start >= free:
            canvas.write(area.top + area.height, start, label, Colour.TEXT)
            free = start + len(label) + 1
