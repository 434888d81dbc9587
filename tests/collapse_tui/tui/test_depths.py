"""The screen in 16 million colours, in 256, in sixteen and in none: what the terminal gets."""

import numpy as np
import pytest
from rich.color import Color as RichColor
from rich.color import ColorType
from rich.segment import Segment
from rich.style import Style
from textual.color import Color

from collapse_tui.charts.palette import GREYS, PALETTES, Colour, look_of_index
from collapse_tui.tui.app import CollapseApp
from collapse_tui.tui.indexed_colours import IndexedColours, nearest_index
from collapse_tui.tui.settings import ScreenSettings
from collapse_tui.tui.themes import DARK, LIGHT, find_theme

DEPTHS = ("truecolor", "256", "16", "none")


@pytest.mark.parametrize(
    ("name", "depth", "background", "theme"),
    [
        ("auto", "truecolor", "dark", "collapse-dark"),
        ("auto", "256", "light", "collapse-light"),
        ("auto", "16", "light", "ansi-light"),
        ("dark", "truecolor", "light", "collapse-dark"),
        ("light", "16", "dark", "ansi-light"),
        ("dark", "none", "light", "ansi-dark"),
        ("ansi", "truecolor", "light", "ansi-light"),
        ("ansi", "256", "dark", "ansi-dark"),
        ("nord", "16", "dark", "nord"),
        ("collapse-light", "16", "dark", "ansi-light"),
        ("collapse-dark", "truecolor", "light", "collapse-dark"),
    ],
)
def test_a_theme_suits_the_terminal(name, depth, background, theme):
    assert find_theme(name, depth, background) == theme


def app_of(fake_launcher, depth: str, theme: str = "dark", background: str = "dark"):
    chosen = ScreenSettings(theme=theme, depth=depth, background=background)
    return CollapseApp(fake_launcher(), "borji", chosen=chosen)


@pytest.mark.parametrize(
    ("depth", "theme", "background", "palette"),
    [
        ("truecolor", "dark", "dark", "dark"), ("truecolor", "auto", "light", "light"),
        ("256", "dark", "dark", "dark-256"), ("256", "auto", "light", "light-256"),
        ("16", "dark", "dark", "ansi"), ("16", "auto", "light", "ansi-light"),
        ("256", "ansi", "light", "ansi-light"), ("16", "nord", "dark", "ansi"),
        ("none", "dark", "dark", "plain"), ("none", "light", "dark", "plain"),
    ],
)  # fmt: skip
def test_charts_have_the_palette_of_depth_and_theme(
    fake_launcher, depth, theme, background, palette
):
    assert app_of(fake_launcher, depth, theme, background).palette == palette


def test_what_256_colours_show_is_nearest_to_the_eye():
    """rich makes a dark brown dark red, and dark blue grey a bright blue."""
    for look in ("#3a2e14", "#232932", "#14171c"):
        triplet = RichColor.parse(look).triplet
        channels = look_of_index(nearest_index(triplet))
        shown = np.array([int(channels[at : at + 2], 16) for at in (1, 3, 5)])
        assert np.ptp(shown) == 0, look
        assert np.abs(shown - np.array(triplet)).max() <= 30
    assert nearest_index(RichColor.parse("#e69f00").triplet) in {172, 178, 214}


@pytest.mark.parametrize("name", ["dark-256", "light-256"])
def test_the_chosen_indices_pass_unchanged(name):
    for colour, look in PALETTES[name].colours.items():
        if colour not in GREYS:
            found = nearest_index(RichColor.parse(look).triplet)
            assert look_of_index(found) == look, Colour(colour).name


def test_the_filter_leaves_other_colours_and_text_alone():
    segments = [
        Segment("a", Style(color="#ffaf00", bgcolor="#121212", bold=True)),
        Segment("b", Style(color="yellow")),
        Segment("c"),
    ]
    one, two, three = IndexedColours().apply(segments, Color(0, 0, 0))
    assert (one.style.color.number, one.style.bgcolor.number) == (214, 233)
    assert one.style.color.type == one.style.bgcolor.type == ColorType.EIGHT_BIT
    assert one.style.bold
    assert two.style.color.name == "yellow"
    assert (one.text, two.text, three) == ("a", "b", segments[2])


@pytest.mark.parametrize("depth", DEPTHS)
async def test_the_terminal_gets_no_more_colours_than_it_shows(fake_launcher, depth):
    app = app_of(fake_launcher, depth)
    kinds: set[ColorType] = set()
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        for strip in app.screen._compositor.render_strips():
            for segment in _filtered(app, strip):
                for colour in (segment.style.color, segment.style.bgcolor):
                    if colour is not None:
                        kinds.add(colour.downgrade(app.console._color_system).type)
    allowed = {
        "truecolor": {ColorType.TRUECOLOR, ColorType.DEFAULT, ColorType.STANDARD},
        "256": {ColorType.EIGHT_BIT, ColorType.STANDARD, ColorType.DEFAULT},
        "16": {ColorType.STANDARD, ColorType.DEFAULT},
        "none": {ColorType.DEFAULT},
    }
    assert kinds <= allowed[depth]
    assert kinds & {"truecolor": {ColorType.TRUECOLOR}, "256": {ColorType.EIGHT_BIT},
                    "16": {ColorType.STANDARD}, "none": {ColorType.DEFAULT}}[depth]  # fmt: skip


def _filtered(app, strip):
    segments = [segment for segment in strip if segment.style is not None]
    for one in app.get_line_filters():
        if one.enabled:
            segments = one.apply(segments, Color(0, 0, 0))
    return segments


def test_our_themes_keep_their_names():
    assert (DARK.name, LIGHT.name) == ("collapse-dark", "collapse-light")
