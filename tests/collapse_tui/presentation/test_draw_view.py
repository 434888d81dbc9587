"""Pictures and text of a generation: what fits is drawn, in every size and marker."""

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from collapse_tui.charts.draw import draw
from collapse_tui.charts.gallery import arrange, draw_gallery, half_blocks, mosaic, shrink
from collapse_tui.charts.palette import GREYS, PALETTES, Colour
from collapse_tui.charts.ridge import Ridge, draw_ridges, mass_by_column
from collapse_tui.charts.svg import to_svg
from collapse_tui.charts.terminal_text import to_ansi_text, to_plain_text
from collapse_tui.charts.text import single_width, wrap_spans
from collapse_tui.charts.to_lines import histogram_lines
from collapse_tui.presentation.draw_view import VIEW_KINDS, draw_view
from collapse_tui.presentation.scene import Scene
from collapse_tui.presentation.snapshot import Snapshot
from engines import views
from engines.views.view import View

SIZES = [(28, 11), (28, 9), (60, 26), (150, 42), (40, 5), (12, 3), (5, 2), (2, 1)]


def history(made_views, kind, generation):
    return history_of([made_views[kind](n) for n in range(generation + 1)])


def history_of(views):
    return Scene(Snapshot(generation=len(views) - 1, views=views)).view_history()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("marker", ["braille", "block", "ascii"])
@pytest.mark.parametrize("kind", ["images", "text"])
@pytest.mark.parametrize("generation", [0, 1, 30])
def test_any_size_is_filled_and_never_left(made_views, kind, generation, marker, size):
    canvas = draw_view(history(made_views, kind, generation), *size, marker)
    assert (canvas.width, canvas.height) == size
    text = to_plain_text(canvas, PALETTES["plain"], ascii_only=marker == "ascii")
    assert all(len(row) <= size[0] for row in text.split("\n"))
    assert marker != "ascii" or text.isascii()


def test_every_view_that_is_made_has_a_kind():
    sources = Path(views.__file__).parent.rglob("*.py")
    made = {kind for path in sources for kind in re.findall(r'View\(\s*"(\w+)"', path.read_text())}
    assert made == set(VIEW_KINDS)


def test_a_view_nobody_knows_and_none_are_blank():
    unknown = history_of([View("songs", {})])
    for one in (unknown, None, history_of([None])):
        assert (draw_view(one, 10, 4, "braille").chars == " ").all()


def test_two_pixels_to_a_cell():
    """White over black, black over white; 15 and 0 are the ends of the greys."""
    picture = np.array([[[1.0, 0.0], [0.0, 1.0], [0.5, 0.5]]])
    canvas = half_blocks(mosaic(picture, 1, 1), GREYS)
    assert canvas.chars.tolist() == [["▀", "▀"], ["▀", "▀"]]
    assert canvas.foreground[0].tolist() == [GREYS[15], GREYS[0]]
    assert canvas.background[0].tolist() == [GREYS[0], GREYS[15]]
    assert canvas.foreground[1].tolist() == [GREYS[8], GREYS[8]]
    assert canvas.background[1].tolist() == [Colour.NONE, Colour.NONE]


def test_pictures_stand_apart_and_nan_is_black():
    canvas = half_blocks(mosaic(np.full((2, 2, 2), np.nan), 2, 1), GREYS)
    assert (canvas.chars[0] == list("▀▀ ▀▀")).all()
    assert set(canvas.foreground[0][[0, 1, 3, 4]].tolist()) == {GREYS[0]}


def test_small_panes_stack_and_wide_ones_put_beside():
    assert arrange((8, 8), 64, 28, 11).beside is False
    wide = arrange((8, 8), 64, 60, 15)
    assert wide.beside is True
    assert (wide.columns, wide.rows) == (3, 3)
    assert arrange((8, 8), 64, 6, 3) is None


def test_large_pictures_are_made_smaller_until_some_fit():
    plan = arrange((28, 28), 64, 28, 11)
    assert plan.shrink > 1
    assert plan.count >= 3
    assert arrange((28, 28), 64, 200, 60).shrink == 1
    halves = shrink(np.arange(16.0).reshape(1, 4, 4), 2)
    assert halves.tolist() == [[[2.5, 4.5], [10.5, 12.5]]]
    assert shrink(np.ones((1, 5, 5)), 2).shape == (1, 3, 3)


def test_there_are_no_more_pictures_than_there_are():
    plan = arrange((8, 8), 2, 150, 40)
    assert plan.count == 2
    canvas = draw_gallery(
        np.ones((2, 8, 8)), np.ones((1, 8, 8)), ("real", "now"), 60, 12, "braille"
    )
    assert (canvas.foreground == GREYS[15]).sum() == 3 * 8 * 4


def test_a_picture_without_colour_is_a_ramp(made_views):
    canvas = draw_view(history(made_views, "images", 3), 60, 26, "braille")
    assert "▀" not in to_plain_text(canvas, PALETTES["plain"])
    assert "▀" not in to_ansi_text(canvas, PALETTES["ansi"])
    assert "▀" in to_ansi_text(canvas, PALETTES["ansi-greys"])
    assert "48;2;0;0;0m" in to_ansi_text(canvas, PALETTES["ansi-greys"])
    assert set("@#*") & set(to_plain_text(canvas, PALETTES["plain"], ascii_only=True))


