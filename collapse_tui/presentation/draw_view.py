"""The table of view kinds: how each is drawn, named below its drawing, and explained."""

from collections.abc import Mapping

from collapse_tui.charts import Canvas, Colour, Marker
from collapse_tui.charts.canvas import blank_canvas
from collapse_tui.charts.text import Span
from collapse_tui.presentation.view_history import ViewHistory
from collapse_tui.presentation.views.charts import HISTOGRAM, SCATTER, STATES, TOKENS
from collapse_tui.presentation.views.images import IMAGES
from collapse_tui.presentation.views.kind import PAGE_HEIGHT, ViewKind
from collapse_tui.presentation.views.text import TEXT
from engines.views.view import View

VIEW_KINDS: Mapping[str, ViewKind] = {
    "histogram": HISTOGRAM,
    "states": STATES,
    "scatter": SCATTER,
    "tokens": TOKENS,
    "images": IMAGES,
    "text": TEXT,
}
"""By `View.kind`. A view of any other kind is drawn blank."""


def draw_view(history: ViewHistory | None, width: int, height: int, marker: Marker) -> Canvas:
    """Return a view drawn on `width` × `height` cells, blank where there is none.

    Parameters
    ----------
    history : ViewHistory or None
    width, height : int
    marker : str

    Returns
    -------
    Canvas
    """
    kind = VIEW_KINDS.get(history.view.kind) if history else None
    if history is None or kind is None or width <= 1 or height < 1:
        return blank_canvas(width, height)
    return kind.draw(history, width, height, marker)


def page_height(view: View) -> int:
    """Return how many rows the drawing of a view takes on a page."""
    kind = VIEW_KINDS.get(view.kind)
    return kind.page_height if kind else PAGE_HEIGHT


def view_notes(view: View) -> list[str]:
    """Return the notes of a view that are not part of its drawing."""
    kind = VIEW_KINDS.get(view.kind)
    drawn = kind.drawn_notes if kind else ()
    return [note for name, note in view.notes.items() if name.split()[0] not in drawn]


def view_caption(view: View | None, generation: int) -> list[Span]:
    """Return the line below a view: its generation, what is still alive, what is not drawn."""
    if view is None:
        return []
    name = "the original" if generation <= 0 else f"gen {generation}"
    kind = VIEW_KINDS.get(view.kind)
    special = kind.caption(view) if kind else []
    notes = ((f" · {note}", Colour.TEXT) for note in view_notes(view))
    return [(name, Colour.STRONG), *special, *notes]


def explain_view(view: View | None, canvas: Canvas) -> str:
    """Return what a view shows as far as it is drawn, as part of a sentence."""
    kind = VIEW_KINDS.get(view.kind) if view else None
    return kind.explain(canvas) if kind else "the generation itself"
