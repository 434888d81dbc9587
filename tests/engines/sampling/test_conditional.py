"""Points drawn given moments: they have the drawn statistics, and the law of a sample."""

from typing import Any

import numpy as np
import pytest
from scipy import stats

from engines.data import Counts, Form, Moments, Points
from engines.sampling.conditional import MOST_POINTS, display_points
from engines.sampling.normal import sample_normal
from engines.streams import Streams

COVARIANCE = np.array([[2.0, 0.8], [0.8, 1.0]])


def moments(size: int, replicates: int, dimension: int = 1, seed: int = 1) -> Moments:
    """Return the statistics of normal samples N(3, 4), or of N(0, COVARIANCE)."""
    factor = np.array([[2.0]]) if dimension == 1 else np.linalg.cholesky(COVARIANCE)
    data = sample_normal(
        np.full((replicates, dimension), 3.0 if dimension == 1 else 0.0),
        np.broadcast_to(factor, (replicates, dimension, dimension)),
        np.full(replicates, size),
        Form.MOMENTS,
        Streams(seed, 1, 1),
    )
    assert isinstance(data, Moments)
    return data


def display_all(data: Moments, most: int = 20_000) -> Points:
    """Return the display points of all replicates."""
    return display_points(data, Streams(1, 1), most, len(data.sizes))


@pytest.mark.parametrize("size", [2, 3, 50])
def test_all_points_have_the_drawn_mean_and_scatter(size: int) -> None:
    data = moments(size, 200)
    rows = display_all(data).rows
    np.testing.assert_allclose(rows.mean(axis=1), data.mean[:, 0], rtol=1e-12)
    np.testing.assert_allclose(
        np.linalg.norm(rows - rows.mean(axis=1, keepdims=True), axis=1),
        data.factor[:, 0, 0],
        rtol=1e-12,
    )


@pytest.mark.parametrize("size", [2, 3, 40])
def test_all_points_in_two_dimensions_have_the_drawn_scatter(size: int) -> None:
    data = moments(size, 50, dimension=2)
    rows = display_all(data).rows
    deviations = rows - rows.mean(axis=1, keepdims=True)
    np.testing.assert_allclose(rows.mean(axis=1), data.mean, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(
        np.swapaxes(deviations, 1, 2) @ deviations,
        data.factor @ np.swapaxes(data.factor, 1, 2),
        rtol=1e-9,
        atol=1e-12,
    )


def test_one_point_is_the_mean() -> None:
    data = moments(1, 20)
    np.testing.assert_allclose(display_all(data).values, data.mean[:, 0], rtol=1e-15)


def test_a_union_is_shown_part_by_part() -> None:
    """Each part has its own statistics; empty parts and parts of one point included."""
    sizes = np.array([[6, 1, 0], [3, 8, 9]]).T
    parts = [
        sample_normal(
            np.full((3, 1), float(place)),
            np.ones((3, 1, 1)),
            column,
            Form.MOMENTS,
            Streams(2, 1, origin),
        )
        for origin, (place, column) in enumerate(zip((-50, 50), sizes.T, strict=True))
    ]
    union = Moments.combine([part for part in parts if isinstance(part, Moments)])
    points = display_all(union)
    assert points.sizes.tolist() == [9, 9, 9]
    for r, values in enumerate(np.split(points.values, 3)):
        left = values[values < 0]
        assert len(left) == sizes[r, 0]
        np.testing.assert_allclose(values.mean(), union.mean[r, 0], rtol=1e-12)
        np.testing.assert_allclose(
            np.sqrt(((values - values.mean()) ** 2).sum()), union.factor[r, 0, 0], rtol=1e-12
        )


def test_standardised_moments_are_those_of_normal_samples() -> None:
    """Skewness and kurtosis of ten points, by KS against literal samples; uniform ones fail."""
    rows = display_all(moments(10, 8_000)).rows
    generator = np.random.default_rng(4)
    literal = generator.standard_normal((8_000, 10))
    flat = generator.random((8_000, 10))
    for statistic in (stats.skew, stats.kurtosis):
        ours = np.asarray(statistic(rows, axis=1))
        assert stats.ks_2samp(ours, statistic(literal, axis=1)).pvalue > 1e-3
        assert stats.ks_2samp(ours, statistic(flat, axis=1)).pvalue < 1e-6


def test_points_given_their_statistics_are_a_normal_sample() -> None:
    """Unconditionally each point is N(3, 4), and two of them are independent."""
    rows = display_all(moments(4, 10_000)).rows
    assert stats.kstest(rows[:, 0], "norm", args=(3, 2)).pvalue > 1e-3
    assert stats.kstest(rows[:, 3], "norm", args=(3, 2)).pvalue > 1e-3
    assert abs(stats.pearsonr(rows[:, 0], rows[:, 1]).statistic) < 4 / np.sqrt(10_000)
    assert stats.kstest(rows[:, 0], "norm", args=(3, 2.5)).pvalue < 1e-6


def test_a_subset_spreads_as_a_subset_of_the_whole_sample() -> None:
    """20 of 60 points: given the statistics, the mean of the 20 has variance s² (1/20 - 1/60).

    And E of their variance (ddof 1) is that of all 60.
    """
    data = moments(60, 6_000)
    rows = display_all(data, most=20).rows
    assert rows.shape == (6_000, 20)
    variance = data.factor[:, 0, 0] ** 2 / 59
    scores = (rows.mean(axis=1) - data.mean[:, 0]) / np.sqrt(variance * (1 / 20 - 1 / 60))
    assert abs((scores**2).mean() - 1) < 4 * np.sqrt(2 / 6_000)
    ratio = rows.var(axis=1, ddof=1) / variance
    assert abs(ratio.mean() - 1) < 4 * ratio.std() / np.sqrt(6_000)
    # Negative control: independent samples of 20 would wander by 1/20.
    assert abs((scores**2).mean() * (1 / 20 - 1 / 60) * 20 - 1) > 8 * np.sqrt(2 / 6_000)


def test_a_huge_sample_shows_at_most_twenty_thousand() -> None:
    assert MOST_POINTS == 20_000
    data = moments(10**9, 1)
    points = display_all(data, most=MOST_POINTS)
    assert points.sizes.tolist() == [20_000]
    assert abs(points.values.std() - 2) < 4 * 2 / np.sqrt(40_000)


def test_kept_points_and_counts() -> None:
    points = Points(np.arange(5.0), np.array([5]))
    assert display_points(points, Streams(1, 1), 2, 1) is points
    with pytest.raises(TypeError, match="no points"):
        display_points(Counts(np.array([[1, 2]])), Streams(1, 1), 2, 1)


def test_looking_draws_from_streams_of_its_own(experiment: Any, outcomes: Any) -> None:
    built = experiment("normal", "gaussian", "previous")
    untouched = [outcome.drawn.mean.copy() for _, outcome in outcomes(built)]
    for (_, outcome), expected in zip(outcomes(built), untouched, strict=True):
        display_points(outcome.drawn, outcome.streams, 7, 3)
        assert outcome.drawn.mean.tobytes() == expected.tobytes()
