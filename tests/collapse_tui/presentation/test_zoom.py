"""Windows on a run stay inside it and keep their widths."""

from hypothesis import given
from hypothesis import strategies as st

from collapse_tui.presentation.zoom import (
    SMALLEST,
    follow,
    include,
    move_window,
    select_span,
    zoom_in,
    zoom_out,
)

LAST = st.integers(5, 10**6)
AT = st.floats(-10, 2e6)


def test_the_cursor_keeps_its_place():
    assert zoom_in(None, 150, 300) == (75, 225)
    assert zoom_in(None, 0, 300) == (0, 150)
    assert zoom_in(None, 300, 300) == (150, 300)
    assert zoom_in((75.0, 225.0), 100, 300) == (88, 163)
    assert zoom_out((75.0, 150.0), 150, 300) == (0, 150)
    assert zoom_out((75.0, 225.0), 150, 300) is None


def test_a_short_run_has_no_part():
    assert zoom_in(None, 2, 4) is None
    assert zoom_in(None, 2, 5) == (0, 4)
    assert select_span(1, 2, 4) is None


def test_a_span_is_at_least_the_narrowest():
    assert select_span(20.2, 44.6, 300) == (20, 45)
    assert select_span(45, 20, 300) == (20, 45)
    assert select_span(20, 21, 300) == (19, 19 + SMALLEST)
    assert select_span(0, 0, 300) == (0, SMALLEST)


def test_moving_stops_at_the_ends():
    assert move_window((100.0, 200.0), 0.5, 300) == (150, 250)
    assert move_window((150.0, 250.0), 0.9, 300) == (200, 300)
    assert move_window((50.0, 150.0), -0.9, 300) == (0, 100)
    assert move_window(None, 0.5, 300) is None


def test_the_cursor_takes_the_window_along():
    assert include((100.0, 200.0), 150, 300) == (100, 200)
    assert include((100.0, 200.0), 99, 300) == (99, 199)
    assert include((100.0, 200.0), 201, 300) == (101, 201)


def test_following_moves_in_strides():
    assert follow((100.0, 200.0), 200, 1000) == (100, 200)
    assert follow((100.0, 200.0), 201, 1000) == (126, 226)
    assert follow((100.0, 200.0), 1000, 1000) == (900, 1000)


@given(LAST, st.lists(st.tuples(st.integers(0, 4), AT), max_size=12))
def test_every_window_is_inside_the_run(last, steps):
    window = None
    for kind, at in steps:
        if kind == 0:
            window = zoom_in(window, at, last)
        elif kind == 1:
            window = zoom_out(window, at, last)
        elif kind == 2:
            window = move_window(window, at / 1e6, last)
        elif kind == 3:
            window = include(window, round(min(max(at, 0), last)), last)
        else:
            window = follow(window, round(min(max(at, 0), last)), last)
        if window is not None:
            low, high = window
            assert 0 <= low < high <= last
            assert high - low >= SMALLEST
