"""The colours of a chart: inks by meaning, and what each looks like on a given background.

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


class Ink(IntEnum):
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


GREYS = tuple(ink for ink in Ink if ink >= Ink.GREY_0)
"""Pixels from black to white; the same on every background."""

GREY_COLOURS = {ink: f"#{17 * level:02x}{17 * level:02x}{17 * level:02x}"
                for level, ink in enumerate(GREYS)}  # fmt: skip

RAMP, ASCII_RAMP = " ░▒▓█", " .:-=+*#%@"
"""Pixels where the paper cannot be tinted, and in plain ASCII."""


FILLS = {
    Ink.BAND: "░",
    Ink.BAND_INNER: "▒",
    Ink.REAL_FILL: "░",
    Ink.NOW_FILL: "▒",
    Ink.BOTH_FILL: "▓",
}
"""Inks that tint the paper, and the shade that stands for them without colour."""

ASCII_FILLS = {
    Ink.BAND: ".",
    Ink.BAND_INNER: ":",
    Ink.REAL_FILL: ".",
    Ink.NOW_FILL: ":",
    Ink.BOTH_FILL: "%",
}
"""The same in plain ASCII."""


@dataclass(frozen=True, slots=True)
class Palette:
    """How the inks look.

    Attributes
    ----------
    name : str
    colours : dict of Ink to str
        ``#rrggbb`` or the name of one of the terminal's own sixteen colours.
    shades : bool
        Fills are drawn with shade characters because the paper cannot be tinted.
    """

    name: str
    colours: Mapping[Ink, str] = field(default_factory=dict[Ink, str])
    shades: bool = False


DARK = Palette(
    "dark",
    {
        Ink.AXIS: "#6b7280",
        Ink.TEXT: "#a7b0bd",
        Ink.STRONG: "#e5e7eb",
        Ink.SERIES: "#e69f00",
        Ink.BAND: "#3a2e14",
        Ink.BAND_INNER: "#5c4717",
        Ink.EXACT: "#56b4e9",
        Ink.LIMIT: "#2fbf95",
        Ink.PUBLISHED: "#cc79a7",
        Ink.BOUND: "#f0e442",
        Ink.REAL: "#9aa8b8",
        Ink.REAL_FILL: "#3d4a5a",
        Ink.NOW_FILL: "#7d5208",
        Ink.BOTH_FILL: "#5f5140",
        Ink.LAW: "#f0e442",
        Ink.EXTINCT: "#e8743b",
        Ink.CURSOR: "#e5e7eb",
        Ink.MARK: "#cc79a7",
        Ink.PARENT: "#8b93a0",
        Ink.MEAN: "#ffd48a",
        Ink.ACCENT: "#56b4e9",
        Ink.GOOD: "#2fbf95",
        Ink.BAD: "#e8743b",
        **GREY_COLOURS,
    },
)

LIGHT = Palette(
    "light",
    {
        Ink.AXIS: "#8a8f98",
        Ink.TEXT: "#4b5563",
        Ink.STRONG: "#111827",
        Ink.SERIES: "#b85c00",
        Ink.BAND: "#f6e3c5",
        Ink.BAND_INNER: "#eccb93",
        Ink.EXACT: "#0072b2",
        Ink.LIMIT: "#007a5a",
        Ink.PUBLISHED: "#a8437f",
        Ink.BOUND: "#857a00",
        Ink.REAL: "#6b7280",
        Ink.REAL_FILL: "#cfd8e3",
        Ink.NOW_FILL: "#f2c98a",
        Ink.BOTH_FILL: "#d8c3a0",
        Ink.LAW: "#857a00",
        Ink.EXTINCT: "#c2410c",
        Ink.CURSOR: "#111827",
        Ink.MARK: "#a8437f",
        Ink.PARENT: "#8a8f98",
        Ink.MEAN: "#7a3d00",
        Ink.ACCENT: "#0072b2",
        Ink.GOOD: "#007a5a",
        Ink.BAD: "#c2410c",
        **GREY_COLOURS,
    },
)

ANSI = Palette(
    "ansi",
    {
        Ink.AXIS: "bright_black",
        Ink.SERIES: "yellow",
        Ink.BAND: "yellow",
        Ink.BAND_INNER: "yellow",
        Ink.EXACT: "cyan",
        Ink.LIMIT: "green",
        Ink.PUBLISHED: "magenta",
        Ink.BOUND: "blue",
        Ink.REAL: "bright_black",
        Ink.REAL_FILL: "bright_black",
        Ink.NOW_FILL: "yellow",
        Ink.BOTH_FILL: "yellow",
        Ink.LAW: "blue",
        Ink.EXTINCT: "red",
        Ink.MARK: "magenta",
        Ink.PARENT: "bright_black",
        Ink.MEAN: "bright_yellow",
        Ink.ACCENT: "cyan",
        Ink.GOOD: "green",
        Ink.BAD: "red",
    },
    shades=True,
)

ANSI_GREYS = replace(ANSI, name="ansi-greys", colours={**ANSI.colours, **GREY_COLOURS})
"""For terminals that show every colour, on a background that is not known."""

PLAIN = Palette("plain", {}, shades=True)

PALETTES = {palette.name: palette for palette in (DARK, LIGHT, ANSI, ANSI_GREYS, PLAIN)}
