"""The colours of a chart by what they mean, and how each looks on a given background.

A canvas stores meanings, so that the same drawing serves dark and light terminals, those with
16 million colours, with 256, with sixteen and with none. The hues are near Okabe and Ito's. Tests
hold each palette to numbers: any two meanings of one chart differ by 10 (CIEDE2000), also to an
eye without green cones, and each band has a contrast of 1.5 to its background.

References
----------
M. Okabe, K. Ito, "Color Universal Design", 2008, https://jfly.uni-koeln.de/color/.
"""

import colorsys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum
from typing import Self

from typing_extensions import override

from collapse_tui.charts.run_looks import AREAS, INDICES


class Colour(IntEnum):
    """A colour of a chart, named by what it stands for.

    Attributes
    ----------
    dark, light : str
        How it looks on a dark and on a light background; empty for none.
    dark_index, light_index : int
        The same among 256 colours, from 16 on: those below are the terminal's own.
    ansi, ansi_light : str
        Its name among the terminal's own sixteen colours; empty for that of its text.
    """

    dark: str
    light: str
    dark_index: int
    light_index: int
    ansi: str
    ansi_light: str

    def __new__(  # noqa: PLR0913, PLR0917 - one row of the table below
        cls, number: int, dark: str = "", light: str = "", dark_index: int = 0,
        light_index: int = 0, ansi: str = "", ansi_light: str = "",
    ) -> Self:  # fmt: skip
        """Return the colour of a number."""
        colour = int.__new__(cls, number)
        colour._value_ = number
        colour.dark, colour.light = dark, light
        colour.dark_index, colour.light_index = dark_index, light_index
        colour.ansi, colour.ansi_light = ansi, ansi_light
        return colour

    NONE = 0
    AXIS = 1, "#6b7280", "#8a8f98", 243, 245, "bright_black", "bright_black"
    TEXT = 2, "#a7b0bd", "#4b5563", 249, 239
    SERIES = 3, "#e69f00", "#b85c00", 214, 130, "yellow", "red"
    BAND = 4, "#45371b", "#e2cfb4", 237, 252, "yellow", "red"
    BAND_INNER = 5, "#66501d", "#dcb179", 241, 248, "yellow", "red"
    EXACT = 6, "#56b4e9", "#0072b2", 75, 25, "cyan", "blue"
    LIMIT = 7, "#2fbf95", "#007a5a", 36, 29, "bright_blue", "cyan"
    PUBLISHED = 8, "#cc79a7", "#c0559a", 175, 168, "bright_magenta", "magenta"
    BOUND = 9, "#f0e442", "#aa9640", 227, 172, "white", "bright_black"
    REAL = 10, "#9aa8b8", "#6b7280", 248, 243
    REAL_FILL = 11, "#3d4a5a", "#b9c6d6", 239, 251
    LAW = 12, "#f0e442", "#aa9640", 227, 172, "bright_blue", "green"
    EXTINCT = 13, "#e0562f", "#b01108", 166, 124, "red", "magenta"
    CURSOR = 14, "#e5e7eb", "#111827", 254, 234
    MARK = 15, "#9c6fd0", "#593497", 134, 54, "bright_red", "bright_magenta"
    PARENT = 16, "#8b93a0", "#8a8f98", 245, 245, "bright_black", "bright_black"
    STRONG = 17, "#e5e7eb", "#111827", 254, 234
    NOW_FILL = 18, "#7d5208", "#efb968", 94, 215, "yellow", "red"
    BOTH_FILL = 19, "#5f5140", "#bfa482", 137, 173, "yellow", "red"
    MEAN = 20, "#fad395", "#6b3200", 223, 52, "bright_yellow", "bright_red"
    ACCENT = 21, "#56b4e9", "#0072b2", 75, 25, "cyan", "blue"
    GOOD = 22, "#2fbf95", "#007a5a", 36, 29, "green", "green"
    BAD = 23, "#e0562f", "#b01108", 166, 124, "red", "magenta"
    RANGE = 24, "#8c6a1f", "#d28a2c", 94, 179, "yellow", "red"
    GREY_0, GREY_1, GREY_2, GREY_3, GREY_4, GREY_5, GREY_6, GREY_7 = range(32, 40)
    GREY_8, GREY_9, GREY_10, GREY_11, GREY_12, GREY_13, GREY_14, GREY_15 = range(40, 48)
    LEVEL_0, LEVEL_1, LEVEL_2, LEVEL_3, LEVEL_4, LEVEL_5, LEVEL_6, LEVEL_7 = range(48, 56)
    LEVEL_8, LEVEL_9, LEVEL_10, LEVEL_11, LEVEL_12, LEVEL_13, LEVEL_14, LEVEL_15 = range(56, 64)
    SIGNED_0, SIGNED_1, SIGNED_2, SIGNED_3, SIGNED_4, SIGNED_5, SIGNED_6 = range(64, 71)
    SIGNED_7, SIGNED_8, SIGNED_9, SIGNED_10, SIGNED_11, SIGNED_12, SIGNED_13 = range(71, 78)
    SIGNED_14 = 78
    RUN_A = 79, "#e69f00", "#b85c00", 214, 130, "yellow", "red"
    RUN_B = 80, "#56b4e9", "#0072b2", 75, 25, "cyan", "blue"
    RUN_C = 81, "#2fbf95", "#007a5a", 36, 29, "bright_blue", "cyan"
    RUN_D = 82, "#cc79a7", "#c0559a", 175, 168, "bright_magenta", "magenta"
    RUN_E = 83, "#f0e442", "#aa9640", 227, 172, "white", "bright_black"
    RUN_F = 84, "#e0562f", "#b01108", 166, 124, "red", "green"


