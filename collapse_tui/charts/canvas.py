"""A drawn chart: a matrix of characters, each with a foreground and a background colour."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from collapse_tui.charts.palette import FILLS, GREYS, RUN_LETTERS, RUNS, Colour, Palette
from collapse_tui.charts.shades import shade_pixels
from collapse_tui.visible_text import CONTROLS, UNSHOWN

CharArray = NDArray[np.str_]
ColourArray = NDArray[np.uint8]

ASCII = str.maketrans({
    sign: plain
    for signs, plain in (
        ("─┈┄▔–−╸╍", "-"), ("│‖", "|"), ("◆◇", "+"), ("┃", "|"), ("┌┐└┘├┤┬┴┼╭╮╰╯", "+"), ("━", "="),
        ("▁▂▃▄▀▒", ":"), ("█▇▆▅▓■≠", "#"), ("░·", "."), ("●", "*"), ("×†", "x"), ("…", "~"),
        ("○", "o"), ("→▸▶", ">"), ("←◂", "<"), ("↑⇧▴", "^"), ("↓▾", "v"),
        ("²₂", "2"), ("₁", "1"), ("₀", "0"), ("λ", "L"), ("∞", "8"), ("σ", "s"), ("Σ", "S"),
        ("μ", "u"), ("ŵ", "w"), ("±", "+"), ("β", "b"), ("γ", "g"), ("ω", "w"), ("η", "n"),
        ("ε", "e"), ("▕", "["), ("▏", "]"), ("▌", "="), ("≈", "~"),
    )
    for sign in signs
})  # fmt: skip
"""Replacements of one character each for terminals and fonts that know only ASCII."""


MARKS = (
    (Colour.REAL, "o", 1),
    (Colour.MEAN, "+", 6),
    *((run, letter, 8) for run, letter in zip(RUNS, RUN_LETTERS, strict=True)),
)
"""Where there are no colours: what marks a curve, and in which of its columns; others have a
dash of their own."""
DRAWN = (*map(chr, range(0x2801, 0x2900)), *"▖▗▘▙▚▛▜▝▞▟")
"""Characters of curves; those of areas, of axes and of text are not among them."""


class CellRun(NamedTuple):
    """Neighbouring cells of one row that have the same colours."""

    text: str
    foreground: Colour
    background: Colour


@dataclass(frozen=True, slots=True)
class Area:
    """The part of a canvas where data is drawn, with the x values at its sides.

    Attributes
    ----------
    left, top, width, height : int
        In cells.
    low, high : float
        x at the left and right edge.
    """

    left: int
    top: int
    width: int
    height: int
    low: float
    high: float

    def value(self, column: int) -> float:
        """Return the x value of `column`, limited to the area: the inverse of `column`."""
        share = (column - self.left) / max(1, self.width - 1)
        return self.low + min(1.0, max(0.0, share)) * (self.high - self.low)

    def column(self, value: float) -> int:
        """Return the column of an x value, counted from the left side of the area."""
        return round((value - self.low) / (self.high - self.low) * (self.width - 1))


@dataclass(frozen=True, slots=True)
class Canvas:
    """A drawn chart.

    Attributes
    ----------
    chars : ndarray of str, shape (h, w)
        One character a cell.
    foreground, background : ndarray of uint8, shape (h, w)
        Foreground and background as `Colour` numbers.
    area : Area or None
        Where the data is; None if there is no axis.
    parts : tuple of str
        The parts of a view that are drawn, for the help.
    left_out : tuple of (str, Colour)
        Labels for which there is no room, for the caption.
    """

    chars: CharArray
    foreground: ColourArray
    background: ColourArray
    area: Area | None = None
    parts: tuple[str, ...] = ()
    left_out: tuple[tuple[str, Colour], ...] = ()

    @property
    def width(self) -> int:
        """Number of columns."""
        return self.chars.shape[1]

    @property
    def height(self) -> int:
        """Number of rows."""
        return self.chars.shape[0]

    def has(self, *colours: Colour) -> bool:
        """Return whether anything is drawn in one of these foreground colours."""
        return bool(np.isin(self.foreground, colours).any())

    def write(self, row: int, column: int, text: str, colour: Colour) -> None:
        """Write `text` on the canvas, cut at its edges."""
        if not 0 <= row < self.height:
            return
        for offset, char in enumerate(text):
            if 0 <= column + offset < self.width:
                self.chars[row, column + offset] = char
                self.foreground[row, column + offset] = colour

    def paste(self, other: "Canvas", row: int, column: int) -> None:
        """Copy `other` onto this canvas with its upper left corner at (row, column)."""
        for own, pasted in (
            (self.chars, other.chars),
            (self.foreground, other.foreground),
            (self.background, other.background),
        ):
            place = own[row : row + other.height, column : column + other.width]
            place[...] = pasted[: place.shape[0], : place.shape[1]]

    def runs(self, row: int) -> Iterator[CellRun]:
        """Yield the cells of `row`, neighbours of equal colours together.

        A blank counts as having the foreground of the character before it.
        """
        background, chars = self.background[row], self.chars[row]
        last = np.maximum.accumulate(np.where(chars != " ", np.arange(self.width), 0))
        foreground = self.foreground[row][last]
        cuts = np.flatnonzero((np.diff(foreground) != 0) | (np.diff(background) != 0)) + 1
        start = 0
        for stop in (*cuts.tolist(), self.width):
            if stop > start:
                yield CellRun(
                    "".join(chars[start:stop]),
                    Colour(int(foreground[start])),
                    Colour(int(background[start])),
                )
            start = stop


def blank_canvas(width: int, height: int) -> Canvas:
    """Return an empty canvas.

    Parameters
    ----------
    width, height : int
        Negative values count as 0.

    Returns
    -------
    Canvas
    """
    shape = (max(0, height), max(0, width))
    zeros = np.zeros(shape, dtype=np.uint8)
    return Canvas(np.full(shape, " ", dtype="<U1"), zeros, zeros.copy())


def adapt_to_palette(canvas: Canvas, palette: Palette, *, ascii_only: bool = False) -> Canvas:
    """Return the canvas in characters and colours that `palette` can show.

    Whatever is drawn leaves through this function, so control characters end here.

    Parameters
    ----------
    canvas : Canvas
    palette : Palette
        If it has no tints, tinted blank cells become shade characters.
    ascii_only : bool
        Replace every character outside ASCII.

    Returns
    -------
    Canvas
    """
    chars, foreground, background = shade_pixels(
        canvas.chars, canvas.foreground, canvas.background, palette, ascii_only=ascii_only
    )
    chars = _without_controls(chars)
    if not palette.colours:
        chars = _with_marks(chars, foreground)
    if palette.shades:
        chars, foreground = chars.copy(), foreground.copy()
        background = np.where(background >= GREYS[0], background, 0)
        edges = np.isin(foreground, list(FILLS))
        chars[edges & np.isin(chars, list("▁▂▃"))] = " "
        for fill, shades in FILLS.items():
            # A partial block at the edge of an area would look solid beside shades.
            cells = ((canvas.background == fill) & (chars == " ")) | (
                edges & (foreground == fill) & (chars != " ")
            )
            chars[cells], foreground[cells] = shades[ascii_only], fill
    if ascii_only:
        rows = ["".join(row).translate(ASCII) for row in chars]
        plain = [[char if char < "\x7f" else "#" for char in row] for row in rows]
        chars = np.array(plain, dtype="<U1").reshape(chars.shape)
    return replace(canvas, chars=chars, foreground=foreground, background=background)


def _with_marks(chars: CharArray, colours: ColourArray) -> CharArray:
    """Return curves with marks in place of some of their dots, by what they stand for."""
    drawn = np.isin(chars, DRAWN)
    marked = chars.copy()
    for colour, mark, every in MARKS:
        rows, columns = np.nonzero(drawn & (colours == colour))
        kept = columns % every == 0
        marked[rows[kept], columns[kept]] = mark
    return marked


def _without_controls(chars: CharArray) -> CharArray:
    codes = np.ascontiguousarray(chars).view(np.uint32).reshape(chars.shape)
    hidden = np.zeros(chars.shape, dtype=np.bool_)
    for first, last in CONTROLS:
        hidden |= (codes >= first) & (codes <= last)
    return np.where(hidden, np.str_(UNSHOWN), chars) if hidden.any() else chars