def test_latents_are_said_to_come_and_then_come(made_views):
    before = to_plain_text(
        draw_view(history(made_views, "images", 0), 60, 26, "braille"), PALETTES["plain"]
    )
    assert "latents from generation 1 on" in before
    assert "the original" in before
    after = to_plain_text(
        draw_view(history(made_views, "images", 9), 60, 26, "braille"), PALETTES["plain"]
    )
    for words in ("real", "generation 9", "gen 1", "gen 9", "classes"):
        assert words in after
    assert "latents from" not in after


def test_unlabelled_images_have_no_classes(made_views):
    view = made_views["images"](3)
    arrays = {**view.arrays, "classes_real": np.empty(0), "classes_now": np.empty(0)}
    canvas = draw_view(history_of([View("images", arrays, view.notes)]), 60, 26, "braille")
    assert "classes" not in to_plain_text(canvas, PALETTES["plain"])


def test_text_has_prompts_dim_and_a_logarithmic_axis(made_views):
    canvas = draw_view(history(made_views, "text", 9), 60, 26, "braille")
    text = to_plain_text(canvas, PALETTES["plain"])
    assert " 100 " in text
    assert "perplexity" in text
    row = next(y for y in range(26) if "some started" in "".join(canvas.chars[y]))
    assert "".join(canvas.chars[row]).startswith("prompt: ")
    assert canvas.foreground[row, len("prompt: ")] == Colour.AXIS
    assert (canvas.foreground == Colour.TEXT)[row + 1 :].any()
    assert "the capital of Japan" in text


def test_a_histogram_on_a_logarithmic_axis_keeps_its_mode():
    """Shares by decade: the mode of even shares is the narrowest bin."""
    edges = np.log10([1.0, 2.0, 10.0, 100.0])
    shares = np.array([0.0, 0.2, 0.3, 0.5, 0.0])
    canvas = draw(histogram_lines(edges, shares, shares, 60, log_x=True), 60, 14)
    filled = (canvas.background == Colour.BOTH_FILL).sum(axis=0)[canvas.area.left :]
    assert filled[: len(filled) // 8].max() > filled[-len(filled) // 4 :].max()
    assert to_plain_text(canvas, PALETTES["plain"]).endswith("100")
    canvas = draw(histogram_lines(edges, shares, shares, 60, log_x=True), 60, 14, "ascii")
    assert to_plain_text(canvas, PALETTES["plain"]).endswith("100")


def test_ridges_lose_no_mass_and_keep_first_and_last():
    shares = np.array([0.1, 0.2, 0.3, 0.4])
    for columns in (1, 3, 4, 9):
        assert mass_by_column(shares, columns).sum() == pytest.approx(1.0)
    rows = [Ridge(f"gen {n}", shares, Colour.PARENT) for n in range(20)]
    text = to_plain_text(draw_ridges(rows, (-4, 4), 40, 6, "braille"), PALETTES["plain"])
    assert re.findall(r"gen \d+", text) == ["gen 0", "gen 16", "gen 17", "gen 18", "gen 19"]
    nothing = draw_ridges([Ridge("x", np.zeros(4), Colour.REAL)], (0, 1), 20, 3, "braille")
    assert "█" not in to_plain_text(nothing, PALETTES["plain"])


def test_other_bins_are_not_put_together(made_views):
    views = [made_views["images"](n) for n in range(4)]
    arrays = {**views[1].arrays, "latent_edges": views[1].arrays["latent_edges"] * 2}
    views[1] = View("images", arrays)
    ridges = history_of(views).ridges_of("latent_edges", "latent_real", "latent_now", 21)
    assert [row.label for row in ridges] == ["real", "gen 2", "gen 3"]


def test_text_is_made_to_fit():
    assert single_width("a\tb\n\nc 東 \x1b[0m e\u0301 \u200b") == "a b c ▯ ▯[0m é ▯"
    lines = wrap_spans([("one two ", Colour.AXIS), ("three " + "x" * 25, Colour.TEXT)], 10, 3)
    assert ["".join(text for text, _ in line) for line in lines] == [
        "one two ",
        "three ",
        "x" * 9 + "…",
    ]
    assert wrap_spans([("", Colour.TEXT)], 10, 3) == [[]]
    assert wrap_spans([("word", Colour.TEXT)], 10, 0) == []


@pytest.mark.parametrize("name", ["dark", "light"])
@pytest.mark.parametrize("kind", ["images", "text"])
def test_svg_is_well_formed_and_needs_no_special_font(made_views, kind, name):
    document = to_svg(
        draw_view(history(made_views, kind, 9), 90, 30, "braille"), PALETTES[name], "#000000"
    )
    root = ET.fromstring(document)  # noqa: S314 - of our own making
    words = [element.text for element in root.iter() if element.tag.endswith("}text")]
    assert "real" in words
    assert not re.search("[\u2580-\u259f\u2800-\u28ff]", "".join(words))
    if kind == "images":
        assert 'fill="#ffffff"' in document
