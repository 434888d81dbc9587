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


class Colour(IntEnum):
    """A colour of a chart, named by what it stands for."""

    NONE = 0
    AXIS = 1
    TEXT = 2
    SERIES = 3
    BAND = 4
    BAND_INNER = 5
    EXACT = 6
    LIMIT = 7
    PUBLISHED = 8
    BOUND = 9
    REAL = 10
    REAL_FILL = 11
    LAW = 12
    EXTINCT = 13
    CURSOR = 14
    MARK = 15
    PARENT = 16
    STRONG = 17
    NOW_FILL = 18
    BOTH_FILL = 19
    MEAN = 20
    ACCENT = 21
    GOOD = 22
    BAD = 23
    GREY_0 = 32
    GREY_1 = 33
    GREY_2 = 34
    GREY_3 = 35
    GREY_4 = 36
    GREY_5 = 37
    GREY_6 = 38
    GREY_7 = 39
    GREY_8 = 40
    GREY_9 = 41
    GREY_10 = 42
    GREY_11 = 43
    GREY_12 = 44
    GREY_13 = 45
    GREY_14 = 46
    GREY_15 = 47


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


LOOKS: tuple[tuple[Colour, str, str, str | None], ...] = (
    (Colour.AXIS, "#6b7280", "#8a8f98", "bright_black"),
    (Colour.TEXT, "#a7b0bd", "#4b5563", None),
    (Colour.SERIES, "#e69f00", "#b85c00", "yellow"),
    (Colour.BAND, "#3a2e14", "#f6e3c5", "yellow"),
    (Colour.BAND_INNER, "#5c4717", "#eccb93", "yellow"),
    (Colour.EXACT, "#56b4e9", "#0072b2", "cyan"),
    (Colour.LIMIT, "#2fbf95", "#007a5a", "green"),
    (Colour.PUBLISHED, "#cc79a7", "#a8437f", "magenta"),
    (Colour.BOUND, "#f0e442", "#857a00", "blue"),
    (Colour.REAL, "#9aa8b8", "#6b7280", "bright_black"),
    (Colour.REAL_FILL, "#3d4a5a", "#cfd8e3", "bright_black"),
    (Colour.LAW, "#f0e442", "#857a00", "blue"),
    (Colour.EXTINCT, "#e8743b", "#c2410c", "red"),
    (Colour.CURSOR, "#e5e7eb", "#111827", None),
    (Colour.MARK, "#cc79a7", "#a8437f", "magenta"),
    (Colour.PARENT, "#8b93a0", "#8a8f98", "bright_black"),
    (Colour.STRONG, "#e5e7eb", "#111827", None),
    (Colour.NOW_FILL, "#7d5208", "#f2c98a", "yellow"),
    (Colour.BOTH_FILL, "#5f5140", "#d8c3a0", "yellow"),
    (Colour.MEAN, "#ffd48a", "#7a3d00", "bright_yellow"),
    (Colour.ACCENT, "#56b4e9", "#0072b2", "cyan"),
    (Colour.GOOD, "#2fbf95", "#007a5a", "green"),
    (Colour.BAD, "#e8743b", "#c2410c", "red"),
)
"""Each colour on a dark and on a light background, and among the terminal's sixteen colours."""

GREY_LOOKS = {grey: "#" + 3 * f"{17 * level:02x}" for level, grey in enumerate(GREYS)}

DARK = Palette("dark", {colour: dark for colour, dark, _, _ in LOOKS} | GREY_LOOKS)
LIGHT = Palette("light", {colour: light for colour, _, light, _ in LOOKS} | GREY_LOOKS)
ANSI = Palette("ansi", {colour: ansi for colour, _, _, ansi in LOOKS if ansi}, shades=True)
ANSI_GREYS = replace(ANSI, name="ansi-greys", colours={**ANSI.colours, **GREY_LOOKS})
"""For terminals that show every colour, on a background that is not known."""
PLAIN = Palette("plain", {}, shades=True)

PALETTES = {palette.name: palette for palette in (DARK, LIGHT, ANSI, ANSI_GREYS, PLAIN)}
