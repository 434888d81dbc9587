"""The strip as it is drawn: where each generation stands, and what is bright."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collapse_tui.charts.canvas import Area, Canvas, adapt_to_palette
from collapse_tui.charts.draw import draw
from collapse_tui.charts.layout import compute_scales
from collapse_tui.charts.palette import LEVELS, PALETTES, SIGNED, Colour
from collapse_tui.charts.spec import Line, LineChart
from collapse_tui.charts.svg import to_svg
from collapse_tui.events import Generation
from collapse_tui.presentation.scene import Scene
from collapse_tui.presentation.snapshot import RunHistory
from collapse_tui.presentation.strip_chart import (
    CURSOR,
    draw_strip,
    gutter_of_strip,
    strip_caption,
    strip_title,
)
from collapse_tui.presentation.strip_kinds import STRIP_KINDS
from engines.views.strip import STRIPS
from engines.views.view import View

Values = Callable[[int], np.ndarray]


def strip_view(values: Any, axis: tuple[float, float], name: str = "density") -> View:
    found = {"strip": np.asarray(values, np.float32), "strip_axis": np.array(axis)}
    return View("histogram", found, {}, name)


def scene_of(
    values: Values, last: int = 40, generations: int = 80, name: str = "density",
    axis: tuple[float, float] = (-4.0, 4.0), shown: int | None = None, replicates: int = 1,
) -> Scene:  # fmt: skip
    history = RunHistory()
    history.publish(generations=generations)
    for n in range(last + 1):
        view = strip_view(values(n), axis, name)
        history.add_record(Generation(n, {}, {}, {}, {}, view), 1.0)
    return Scene(history.snapshot, shown=shown, replicates=replicates)


def normal(sd: float, cells: int = 64) -> np.ndarray:
    middles = (np.arange(cells) + 0.5) / cells * 8 - 4
    shares = np.exp(-0.5 * (middles / sd) ** 2)
    return shares / shares.sum()


def pixels(canvas: Canvas, scale: tuple[Colour, ...] = LEVELS) -> np.ndarray:
    """Return the places on a scale of the upper and lower half of each cell; -1 for none."""
    above, below = (
        part.astype(int) - int(scale[0]) for part in (canvas.foreground, canvas.background)
    )
    above = np.where(canvas.chars == " ", below, above)
    assert canvas.area is not None
    rows = np.stack([above, below], axis=1).reshape(2 * canvas.height, canvas.width)
    inside = rows[: 2 * canvas.area.height, canvas.area.left :]
    return np.where((inside >= 0) & (inside < len(scale)), inside, -1)


def spread_of(column: np.ndarray) -> int:
    return int((column > 0).sum())


def test_a_needle_becomes_narrow_and_bright() -> None:
    drawn = pixels(draw_strip(scene_of(lambda n: normal(0.9**n)), 70, 10, "braille"))
    widths = [spread_of(drawn[:, at]) for at in (0, 10, 20, 30)]
    assert widths[0] > widths[1] > widths[3]
    assert drawn[:, 30].max() > drawn[:, 0].max()
    assert drawn[:, 30].max() >= len(LEVELS) - 3


def test_a_dispersing_density_becomes_wide_and_dark() -> None:
    drawn = pixels(draw_strip(scene_of(lambda n: normal(0.3 * 1.05**n)), 70, 10, "braille"))
    assert spread_of(drawn[:, 0]) < spread_of(drawn[:, 15]) < spread_of(drawn[:, 30])
    assert drawn[:, 0].max() > drawn[:, 15].max() > drawn[:, 30].max()


def test_a_state_that_dies_is_black_and_a_rare_one_is_not() -> None:
    def values(n: int) -> np.ndarray:
        return np.array([0.9, 0.0999, 0.0001]) if n < 20 else np.array([0.9, 0.1, 0.0])

    scene = scene_of(values, name="states", axis=(-0.5, 2.5))
    drawn = pixels(draw_strip(scene, 70, 6, "braille"))
    assert (drawn[:4, 2:15] > 0).all()  # four of twelve pixels from above are of the third state
    assert (drawn[:4, 20:33] == 0).all()
    assert (drawn[4:, :33] > 0).all()


def test_weights_differ_by_sign() -> None:
    def weights(n: int) -> np.ndarray:
        return np.array([1.0, -1.0, 0.0]) * (1 + n / 12)

    scene = scene_of(weights, name="weights", axis=(-0.5, 2.5))
    drawn = pixels(draw_strip(scene, 70, 3, "braille"), SIGNED)
    middle = len(SIGNED) // 2
    assert (drawn[:2, :30] == middle).all()
    assert (drawn[2:4, :30] < middle).all()
    assert (drawn[4:, :30] > middle).all()
    assert (np.diff(drawn[4, [0, 15, 30]]) > 0).all()


def test_what_is_to_come_is_empty_and_what_is_there_stays() -> None:
    """Only the new column and the cursor change: nothing is scaled by what came later."""
    canvases = [
        draw_strip(scene_of(lambda n: normal(0.97**n), last, 60), 70, 10, "braille")
        for last in (30, 31, 45)
    ]
    area = canvases[0].area
    assert area is not None
    for canvas, last in zip(canvases, (30, 31, 45), strict=True):
        after = area.left + area.column(last) + 1
        rows = slice(0, area.height)
        assert (canvas.background[rows, after + 1 :] == Colour.NONE).all()
        until = area.left + area.column(30)
        for part in ("chars", "foreground", "background"):
            found, before = (getattr(one, part)[:, :until] for one in (canvas, canvases[0]))
            assert np.array_equal(found, before)


def test_the_cursor_stands_at_the_generation_shown() -> None:
    canvas = draw_strip(scene_of(lambda _: normal(1.0), shown=17), 70, 10, "braille")
    assert canvas.area is not None
    column = canvas.area.left + canvas.area.column(17)
    assert (canvas.chars[: canvas.area.height, column] == "┃").all()
    assert (canvas.chars == "┃").sum() == canvas.area.height


def test_the_cursor_hides_no_data_of_the_newest_generation() -> None:
    canvas = draw_strip(scene_of(lambda _: normal(0.5)), 70, 10, "braille")
    assert canvas.area is not None
    column = canvas.area.left + canvas.area.column(40)
    rows, columns = np.nonzero(canvas.chars == "┃")
    assert set(columns) == {column}
    assert {0, canvas.area.height - 1} <= set(rows.tolist()) < set(range(canvas.area.height))
    drawn = canvas.chars.copy()
    drawn[canvas.chars == "┃"] = " "
    found = pixels(replace(canvas, chars=drawn))[:, column - canvas.area.left]
    before = pixels(canvas)[:, column - 1 - canvas.area.left]
    assert found.tolist() == before.tolist()


def test_the_cursor_is_seen_where_every_pixel_differs() -> None:
    comb = np.tile([0.0, 1 / 32], 32)
    canvas = draw_strip(scene_of(lambda _: comb), 70, 33, "braille")
    assert np.count_nonzero(canvas.chars == "┃") == 2


@given(generations=st.integers(1, 5_000), width=st.integers(20, 200), data=st.data())
@settings(deadline=None)
def test_a_click_on_the_cursor_is_the_generation_shown(
    generations: int, width: int, data: st.DataObject
) -> None:
    area = Area(5, 0, width, 4, 0.0, float(generations))
    shown = data.draw(st.integers(0, generations))
    clicked = round(area.value(area.left + area.column(shown)))
    assert abs(clicked - shown) <= generations / width + 1
    assert area.column(clicked) == area.column(shown)
    assert (area.value(area.left), area.value(area.left + width - 1)) == (0, generations)


def test_columns_and_ticks_are_those_of_the_chart_above() -> None:
    scene = scene_of(lambda _: normal(1.0), axis=(-4000.0, 4000.0))
    gutter = gutter_of_strip(scene, 70, 10, "braille")
    x = np.arange(81.0)
    chart = LineChart((Line(x, x, Colour.SERIES),), x_limits=(0.0, 80.0), gutter=gutter)
    above = draw(chart, 70, 12).area
    assert above is not None
    assert above.left == gutter == compute_scales(chart, 70, 11, "braille").area.left
    for area in (above, Area(12, 0, 40, 9, 0.0, 80.0)):
        found = draw_strip(scene, 70, 10, "braille", area).area
        assert found is not None
        assert (found.left, found.width) == (area.left, area.width)
    # one whose labels do not fit is not followed
    narrow = draw_strip(scene, 70, 10, "braille", Area(2, 0, 68, 9, 0.0, 80.0)).area
    assert narrow is not None
    assert narrow.left == gutter


@pytest.mark.parametrize("name", STRIPS)
@pytest.mark.parametrize("palette", PALETTES)
def test_any_palette_shows_it(name: str, palette: str) -> None:
    def values(n: int) -> np.ndarray:
        row = np.linspace(0, 1, 9) if name == "weights" else normal(1.0, 9)
        return row * (1 - 2 * (n > 20)) if name == "weights" else row

    canvas = draw_strip(scene_of(values, name=name, axis=(0.0, 2.0)), 70, 8, "braille")
    shown = adapt_to_palette(canvas, PALETTES[palette])
    scales = set(map(int, (*LEVELS, *SIGNED)))
    used = {int(c) for c in (*shown.foreground.flat, *shown.background.flat)} & scales
    assert {Colour(c) for c in used} <= set(PALETTES[palette].colours)
    if LEVELS[0] not in PALETTES[palette].colours:
        assert len(set(shown.chars[:7, 5:35].flat)) >= 2
    if palette in {"dark", "light"}:
        assert to_svg(canvas, PALETTES[palette], "#000000").count("<rect") > 20


@pytest.mark.parametrize("name", STRIPS)
def test_ascii_is_ascii(name: str) -> None:
    canvas = draw_strip(scene_of(lambda n: normal(0.95**n), name=name), 70, 8, "ascii")
    shown = adapt_to_palette(canvas, PALETTES["plain"], ascii_only=True)
    text = "\n".join("".join(row) for row in shown.chars)
    assert text.isascii()
    assert "|" in text
    assert len(set(text)) > 8


def test_signs_of_weights_are_seen_without_colours() -> None:
    scene = scene_of(lambda n: np.array([2.0, -2.0]) if n else np.ones(2), name="weights",
                     axis=(-0.5, 1.5))  # fmt: skip
    for ascii_only in (False, True):
        canvas = draw_strip(scene, 40, 2, "braille")
        shown = adapt_to_palette(canvas, PALETTES["plain"], ascii_only=ascii_only)
        above, below = (shown.chars[row, 10] for row in (0, 1))
        assert above != below
        assert " " not in {above, below}


@given(
    width=st.integers(0, 220), height=st.integers(0, 30), last=st.integers(0, 900),
    cells=st.integers(1, 64), name=st.sampled_from(sorted(STRIPS)),
)  # fmt: skip
@settings(deadline=None, max_examples=60)
def test_any_size_is_filled(width: int, height: int, last: int, cells: int, name: str) -> None:
    scene = scene_of(lambda _: normal(1.0, cells), last, max(last, 1), name)
    canvas = draw_strip(scene, width, height, "braille")
    assert (canvas.width, canvas.height) == (width, height)
    if canvas.area is not None and canvas.area.width >= 3:
        filled = canvas.background[: canvas.area.height, canvas.area.left :]
        assert (filled != Colour.NONE).all()


@pytest.mark.parametrize("name", STRIPS)
@pytest.mark.parametrize("values", [np.full(9, np.nan), np.zeros(9), np.full(9, 1e30)])
def test_numbers_that_are_none_leave_blanks(name: str, values: np.ndarray) -> None:
    def row(n: int) -> np.ndarray:
        return normal(1.0, 9) if n < 20 else values

    canvas = draw_strip(scene_of(row, name=name), 70, 8, "braille")
    assert (canvas.width, canvas.height) == (70, 8)


def test_generations_that_are_missing_look_like_those_before() -> None:
    history = RunHistory()
    history.publish(generations=80)
    for n in range(0, 81, 8):
        view = strip_view(normal(1.0), (-4, 4))
        history.add_record(Generation(n, {}, {}, {}, {}, view), 1.0)
    drawn = pixels(draw_strip(Scene(history.snapshot, shown=0), 70, 8, "braille"))
    assert (drawn[:, 2:] == drawn[:, 2:3]).all()
    assert drawn.max() > 0


def test_generation_0_is_the_real_data_as_soon_as_they_are_known(made_views: Any) -> None:
    history = RunHistory()
    history.publish(generations=4)
    for n in range(3):
        history.add_record(Generation(n, {}, {}, {}, {}, made_views["images"](n)), 1.0)
    drawn = pixels(draw_strip(Scene(history.snapshot), 70, 8, "braille"))
    assert (drawn[:, :8] == drawn[:, :1]).all()
    assert drawn[:, 0].max() > 0


def test_words_stand_in_for_a_strip_that_is_not_there() -> None:
    history = RunHistory()
    assert "waiting" in text_of(draw_strip(Scene(history.snapshot), 70, 4, "braille"))
    old = View("histogram", {"now": np.ones(3)}, {})
    history.add_record(Generation(0, {}, {}, {}, {}, old), 1.0)
    assert "version" in text_of(draw_strip(Scene(history.snapshot), 70, 4, "braille"))
    silent = RunHistory()
    none = View("images", {"strip": np.empty(0), "strip_axis": np.array([0, 1])}, {}, "latent")
    silent.add_record(Generation(0, {}, {}, {}, {}, none), 1.0)
    assert "generation 1" in text_of(draw_strip(Scene(silent.snapshot), 70, 4, "braille"))


def text_of(canvas: Canvas) -> str:
    return " ".join("".join(row) for row in canvas.chars)


def test_the_title_says_of_which_run() -> None:
    assert strip_title(scene_of(lambda _: normal(1.0))) == "density by generation"
    several = strip_title(scene_of(lambda _: normal(1.0), replicates=1_000))
    assert several == "density by generation · run 1 of 1,000"


def test_every_strip_has_a_row_in_both_tables() -> None:
    assert set(STRIP_KINDS) == set(STRIPS)


@pytest.mark.parametrize(
    ("source", "engine", "said"),
    [
        ("normal", "gaussian", "sd "), ("mixture", "kde", "sd "), ("poisson", "poisson", "sd "),
        ("categorical", "discrete", "of 4 states alive"), ("text", "ngram", "words alive"),
        ("normal-nd", "gaussian", "sd "), ("mixture-nd", "gmm", "sd "),
        ("linear", "regression", "from the real weights"),
    ],
)  # fmt: skip
def test_a_caption_is_one_fact_of_the_generation(
    experiment: Any, records: Any, source: str, engine: str, said: str
) -> None:
    history = RunHistory()
    for record in records(experiment(source, engine, generations=2)):
        history.add_record(record, 1.0)
    caption = strip_caption(Scene(history.snapshot))
    assert said in caption
    assert "nan" not in caption
    assert strip_caption(Scene(history.snapshot, shown=0))


def test_the_spread_is_that_of_the_law_and_a_bound_below_a_bin(
    experiment: Any, records: Any
) -> None:
    built = experiment("normal", "gaussian", schedule=5, generations=400, replicates=1)
    history = RunHistory()
    for record in records(built):
        history.add_record(record, 1.0)
    assert "sd below" in strip_caption(Scene(history.snapshot))
    assert strip_caption(Scene(history.snapshot, shown=0)) == "sd 2.0 (real 2.0)"


def test_networks_say_nothing_of_what_they_have_not_learnt(made_views: Any) -> None:
    for kind in ("images", "text"):
        history = RunHistory()
        history.add_record(Generation(0, {}, {}, {}, {}, made_views[kind](0)), 1.0)
        assert strip_caption(Scene(history.snapshot)) == ""
        history.add_record(Generation(1, {}, {}, {}, {}, made_views[kind](1)), 1.0)
        assert "real" in strip_caption(Scene(history.snapshot))


def test_a_part_of_the_run_is_the_same_part_of_the_picture():
    scene = scene_of(lambda n: normal(1 + n / 20), last=80)
    whole = draw_strip(scene, 88, 12, "braille")
    part = draw_strip(replace(scene, window=(20.0, 60.0)), 88, 12, "braille")
    assert (part.area.low, part.area.high) == (20, 60)
    assert whole.area.left == part.area.left
    left = whole.area.left
    for generation in (20, 30, 45, 60):
        there = left + whole.area.column(generation)
        here = left + part.area.column(generation)
        assert (whole.foreground[:8, there] == part.foreground[:8, here]).all()


def test_a_part_that_is_not_there_yet_is_empty():
    scene = replace(scene_of(lambda n: normal(1 + n), last=10), window=(40.0, 80.0))
    canvas = draw_strip(scene, 60, 8, "braille")
    assert (pixels(canvas) == -1).all()
    assert CURSOR not in canvas.chars
