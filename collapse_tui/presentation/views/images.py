"""The view of images: pictures, the density of their latents, the shares of their classes."""

from dataclasses import replace

import numpy as np

from collapse_tui.charts import BarsChart, Canvas, Colour, HistogramChart, Marker, draw
from collapse_tui.charts.canvas import blank_canvas
from collapse_tui.charts.gallery import draw_gallery
from collapse_tui.charts.ridge import Ridge, draw_ridges
from collapse_tui.charts.text import draw_text
from collapse_tui.presentation.view_history import ViewHistory, count_ridges

LOW = 15
"""Rows below which the pictures take all that they can use."""
PICTURES = 0.55
"""Their share of more rows than that."""
CLASSES_FROM = 46
"""Columns from which on there is room for the classes."""
CLASSES = 0.36
DENSITY = 8
"""Rows that a density with axes needs."""


def images(history: ViewHistory, width: int, height: int, marker: Marker) -> Canvas:
    """Return real and generated images, and below them latents and classes as there is room."""
    canvas = blank_canvas(width, height)
    arrays = history.view.arrays
    parts = ["pictures"]
    room = height if height < LOW else round(height * PICTURES)
    names = (
        "real",
        "the original" if history.generation <= 0 else f"generation {history.generation}",
    )
    pictures = draw_gallery(arrays["real"], arrays["now"], names, width, room, marker)
    canvas.paste(pictures, 0, 0)
    used = 1 + int(np.flatnonzero((pictures.chars != " ").any(axis=1)).max(initial=0))
    top = used if height < LOW else used + 1
    left = height - top
    if left < 1:
        return replace(canvas, parts=tuple(parts))
    has_classes = arrays["classes_real"].size > 0 and width >= CLASSES_FROM and left >= DENSITY - 2
    aside = round(width * CLASSES) if has_classes else 0
    latents = _latents(history, width - aside - (2 if aside else 0), left, marker)
    parts += latents.parts
    canvas.paste(latents, top, 0)
    if aside:
        parts.append("classes")
        chart = BarsChart(
            np.arange(arrays["classes_real"].size, dtype=np.float64), arrays["classes_real"],
            arrays["classes_now"], title="classes",
        )  # fmt: skip
        canvas.paste(draw(chart, aside, left, marker), top, width - aside)
    return replace(canvas, parts=tuple(parts))


def _latents(history: ViewHistory, width: int, height: int, marker: Marker) -> Canvas:
    """Return the density of the latents, real and now, and by generation below it."""
    arrays = history.view.arrays
    edges = arrays["latent_edges"]
    if edges.size == 0:
        note = history.view.notes.get("latent", "no latents are known of this generation")
        return draw_text([(note, Colour.TEXT)], width, height)
    canvas = blank_canvas(width, height)
    if height >= 2 * DENSITY - 2:
        above = height // 2
    else:
        above = height if height >= DENSITY and not history.past else 0
    if above:
        chart = HistogramChart(edges, arrays["latent_real"], arrays["latent_now"], title="latents")
        canvas.paste(draw(chart, width, above, marker), 0, 0)
    below = height - above
    ridge = [
        Ridge("real", arrays["latent_real"][1:-1], Colour.REAL),
        *history.by_generation("latent_edges", "latent_now", count_ridges(below) - 1),
    ]
    limits = (float(edges[0]), float(edges[-1]))
    if height == 1:
        ridge = ridge[-1:]
    canvas.paste(draw_ridges(ridge, limits, width, below, marker), above, 0)
    one_by_one = ("generations",) if below > 1 and history.past else ()
    return replace(canvas, parts=("latents", *one_by_one))
