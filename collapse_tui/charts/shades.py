"""Pixels as characters, for palettes that cannot tint the background, and for plain ASCII."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from collapse_tui.charts.palette import (
    ASCII_RAMP,
    GREYS,
    LEVELS,
    RAMP,
    SIGNED,
    Colour,
    Palette,
)

HALVES = (" ", "▀", "▄")
"""Characters of cells that are pixels and nothing else."""


class Ramp(NamedTuple):
    """What stands for the colours of a scale, from one end to the other.

    Attributes
    ----------
    colours : sequence of Colour
        With consecutive numbers.
    signs, ascii_signs : str
        From the first of them to the last.
    foregrounds : (Colour, Colour)
        Of the first and the second half of the signs.
    """

    colours: Sequence[Colour]
    signs: str
    ascii_signs: str
    foregrounds: tuple[Colour, Colour]


RAMPS = (
    Ramp(GREYS, RAMP, ASCII_RAMP, (Colour.TEXT, Colour.TEXT)),
    Ramp(LEVELS, RAMP, ASCII_RAMP, (Colour.SERIES, Colour.SERIES)),
    Ramp(SIGNED, "≡=-· ░▒▓█", "%=-, .+#@", (Colour.EXACT, Colour.SERIES)),
)
"""Negative numbers are lines, so that they differ from positive ones without any colour."""


def shade_pixels(
    chars: NDArray[np.str_],
    foreground: NDArray[np.uint8],
    background: NDArray[np.uint8],
    palette: Palette,
    *,
    ascii_only: bool,
) -> tuple[NDArray[np.str_], NDArray[np.uint8], NDArray[np.uint8]]:
    """Return characters and colours in which no colour of a scale is left that cannot be shown.

    Two pixels become one character. Any other character on pixels stays, on no background.
    """
    for ramp in RAMPS:
        if not ascii_only and ramp.colours[0] in palette.colours:
            continue
        above, below = (_places(part, ramp.colours) for part in (foreground, background))
        drawn = ((above >= 0) | (below >= 0)) & np.isin(chars, HALVES)
        if not (drawn.any() or (below >= 0).any()):
            continue
        # a cell at the edge of a picture has one pixel; one without a foreground has two equal ones
        ends = np.where(above < 0, below, above), np.where(below < 0, above, below)
        signs = ramp.ascii_signs if ascii_only else ramp.signs
        level = (ends[0] + ends[1])[drawn] / (2 * (len(ramp.colours) - 1))
        places = np.rint(level * (len(signs) - 1)).astype(np.int64)
        chars, foreground = chars.copy(), foreground.copy()
        background = np.where(below >= 0, np.uint8(Colour.NONE), background)
        chars[drawn] = np.array(list(signs), dtype="<U1")[places]
        foreground[drawn] = np.array(ramp.foregrounds)[(places > len(signs) // 2).astype(np.int64)]
    return chars, foreground, background


def _places(part: NDArray[np.uint8], colours: Sequence[Colour]) -> NDArray[np.int64]:
    """Return the place of each colour on a scale, -1 for others."""
    places = part.astype(np.int64) - int(colours[0])
    return np.where((places >= 0) & (places < len(colours)), places, -1)
