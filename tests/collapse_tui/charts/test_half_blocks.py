"""Pixels in half blocks, and the characters that stand for them."""

import numpy as np
import pytest

from collapse_tui.charts.canvas import adapt_to_palette
from collapse_tui.charts.half_blocks import GAP, half_blocks
from collapse_tui.charts.palette import GREYS, LEVELS, PALETTES, SIGNED, Colour
from collapse_tui.charts.shades import RAMPS


def test_two_pixels_are_one_cell() -> None:
    canvas = half_blocks(np.array([[1, 2, GAP, GAP], [3, GAP, 4, GAP]]), LEVELS)
    assert "".join(canvas.chars[0]) == "▀▀▄ "
    assert canvas.foreground[0].tolist() == [LEVELS[1], LEVELS[2], LEVELS[4], Colour.NONE]
    assert canvas.background[0].tolist() == [LEVELS[3], *[Colour.NONE] * 3]


def test_pairs_of_one_colour_may_be_blanks() -> None:
    pixels = np.array([[5, 5], [5, 6]])
    assert "".join(half_blocks(pixels, LEVELS).chars[0]) == "▀▀"
    canvas = half_blocks(pixels, LEVELS, blank_pairs=True)
    assert "".join(canvas.chars[0]) == " ▀"
    assert canvas.foreground[0].tolist() == [Colour.NONE, LEVELS[5]]
    assert canvas.background[0].tolist() == [LEVELS[5], LEVELS[6]]


def test_an_odd_row_is_the_upper_half() -> None:
    assert half_blocks(np.array([[7]]), GREYS).chars.tolist() == [["▀"]]


@pytest.mark.parametrize("scale", [GREYS, LEVELS, SIGNED], ids=["greys", "levels", "signed"])
@pytest.mark.parametrize("ascii_only", [False, True])
def test_characters_stand_in_an_order(scale: tuple[Colour, ...], ascii_only: bool) -> None:
    steps = np.arange(len(scale))
    canvas = half_blocks(np.stack([steps, steps]), scale, blank_pairs=True)
    shown = adapt_to_palette(canvas, PALETTES["plain"], ascii_only=ascii_only)
    text = "".join(shown.chars[0])
    ramp = next(ramp for ramp in RAMPS if ramp.colours == scale)
    signs = ramp.ascii_signs if ascii_only else ramp.signs
    assert (text[0], text[-1]) == (signs[0], signs[-1])
    places = [signs.index(char) for char in text]
    assert places == sorted(places)
    assert set(places) == set(range(len(signs)))
    assert not set(shown.foreground[0].tolist()) & set(map(int, scale))
    assert (shown.background == Colour.NONE).all()


def test_a_line_over_pixels_stays_a_line() -> None:
    canvas = half_blocks(np.full((2, 3), 15), LEVELS)
    canvas.chars[0, 1], canvas.foreground[0, 1] = "┃", Colour.CURSOR
    shown = adapt_to_palette(canvas, PALETTES["plain"])
    assert "".join(shown.chars[0]) == "█┃█"
    assert shown.foreground[0, 1] == Colour.CURSOR
    assert (shown.background == Colour.NONE).all()
    kept = adapt_to_palette(canvas, PALETTES["dark"])
    assert kept.background[0].tolist() == [LEVELS[15]] * 3


def test_the_sign_of_a_number_is_a_colour_where_there_are_sixteen() -> None:
    canvas = half_blocks(np.array([[0, 14], [0, 14]]), SIGNED, blank_pairs=True)
    shown = adapt_to_palette(canvas, PALETTES["ansi"])
    assert shown.foreground[0].tolist() == [Colour.EXACT, Colour.SERIES]
