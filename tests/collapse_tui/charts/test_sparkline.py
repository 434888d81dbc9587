"""A curve in one row."""

import numpy as np
import pytest

from collapse_tui.charts.sparkline import sparkline


def test_it_rises_from_the_least_to_the_largest_value():
    assert sparkline(np.arange(8.0), 8) == "▁▂▃▄▅▆▇█"
    assert sparkline(np.arange(800.0), 8) == "▁▂▃▄▅▆▇█"


def test_few_values_take_a_few_characters_each():
    assert sparkline(np.array([1.0, 2.0]), 20) == "▁▁▁███"
    assert sparkline(np.array([1.0, 2.0]), 3) == "▁█"
    assert sparkline(np.empty(0), 20) == ""
    assert sparkline(np.arange(5.0), 0) == ""


def test_what_is_not_finite_is_a_blank():
    assert sparkline(np.array([np.nan, 0.0, np.inf, 1.0]), 4) == " ▁ █"
    assert sparkline(np.full(5, np.nan), 5) == " " * 5


def test_a_curve_that_hardly_moves_within_its_range_is_no_zigzag():
    values = np.array([0.5, 0.501, 0.5, 0.501])
    assert sparkline(values, 4) == "▁█▁█"
    assert sparkline(values, 4, within=(0.0, 1.0)) in {"▄" * 4, "▅" * 4}
    assert sparkline(values + 0.5, 4, within=(0.0, 1.0)) == "█" * 4
    assert sparkline(np.array([0.0, 1.0]), 2, within=(0.2, 0.4)) == "▁█"


def test_a_constant_is_a_straight_line():
    assert len(set(sparkline(np.full(30, 7.0), 10))) == 1


@pytest.mark.parametrize("scale", [1e-300, 1.0, 1e308])
def test_any_scale_and_ascii(scale):
    drawn = sparkline(np.array([-1.0, 0.0, 1.0]) * scale, 3, ascii_only=True)
    assert drawn.isascii()
    assert drawn[0] == "_"
    assert drawn[2] == "#"
