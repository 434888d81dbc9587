"""The kinds of view that are a single chart: histogram, states and tokens."""

from collections.abc import Callable

import numpy as np

from collapse_tui.charts.canvas import Canvas
from collapse_tui.charts.draw import draw
from collapse_tui.charts.palette import Colour
from collapse_tui.charts.spec import Line, LineChart
from collapse_tui.charts.text import Span
from collapse_tui.charts.to_lines import bars_lines, histogram_lines, ranks_lines
from collapse_tui.presentation.view_history import ViewHistory
from collapse_tui.presentation.views.kind import DrawView, ViewKind, alive_caption
from engines.arrays import FloatArray
from engines.views.view import View

MANY = 50
"""States from which on a descending law is one of ranks: its head is lost on a plain axis."""
NOTABLE = 0.0005
"""Share of points outside of the histogram from which on the caption says it."""


def histogram_chart(history: ViewHistory, width: int) -> LineChart:
    """Return the shares of points by bin, with the exact laws that the view holds."""
    arrays, empty = history.view.arrays, np.empty(0)
    law, theory = arrays.get("law", empty), arrays.get("theory", empty)
    edges, real, now = arrays["edges"], arrays["real"], arrays["now"]
    return histogram_lines(edges, real, now, width, law=law, theory=theory, log=history.log)


def states_chart(history: ViewHistory, width: int) -> LineChart:
    """Return the probability of each state; of many states in order of it, by rank."""
    arrays = history.view.arrays
    if are_ranked(arrays["real"]):
        return ranks_lines(arrays["real"], arrays["now"], width)
    return bars_lines(arrays["real"], arrays["now"], width, log=history.log)


def are_ranked(probabilities: FloatArray) -> bool:
    """Return whether states are ranks: many, each as probable as the one before it or less."""
    return probabilities.size >= MANY and bool((np.diff(probabilities) <= 0).all())


def tokens_chart(history: ViewHistory, _width: int) -> LineChart:
    """Return rank against frequency, both on logarithmic axes."""
    arrays = history.view.arrays
    ranks = np.log10(arrays["ranks"])
    return LineChart(
        lines=(
            Line(ranks, arrays["real"], Colour.REAL, "real"),
            Line(ranks, arrays["now"], Colour.SERIES, "now"),
        ),
        log=True, log_x=True, x_name="rank",
    )  # fmt: skip


def draw_as(chart_of: Callable[[ViewHistory, int], LineChart]) -> DrawView:
    """Return what draws a view as the one chart that `chart_of` makes of it for a width."""
    return lambda history, width, height, marker: draw(
        chart_of(history, width), width, height, marker
    )


def explain_histogram(canvas: Canvas) -> str:
    """Return what the two areas and the lines are."""
    laws = ", the yellow line the fitted model itself" if canvas.has(Colour.LAW) else ""
    laws += ", the blue one theory" if canvas.has(Colour.EXACT) else ""
    return (
        f"the grey area is the original data, the orange one the data of the generation shown{laws}"
    )


def explain_states(canvas: Canvas) -> str:
    """Return what grey, orange and a cross are."""
    extinct = canvas.has(Colour.EXTINCT)
    cross = ", and a cross marks a state that can never come back" if extinct else ""
    return (
        "grey is the probability of each state at the source, orange in the generation shown"
        f"{cross}"
    )


def explain_tokens(canvas: Canvas) -> str:
    """Return what the two curves are."""
    del canvas
    return (
        "how often the word of each rank is written, on two logarithmic axes, grey in the original"
        " text and orange in the generation shown"
    )


def histogram_caption(view: View) -> list[Span]:
    """Return the share of points that the histogram does not show, if it is worth a word."""
    outside = float(view.arrays["now"][0] + view.arrays["now"][-1])
    return [(f" · {outside:.1%} outside", Colour.BAD)] if outside >= NOTABLE else []


def states_caption(view: View) -> list[Span]:
    """Return how many states still have probability."""
    alive, total = (int((view.arrays[who] > 0).sum()) for who in ("now", "real"))
    return alive_caption(alive, total, "states")


def tokens_caption(view: View) -> list[Span]:
    """Return how many words are still written."""
    alive, total = (int(count) for count in view.arrays["alive"])
    return alive_caption(alive, total, "words")


HISTOGRAM = ViewKind(draw_as(histogram_chart), explain_histogram, histogram_caption)
STATES = ViewKind(draw_as(states_chart), explain_states, states_caption)
TOKENS = ViewKind(draw_as(tokens_chart), explain_tokens, tokens_caption)
