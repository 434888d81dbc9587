"""What a view shows, as charts, pictures and passages: for figures and pages, not for cells."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from collapse_tui.charts.spec import LineChart
from collapse_tui.charts.to_lines import bars_lines, histogram_lines
from collapse_tui.presentation.view_history import ViewHistory
from collapse_tui.presentation.views.charts import (
    histogram_chart,
    states_chart,
    tokens_chart,
)
from collapse_tui.presentation.views.vectors import axis_sds, scatter_chart
from collapse_tui.presentation.views.weights import error_chart, paths_chart
from engines.arrays import FloatArray


class NamedChart(NamedTuple):
    """A chart and what its axes are.

    Attributes
    ----------
    chart : LineChart
    x, y : str
    square : bool
        Both axes have the same scale.
    """

    chart: LineChart
    x: str
    y: str
    square: bool = False


@dataclass(frozen=True, slots=True)
class ViewContent:
    """The parts of one view.

    Attributes
    ----------
    charts : tuple of NamedChart
    pictures : tuple of (str, ndarray of shape (m, h, w))
        A label and grey images, 0 to 1.
    passages : tuple of (str, str)
        Prompts and their continuations.
    """

    charts: tuple[NamedChart, ...] = ()
    pictures: tuple[tuple[str, FloatArray], ...] = ()
    passages: tuple[tuple[str, str], ...] = ()


def split_view(history: ViewHistory, bins: int) -> ViewContent:
    """Return the parts of a view; none of a kind that is not known.

    Parameters
    ----------
    history : ViewHistory
    bins : int
        Histograms and states are merged until there are about so many.
    """
    split = _KINDS.get(history.view.kind)
    return split(history, bins) if split is not None else ViewContent()


def _histogram(history: ViewHistory, bins: int) -> ViewContent:
    return ViewContent((NamedChart(histogram_chart(history, bins), "value", "density"),))


def _states(history: ViewHistory, bins: int) -> ViewContent:
    return ViewContent((NamedChart(states_chart(history, bins), "state", "probability"),))


def _tokens(history: ViewHistory, bins: int) -> ViewContent:
    return ViewContent((NamedChart(tokens_chart(history, bins), "rank", "probability"),))


def _scatter(history: ViewHistory, bins: int) -> ViewContent:
    del bins
    # runs that were stored before weights had a view of their own hold them as points
    x, _, y = history.view.notes.get("axes", "").partition(" against ")
    which = "principal axis" if axis_sds(history.view).size else "coordinate"
    last = "last" if axis_sds(history.view).size else "second"
    words = (x, y.removeprefix("its ")) if y else (f"first {which}", f"{last} {which}")
    return ViewContent((NamedChart(scatter_chart(history), *words, square=not y),))


def _weights(history: ViewHistory, bins: int) -> ViewContent:
    del bins
    return ViewContent(
        (
            NamedChart(paths_chart(history), "generation", "weight"),
            NamedChart(error_chart(history), "generation", "error ‖w − w*‖²"),
        )
    )


def _text(history: ViewHistory, bins: int) -> ViewContent:
    arrays, notes = history.view.arrays, history.view.notes
    charts: tuple[NamedChart, ...] = ()
    if arrays["edges"].size:
        edges = np.log10(arrays["edges"])
        chart = histogram_lines(edges, arrays["real"], arrays["now"], bins, log_x=True)
        charts = (NamedChart(chart, "perplexity under the first model", "density per decade"),)
    numbers = sorted(int(name.partition(" ")[2]) for name in notes if name.startswith("prompt "))
    passages = tuple(
        (notes[f"prompt {number}"], notes.get(f"continuation {number}", "")) for number in numbers
    )
    return ViewContent(charts, passages=passages)


def _images(history: ViewHistory, bins: int) -> ViewContent:
    arrays = history.view.arrays
    charts: list[NamedChart] = []
    edges = arrays["latent_edges"]
    if edges.size:
        shares = arrays["latent_real"], arrays["latent_now"]
        charts.append(NamedChart(histogram_lines(edges, *shares, bins), "latent", "density"))
    if arrays["classes_real"].size:
        classes = bars_lines(arrays["classes_real"], arrays["classes_now"], bins)
        charts.append(NamedChart(classes, "class", "share"))
    now = "generated" if history.generation > 0 else "first sample"
    return ViewContent(tuple(charts), (("real", arrays["real"]), (now, arrays["now"])))


_KINDS: Mapping[str, Callable[[ViewHistory, int], ViewContent]] = {
    "histogram": _histogram,
    "states": _states,
    "tokens": _tokens,
    "scatter": _scatter,
    "weights": _weights,
    "text": _text,
    "images": _images,
}
"""By `View.kind`."""


def view_words(generation: int, replicates: int) -> str:
    """Return what a view is of: "generation 40 of run 1 of 20, and the real data"."""
    who = f", run 1 of {replicates:,}," if replicates > 1 else ""
    if generation <= 0:
        return "the real data"
    return f"generation {generation:,}{who} and the real data"
