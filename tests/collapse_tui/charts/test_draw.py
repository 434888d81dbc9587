"""Charts: whatever the numbers and the size, something sensible and nothing else is drawn."""

import numpy as np
import pytest

from collapse_tui.charts.canvas import Canvas
from collapse_tui.charts.draw import draw
from collapse_tui.charts.palette import PALETTES, Colour
from collapse_tui.charts.spec import Band, Dots, Line, LineChart, Marker
from collapse_tui.charts.terminal_text import to_ansi_text, to_plain_text
from collapse_tui.charts.to_lines import bars_lines, histogram_lines, scatter_lines

MARKERS: tuple[Marker, ...] = ("braille", "block", "ascii")
X = np.arange(50.0)


def columns_of(canvas: Canvas, colour: Colour) -> np.ndarray:
    """Return the columns of the data area that show `colour`."""
    assert canvas.area is not None
    rows = slice(canvas.area.top, canvas.area.top + canvas.area.height)
    shown = (canvas.foreground[rows] == colour) & (canvas.chars[rows] != " ")
    return np.flatnonzero(shown.any(axis=0)) - canvas.area.left


def line(y: np.ndarray, **options) -> LineChart:
    return LineChart((Line(np.arange(y.size, dtype=float), y, Colour.SERIES),), **options)


@pytest.mark.parametrize("marker", MARKERS)
@pytest.mark.parametrize(
    "y",
    [
        np.sin(X),
        np.full(50, 3.0),
        np.zeros(50),
        np.full(50, np.nan),
        np.array([2.0]),
        np.empty(0),
        np.where(X % 7 == 0, np.nan, X),
        np.where(X % 5 == 0, np.inf, -X),
        np.array([-1e308, 1e308, 0.0]),
        np.array([1e-300, 2e-300]),
    ],
    ids=["wave", "constant", "zero", "nan", "point", "empty", "gaps", "inf", "huge", "tiny"],
)
@pytest.mark.parametrize("log", [False, True])
def test_any_numbers_can_be_drawn(y, log, marker):
    canvas = draw(line(y, log=log), 40, 12, marker)
    assert canvas.chars.shape == (12, 40)
    labels = to_plain_text(canvas, PALETTES["plain"])
    assert "nan" not in labels
    assert "inf" not in labels


@pytest.mark.parametrize("marker", MARKERS)
@pytest.mark.parametrize("width", [0, 1, 2, 7, 16, 17])
@pytest.mark.parametrize("height", [0, 1, 2, 5, 7])
def test_any_size_can_be_drawn(width, height, marker):
    band = Band(X, X - 1, X + 1, Colour.BAND, "band")
    chart = LineChart((Line(X, X, Colour.SERIES, "y"),), (band,), marks=(3.0,), cursor=9.0)
    assert draw(chart, width, height, marker).chars.shape == (height, width)


@pytest.mark.parametrize("height", [6, 7, 9, 11])
@pytest.mark.parametrize(
    ("low", "high", "log"),
    [
        (0.3, 0.9, False), (2.1, 4.9, False), (1e7, 1.01e7, False), (-0.13, 0.02, False),
        (2.1, 9.8, True), (0.95, 1.05, True), (10**0.6, 10**7.9, True), (0.066, 0.149, True),
    ],
)  # fmt: skip
def test_there_are_two_different_labels_in_any_height(low, high, log, height):
    chart = LineChart(
        (Line(X, np.linspace(low, high, 50), Colour.SERIES),), labels="none", log=log,
        x_limits=(1.0, 39.0),
    )  # fmt: skip
    rows = to_plain_text(draw(chart, 34, height), PALETTES["plain"]).split("\n")
    labels = [row.split("┤")[0].strip() for row in rows if "┤" in row]
    assert len(set(labels)) == len(labels) > 1
    assert len(rows[-1].split()) > 1