GREYS = tuple(Colour(number) for number in range(Colour.GREY_0, Colour.GREY_15 + 1))
"""Pixels from black to white; the same on every background."""
LEVELS = tuple(Colour(number) for number in range(Colour.LEVEL_0, Colour.LEVEL_15 + 1))
"""Densities from none to the largest."""
SIGNED = tuple(Colour(number) for number in range(Colour.SIGNED_0, Colour.SIGNED_14 + 1))
"""Numbers from the most negative, over zero in the middle, to the most positive."""
RUN_LETTERS = "ABCDEF"
RUNS = tuple(Colour(number) for number in range(Colour.RUN_A, Colour.RUN_F + 1))
"""Runs A to F; each keeps its colour as long as it is on the screen."""
RUN_AREAS = (
    Colour.BAND, Colour.BAND_INNER, Colour.RANGE, Colour.NOW_FILL, Colour.BOTH_FILL,
)  # fmt: skip
OF_SHOWN_RUN = (Colour.SERIES, *RUN_AREAS, Colour.MEAN, *LEVELS)
"""Everything drawn of the run that is shown: in the hue of run A, unless another one is."""
BESIDE_RUN = (
    Colour.EXACT, Colour.LIMIT, Colour.PUBLISHED, Colour.BOUND, Colour.LAW, Colour.EXTINCT,
    Colour.MARK,
)  # fmt: skip
"""What is drawn beside it and is to be told from it."""

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


def look_of_index(index: int) -> str:
    """Return one of the 240 colours that 256-colour terminals agree on, as ``#rrggbb``."""
    grey = 8 + 10 * (index - 232)
    steps = (index - 16) // 36, (index - 16) // 6 % 6, (index - 16) % 6
    channels = (grey, grey, grey) if index >= 232 else (55 * (n > 0) + 40 * n for n in steps)
    return "#" + "".join(f"{channel:02x}" for channel in channels)


def _of_indices(name: str, indices: Mapping[Colour, int], *scales: Sequence[int]) -> Palette:
    looks = {colour: look_of_index(index) for colour, index in indices.items() if index}
    for scale, chosen in zip((LEVELS, SIGNED), scales, strict=True):
        looks |= {level: look_of_index(index) for level, index in zip(scale, chosen, strict=True)}
    return Palette(name, looks | GREY_LOOKS)


DARK_256 = _of_indices(
    "dark-256", {colour: colour.dark_index for colour in Colour},
    (233, 234, 235, 237, 238, 240, 94, 130, 136, 172, 178, 214, 221, 222, 223, 230),
    (117, 74, 31, 25, 24, 237, 235, 233, 235, 237, 239, 94, 136, 179, 215),
)  # fmt: skip
LIGHT_256 = _of_indices(
    "light-256", {colour: colour.light_index for colour in Colour},
    (231, 255, 254, 223, 222, 221, 215, 179, 172, 137, 166, 130, 94, 88, 52, 235),
    (24, 25, 67, 74, 110, 153, 254, 231, 255, 223, 180, 179, 137, 130, 94),
)  # fmt: skip
ANSI = Palette("ansi", {colour: colour.ansi for colour in Colour if colour.ansi}, shades=True)
ANSI_LIGHT = Palette(
    "ansi-light", {colour: colour.ansi_light for colour in Colour if colour.ansi_light}, shades=True
)
ANSI_GREYS = replace(ANSI, name="ansi-greys", colours={**ANSI.colours, **GREY_LOOKS})
"""For terminals that show every colour, on a background that is not known."""
PLAIN = Palette("plain", {}, shades=True)


