"""A view, and the views of generations before it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from collapse_tui.charts.palette import Colour
from collapse_tui.charts.ridge import Ridge
from collapse_tui.charts.spec import Line
from engines.views.view import View

Item = TypeVar("Item")

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
    laws_of : callable
        The name of a metric → the laws of it that are to be drawn, by generation.
    """

    view: View
    generation: int
    past: Sequence[tuple[int, View]] = ()
    log: bool = False
    laws_of: Callable[[str], Sequence[Line]] = lambda _metric: ()

    def ridges_of(self, edges: str, real: str, now: str, rows: int) -> list[Ridge]:
        """Return the densities of the original and of generations, the one shown last.

        Parameters
        ----------
        edges, real, now : str
            Names of the arrays of bin edges and of shares, which begin and end with overflow.
        rows : int
            Of the ridge plot, with its axis: they limit how many generations there are.

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
        count = rows - 1 if rows <= SINGLE_ROWS else (rows - 1) // 2
        shown = self.view.arrays
        return [
            Ridge("real", shown[real][1:-1], Colour.REAL),
            *(
                Ridge(f"gen {generation}", shares, Colour.PARENT)
                for generation, shares in take_evenly(fitting, count - 2)
            ),
            Ridge(f"gen {self.generation}", shown[now][1:-1], Colour.SERIES),
        ]


def take_evenly(items: Sequence[Item], count: int) -> Sequence[Item]:
    """Return `count` of the items, evenly spaced, the first one included."""
    if count < 1:
        return ()
    if len(items) <= count:
        return items
    return [items[index * len(items) // count] for index in range(count)]