def test_nan_leaves_a_gap_and_keeps_the_axis():
    y = np.where((X > 20) & (X < 30), np.nan, X)
    whole, gap = draw(line(X), 60, 14), draw(line(y), 60, 14)
    hidden = set(columns_of(whole, Colour.SERIES)) - set(columns_of(gap, Colour.SERIES))
    share = np.array(sorted(hidden)) / whole.area.width * 49
    assert hidden
    assert share.min() > 19
    assert share.max() < 31
    assert (
        to_plain_text(whole, PALETTES["plain"]).split("\n")[-1]
        == (to_plain_text(gap, PALETTES["plain"]).split("\n")[-1])
    )


def test_infinite_values_do_not_reach_the_axis():
    with_infinity = np.where(X == 25, np.inf, X)
    axis = [
        row[:3]
        for row in to_plain_text(draw(line(with_infinity), 60, 14), PALETTES["plain"]).split("\n")
    ]
    assert axis == [
        row[:3] for row in to_plain_text(draw(line(X), 60, 14), PALETTES["plain"]).split("\n")
    ]


def test_log_axis_leaves_out_what_is_not_positive():
    y = np.where(X < 25, 10.0 ** (X / 5), -1.0)
    shown = columns_of(draw(line(y, log=True), 60, 14), Colour.SERIES)
    assert shown.max() < 0.52 * 60
    assert "10⁰" in to_plain_text(draw(line(y, log=True), 60, 14), PALETTES["plain"])


def test_log_axis_in_ascii_has_ascii_labels():
    text = to_plain_text(draw(line(10.0 ** (X / 5), log=True), 60, 14, "ascii"), PALETTES["plain"])
    assert "1e" in text


def test_a_long_line_keeps_its_spikes():
    y = np.zeros(20_000)
    y[12_345] = 7.0
    spike = columns_of(draw(line(y), 60, 14), Colour.SERIES)
    canvas = draw(line(y), 60, 14)
    top = canvas.foreground[canvas.area.top : canvas.area.top + 3] == Colour.SERIES
    assert spike.size
    at = (np.flatnonzero(top.any(axis=0)) - canvas.area.left).mean() / canvas.area.width
    assert at == pytest.approx(12_345 / 20_000, abs=0.03)


def test_a_band_is_tinted_between_its_edges_and_nowhere_else():
    band = Band(X, np.full(50, 0.0), np.full(50, 5.0), Colour.BAND)
    canvas = draw(LineChart(bands=(band,), y_data=np.array([-10.0, 10.0])), 60, 22)
    area = canvas.area
    rows = slice(area.top, area.top + area.height)
    tinted = (canvas.background[rows] == Colour.BAND) | (canvas.foreground[rows] == Colour.BAND)
    rows = np.flatnonzero(tinted.any(axis=1)) / area.height
    assert rows.min() == pytest.approx(0.25, abs=0.06)
    assert rows.max() == pytest.approx(0.5, abs=0.06)


def test_an_inner_band_lies_on_the_outer_one():
    outer = Band(X, np.full(50, -8.0), np.full(50, 8.0), Colour.BAND, "outer")
    inner = Band(X, np.full(50, -2.0), np.full(50, 2.0), Colour.BAND_INNER, "inner")
    canvas = draw(LineChart(bands=(outer, inner), y_data=np.array([-10.0, 10.0])), 60, 22)
    assert (canvas.background == Colour.BAND_INNER).sum() > 100
    assert (canvas.background == Colour.BAND).sum() > (canvas.background == Colour.BAND_INNER).sum()


def test_dashes_leave_gaps_that_solid_lines_do_not():
    solid, dashed, dotted = (
        columns_of(
            draw(LineChart((Line(X, X, Colour.EXACT, "law", dash),)), 60, 14), Colour.EXACT
        ).size
        for dash in ("solid", "dashed", "dotted")
    )
    assert solid > dashed > 20
    assert dashed > dotted > 12


def test_cursor_and_interventions_stand_where_they_belong():
    canvas = draw(line(X, x_limits=(0.0, 49.0), marks=(24.5,), cursor=49.0), 60, 14)
    assert columns_of(canvas, Colour.CURSOR).tolist() == [canvas.area.width - 1]
    assert columns_of(canvas, Colour.MARK) == pytest.approx([canvas.area.width / 2], abs=1)


