"""Histograms say as much as their points do: no comb, no law between whole numbers."""

from dataclasses import replace

import numpy as np
import pytest

from collapse_tui.charts.bins import are_whole_numbers, bins_to_merge, smooth_points
from collapse_tui.charts.canvas import Canvas
from collapse_tui.charts.draw import draw
from collapse_tui.charts.palette import PALETTES, Colour
from collapse_tui.charts.terminal_text import to_plain_text
from collapse_tui.charts.to_lines import bars_lines, histogram_lines, ranks_lines

EDGES = np.linspace(-4.0, 4.0, 161)


def shares_of(points: np.ndarray, edges: np.ndarray = EDGES) -> np.ndarray:
    return np.histogram(points, edges)[0] / points.size


def normal(count: int, sd: float = 1.0) -> np.ndarray:
    return np.random.Generator(np.random.PCG64(3)).normal(0.0, sd, count)


def test_twenty_points_are_not_a_comb():
    density = smooth_points(EDGES, shares_of(normal(20)))
    filled = np.flatnonzero(density)
    assert np.diff(density > 0).sum() <= 4
    assert np.unique(density[filled]).size > 1
    assert (density * np.diff(EDGES)).sum() == pytest.approx(1.0)


@pytest.mark.parametrize(("count", "sd"), [(100_000, 1.0), (2000, 0.05)])
def test_many_points_keep_their_bins(count, sd):
    assert bins_to_merge(shares_of(normal(count, sd))) == 1


def test_narrow_modes_of_few_points_stay_apart():
    """Three spikes of 7 points each are no comb: each bin is full."""
    shares = shares_of(np.repeat([-3.01, 0.01, 3.01], 7))
    assert bins_to_merge(shares) == 1


@pytest.mark.parametrize("shares", [np.zeros(40), np.array([1.0]), np.empty(0)])
def test_nothing_and_one_bin_are_left(shares):
    assert bins_to_merge(shares) == 1


def test_merging_spares_no_mass_where_the_last_group_is_smaller():
    edges = np.linspace(0.0, 1.0, 62)
    density = smooth_points(edges, shares_of(np.linspace(0.01, 0.99, 20), edges))
    assert density.shape == (61,)
    assert (density * np.diff(edges)).sum() == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("edges", "whole"),
    [
        (np.arange(-0.5, 9), True), (np.arange(-0.5, 30, 3), True), (np.arange(-4.5, 9), True),
        (np.linspace(-4, 4, 81), False), (np.linspace(-0.5, 9.4, 81), False),
        (np.arange(0.0, 9), False),
    ],
)  # fmt: skip
def test_bins_of_whole_numbers_are_known_by_their_edges(edges, whole):
    assert are_whole_numbers(edges) is whole


def counts_canvas(width: int = 60) -> Canvas:
    edges = np.arange(-0.5, 8.5)
    law = np.array([0.37, 0.37, 0.18, 0.06, 0.015, 0.004, 0.001, 0.0])
    points = np.array([0.0, *law, 0.0])
    chart = histogram_lines(edges, points, points, width, law=law)
    return draw(replace(chart, labels="none"), width, 14)


def test_a_law_of_counts_stands_over_its_bars_alone():
    canvas = counts_canvas()
    area = canvas.area
    law = (canvas.foreground[area.top :] == Colour.LAW) & (canvas.chars[area.top :] != " ")
    columns = np.flatnonzero(law[: area.height].any(axis=0)) - area.left
    whole = (columns + 0.5) / area.width * 8 - 0.5
    # a column at the edge of a bar has one dot of it
    assert (np.abs(whole - np.round(whole)) < 0.4 + 8 / area.width).all()
    assert np.unique(np.round(whole)).size == 8
    rows = [np.flatnonzero(law[:, area.left + column]) for column in columns.tolist()]
    assert all(len(found) == 1 for found in rows)


def test_bars_have_gaps_where_they_are_wide():
    canvas = counts_canvas()
    row = canvas.background[canvas.area.top + canvas.area.height - 1, canvas.area.left :]
    filled = row != Colour.NONE
    assert (~filled[: len(filled) // 4]).any()
    full = np.full(80, 1 / 80)
    narrow = draw(bars_lines(full, full, 60), 60, 14)
    row = narrow.background[narrow.area.top + narrow.area.height - 1, narrow.area.left :]
    assert (row != Colour.NONE).all()


def test_ticks_of_two_states_are_their_numbers():
    states = np.array([0.8, 0.2])
    for width in (44, 100, 150):
        text = to_plain_text(draw(bars_lines(states, states, width), width, 14), PALETTES["plain"])
        assert text.split("\n")[-1].split() == ["0", "1"]


def test_ranks_are_on_logarithmic_axes_with_one_ten_hundred():
    real = 1 / np.arange(1.0, 2001)
    real /= real.sum()
    now = real.copy()
    now[200:] = 0.0
    text = to_plain_text(draw(ranks_lines(real, now, 80), 80, 16), PALETTES["plain"])
    *rows, axis, ticks = text.split("\n")
    assert ticks.split() == ["1", "10", "100", "1000"]
    assert " rank" in axis
    crosses = [row.rfind("×") for row in rows if "×" in row and "extinct" not in row]
    assert crosses
    first = min(row.find("×") for row in rows if "×" in row and "extinct" not in row)
    # 200 of 2,000 lies at 0.7 of a logarithmic axis
    assert 0.65 < (first - 6) / 74 < 0.8


def test_theory_that_the_model_covers_is_one_curve_with_it():
    edges, shares = np.linspace(0, 4, 5), np.array([0, 0.2, 0.3, 0.3, 0.2, 0])
    law = shares[1:-1]
    same = histogram_lines(edges, shares, shares, 4, law=law, theory=1.01 * law)
    assert [line.label for line in same.lines] == ["model ≈ theory"]
    other = histogram_lines(edges, shares, shares, 4, law=law, theory=1.1 * law)
    assert [line.label for line in other.lines] == ["model", "theory"]
    alone = histogram_lines(edges, shares, shares, 4, law=law)
    assert [line.label for line in alone.lines] == ["model"]
