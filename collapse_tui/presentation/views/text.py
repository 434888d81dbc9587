"""The kind of view `text`: perplexities of what a model writes, and passages of it."""

from dataclasses import replace

import numpy as np

from collapse_tui.charts.canvas import Canvas, blank_canvas
from collapse_tui.charts.draw import draw
from collapse_tui.charts.palette import Colour
from collapse_tui.charts.ridge import draw_ridges
from collapse_tui.charts.spec import Marker
from collapse_tui.charts.text import Span
from collapse_tui.charts.to_lines import histogram_lines
from collapse_tui.presentation.view_history import ViewHistory
from collapse_tui.presentation.views.densities import draw_stacked
from collapse_tui.presentation.views.kind import ViewKind, list_parts
from collapse_tui.presentation.views.passages import draw_passages
from engines.views.view import View

HISTOGRAM, RIDGES = 7, 6
"""Rows that histogram and ridge plot need."""
LEAST, READ = 5, 2
"""Rows with which a histogram has an axis, and those that are left for a passage at least."""
BESIDE = 90
"""Columns from which on they are side by side."""
CHARTS = 0.55
"""Share of the rows that the charts take at most."""


def draw_text_view(history: ViewHistory, width: int, height: int, marker: Marker) -> Canvas:
    """Return perplexities, with those of earlier generations if they fit, and passages."""
    canvas = blank_canvas(width, height)
    parts: tuple[str, ...] = ()
    used = 0
    if history.view.arrays["edges"].size:
        used = max(round(height * CHARTS), LEAST if height >= LEAST + READ else 0)
        used = min(used, 2 * HISTOGRAM + RIDGES)
        charts = _perplexities(history, width, used, marker)
        parts = charts.parts
        canvas.paste(charts, 0, 0)
    reading = draw_passages(history, width, height - used)
    canvas.paste(reading, used, 0)
    return replace(canvas, parts=(*parts, *reading.parts))


def _perplexities(history: ViewHistory, width: int, height: int, marker: Marker) -> Canvas:
    arrays = history.view.arrays
    edges = np.log10(arrays["edges"])
    canvas = blank_canvas(width, height)
    beside = width >= BESIDE and bool(history.past)
    stacked = not beside and height >= HISTOGRAM + RIDGES and bool(history.past)
    wide = (width * 3) // 5 if beside else width
    tall = height - max(RIDGES, height // 2 - 1) if stacked else height
    across = wide - 2 if beside else wide
    chart = histogram_lines(
        edges, arrays["real"], arrays["now"], across, log=history.log, log_x=True,
        title="perplexity under model 1",
    )  # fmt: skip
    left, below = (wide, height) if beside else (0, height - tall)
    ridges = history.ridges_of("edges", "real", "now", below) if beside or stacked else []
    if beside:
        limits = (float(edges[0]), float(edges[-1]))
        canvas.paste(draw(chart, across, tall, marker), 0, 0)
        right = draw_ridges(ridges, limits, width - left, height, marker, log=True)
        canvas.paste(right, 0, left)
    else:
        canvas.paste(draw_stacked(chart, ridges, width, (tall, below), marker), 0, 0)
    return replace(canvas, parts=("perplexities", *(("generations",) if ridges else ())))


def explain_text(canvas: Canvas) -> str:
    """Return what is drawn of perplexities and passages."""
    by_generation = (
        ", and below it generation by generation" if "generations" in canvas.parts else ""
    )
    return list_parts(canvas, {
        "perplexities": "how many blocks of text have which perplexity under the first model, grey"
        f" for the original and orange for the generation shown{by_generation}",
        "passages": "prompts in grey and how the model continues them",
        "passages by generation": "prompts in grey and how the models of several generations"
        " continue them",
    }, "; then ")  # fmt: skip


def text_caption(view: View) -> list[Span]:
    """Return what the histogram is of, where there is one."""
    found = view.arrays["edges"].size > 0
    return [(" · perplexity under model 1", Colour.TEXT)] if found else []


TEXT = ViewKind(
    draw_text_view,
    explain_text,
    text_caption,
    page_height=24,
    drawn_notes=("prompt", "continuation"),
)
