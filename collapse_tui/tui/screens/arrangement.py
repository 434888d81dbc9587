"""Where the panes of the live screen stand: a table of layouts, and their cells for a size."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

WIDE, TALL = 120, 36
"""Cells and rows of all panes together from which on everything has a place."""
MEDIUM, LOW = 76, 18
"""Cells from which on panes stand side by side, and rows from which on there are three of them."""
MODERATE = 22
"""Rows from which on each of three has a border."""

Row = tuple[int, tuple[tuple[str, int], ...]]
"""Height and panes of a row; heights and widths are shares."""

LAYOUTS = ("all", "chart", "strip", "table")
"""Names of the layouts, by their number key, 1 first."""


def layout_of(number: int) -> str:
    """Return the layout of a number key; 1 where there is none."""
    return LAYOUTS[number - 1] if 1 <= number <= len(LAYOUTS) else LAYOUTS[0]


class Place(NamedTuple):
    """A pane and its cells."""

    name: str
    x: int
    y: int
    width: int
    height: int


EVERYTHING: tuple[Row, ...] = (
    (20, (("main", 2), ("view", 1))),
    (13, (("strip", 2), ("notes", 1))),
    (13, (("table", 2), ("knobs", 1))),
)
ESSENTIALS: tuple[Row, ...] = (
    (8, (("main", 3), ("view", 2))),
    (6, (("strip", 1),)),
    (5, (("table", 13), ("knobs", 7))),
)
ROOMY_ESSENTIALS: tuple[Row, ...] = tuple(
    (share, panes) for share, (_, panes) in zip((7, 5, 5), ESSENTIALS, strict=True)
)
"""With room for a table that has a border."""
FLAT: tuple[Row, ...] = ((8, (("main", 3), ("view", 2))), (6, (("strip", 1),)))
BY_HEIGHT = ((MODERATE, ROOMY_ESSENTIALS), (LOW, ESSENTIALS), (0, FLAT))
"""Where not everything has a place: from how many rows on."""
NARROW: tuple[Row, ...] = ((7, (("main", 1),)), (8, (("strip", 1), ("view", 1))))
NARROW_TALL: tuple[Row, ...] = (*NARROW, (7, (("table", 1),)), (6, (("knobs", 1),)))
SIDE_BY_SIDE: tuple[Row, ...] = ((1, (("main", 3), ("view", 2))),)
STACKED: tuple[Row, ...] = ((1, (("main", 1),)), (1, (("view", 1),)))
STRIP: tuple[Row, ...] = ((2, (("main", 1),)), (3, (("strip", 1),)))
TABLE: tuple[Row, ...] = ((2, (("main", 3), ("view", 2))), (3, (("table", 2), ("knobs", 1))))
TABLE_NARROW: tuple[Row, ...] = ((2, (("main", 1),)), (3, (("table", 1),)))


def arrange_panes(
    present: Collection[str], layout: str, width: int, height: int, maximised: str = ""
) -> tuple[Place, ...]:
    """Return the cells of each pane that is shown.

    Parameters
    ----------
    present : collection of str
        Panes that there are.
    layout : str
        One of `LAYOUTS`.
    width, height : int
        Cells of all panes together.
    maximised : str
        The one pane that is shown instead; empty for none.
    """
    if maximised in present:
        return (Place(maximised, 0, 0, width, height),)
    rows: list[Row] = []
    for share, panes in _rows(layout, width, height):
        kept = tuple((name, part) for name, part in panes if name in present)
        if kept:
            rows.append((share, kept))
    places: list[Place] = []
    y = 0
    for (_, panes), high in zip(rows, _divide(height, [share for share, _ in rows]), strict=True):
        x = 0
        for (name, _), wide in zip(panes, _divide(width, [part for _, part in panes]), strict=True):
            places.append(Place(name, x, y, wide, high))
            x += wide
        y += high
    return tuple(places)


def _rows(layout: str, width: int, height: int) -> tuple[Row, ...]:
    narrow = width < MEDIUM
    if layout == "chart":
        return STACKED if narrow else SIDE_BY_SIDE
    if layout == "strip":
        return STRIP
    if layout == "table":
        return TABLE_NARROW if narrow else TABLE
    if narrow:
        return NARROW_TALL if height >= TALL - LOW // 2 else NARROW
    if width >= WIDE and height >= TALL:
        return EVERYTHING
    return next(rows for least, rows in BY_HEIGHT if height >= least)


def _divide(whole: int, shares: Sequence[int]) -> list[int]:
    """Return whole numbers in about these shares, whose sum is `whole`."""
    total, done, parts = sum(shares), 0, 0
    result: list[int] = []
    for share in shares:
        parts += share
        end = round(whole * parts / total)
        result.append(end - done)
        done = end
    return result
