"""Where there is no colour, what a curve stands for is seen by its dashes and its marks."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from collapse_tui.charts.canvas import Canvas, adapt_to_palette
from collapse_tui.charts.draw import draw
from collapse_tui.charts.palette import PALETTES, RUN_LETTERS, RUNS, Colour
from collapse_tui.charts.spec import Dash, Line, LineChart
from collapse_tui.charts.terminal_text import to_plain_text
from collapse_tui.charts.to_lines import scatter_lines
from collapse_tui.presentation.law_lines import LAW_STYLES

X = np.arange(100.0)
CURVES: dict[str, tuple[Colour, Dash]] = {
    "median": (Colour.SERIES, "solid"),
    "mean": (Colour.MEAN, "solid"),
    "real": (Colour.REAL, "solid"),
    **{status: style for status, style in LAW_STYLES.items() if status != "approximation"},
    **{letter: (run, "solid") for run, letter in zip(RUNS[1:], RUN_LETTERS[1:], strict=True)},
}


def flat(colour: Colour, dash: Dash) -> Canvas:
    line = Line(X, np.full(100, 0.5), colour, dash=dash)
    chart = LineChart((line,), y_data=np.array([0.0, 1.0]), frame=False, labels="none")
    return draw(chart, 60, 3)


def row_of(name: str, palette: str = "plain") -> str:
    """Return the one row of a flat curve."""
    shown = adapt_to_palette(flat(*CURVES[name]), PALETTES[palette])
    return next(row for row in map("".join, shown.chars) if row.strip(" ⠀"))


def test_every_meaning_has_a_pattern_of_its_own():
    for first, second in combinations(CURVES, 2):
        assert row_of(first) != row_of(second), (first, second)


@pytest.mark.parametrize("letter", RUN_LETTERS[1:])
def test_other_runs_carry_their_letters(letter):
    assert row_of(letter).count(letter) == 8
    assert letter not in row_of(letter, "dark")


def test_marks_stand_only_in_curves():
    """Text in the colour of a mean, and areas, are left as they are."""
    canvas = flat(*CURVES["mean"])
    canvas.write(0, 0, "the mean of 20 runs", Colour.MEAN)
    shown = to_plain_text(canvas, PALETTES["plain"]).split("\n")
    assert shown[0] == "the mean of 20 runs"
    assert "+" in "".join(shown[1:])


def test_both_clouds_and_outlines_differ_without_colour():
    points = np.array([[-1.0, 0.0], [1.0, 0.0]])
    ellipse = np.array([[[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]])
    chart = scatter_lines(points, points + 0.3, ellipse, 0.2 * ellipse)
    assert [line.colour for line in chart.lines] == [Colour.LAW]
    assert {dots.colour for dots in chart.dots} == {Colour.REAL, Colour.SERIES, Colour.EXACT}
    unnamed = replace(chart, labels="none")
    assert to_plain_text(draw(unnamed, 80, 30), PALETTES["plain"]).count("o") == 2


def test_no_extreme_of_a_mean_is_left_out():
    y = np.zeros(4000)
    y[1777] = 1.0
    line = Line(np.arange(4000.0), y, Colour.MEAN)
    canvas = draw(LineChart((line,), frame=False, labels="none"), 60, 10)
    assert (canvas.foreground[:2] == Colour.MEAN).any()
