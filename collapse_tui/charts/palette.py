"""The colours of a chart by what they mean, and how each looks on a given background.

A canvas stores meanings, so that the same drawing serves dark and light terminals, those with
sixteen colours and those with none. The hues are Okabe and Ito's, which can be told apart with
every common form of colour blindness; on light backgrounds they are darkened until they reach
a contrast of 3 : 1.

References
----------
M. Okabe, K. Ito, "Color Universal Design", 2008, https://jfly.uni-koeln.de/color/.
"""

import colorsys
from collections.abc import Mapping, Sequence
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
    RANGE = 24, "#80621f", "#e0b062", "yellow"
    GREY_0, GREY_1, GREY_2, GREY_3, GREY_4, GREY_5, GREY_6, GREY_7 = range(32, 40)
    GREY_8, GREY_9, GREY_10, GREY_11, GREY_12, GREY_13, GREY_14, GREY_15 = range(40, 48)
    LEVEL_0, LEVEL_1, LEVEL_2, LEVEL_3, LEVEL_4, LEVEL_5, LEVEL_6, LEVEL_7 = range(48, 56)
    LEVEL_8, LEVEL_9, LEVEL_10, LEVEL_11, LEVEL_12, LEVEL_13, LEVEL_14, LEVEL_15 = range(56, 64)
    SIGNED_0, SIGNED_1, SIGNED_2, SIGNED_3, SIGNED_4, SIGNED_5, SIGNED_6 = range(64, 71)
    SIGNED_7, SIGNED_8, SIGNED_9, SIGNED_10, SIGNED_11, SIGNED_12, SIGNED_13 = range(71, 78)
    SIGNED_14 = 78
    RUN_A = 79, "#e69f00", "#b85c00", "yellow"
    RUN_B = 80, "#56b4e9", "#0072b2", "cyan"
    RUN_C = 81, "#2fbf95", "#007a5a", "green"
    RUN_D = 82, "#cc79a7", "#a8437f", "magenta"
    RUN_E = 83, "#f0e442", "#857a00", "bright_yellow"
    RUN_F = 84, "#e8743b", "#c2410c", "red"


GREYS = tuple(Colour(number) for number in range(Colour.GREY_0, Colour.GREY_15 + 1))
"""Pixels from black to white; the same on every background."""
LEVELS = tuple(Colour(number) for number in range(Colour.LEVEL_0, Colour.LEVEL_15 + 1))
"""Densities from none to the largest."""
SIGNED = tuple(Colour(number) for number in range(Colour.SIGNED_0, Colour.SIGNED_14 + 1))
"""Numbers from the most negative, over zero in the middle, to the most positive."""
RUN_LETTERS = "ABCDEF"
RUNS = tuple(Colour(number) for number in range(Colour.RUN_A, Colour.RUN_F + 1))
"""Runs A to F; each keeps its colour as long as it is on the screen."""
OF_SHOWN_RUN = (
    Colour.SERIES, Colour.BAND, Colour.BAND_INNER, Colour.NOW_FILL, Colour.BOTH_FILL, Colour.MEAN,
    *LEVELS,
)  # fmt: skip
"""Everything drawn of the run that is shown: in the hue of run A, unless another one is."""

RAMP, ASCII_RAMP = " ░▒▓█", " .:-=+*#%@"
"""Pixels where the background cannot be tinted, and in plain ASCII."""

FILLS = {
    Colour.BAND: ("░", "."),
    Colour.BAND_INNER: ("▒", ":"),
    Colour.RANGE: ("▓", "%"),
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


def _blend(stops: Sequence[str], scale: Sequence[Colour]) -> dict[Colour, str]:
    """Return a look for each colour of a scale, evenly along the straight lines between stops."""
    channels = [[int(stop[at : at + 2], 16) for at in (1, 3, 5)] for stop in stops]
    looks: dict[Colour, str] = {}
    for index, colour in enumerate(scale):
        at = index / (len(scale) - 1) * (len(stops) - 1)
        below = min(int(at), len(stops) - 2)
        mixed = zip(channels[below], channels[below + 1], strict=True)
        looks[colour] = "#" + "".join(f"{round(a + (at - below) * (b - a)):02x}" for a, b in mixed)
    return looks


DARK_SCALES = {
    **_blend(("#12161d", "#5c3a06", "#e69f00", "#fff3d6"), LEVELS),
    **_blend(("#7cc7f2", "#1f5f85", "#12161d", "#7d5208", "#f5b83d"), SIGNED),
}
LIGHT_SCALES = {
    **_blend(("#ffffff", "#f2c98a", "#b85c00", "#3d1e00"), LEVELS),
    **_blend(("#004a75", "#7fb7d9", "#ffffff", "#eab676", "#8a4400"), SIGNED),
}
DARK = Palette(
    "dark", {colour: colour.dark for colour in Colour if colour.dark} | GREY_LOOKS | DARK_SCALES
)
LIGHT = Palette(
    "light", {colour: colour.light for colour in Colour if colour.light} | GREY_LOOKS | LIGHT_SCALES
)
ANSI = Palette("ansi", {colour: colour.ansi for colour in Colour if colour.ansi}, shades=True)
ANSI_GREYS = replace(ANSI, name="ansi-greys", colours={**ANSI.colours, **GREY_LOOKS})
"""For terminals that show every colour, on a background that is not known."""
PLAIN = Palette("plain", {}, shades=True)


def _rgb(look: str) -> tuple[float, float, float]:
    red, green, blue = (int(look[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _in_hue(look: str, other: str) -> str:
    """Return a look, as light and as saturated as it is, in the hue of another one."""
    _, light, saturation = colorsys.rgb_to_hls(*_rgb(look))
    hue, _, most = colorsys.rgb_to_hls(*_rgb(other))
    mixed = colorsys.hls_to_rgb(hue, light, min(saturation, max(most, 0.2)))
    return "#" + "".join(f"{round(255 * channel):02x}" for channel in mixed)


def _run_look(palette: Palette, colour: Colour, run: Colour) -> str:
    look, hue = palette.colours[colour], palette.colours[run]
    if colour == Colour.SERIES:
        return hue
    if look.startswith("#"):
        return _in_hue(look, hue)
    if colour != Colour.MEAN:
        return hue
    return hue.removeprefix("bright_") if hue.startswith("bright_") else f"bright_{hue}"


def palette_of_run(base: str, letter: str) -> str:
    """Return the name of a palette in which the run that is shown has the hue of run `letter`."""
    return base if letter == RUN_LETTERS[0] else f"{base}-{letter}"


def of_run(palette: Palette, letter: str) -> Palette:
    """Return the palette in which the run that is shown has the hue of run `letter`."""
    if letter == RUN_LETTERS[0]:
        return palette
    run = RUNS[RUN_LETTERS.index(letter)]
    shown = [colour for colour in OF_SHOWN_RUN if colour in palette.colours]
    looks = {colour: _run_look(palette, colour, run) for colour in shown}
    name = palette_of_run(palette.name, letter)
    return replace(palette, name=name, colours={**palette.colours, **looks})


PALETTES = {
    palette.name: palette
    for base in (DARK, LIGHT, ANSI, ANSI_GREYS, PLAIN)
    for palette in (of_run(base, letter) for letter in RUN_LETTERS)
}
"""By name; ``dark-B`` is dark while run B is shown."""
