"""Text from outside, made visible: in lines, in one line, in cells, in JSON."""

import json
import unicodedata

import numpy as np
import pytest

from collapse_tui.charts.canvas import adapt_to_palette, blank_canvas
from collapse_tui.charts.palette import PALETTES, Colour
from collapse_tui.visible_text import CONTROLS, to_visible, to_visible_cells, to_visible_line

HIDDEN = [chr(code) for first, last in CONTROLS for code in range(first, last + 1)]


def test_every_control_of_unicode_is_among_them():
    controls = {chr(code) for code in range(0x110000) if unicodedata.category(chr(code)) == "Cc"}
    turns = {chr(code) for code in range(0x110000)
             if unicodedata.bidirectional(chr(code)) in {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI",
                                                         "RLI", "FSI", "PDI"}}  # fmt: skip
    assert controls | turns | {"\u2028", "\u2029", chr(0xD800), chr(0xDFFF)} <= set(HIDDEN)
    # without the signs of other alphabets that only shape their neighbours
    no_width = {
        chr(code)
        for code in range(0x110000)
        if unicodedata.category(chr(code)) == "Cf"
        and unicodedata.east_asian_width(chr(code)) == "N"
        and 0x200A < code < 0x2065
    }
    assert no_width - {"\u200c", "\u200d"} | {"\ufeff"} <= set(HIDDEN)


@pytest.mark.parametrize(
    "text", ["αβγ – “W₁”\n\tतमिழ் 東京 🙂", "a\u200db", "می\u200cر", "tre\u0300s", ""]
)
def test_what_can_be_read_stays(text):
    assert to_visible(text) == text


def test_controls_become_escapes_of_their_code():
    assert to_visible("a\x1b]52;c;eA==\x07b\x9b2J\u202ec") == (
        "a\\u001b]52;c;eA==\\u0007b\\u009b2J\\u202ec"
    )
    assert to_visible_line("a\nb\tc\udc80") == "a\\u000ab\\u0009c\\udc80"
    assert to_visible_cells("a\x1bb\nc") == "a▯b▯c"
    for sign in HIDDEN:
        assert to_visible_line(sign).isascii()
        assert to_visible_cells(sign) == "▯"


def test_json_stays_the_same_json():
    document = {"|".join(HIDDEN): ["|".join(reversed(HIDDEN)), 'quoted "\\" and\nbroken']}
    line = to_visible(json.dumps(document, ensure_ascii=False))
    assert json.loads(line) == document
    assert not set(line) & set(HIDDEN)


def test_a_chart_has_no_control_in_a_cell():
    canvas = blank_canvas(len(HIDDEN), 1)
    canvas.write(0, 0, "".join(HIDDEN), Colour.TEXT)
    for ascii_only in (False, True):
        shown = adapt_to_palette(canvas, PALETTES["plain"], ascii_only=ascii_only)
        assert set(shown.chars.ravel()) == {"#" if ascii_only else "▯"}
    plain = blank_canvas(3, 1)
    assert np.array_equal(adapt_to_palette(plain, PALETTES["plain"]).chars, plain.chars)