SEARCHED = 20
"""Steps in which a lightness is found, each half as long as the one before."""


def _rgb(look: str) -> tuple[float, float, float]:
    red, green, blue = (int(look[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _luminance(channels: tuple[float, float, float]) -> float:
    """Return about how bright channels are: contrasts depend on it, not on the lightness."""
    red, green, blue = channels
    return 0.2126 * red**2.2 + 0.7152 * green**2.2 + 0.0722 * blue**2.2


def _in_hue(look: str, other: str) -> str:
    """Return a look, as bright and as saturated as it is, in the hue of another one."""
    _, _, saturation = colorsys.rgb_to_hls(*_rgb(look))
    hue, _, most = colorsys.rgb_to_hls(*_rgb(other))
    low, high, saturation = 0.0, 1.0, min(saturation, max(most, 0.2))
    for _ in range(SEARCHED):
        middle = (low + high) / 2
        dim = _luminance(colorsys.hls_to_rgb(hue, middle, saturation)) < _luminance(_rgb(look))
        low, high = (middle, high) if dim else (low, middle)
    mixed = colorsys.hls_to_rgb(hue, high, saturation)
    return "#" + "".join(f"{round(255 * channel):02x}" for channel in mixed)


def _looks_of_run(palette: Palette, letter: str) -> dict[Colour, str]:
    """Return how everything looks that is drawn of the run that is shown, if it is this one."""
    hue = palette.colours.get(RUNS[RUN_LETTERS.index(letter)], "")
    if palette.name in INDICES:
        now, both, mean = map(look_of_index, INDICES[palette.name][letter])
        own = {Colour.SERIES: hue, Colour.NOW_FILL: now, Colour.RANGE: now, Colour.MEAN: mean}
        levels = (DARK if palette.name == DARK_256.name else LIGHT).colours
        return own | {Colour.BOTH_FILL: both} | {at: _in_hue(levels[at], hue) for at in LEVELS}
    shown = [colour for colour in OF_SHOWN_RUN if colour in palette.colours]
    if palette.name in AREAS:
        looks = {at: _in_hue(palette.colours[at], hue) for at in (Colour.MEAN, *LEVELS)}
        areas = zip(RUN_AREAS, AREAS[palette.name][letter], strict=True)
        return {**looks, **dict(areas), Colour.SERIES: hue}
    # sixteen colours have no second one for each hue: the mean is in that of text
    return {colour: "" if colour == Colour.MEAN else hue for colour in shown}


def palette_of_run(base: str, letter: str) -> str:
    """Return the name of a palette in which the run that is shown has the hue of run `letter`."""
    return base if letter == RUN_LETTERS[0] else f"{base}-{letter}"


def of_run(palette: Palette, letter: str) -> Palette:
    """Return the palette in which the run that is shown has the hue of run `letter`.

    A law that has this hue otherwise takes that of run A.
    """
    if letter == RUN_LETTERS[0]:
        return palette
    name, looks = palette_of_run(palette.name, letter), dict(palette.colours)
    first, own = (looks.get(run) for run in (RUNS[0], RUNS[RUN_LETTERS.index(letter)]))
    if first is not None and own is not None:
        looks |= {law: first for law in BESIDE_RUN if looks.get(law) == own}
        looks |= _looks_of_run(palette, letter)
    return replace(palette, name=name, colours={key: look for key, look in looks.items() if look})


class Palettes(Mapping[str, Palette]):
    """All palettes by name; ``dark-B`` is dark while run B is shown.

    Each is made when it is first asked for: most never are, and together they take 40 ms.
    """

    def __init__(self, bases: Sequence[Palette]) -> None:
        self._makers: dict[str, tuple[Palette, str]] = {
            palette_of_run(base.name, letter): (base, letter)
            for base in bases
            for letter in RUN_LETTERS
        }
        self._made: dict[str, Palette] = {}

    @override
    def __getitem__(self, name: str) -> Palette:
        if name not in self._made:
            self._made[name] = of_run(*self._makers[name])
        return self._made[name]

    @override
    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    @override
    def __len__(self) -> int:
        return len(self._makers)


PALETTES = Palettes((DARK, LIGHT, DARK_256, LIGHT_256, ANSI, ANSI_LIGHT, ANSI_GREYS, PLAIN))
