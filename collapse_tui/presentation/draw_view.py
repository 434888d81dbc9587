"""The table of view kinds: how each is drawn, named below its drawing, and explained."""

from collections.abc import Mapping

from collapse_tui.charts.canvas import Canvas, blank_canvas
from collapse_tui.charts.palette import Colour
from collapse_tui.charts.spec import Marker
from collapse_tui.charts.text import Span
from collapse_tui.presentation.view_history import ViewHistory
from collapse_tui.presentation.views.charts import HISTOGRAM, STATES, TOKENS
from collapse_tui.presentation.views.images import IMAGES
from collapse_tui.presentation.views.kind import ViewKind
from collapse_tui.presentation.views.text import TEXT
from collapse_tui.presentation.views.vectors import SCATTER
from collapse_tui.presentation.views.weights import WEIGHTS
from engines.views.view import View

VIEW_KINDS: Mapping[str, ViewKind] = {
    "histogram": HISTOGRAM,
    "states": STATES,
    "scatter": SCATTER,
    "weights": WEIGHTS,
    "tokens": TOKENS,
    "images": IMAGES,
    "text": TEXT,
}
"""By `View.kind`."""

UNKNOWN = ViewKind(
    lambda _history, width, height, _marker: blank_canvas(width, height),
    lambda _canvas: "the generation itself",
)
"""A view of any other kind is drawn blank."""


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
    if history is None or width <= 1 or height < 1:
        return blank_canvas(width, height)
    return _kind(history.view).draw(history, width, height, marker)


def _kind(view: View) -> ViewKind:
    return VIEW_KINDS.get(view.kind, UNKNOWN)


def page_height(view: View) -> int:
    """Return how many rows the drawing of a view takes on a page."""
    return _kind(view).page_height


def view_notes(view: View) -> list[str]:
    """Return the notes of a view that are not part of its drawing."""
    drawn = _kind(view).drawn_notes
    return [note for name, note in view.notes.items() if name.split()[0] not in drawn]


def view_caption(view: View | None, generation: int) -> list[Span]:
    """Return the line below a view: its generation, what is still alive, what is not drawn."""
    if view is None:
        return []
    name = "the original" if generation <= 0 else f"gen {generation}"
    notes = ((f" · {note}", Colour.TEXT) for note in view_notes(view))
    return [(name, Colour.STRONG), *_kind(view).caption(view), *notes]


def explain_view(view: View | None, canvas: Canvas) -> str:
    """Return what a view shows as far as it is drawn, as part of a sentence."""
    return (_kind(view) if view else UNKNOWN).explain(canvas)
