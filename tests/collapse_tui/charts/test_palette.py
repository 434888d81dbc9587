"""Each palette by numbers: what differs can be told apart, what is tinted can be seen.

Differences are CIEDE2000, to a usual eye and to one without green cones; contrasts are those of
the W3C. The sixteen colours are xterm's own: a terminal may show others.
"""

from collections.abc import Iterator
from itertools import combinations

import numpy as np
import pytest

from collapse_tui.charts import palette as palettes
from collapse_tui.charts.palette import GREYS, LEVELS, PALETTES, RUN_LETTERS, RUNS, SIGNED, Colour
from tests.collapse_tui.charts.colour_difference import ciede2000, contrast, difference, linear

LEAST = 10.0
GROUNDS = {"dark": "#14171c", "light": "#ffffff", "dark-256": "#121212", "light-256": "#ffffff",
           "ansi": "#000000", "ansi-light": "#ffffff"}  # fmt: skip
XTERM = {
    "black": "#000000", "red": "#cd0000", "green": "#00cd00", "yellow": "#cdcd00",
    "blue": "#0000ee", "magenta": "#cd00cd", "cyan": "#00cdcd", "white": "#e5e5e5",
    "bright_black": "#7f7f7f", "bright_red": "#ff0000", "bright_green": "#00ff00",
    "bright_yellow": "#ffff00", "bright_blue": "#5c5cff", "bright_magenta": "#ff00ff",
    "bright_cyan": "#00ffff", "bright_white": "#ffffff",
}  # fmt: skip
TEXTS = {"ansi": "#e5e5e5", "ansi-light": "#000000"}

CURVES = (Colour.SERIES, Colour.MEAN, Colour.EXACT, Colour.LIMIT, Colour.PUBLISHED, Colour.BOUND,
          Colour.MARK)  # fmt: skip
VIEW = (Colour.REAL, Colour.SERIES, Colour.EXACT, Colour.LAW, Colour.EXTINCT)
WORDS = (Colour.TEXT, Colour.GOOD, Colour.BAD)
HISTOGRAM = (Colour.NONE, Colour.REAL_FILL, Colour.NOW_FILL, Colour.BOTH_FILL)
BANDS = (Colour.NONE, Colour.BAND, Colour.BAND_INNER, Colour.RANGE)
TOGETHER = {"curves": CURVES, "view": VIEW, "words": WORDS, "runs": RUNS}
"""Lines and letters that one chart may show together."""
TINTED = [name for name in GROUNDS if not name.startswith("ansi")]


def look(name: str, colour: Colour) -> str:
    """Return how a colour looks in a palette, as ``#rrggbb``."""
    base = name if name in GROUNDS else name.rpartition("-")[0]
    if colour == Colour.NONE:
        return GROUNDS[base]
    found = PALETTES[name].colours.get(colour) or TEXTS[base]
    return XTERM.get(found, found)


def distance(first: str, second: str) -> float:
    return min(difference(first, second, deuteranopia=blind) for blind in (False, True))


def close(name: str, colours: tuple[Colour, ...]) -> Iterator[str]:
    for first, second in combinations(colours, 2):
        apart = distance(look(name, first), look(name, second))
        if apart < LEAST:
            yield f"{first.name} and {second.name}: {apart:.1f}"


def in_hues(names: list[str]) -> list[str]:
    """Return the names of palettes while each of the runs is shown."""
    return [palettes.palette_of_run(name, letter) for name in names for letter in RUN_LETTERS]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((22.7233, 20.0904, -46.6940), (23.0331, 14.9730, -42.5619), 2.0373),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
        ((50, -1, 2), (50, 0, 0), 2.3669),
        ((50, 2.49, -0.001), (50, -2.49, 0.0011), 7.2195),
    ],
)
def test_the_difference_is_that_of_the_published_pairs(first, second, expected):
    """Sharma, Wu and Dalal, 2005, table 1."""
    assert ciede2000(np.array(first), np.array(second)) == pytest.approx(expected, abs=1e-4)


