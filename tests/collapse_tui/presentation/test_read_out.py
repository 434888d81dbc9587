"""What curves say at one generation."""

import math

import numpy as np

from collapse_tui.charts.palette import Colour
from collapse_tui.charts.spec import Line
from collapse_tui.presentation.read_out import line_value, read_out


def line(x, y, label="run", colour=Colour.SERIES) -> Line:
    return Line(np.array(x, float), np.array(y, float), colour, label)


def text(spans) -> str:
    return "".join(part for part, _ in spans)


def test_the_value_at_a_generation_or_the_last_one_before():
    dense = line(range(5), [9, 8, 7, 6, 5])
    assert line_value(dense, 3) == 6
    assert math.isnan(line_value(dense, 5))
    assert math.isnan(line_value(dense, -1))
    assert line_value(line([0, 64, 128], [1, 2, 3]), 100) == 2
    assert math.isnan(line_value(line([], []), 0))


def test_every_curve_is_named_with_its_value_in_its_colour():
    spans = read_out([line(range(3), [1, 2, 3]), line(range(9), [4] * 9, "B", Colour.RUN_B)], 2)
    assert text(spans) == "gen 2 · run 3.00 · B 4.00"
    assert [colour for part, colour in spans if part in {"3.00", "4.00"}] == [
        Colour.SERIES, Colour.RUN_B,
    ]  # fmt: skip


def test_a_curve_that_is_not_there_yet_is_left_out():
    spans = read_out([line(range(3), [1, 2, 3]), line(range(9), [4] * 9, "exact mean")], 5)
    assert text(spans) == "gen 5 · exact mean 4.00"
    assert text(read_out([line(range(3), [1, 2, 3])], 1500)) == "gen 1,500 · nothing yet"
