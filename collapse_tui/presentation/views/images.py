"""The kind of view `images`: pictures, the density of their latents, the shares of classes."""

from dataclasses import replace

import numpy as np

from collapse_tui.charts.canvas import Canvas, blank_canvas
from collapse_tui.charts.draw import draw
from collapse_tui.charts.gallery import draw_gallery
from collapse_tui.charts.palette import Colour
from collapse_tui.charts.spec import Marker
from collapse_tui.charts.text import Span, draw_text
from collapse_tui.charts.to_lines import bars_lines, histogram_lines
from collapse_tui.presentation.view_history import ViewHistory
from collapse_tui.presentation.views.densities import draw_stacked
from collapse_tui.presentation.views.kind import ViewKind, alive_caption, list_parts
from engines.views.view import View

LOW = 15
"""Rows below which the pictures may take all."""
PICTURES = 0.55
"""Share of the rows for the pictures where there are more."""
CLASSES_FROM = 46
"""Columns from which on the classes are drawn."""
CLASSES = 0.36
"""Share of the columns for the classes."""
DENSITY = 8
"""Rows that a density with axes needs."""


def draw_images(history: ViewHistory, width: int, height: int, marker: Marker) -> Canvas:
    """Return real and generated images, with latents and classes below them if they fit."""
    canvas = blank_canvas(width, height)
    arrays = history.view.arrays
    parts = ["pictures"]
    room = height if height < LOW else round(height * PICTURES)
    now = "the original" if history.generation <= 0 else f"generation {history.generation}"
    pictures = draw_gallery(arrays["real"], arrays["now"], ("real", now), width, room, marker)
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
        shares = arrays["classes_real"], arrays["classes_now"]
        chart = bars_lines(*shares, aside, title="classes")
        canvas.paste(draw(chart, aside, left, marker), top, width - aside)
    return replace(canvas, parts=tuple(parts))


def _latents(history: ViewHistory, width: int, height: int, marker: Marker) -> Canvas:
    """Return the density of the latents, with those of earlier generations below it if they fit."""
    arrays = history.view.arrays
    edges = arrays["latent_edges"]
    if edges.size == 0:
        note = history.view.notes.get("latent", "no latents are known of this generation")
        return draw_text([(note, Colour.TEXT)], width, height)
    if height >= 2 * DENSITY - 2:
        above = height // 2
    else:
        above = height if height >= DENSITY and not history.past else 0
    shares = arrays["latent_real"], arrays["latent_now"]
    chart = histogram_lines(edges, *shares, width, title="latents")
    below = height - above
    ridge = history.ridges_of("latent_edges", "latent_real", "latent_now", below)
    if height == 1:
        ridge = ridge[-1:]
    canvas = draw_stacked(chart, ridge, width, (above, below), marker)
    one_by_one = ("generations",) if below > 1 and history.past else ()
    return replace(canvas, parts=("latents", *one_by_one))


def explain_images(canvas: Canvas) -> str:
    """Return what is drawn of images, latents and classes."""
    by_generation = ", generation by generation," if "generations" in canvas.parts else ""
    return list_parts(canvas, {
        "pictures": "real images beside generated ones",
        "latents": f"how their latents are spread{by_generation} under the first model's encoder",
        "classes": "how many images each class has",
    })  # fmt: skip


def images_caption(view: View) -> list[Span]:
    """Return how many classes still have images, where the classes are known."""
    classes = (view.arrays[f"classes_{who}"] for who in ("now", "real"))
    alive, total = (int((shares > 0).sum()) for shares in classes)
    return alive_caption(alive, total, "classes") if view.arrays["classes_real"].size else []


IMAGES = ViewKind(draw_images, explain_images, images_caption, 26, drawn_notes=("latent",))
