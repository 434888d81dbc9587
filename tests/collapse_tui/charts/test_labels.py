"""Labels at the ends of curves: near where they belong, never one over another, never lost."""

import numpy as np
import pytest

from collapse_tui.charts.draw import draw
from collapse_tui.charts.palette import PALETTES, Colour
from collapse_tui.charts.spec import Band, Line, LineChart
from collapse_tui.charts.terminal_text import to_plain_text

X = np.arange(101.0)
COLOURS = (Colour.SERIES, Colour.MEAN, Colour.EXACT, Colour.LIMIT, Colour.PUBLISHED, Colour.BOUND)


def rows_of(chart, width, height, marker="braille"):
    canvas = draw(chart, width, height, marker)
    plain = to_plain_text(canvas, PALETTES["plain"], ascii_only=marker == "ascii")
    return canvas, plain.split("\n")


def flat(levels, *, until=100, labels="ends"):
    lines = tuple(
        Line(X[: until + 1], np.full(until + 1, float(level)), colour, f"curve number {level}")
        for level, colour in zip(levels, COLOURS, strict=False)
    )
    return LineChart(lines, x_limits=(0.0, 100.0), y_data=np.array([0.0, 10.0]), labels=labels)


def test_a_label_stands_right_of_the_last_point_in_its_colour():
    canvas, rows = rows_of(flat([5], until=40), 80, 12)
    row = next(index for index, row in enumerate(rows) if "● curve number 5" in row)
    column = rows[row].index("●")
    last = canvas.area.left + round(0.4 * canvas.area.width)
    assert 0 <= column - last <= 3
    assert canvas.foreground[row, column] == Colour.SERIES
    assert canvas.foreground[row, column + 2] == Colour.SERIES
    assert canvas.left_out == ()


@pytest.mark.parametrize("marker", ["braille", "block", "ascii"])
@pytest.mark.parametrize("levels", [[5, 5, 5], [5, 5.1, 5.2, 4.9, 5, 5], [0, 10, 0, 10]])
def test_labels_that_would_overlap_are_moved_apart(levels, marker):
    canvas, rows = rows_of(flat(levels, until=60), 90, 16, marker)
    text = "\n".join(rows)
    assert all(text.count(f"curve number {level}") >= levels.count(level) for level in set(levels))
    assert canvas.left_out == ()


@pytest.mark.parametrize("size", [(16, 5), (24, 6), (40, 7), (80, 12)])
def test_every_label_is_in_the_chart_or_left_for_the_caption(size):
    chart = flat([1, 3, 5, 7, 9, 2])
    canvas, rows = rows_of(chart, *size)
    left = [text for text, _ in canvas.left_out]
    for line in chart.lines:
        assert any(line.label in text for text in [*rows, *left]), line.label


def test_a_law_far_outside_is_named_all_the_same():
    line = Line(X, np.full(101, 1e6), Colour.EXACT, "far away", "dotted")
    chart = LineChart((line,), x_limits=(0, 100), y_data=np.array([0.0, 1.0]), labels="ends")
    assert "far away" in "\n".join(rows_of(chart, 60, 10)[1])


def test_labels_of_a_view_stand_one_below_the_other_at_the_right():
    _, rows = rows_of(flat([0, 0.1, 0.2], labels="corner"), 60, 14)
    found = [row for row in rows if "curve number" in row]
    assert len(found) == 3
    assert all(row.rstrip().endswith(("0", "0.1", "0.2")) for row in found)


def test_a_band_has_a_square_before_its_name_that_is_no_part_of_a_band():
    band = Band(X[:50], np.full(50, 4.0), np.full(50, 6.0), Colour.BAND, "90 % of runs")
    chart = LineChart(
        (), (band,), x_limits=(0, 100), y_data=np.array([0.0, 10.0]), labels="ends"
    )  # fmt: skip
    canvas, rows = rows_of(chart, 80, 12)
    row = next(index for index, row in enumerate(rows) if "90 % of runs" in row)
    column = rows[row].index("90 %")
    assert canvas.chars[row, column - 2] == "■"
    assert canvas.foreground[row, column - 2] == Colour.BAND
    assert (canvas.background[row, column - 3 : column + len("90 % of runs")] == Colour.NONE).all()


def test_the_name_of_a_band_that_fills_the_chart_is_left_out_and_that_of_a_curve_is_not():
    band = Band(X, np.full(101, 0.0), np.full(101, 10.0), Colour.BAND, "90 % of runs")
    line = Line(X, np.full(101, 5.0), Colour.MEAN, "mean", thick=True)
    chart = LineChart(
        (line,), (band,), x_limits=(0, 100), y_data=np.array([0.0, 10.0]), labels="ends"
    )  # fmt: skip
    canvas, rows = rows_of(chart, 60, 10)
    assert any("mean" in row for row in rows)
    assert canvas.left_out == (("■ 90 % of runs", Colour.TEXT),)
