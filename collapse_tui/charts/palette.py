"""The colours of a chart: foregrounds by meaning, and what each looks like on a given background.

A canvas stores meanings, never colours, so that one drawing serves dark and light
terminals, sixteen-colour ones and no colour at all. The hues are Okabe and Ito's, which
stay apart for every common form of colour blindness; on light backgrounds they are darkened
until they reach a contrast of 3 : 1.

References
----------
M. Okabe, K. Ito, "Color Universal Design", 2008, https://jfly.uni-koeln.de/color/.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum


class Colour(IntEnum):
    """What a cell of a chart means."""

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

GREY_COLOURS = {colour: f"#{17 * level:02x}{17 * level:02x}{17 * level:02x}"
                for level, colour in enumerate(GREYS)}  # fmt: skip

RAMP, ASCII_RAMP = " ░▒▓█", " .:-=+*#%@"
"""Pixels where the paper cannot be tinted, and in plain ASCII."""


FILLS = {
    Colour.BAND: "░",
    Colour.BAND_INNER: "▒",
    Colour.REAL_FILL: "░",
    Colour.NOW_FILL: "▒",
    Colour.BOTH_FILL: "▓",
}
"""Colours that tint the paper, and the shade that stands for them without colour."""

ASCII_FILLS = {
    Colour.BAND: ".",
    Colour.BAND_INNER: ":",
    Colour.REAL_FILL: ".",
    Colour.NOW_FILL: ":",
    Colour.BOTH_FILL: "%",
}
"""The same in plain ASCII."""


@dataclass(frozen=True, slots=True)
class Palette:
    """How the foregrounds look.

    Attributes
    ----------
    name : str
    colours : dict of Colour to str
        ``#rrggbb`` or the name of one of the terminal's own sixteen colours.
    shades : bool
        Fills are drawn with shade characters because the paper cannot be tinted.
    """

    name: str
    colours: Mapping[Colour, str] = field(default_factory=dict[Colour, str])
    shades: bool = False


DARK = Palette(
    "dark",
    {
        Colour.AXIS: "#6b7280",
        Colour.TEXT: "#a7b0bd",
        Colour.STRONG: "#e5e7eb",
        Colour.SERIES: "#e69f00",
        Colour.BAND: "#3a2e14",
        Colour.BAND_INNER: "#5c4717",
        Colour.EXACT: "#56b4e9",
        Colour.LIMIT: "#2fbf95",
        Colour.PUBLISHED: "#cc79a7",
        Colour.BOUND: "#f0e442",
        Colour.REAL: "#9aa8b8",
        Colour.REAL_FILL: "#3d4a5a",
        Colour.NOW_FILL: "#7d5208",
        Colour.BOTH_FILL: "#5f5140",
        Colour.LAW: "#f0e442",
        Colour.EXTINCT: "#e8743b",
        Colour.CURSOR: "#e5e7eb",
        Colour.MARK: "#cc79a7",
        Colour.PARENT: "#8b93a0",
        Colour.MEAN: "#ffd48a",
        Colour.ACCENT: "#56b4e9",
        Colour.GOOD: "#2fbf95",
        Colour.BAD: "#e8743b",
        **GREY_COLOURS,
    },
)

LIGHT = Palette(
    "light",
    {
        Colour.AXIS: "#8a8f98",
        Colour.TEXT: "#4b5563",
        Colour.STRONG: "#111827",
        Colour.SERIES: "#b85c00",
        Colour.BAND: "#f6e3c5",
        Colour.BAND_INNER: "#eccb93",
        Colour.EXACT: "#0072b2",
        Colour.LIMIT: "#007a5a",
        Colour.PUBLISHED: "#a8437f",
        Colour.BOUND: "#857a00",
        Colour.REAL: "#6b7280",
        Colour.REAL_FILL: "#cfd8e3",
        Colour.NOW_FILL: "#f2c98a",
        Colour.BOTH_FILL: "#d8c3a0",
        Colour.LAW: "#857a00",
        Colour.EXTINCT: "#c2410c",
        Colour.CURSOR: "#111827",
        Colour.MARK: "#a8437f",
        Colour.PARENT: "#8a8f98",
        Colour.MEAN: "#7a3d00",
        Colour.ACCENT: "#0072b2",
        Colour.GOOD: "#007a5a",
        Colour.BAD: "#c2410c",
        **GREY_COLOURS,
    },
)

ANSI = Palette(
    "ansi",
    {
        Colour.AXIS: "bright_black",
        Colour.SERIES: "yellow",
        Colour.BAND: "yellow",
        Colour.BAND_INNER: "yellow",
        Colour.EXACT: "cyan",
        Colour.LIMIT: "green",
        Colour.PUBLISHED: "magenta",
        Colour.BOUND: "blue",
        Colour.REAL: "bright_black",
        Colour.REAL_FILL: "bright_black",
        Colour.NOW_FILL: "yellow",
        Colour.BOTH_FILL: "yellow",
        Colour.LAW: "blue",
        Colour.EXTINCT: "red",
        Colour.MARK: "magenta",
        Colour.PARENT: "bright_black",
        Colour.MEAN: "bright_yellow",
        Colour.ACCENT: "cyan",
        Colour.GOOD: "green",
        Colour.BAD: "red",
    },
    shades=True,
)

ANSI_GREYS = replace(ANSI, name="ansi-greys", colours={**ANSI.colours, **GREY_COLOURS})
"""For terminals that show every colour, on a background that is not known."""

PLAIN = Palette("plain", {}, shades=True)

PALETTES = {palette.name: palette for palette in (DARK, LIGHT, ANSI, ANSI_GREYS, PLAIN)}
