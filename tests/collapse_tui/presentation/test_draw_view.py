"""Pictures and text of a generation: what fits is drawn, in every size and marker."""

import re
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from collapse_tui.charts import PALETTES, HistogramChart, Ink, coloured, draw, plain, svg
from collapse_tui.charts.gallery import arranged, cells, gallery, mosaic, shrunk
from collapse_tui.charts.palette import GREYS
from collapse_tui.charts.ridge import Ridge, ridges, spread
from collapse_tui.charts.text import narrow, wrapped
from collapse_tui.presentation.draw_view import DRAWINGS, draw_view
from collapse_tui.presentation.view_history import sight_of
from collapse_tui.tui.screens.help_text import VIEWS
from engines.views.view import View

SIZES = [(28, 11), (28, 9), (60, 26), (150, 42), (40, 5), (12, 3), (5, 2), (2, 1)]


def sight(made_views, kind, generation):
    return sight_of([made_views[kind](n) for n in range(generation + 1)], generation)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("marker", ["braille", "block", "ascii"])
@pytest.mark.parametrize("kind", ["images", "text"])
@pytest.mark.parametrize("generation", [0, 1, 30])
def test_any_size_is_filled_and_never_left(made_views, kind, generation, marker, size):
    canvas = draw_view(sight(made_views, kind, generation), *size, marker)
    assert (canvas.width, canvas.height) == size
    text = plain(canvas, PALETTES["plain"], ascii_only=marker == "ascii")
    assert all(len(row) <= size[0] for row in text.split("\n"))
    assert marker != "ascii" or text.isascii()


def test_every_drawing_is_explained():
    assert set(DRAWINGS) == set(VIEWS)


def test_a_view_nobody_knows_and_none_are_blank():
    unknown = sight_of([View("songs", {})], 0)
    for one in (unknown, None, sight_of([None], 0)):
        assert (draw_view(one, 10, 4, "braille").chars == " ").all()


def test_two_pixels_to_a_cell():
    """White over black, black over white; 15 and 0 are the ends of the greys."""
    picture = np.array([[[1.0, 0.0], [0.0, 1.0], [0.5, 0.5]]])
    canvas = cells(mosaic(picture, 1, 1))
    assert canvas.chars.tolist() == [["▀", "▀"], ["▀", "▀"]]
    assert canvas.ink[0].tolist() == [GREYS[15], GREYS[0]]
    assert canvas.paper[0].tolist() == [GREYS[0], GREYS[15]]
    assert canvas.ink[1].tolist() == [GREYS[8], GREYS[8]]
    assert canvas.paper[1].tolist() == [Ink.NONE, Ink.NONE]


def test_pictures_stand_apart_and_nan_is_black():
    canvas = cells(mosaic(np.full((2, 2, 2), np.nan), 2, 1))
    assert (canvas.chars[0] == list("▀▀ ▀▀")).all()
    assert set(canvas.ink[0][[0, 1, 3, 4]].tolist()) == {GREYS[0]}


def test_small_panes_stack_and_wide_ones_put_beside():
    assert arranged((8, 8), 64, 28, 11).beside is False
    wide = arranged((8, 8), 64, 60, 15)
    assert wide.beside is True
    assert (wide.columns, wide.rows) == (3, 3)
    assert arranged((8, 8), 64, 6, 3) is None


def test_large_pictures_are_made_smaller_until_some_fit():
    plan = arranged((28, 28), 64, 28, 11)
    assert plan.shrink > 1
    assert plan.count >= 3
    assert arranged((28, 28), 64, 200, 60).shrink == 1
    halves = shrunk(np.arange(16.0).reshape(1, 4, 4), 2)
    assert halves.tolist() == [[[2.5, 4.5], [10.5, 12.5]]]
    assert shrunk(np.ones((1, 5, 5)), 2).shape == (1, 3, 3)


def test_there_are_no_more_pictures_than_there_are():
    plan = arranged((8, 8), 2, 150, 40)
    assert plan.count == 2
    canvas = gallery(np.ones((2, 8, 8)), np.ones((1, 8, 8)), ("real", "now"), 60, 12, "braille")
    assert (canvas.ink == GREYS[15]).sum() == 3 * 8 * 4


def test_a_picture_without_colour_is_a_ramp(made_views):
    canvas = draw_view(sight(made_views, "images", 3), 60, 26, "braille")
    assert "▀" not in plain(canvas, PALETTES["plain"])
    assert "▀" not in coloured(canvas, PALETTES["ansi"])
    assert "▀" in coloured(canvas, PALETTES["ansi-greys"])
    assert "48;2;0;0;0m" in coloured(canvas, PALETTES["ansi-greys"])
    assert set("@#*") & set(plain(canvas, PALETTES["plain"], ascii_only=True))


