"""The colours of a chart by what they mean, and how each looks on a given background.

A canvas stores meanings, so that the same drawing serves dark and light terminals, those with
sixteen colours and those with none. The hues are Okabe and Ito's, which can be told apart with
every common form of colour blindness; on light backgrounds they are darkened until they reach
a contrast of 3 : 1.

References
----------
M. Okabe, K. Ito, "Color Universal Design", 2008, https://jfly.uni-koeln.de/color/.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum
from typing import Self


class Colour(IntEnum):
    """A colour of a chart, named by what it stands for.

    Attributes
    ----------
    dark, light : str
        How it looks on a dark and on a light background; empty for none.
    ansi : str
        Its name among the terminal's own sixteen colours; empty for that of its text.
    """

    dark: str
    light: str
    ansi: str

    def __new__(cls, number: int, dark: str = "", light: str = "", ansi: str = "") -> Self:
        """Return the colour of a number."""
        colour = int.__new__(cls, number)
        colour._value_ = number
        colour.dark, colour.light, colour.ansi = dark, light, ansi
        return colour

    NONE = 0
    AXIS = 1, "#6b7280", "#8a8f98", "bright_black"
    TEXT = 2, "#a7b0bd", "#4b5563"
    SERIES = 3, "#e69f00", "#b85c00", "yellow"
    BAND = 4, "#3a2e14", "#f6e3c5", "yellow"
    BAND_INNER = 5, "#5c4717", "#eccb93", "yellow"
    EXACT = 6, "#56b4e9", "#0072b2", "cyan"
    LIMIT = 7, "#2fbf95", "#007a5a", "green"
    PUBLISHED = 8, "#cc79a7", "#a8437f", "magenta"
    BOUND = 9, "#f0e442", "#857a00", "blue"
    REAL = 10, "#9aa8b8", "#6b7280", "bright_black"
    REAL_FILL = 11, "#3d4a5a", "#cfd8e3", "bright_black"
    LAW = 12, "#f0e442", "#857a00", "blue"
    EXTINCT = 13, "#e8743b", "#c2410c", "red"
    CURSOR = 14, "#e5e7eb", "#111827"
    MARK = 15, "#cc79a7", "#a8437f", "magenta"
    PARENT = 16, "#8b93a0", "#8a8f98", "bright_black"
    STRONG = 17, "#e5e7eb", "#111827"
    NOW_FILL = 18, "#7d5208", "#f2c98a", "yellow"
    BOTH_FILL = 19, "#5f5140", "#d8c3a0", "yellow"
    MEAN = 20, "#ffd48a", "#7a3d00", "bright_yellow"
    ACCENT = 21, "#56b4e9", "#0072b2", "cyan"
    GOOD = 22, "#2fbf95", "#007a5a", "green"
    BAD = 23, "#e8743b", "#c2410c", "red"
    GREY_0, GREY_1, GREY_2, GREY_3, GREY_4, GREY_5, GREY_6, GREY_7 = range(32, 40)
    GREY_8, GREY_9, GREY_10, GREY_11, GREY_12, GREY_13, GREY_14, GREY_15 = range(40, 48)


GREYS = tuple(colour for colour in Colour if colour >= Colour.GREY_0)
"""Pixels from black to white; the same on every background."""

RAMP, ASCII_RAMP = " ░▒▓█", " .:-=+*#%@"
"""Pixels where the background cannot be tinted, and in plain ASCII."""

FILLS = {
    Colour.BAND: ("░", "."),
    Colour.BAND_INNER: ("▒", ":"),
    Colour.REAL_FILL: ("░", "."),
    Colour.NOW_FILL: ("▒", ":"),
    Colour.BOTH_FILL: ("▓", "%"),
}
"""Colours that tint the background, and the shades that stand for them without: block, ASCII."""


@dataclass(frozen=True, slots=True)
class Palette:
    """What the colours look like.

    Attributes
    ----------
    name : str
    colours : dict of Colour to str
        ``#rrggbb`` or the name of one of the terminal's own sixteen colours.
    shades : bool
        Fills are drawn with shade characters because the background cannot be tinted.
    """

    name: str
    colours: Mapping[Colour, str] = field(default_factory=dict[Colour, str])
    shades: bool = False


GREY_LOOKS = {grey: "#" + 3 * f"{17 * level:02x}" for level, grey in enumerate(GREYS)}

DARK = Palette("dark", {colour: colour.dark for colour in Colour if colour.dark} | GREY_LOOKS)
LIGHT = Palette("light", {colour: colour.light for colour in Colour if colour.light} | GREY_LOOKS)
ANSI = Palette("ansi", {colour: colour.ansi for colour in Colour if colour.ansi}, shades=True)
ANSI_GREYS = replace(ANSI, name="ansi-greys", colours={**ANSI.colours, **GREY_LOOKS})
"""For terminals that show every colour, on a background that is not known."""
PLAIN = Palette("plain", {}, shades=True)

PALETTES = {palette.name: palette for palette in (DARK, LIGHT, ANSI, ANSI_GREYS, PLAIN)}
