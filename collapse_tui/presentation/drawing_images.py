"""The view of images: pictures, the density of their latents, the shares of their classes."""

from dataclasses import replace

import numpy as np

from collapse_tui.charts import BarsChart, Canvas, HistogramChart, Ink, Marker, draw
from collapse_tui.charts.canvas import blank
from collapse_tui.charts.gallery import gallery
from collapse_tui.charts.ridge import Ridge, ridges
from collapse_tui.charts.text import prose
from collapse_tui.presentation.view_history import Sight, hills

LOW = 15
"""Rows below which the pictures take all that they can use."""
PICTURES = 0.55
"""Their share of more rows than that."""
CLASSES_FROM = 46
"""Columns from which on there is room for the classes."""
CLASSES = 0.36
DENSITY = 8
"""Rows that a density with axes needs."""


def images(sight: Sight, width: int, height: int, marker: Marker) -> Canvas:
    """Return real and generated images, and below them latents and classes as there is room."""
    canvas = blank(width, height)
    arrays = sight.view.arrays
    parts = ["pictures"]
    room = height if height < LOW else round(height * PICTURES)
    names = ("real", "the original" if sight.generation <= 0 else f"generation {sight.generation}")
    pictures = gallery(arrays["real"], arrays["now"], names, width, room, marker)
    canvas.paste(pictures, 0, 0)
    used = 1 + int(np.flatnonzero((pictures.chars != " ").any(axis=1)).max(initial=0))
    top = used if height < LOW else used + 1
    left = height - top
    if left < 1:
        return replace(canvas, parts=tuple(parts))
    has_classes = arrays["classes_real"].size > 0 and width >= CLASSES_FROM and left >= DENSITY - 2
    aside = round(width * CLASSES) if has_classes else 0
    latents = _latents(sight, width - aside - (2 if aside else 0), left, marker)
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


def _latents(sight: Sight, width: int, height: int, marker: Marker) -> Canvas:
    """Return the density of the latents, real and now, and by generation below it."""
    arrays = sight.view.arrays
    edges = arrays["latent_edges"]
    if edges.size == 0:
        note = sight.view.notes.get("latent", "no latents are known of this generation")
        return prose([(note, Ink.TEXT)], width, height)
    canvas = blank(width, height)
    if height >= 2 * DENSITY - 2:
        above = height // 2
    else:
        above = height if height >= DENSITY and not sight.past else 0
    if above:
        chart = HistogramChart(edges, arrays["latent_real"], arrays["latent_now"], title="latents")
        canvas.paste(draw(chart, width, above, marker), 0, 0)
    below = height - above
    ridge = [
        Ridge("real", arrays["latent_real"][1:-1], Ink.REAL),
        *sight.by_generation("latent_edges", "latent_now", hills(below) - 1),
    ]
    limits = (float(edges[0]), float(edges[-1]))
    if height == 1:
        ridge = ridge[-1:]
    canvas.paste(ridges(ridge, limits, width, below, marker), above, 0)
    one_by_one = ("generations",) if below > 1 and sight.past else ()
    return replace(canvas, parts=("latents", *one_by_one))
