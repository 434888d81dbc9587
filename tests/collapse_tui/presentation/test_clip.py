"""Curves and bands inside a window: what is seen, and where they enter and leave."""

import numpy as np

from collapse_tui.charts.palette import Colour
from collapse_tui.charts.spec import Band, Line
from collapse_tui.presentation.clip import clip_bands, clip_lines


def line(x, y, value=float("nan")) -> Line:
    return Line(np.array(x, float), np.array(y, float), Colour.SERIES, value=value)


def test_the_whole_run_is_left_as_it_is():
    one = line([0, 1, 2], [5, 6, 7], 7)
    assert clip_lines([one], None) == [one]


def test_points_outside_are_left_out():
    (one,) = clip_lines([line(range(11), range(11), 10)], (3.0, 6.0))
    assert one.x.tolist() == [3, 4, 5, 6]
    assert one.y.tolist() == [3, 4, 5, 6]
    assert one.value == 6


def test_a_curve_that_ends_inside_tells_its_last_value():
    (one,) = clip_lines([line(range(6), range(6), 5)], (3.0, 60.0))
    assert one.x.tolist() == [3, 4, 5]
    assert one.value == 5


def test_sparse_points_are_joined_at_the_edges():
    (one,) = clip_lines([line([0, 10, 20], [0, 100, 0])], (5.0, 12.0))
    assert one.x.tolist() == [5, 10, 12]
    assert one.y.tolist() == [50, 100, 80]


def test_a_gap_stays_a_gap():
    (one,) = clip_lines([line([0, 10, 20], [0, np.nan, 0])], (5.0, 12.0))
    assert np.isnan(one.y).all()


def test_nothing_inside():
    (one,) = clip_lines([line([0, 1], [5, 6], 6)], (3.0, 9.0))
    assert one.x.size == 0
    assert np.isnan(one.value)
    (none,) = clip_lines([line([], [])], (3.0, 9.0))
    assert none.x.size == 0


def test_both_edges_of_a_band_are_cut_alike():
    x = np.arange(0, 30, 10.0)
    (band,) = clip_bands([Band(x, x, 2 * x, Colour.BAND)], (5.0, 15.0))
    assert band.x.tolist() == [5, 10, 15]
    assert band.low.tolist() == [5, 10, 15]
    assert band.high.tolist() == [10, 20, 30]
