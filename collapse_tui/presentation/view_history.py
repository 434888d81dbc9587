"""A view, and the views of generations before it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from collapse_tui.charts import Colour
from collapse_tui.charts.ridge import Ridge
from engines.arrays import FloatArray
from engines.views.view import View

MOST_EARLIER = 12
"""Evenly spaced earlier generations that a drawing shows at most."""

SINGLE_ROWS = 8
"""Rows up to which each density of a ridge plot has only one."""


@dataclass(frozen=True, slots=True, eq=False)
class ViewHistory:
    """A view to be drawn, and earlier ones to compare it with.

    Attributes
    ----------
    view : View
    generation : int
    past : sequence of (int, View)
        Generations before it, ascending.
    log : bool
        Logarithmic y axis.
    """

    view: View
    generation: int
    past: Sequence[tuple[int, View]] = ()
    log: bool = False

    def ridges_of(self, edges: str, now: str, count: int) -> list[Ridge]:
        """Return the densities of up to `count` generations, the one shown last.

        Parameters
        ----------
        edges, now : str
            Names of the arrays of bin edges and of shares, which begin and end with overflow.
        count : int

        Returns
        -------
        list of Ridge
            Only of generations with the same bins as the view shown.
        """
        bins = self.view.arrays[edges]
        fitting = [
            (generation, view.arrays[now][1:-1])
            for generation, view in self.past
            if view.kind == self.view.kind and np.array_equal(view.arrays.get(edges, ()), bins)
        ]
        earlier = [
            Ridge(f"gen {generation}", shares, Colour.PARENT)
            for generation, shares in take_evenly(fitting, count - 1)
        ]
        shown = self.view.arrays[now][1:-1]
        return [*earlier, Ridge(f"gen {self.generation}", shown, Colour.SERIES)]


def count_ridges(rows: int) -> int:
    """Return how many densities a ridge plot with an axis shows on so many rows."""
    return rows - 1 if rows <= SINGLE_ROWS else (rows - 1) // 2


def take_evenly(
    items: Sequence[tuple[int, FloatArray]], count: int
) -> Sequence[tuple[int, FloatArray]]:
    """Return `count` of the items, evenly spaced, the first one included."""
    if count < 1:
        return ()
    if len(items) <= count:
        return items
    return [items[index * len(items) // count] for index in range(count)]


def collect_view_history(
    views: Sequence[View | None], generation: int, *, log: bool = False, view: View | None = None
) -> ViewHistory | None:
    """Return the view of a generation with those before it, None if there is no view.

    Parameters
    ----------
    views : sequence of View or None
        By generation.
    generation : int
    log : bool
    view : View or None
        The view itself where it is not among `views`.
    """
    past: list[tuple[int, View]] = []
    at = min(generation, len(views) - 1)
    if view is None:
        view = next((views[n] for n in range(at, -1, -1) if views[n] is not None), None)
    if view is None:
        return None
    for n in range(0, at, max(1, at // (4 * MOST_EARLIER))):
        one = views[n]
        if one is not None:
            past.append((n, one))
    return ViewHistory(view, generation, past, log)