def test_latents_are_said_to_come_and_then_come(made_views):
    before = plain(draw_view(sight(made_views, "images", 0), 60, 26, "braille"), PALETTES["plain"])
    assert "latents from generation 1 on" in before
    assert "the original" in before
    after = plain(draw_view(sight(made_views, "images", 9), 60, 26, "braille"), PALETTES["plain"])
    for words in ("real", "generation 9", "gen 1", "gen 9", "classes"):
        assert words in after
    assert "latents from" not in after


def test_unlabelled_images_have_no_classes(made_views):
    view = made_views["images"](3)
    arrays = {**view.arrays, "classes_real": np.empty(0), "classes_now": np.empty(0)}
    canvas = draw_view(sight_of([View("images", arrays, view.notes)], 0), 60, 26, "braille")
    assert "classes" not in plain(canvas, PALETTES["plain"])


def test_text_has_prompts_dim_and_a_logarithmic_axis(made_views):
    canvas = draw_view(sight(made_views, "text", 9), 60, 26, "braille")
    text = plain(canvas, PALETTES["plain"])
    assert "10²" in text
    assert "perplexity" in text
    row = next(y for y in range(26) if "some started" in "".join(canvas.chars[y]))
    assert canvas.ink[row, 0] == Ink.AXIS
    assert (canvas.ink == Ink.TEXT)[row + 1 :].any()
    assert "the capital of Japan" in text


def test_a_histogram_on_a_logarithmic_axis_keeps_its_mode():
    """Shares by decade: the mode of even shares is the narrowest bin."""
    edges = np.log10([1.0, 2.0, 10.0, 100.0])
    shares = np.array([0.0, 0.2, 0.3, 0.5, 0.0])
    canvas = draw(HistogramChart(edges, shares, shares, log_x=True), 60, 14)
    filled = (canvas.paper != Ink.NONE).sum(axis=0)[canvas.area.left :]
    assert filled[: len(filled) // 8].max() > filled[-len(filled) // 4 :].max()
    assert "10²" in plain(canvas, PALETTES["plain"])
    assert "1e2" in plain(draw(HistogramChart(edges, shares, shares, log_x=True), 60, 14, "ascii"),
                          PALETTES["plain"])  # fmt: skip


def test_ridges_lose_no_mass_and_keep_first_and_last():
    shares = np.array([0.1, 0.2, 0.3, 0.4])
    for columns in (1, 3, 4, 9):
        assert spread(shares, columns).sum() == pytest.approx(1.0)
    rows = [Ridge(f"gen {n}", shares, Ink.PARENT) for n in range(20)]
    text = plain(ridges(rows, (-4, 4), 40, 6, "braille"), PALETTES["plain"])
    assert re.findall(r"gen \d+", text) == ["gen 0", "gen 16", "gen 17", "gen 18", "gen 19"]
    nothing = ridges([Ridge("x", np.zeros(4), Ink.REAL)], (0, 1), 20, 3, "braille")
    assert "█" not in plain(nothing, PALETTES["plain"])


def test_other_bins_are_not_put_together(made_views):
    views = [made_views["images"](n) for n in range(4)]
    arrays = {**views[1].arrays, "latent_edges": views[1].arrays["latent_edges"] * 2}
    views[1] = View("images", arrays)
    labels = [
        row.label for row in sight_of(views, 3).by_generation("latent_edges", "latent_now", 9)
    ]
    assert labels == ["gen 2", "gen 3"]


def test_text_is_made_to_fit():
    assert narrow("a\tb\n\nc 東 \x1b[0m e\u0301 \u200b") == "a b c ▯ ▯[0m é ▯"
    lines = wrapped([("one two ", Ink.AXIS), ("three " + "x" * 25, Ink.TEXT)], 10, 3)
    assert ["".join(text for text, _ in line) for line in lines] == [
        "one two ",
        "three ",
        "x" * 9 + "…",
    ]
    assert wrapped([("", Ink.TEXT)], 10, 3) == [[]]
    assert wrapped([("word", Ink.TEXT)], 10, 0) == []


@pytest.mark.parametrize("name", ["dark", "light"])
@pytest.mark.parametrize("kind", ["images", "text"])
def test_svg_is_well_formed_and_needs_no_special_font(made_views, kind, name):
    document = svg(
        draw_view(sight(made_views, kind, 9), 90, 30, "braille"), PALETTES[name], "#000000"
    )
    root = ET.fromstring(document)  # noqa: S314 - of our own making
    words = [element.text for element in root.iter() if element.tag.endswith("}text")]
    assert "real" in words
    assert not re.search("[\u2580-\u259f\u2800-\u28ff]", "".join(words))
    if kind == "images":
        assert 'fill="#ffffff"' in document
