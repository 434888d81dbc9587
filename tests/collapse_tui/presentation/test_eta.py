"""The clock of a run: what is left follows from what was told."""

import math

import pytest

from collapse_tui.presentation.eta import Timing, time_left


def told(timing: Timing, generation: int, *points: tuple[float, float]) -> Timing:
    for now, fraction in points:
        timing = timing.report(generation, fraction, f"at {fraction}", now)
    return timing


def test_left_follows_from_the_speed_and_counts_down():
    timing = told(Timing(10).begin(1, 0.0), 1, (2.0, 0.2), (4.0, 0.4))
    at = timing.estimate(4.0)
    assert at.fraction == 0.4
    assert at.elapsed == 4.0
    assert at.left == pytest.approx(6.0)
    assert at.run_left == pytest.approx(6.0 + 9 * 10.0)
    assert timing.estimate(5.5).left == pytest.approx(4.5)
    assert timing.estimate(60.0).left == 0.0


def test_one_point_is_no_speed():
    timing = told(Timing(10).begin(1, 0.0), 1, (1.0, 0.6))
    assert math.isnan(timing.estimate(2.0).left)
    assert math.isnan(timing.estimate(2.0).run_left)


def test_a_generation_gone_on_with_is_not_taken_for_a_fast_one():
    """It begins at 60 %, of which this process has earned nothing."""
    timing = told(Timing(1).begin(1, 0.0), 1, (1.0, 0.6), (3.0, 0.7))
    assert timing.estimate(3.0).left == pytest.approx(0.3 / 0.05)


def test_a_fraction_that_falls_begins_another_part():
    """A fit of 10 s, then a draw of 5 s: the second generation knows of the draw."""
    timing = told(Timing(3).begin(1, 0.0), 1, (1, 0.1), (5, 0.5), (10, 1.0), (11, 0.2), (12, 0.4))
    assert timing.parts == (10.0,)
    timing = timing.finish(15.0)
    assert timing.before == (10.0, 5.0)
    assert timing.totals == (15.0,)
    timing = told(timing.begin(2, 15.0), 2, (16, 0.1), (17, 0.2))
    assert timing.estimate(17.0).left == pytest.approx(8.0 + 5.0)
    assert timing.estimate(17.0).run_left == pytest.approx(13.0 + 15.0)


def test_before_anything_is_told_the_generation_before_speaks():
    timing = told(Timing(3).begin(1, 0.0), 1, (1, 0.1), (10, 1.0)).finish(10.0).begin(2, 10.0)
    assert timing.estimate(13.0).left == pytest.approx(7.0)
    assert math.isnan(timing.estimate(13.0).fraction)
    assert math.isnan(Timing(3).begin(1, 0.0).estimate(5.0).left)


def test_a_small_step_back_is_the_same_part():
    timing = told(Timing(3).begin(1, 0.0), 1, (1, 0.50), (2, 0.49), (3, 0.60))
    assert timing.parts == ()


def test_time_that_stood_still_does_not_count():
    timing = told(Timing(1).begin(1, 0.0), 1, (2.0, 0.2), (4.0, 0.4)).delay(100.0)
    assert timing.estimate(104.0).elapsed == 4.0
    assert timing.estimate(104.0).left == pytest.approx(6.0)


def test_between_generations_and_at_the_end():
    timing = told(Timing(2).begin(1, 0.0), 1, (2.0, 0.2), (4.0, 0.4)).finish(10.0)
    assert not timing.in_flight
    assert timing.estimate(99.0).run_left == pytest.approx(10.0)
    assert timing.finish(200.0) is timing
    last = timing.begin(2, 10.0).finish(20.0)
    assert last.estimate(20.0).run_left == 0.0


def test_a_generation_that_nobody_announced_begins_with_its_first_word():
    timing = told(Timing(5), 3, (7.0, 0.0), (8.0, 0.5))
    assert timing.generation == 3
    assert timing.estimate(8.0).elapsed == 1.0
    assert timing.estimate(8.0).left == pytest.approx(1.0)


def test_what_the_generation_in_flight_says_goes_before_the_rate() -> None:
    assert time_left(30, 2.0) == 15
    assert time_left(30, 2.0, 4.0) == time_left(30, math.nan, 4.0) == 4
    assert math.isnan(time_left(30, math.nan))
    assert math.isnan(time_left(30, 0.0))
