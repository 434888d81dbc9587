"""Drawing only (n, mean, scatter) has exactly the law of drawing the points.

Kolmogorov-Smirnov at p > 1e-3 with fixed seeds; each test has a negative control that
must fail by orders of magnitude.
"""

from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

from engines.arrays import FloatArray
from engines.data import Form, Moments, Points
from engines.sampling.normal import sample_normal, wishart_factor
from engines.streams import Streams

ACCEPTED = 1e-3
REJECTED = 1e-6
REPLICATES = 20_000
COVARIANCE = np.array([[2.0, 0.8, 0.2], [0.8, 1.0, -0.3], [0.2, -0.3, 0.5]])


def draw_moments(form: Form, size: int, *, dimension: int = 1, seed: int = 3) -> Moments:
    """Return the moments of `REPLICATES` samples of N(1, 4) or N(0, COVARIANCE)."""
    if dimension == 1:
        mean, factor = np.ones((REPLICATES, 1)), np.full((REPLICATES, 1, 1), 2.0)
    else:
        mean = np.zeros((REPLICATES, 3))
        factor = np.broadcast_to(np.linalg.cholesky(COVARIANCE), (REPLICATES, 3, 3))
    sizes = np.full(REPLICATES, size, dtype=np.int64)
    data = sample_normal(mean, factor, sizes, form, Streams(seed, 1, 1))
    moments = Moments.of(data) if isinstance(data, Points) else data
    assert isinstance(moments, Moments)
    return moments


def scatter_of(moments: Moments) -> FloatArray:
    """Return the scatter, shape (R, d, d)."""
    return moments.factor @ np.swapaxes(moments.factor, 1, 2)


@pytest.mark.parametrize("size", [2, 3, 10])
@pytest.mark.parametrize("form", [Form.MOMENTS, Form.POINTS])
def test_mean_is_normal_and_scatter_chi_squared(form: Form, size: int) -> None:
    """Cochran: mean ~ N(m, s²/n), scatter / s² ~ chi²(n - 1), independent."""
    moments = draw_moments(form, size)
    scores = (moments.mean[:, 0] - 1) / (2 / np.sqrt(size))
    scatter = scatter_of(moments)[:, 0, 0] / 4
    assert stats.kstest(scores, "norm").pvalue > ACCEPTED
    assert stats.kstest(scatter, stats.chi2(size - 1).cdf).pvalue > ACCEPTED
    assert abs(stats.spearmanr(np.abs(scores), scatter).statistic) < 4 / np.sqrt(REPLICATES)
    wrong = stats.chi2(size).cdf
    assert stats.kstest(scatter, wrong).pvalue < REJECTED


@pytest.mark.parametrize("size", [2, 7])
def test_statistics_and_points_have_the_same_law(size: int) -> None:
    statistics = draw_moments(Form.MOMENTS, size)
    points = draw_moments(Form.POINTS, size, seed=4)
    for ours, literal in (
        (statistics.mean[:, 0], points.mean[:, 0]),
        (statistics.factor[:, 0, 0], points.factor[:, 0, 0]),
    ):
        assert stats.ks_2samp(ours, literal).pvalue > ACCEPTED
        assert stats.ks_2samp(ours, 1.1 * literal).pvalue < REJECTED


PROJECTIONS: dict[str, Callable[[FloatArray], FloatArray]] = {
    "trace": lambda scatter: np.trace(scatter, axis1=1, axis2=2),
    "first": lambda scatter: scatter[:, 0, 0],
    "last": lambda scatter: scatter[:, 2, 2],
    "across": lambda scatter: scatter[:, 0, 2],
    "largest": lambda scatter: np.linalg.eigvalsh(scatter)[:, -1],
    "smallest": lambda scatter: np.linalg.eigvalsh(scatter)[:, 0],
}


@pytest.mark.parametrize("size", [2, 3, 4, 12])
def test_wishart_by_bartlett_is_the_scatter_of_points(size: int) -> None:
    """Down to sizes n <= d, where the scatter is singular, of rank n - 1."""
    statistics = scatter_of(draw_moments(Form.MOMENTS, size, dimension=3))
    points = scatter_of(draw_moments(Form.POINTS, size, dimension=3, seed=4))
    rank = min(size - 1, 3)
    eigenvalues = np.linalg.eigvalsh(statistics)
    assert (eigenvalues[:, : 3 - rank] < 1e-12 * eigenvalues[:, 2:]).all()
    assert (eigenvalues[:, 3 - rank :] > 0).all()
    for name, projection in PROJECTIONS.items():
        if name == "smallest" and rank < 3:
            continue
        pair = projection(statistics), projection(points)
        assert stats.ks_2samp(*pair).pvalue > ACCEPTED, name
        assert stats.ks_2samp(pair[0], 1.4 * pair[1]).pvalue < REJECTED, name


def test_wishart_determinant_is_a_product_of_chi_squares() -> None:
    """ln det has mean sum of psi((m - k) / 2) + ln 2, k = 0 … d - 1 (Bartlett)."""
    degrees = np.full(REPLICATES, 6)
    factor = wishart_factor(degrees, 3, Streams(8, 1))
    logs = 2 * np.log(np.diagonal(factor, axis1=1, axis2=2)).sum(axis=1)
    expected = sum(stats.loggamma((6 - k) / 2).mean() + np.log(2) for k in range(3))
    error = logs.std() / np.sqrt(REPLICATES)
    assert abs(logs.mean() - expected) < 4 * error
    shifted = sum(stats.loggamma((7 - k) / 2).mean() + np.log(2) for k in range(3))
    assert abs(logs.mean() - shifted) > 8 * error


@pytest.mark.parametrize("dimension", [1, 3])
def test_samples_of_no_and_of_one_point(dimension: int) -> None:
    mean = np.ones((3, dimension))
    factor = np.broadcast_to(np.eye(dimension), (3, dimension, dimension))
    sizes = np.array([0, 1, 5])
    moments = sample_normal(mean, factor, sizes, Form.MOMENTS, Streams(1, 1))
    assert isinstance(moments, Moments)
    assert (moments.mean[0] == 0).all()
    assert (moments.factor[:2] == 0).all()
    assert (moments.mean[1] != 1).all()
    assert np.linalg.matrix_rank(moments.factor[2]) == min(dimension, 4)
    empty = Moments.of(
        Points(
            np.empty((0, dimension))[:, 0] if dimension == 1 else np.empty((0, dimension)),
            np.zeros(2, dtype=np.int64),
        )
    )
    assert empty.mean.shape == (2, dimension)
    assert (empty.factor == 0).all()


@pytest.mark.parametrize("dimension", [1, 4])
def test_moments_of_a_union_are_those_of_all_its_points(dimension: int) -> None:
    generator = np.random.default_rng(2)
    sizes = np.array([[5, 1, 0], [3, 0, 2], [1, 9, 4]])
    parts = [
        Points(
            10
            + generator.standard_normal((int(column.sum()), dimension)).squeeze(
                axis=1 if dimension == 1 else ()
            ),
            column,
        )
        for column in sizes
    ]
    joined = Moments.combine([Moments.of(part) for part in parts])
    whole = Points.combine(parts)
    rows = np.split(whole.values.reshape(-1, dimension), np.cumsum(whole.sizes)[:-1])
    for r, values in enumerate(rows):
        deviations = values - values.mean(axis=0)
        np.testing.assert_allclose(joined.mean[r], values.mean(axis=0), rtol=1e-13)
        np.testing.assert_allclose(
            scatter_of(joined)[r], deviations.T @ deviations, rtol=1e-11, atol=1e-12
        )
    assert (joined.sizes == whole.sizes).all()