def test_contrast_is_that_of_the_guidelines():
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("kind", TOGETHER)
@pytest.mark.parametrize("name", GROUNDS)
def test_what_a_chart_shows_together_can_be_told_apart(name, kind):
    assert list(close(name, TOGETHER[kind])) == []


@pytest.mark.parametrize("name", in_hues(list(GROUNDS)))
def test_the_shown_run_is_told_from_the_laws_in_every_hue(name):
    laws = (Colour.EXACT, Colour.LIMIT, Colour.PUBLISHED, Colour.BOUND, Colour.LAW, Colour.EXTINCT)
    near = [
        law.name for law in laws if distance(look(name, Colour.SERIES), look(name, law)) < LEAST
    ]
    assert near == []


@pytest.mark.parametrize("name", in_hues(TINTED))
def test_areas_are_told_apart_and_seen(name):
    assert list(close(name, HISTOGRAM)) == []
    assert list(close(name, BANDS)) == []
    ground = look(name, Colour.NONE)
    for fill in (*HISTOGRAM[1:], *BANDS[1:]):
        assert contrast(look(name, fill), ground) >= 1.5, fill.name


@pytest.mark.parametrize("name", in_hues(TINTED))
def test_curves_are_seen_on_the_ground_and_on_their_own_bands(name):
    ground = look(name, Colour.NONE)
    for colour in (*CURVES, *VIEW, *RUNS, Colour.TEXT, Colour.AXIS):
        assert contrast(look(name, colour), ground) >= 2.8, colour.name
    curve = look(name, Colour.SERIES)
    for band in BANDS[1:]:
        area = look(name, band)
        assert contrast(curve, area) >= 1.5 or distance(curve, area) >= 1.5 * LEAST, band.name


@pytest.mark.parametrize("name", ["ansi", "ansi-light"])
def test_of_sixteen_colours_only_those_are_used_that_the_ground_shows(name):
    ground = look(name, Colour.NONE)
    for colour in (*CURVES, *VIEW, *RUNS, *WORDS, Colour.REAL_FILL, Colour.NOW_FILL):
        assert contrast(look(name, colour), ground) >= 1.9, colour.name


@pytest.mark.parametrize("name", ["ansi", "ansi-light"])
def test_the_real_data_are_in_the_colour_of_text_whatever_the_ground(name):
    colours = PALETTES[name].colours
    assert Colour.REAL not in colours
    assert Colour.REAL_FILL not in colours
    assert colours[Colour.SERIES] != colours[Colour.LAW]


@pytest.mark.parametrize("name", TINTED)
def test_scales_rise_throughout(name):
    colours = PALETTES[name].colours
    light = [contrast("#000000", colours[level]) for level in LEVELS]
    steps = np.diff(light) * (1 if name.startswith("dark") else -1)
    assert (steps > 0).all()
    middle = len(SIGNED) // 2
    from_zero = [contrast(colours[SIGNED[middle]], colours[level]) for level in SIGNED]
    assert (np.diff(from_zero[middle:]) > 0).all()
    assert (np.diff(from_zero[: middle + 1]) < 0).all()


def test_256_colours_are_those_that_terminals_agree_on():
    """xterm's cube has levels 0, 95, 135, …, 255, its ramp 8, 18, …, 238."""
    cube = {0, 95, 135, 175, 215, 255}
    assert palettes.look_of_index(16) == "#000000"
    assert palettes.look_of_index(214) == "#ffaf00"
    assert palettes.look_of_index(255) == "#eeeeee"
    for name in ("dark-256", "light-256"):
        for colour, found in PALETTES[name].colours.items():
            if colour in GREYS:
                continue
            channels = [int(found[at : at + 2], 16) for at in (1, 3, 5)]
            grey = len(set(channels)) == 1 and (channels[0] - 8) % 10 == 0
            assert grey or set(channels) <= cube, colour.name


@pytest.mark.parametrize("letter", RUN_LETTERS)
def test_every_palette_can_be_asked_for_and_plain_has_no_colour(letter):
    assert not PALETTES[palettes.palette_of_run("plain", letter)].colours
    assert len(PALETTES) == len(list(PALETTES)) == 8 * len(RUN_LETTERS)
    assert linear("#ffffff").tolist() == [1, 1, 1]
