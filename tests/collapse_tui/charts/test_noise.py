"""Noisy curves of many points: a thin line, and no extreme is lost."""

import numpy as np
import pytest

from collapse_tui.charts.canvas import Canvas
from collapse_tui.charts.draw import draw
from collapse_tui.charts.palette import Colour
from collapse_tui.charts.spec import Line, LineChart, Marker

SIZE = 60, 16


def noise(count: int = 4000) -> np.ndarray:
    return np.random.Generator(np.random.PCG64(5)).normal(size=count)


def drawn(y: np.ndarray, marker: Marker = "braille", colour: Colour = Colour.SERIES) -> Canvas:
    line = Line(np.arange(y.size, dtype=float), y, colour, "run")
    return draw(LineChart((line,), x_limits=(0.0, float(y.size - 1))), *SIZE, marker)


def lit(canvas: Canvas, colour: Colour) -> int:
    """Return how many dots of the data area are drawn in a colour."""
    cells = (canvas.foreground == colour)[1:-2, canvas.area.left :]
    codes = np.array(
        [[ord(char) for char in row] for row in canvas.chars[1:-2, canvas.area.left :]]
    )
    return sum(int(code - 0x2800).bit_count() for code in codes[cells & (codes > 0x2800)])


def test_noise_is_a_thin_line_in_its_range():
    canvas = drawn(noise())
    dots_across = 2 * canvas.area.width
    assert lit(canvas, Colour.SERIES) < 3 * dots_across
    assert (canvas.background == Colour.RANGE).sum() > 2 * canvas.area.width


@pytest.mark.parametrize("marker", ["braille", "block", "ascii"])
@pytest.mark.parametrize("spike", [9.0, -9.0])
def test_the_one_extreme_of_thousands_is_seen(marker, spike):
    y = noise()
    y[1234] = spike
    canvas = drawn(y, marker)
    column = canvas.area.left + int(1234 / 4000 * canvas.area.width)
    rows = canvas.background[canvas.area.top : canvas.area.top + canvas.area.height, column]
    reached = np.flatnonzero(rows == Colour.RANGE)
    end = reached.min() if spike > 0 else canvas.area.height - 1 - reached.max()
    assert end <= 1


def test_smooth_steep_and_short_curves_are_drawn_as_they_are():
    slope = np.linspace(0.0, 1.0, 4000)
    for y in (slope, np.sin(6 * slope), noise(100)):
        assert not (drawn(y).background == Colour.RANGE).any()


def test_a_gap_stays_a_gap():
    y = noise()
    y[1000:2000] = np.nan
    canvas = drawn(y)
    left = canvas.area.left
    gap = slice(left + canvas.area.width // 4 + 1, left + canvas.area.width // 2 - 1)
    assert not (canvas.background[:, gap] == Colour.RANGE).any()
    assert not (canvas.foreground[1:-3, gap] == Colour.SERIES).any()


def test_other_runs_keep_every_dot():
    canvas = drawn(noise(), colour=Colour.PARENT)
    assert not (canvas.background == Colour.RANGE).any()
    assert lit(canvas, Colour.PARENT) > 4 * canvas.area.width