def test_a_click_on_the_axis_finds_its_generation():
    area = draw(line(X, x_limits=(0.0, 300.0)), 80, 14).area
    assert area.value(area.left) == pytest.approx(0, abs=3)
    assert area.value(area.left + area.width - 1) == pytest.approx(300, abs=3)
    assert area.value(0) == pytest.approx(0, abs=3)


def histogram(width: int = 60, **laws) -> LineChart:
    edges = np.linspace(-4, 4, 81)
    mass = np.exp(-((edges[1:] + edges[:-1]) ** 2) / 8)
    mass /= mass.sum()
    real, now = np.r_[0, mass, 0], np.r_[0, np.roll(mass, 12), 0]
    return histogram_lines(edges, real, now, width, **laws)


@pytest.mark.parametrize("marker", MARKERS)
def test_histogram_shows_real_now_and_both(marker):
    canvas = draw(histogram(), 60, 14, marker)
    for colour in (Colour.REAL_FILL, Colour.NOW_FILL, Colour.BOTH_FILL):
        assert (canvas.background == colour).any()


def test_histogram_puts_fine_bins_together_and_draws_laws():
    law = np.full(80, 1 / 80)
    canvas = draw(histogram(30, law=law, theory=law), 30, 12)
    assert (canvas.foreground == Colour.LAW).any()


def test_extinct_states_are_marked():
    real = np.full(10, 0.1)
    now = np.array([0.5, 0.5] + [0.0] * 8)
    text = to_plain_text(draw(bars_lines(real, now, 60), 60, 14), PALETTES["plain"])
    assert text.count("×") == 8 + text.count("× extinct")
    assert "× extinct" in text


def test_many_states_and_none_can_be_drawn():
    many = np.full(5000, 1 / 5000)
    assert draw(bars_lines(many, many, 40), 40, 12).width == 40
    none = np.empty(0)
    assert draw(bars_lines(none, none, 40), 40, 12).width == 40


def test_scatter_draws_points_and_ellipses():
    grid = np.stack([np.linspace(-1, 1, 30), np.linspace(1, -1, 30)], axis=1)
    ellipse = np.array([[[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]])
    canvas = draw(scatter_lines(grid, grid + 0.5, ellipse, ellipse), 50, 20)
    for colour in (Colour.REAL, Colour.SERIES, Colour.LAW):
        assert (canvas.foreground == colour).any()


def test_plain_text_has_no_escape_and_ascii_is_ascii():
    chart = LineChart(
        (Line(X, X, Colour.SERIES, "median"),),
        (Band(X, X - 5, X + 5, Colour.BAND, "5–95 %"),),
        (Dots(X[:3], X[:3], Colour.EXTINCT, "extinct", "×"),),
        marks=(10.0,),
        cursor=20.0,
    )
    text = to_plain_text(draw(chart, 60, 14, "ascii"), PALETTES["plain"], ascii_only=True)
    assert text.isascii()
    assert "\x1b" not in text
    assert "\x1b" not in to_plain_text(draw(chart, 60, 14), PALETTES["plain"])


@pytest.mark.parametrize("name", ["dark", "light", "ansi"])
def test_every_palette_colours_every_row_and_resets(name):
    text = to_ansi_text(draw(histogram(), 60, 14), PALETTES[name])
    for row in text.split("\n"):
        assert row.rfind("\x1b[0m") == row.rfind("\x1b")
    assert ("38;2" in text) == (name != "ansi")


@pytest.mark.parametrize("name", ["dark", "light"])
def test_every_ink_has_a_colour(name):
    missing = [colour.name for colour in Colour if colour not in PALETTES[name].colours]
    assert missing == ["NONE"]


def test_a_low_axis_names_its_middle_too():
    low = line(np.linspace(0.25, 0.75, 50))
    text = to_plain_text(draw(low, 60, 8), PALETTES["plain"])
    assert all(f"{number}┤" in text for number in (0.3, 0.5, 0.7))


def test_each_of_few_states_is_named():
    axis = to_plain_text(draw(bars_lines(np.full(4, 0.25), np.full(4, 0.25), 34), 34, 8),
                         PALETTES["plain"]).split("\n")[-1]  # fmt: skip
    assert axis.split() == ["0", "1", "2", "3"]
