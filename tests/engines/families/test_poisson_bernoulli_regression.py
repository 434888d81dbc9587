"""Poisson, Bernoulli and regression runs, and the detector, against their exact laws."""

import numpy as np
import pytest
from scipy import stats

from collapse_tui import load, run
from collapse_tui.events import Curve, Generation, Started
from engines.base import Context
from engines.data import Form, Gram, Points, Totals
from engines.errors import GenerationError, InvalidExperimentError
from engines.families.regression import Regression, RegressionModel
from engines.laws.poisson import PoissonLaw
from engines.metrics import poisson_pairs
from engines.sampling.linear import sample_linear
from engines.sampling.poisson import sample_poisson
from engines.streams import Streams


def last(preset: str, **settings: object) -> tuple[Generation, dict[str, Curve]]:
    curves: dict[str, Curve] = {}
    final: Generation | None = None
    for event in run(load(preset, **settings)):
        if isinstance(event, Started):
            curves = {curve.name: curve for curve in event.curves}
        if isinstance(event, Generation):
            final = event
    assert final is not None
    return final, curves


def score(final: Generation, curve: Curve) -> float:
    values = final.metrics[curve.metric]
    error = values.std(ddof=1) / np.sqrt(len(values))
    return float((values.mean() - curve.values[final.generation]) / error)


@pytest.mark.parametrize(
    ("preset", "settings", "law"),
    [
        ("suresh-poisson", {"generations": 60}, "poisson.replace.alive.mean"),
        ("suresh-poisson", {"generations": 60}, "poisson.replace.mean.mean"),
        ("suresh-bernoulli", {"generations": 80}, "bernoulli.replace.alive.mean"),
        (
            "regression",
            {"schedule.size": 30, "generations": 10, "replicates": 4000},
            "regression.replace.test_error.mean",
        ),
        (
            "regression",
            {"engine.design": "same", "generations": 10, "replicates": 2000},
            "regression.replace.test_error.mean",
        ),
        (
            "regression-accumulate",
            {"schedule.size": 30, "generations": 10, "replicates": 4000},
            "regression.accumulate_same.test_error.mean",
        ),
        (
            "regression-accumulate",
            {"engine.design": "fresh", "generations": 10, "replicates": 4000},
            "regression.accumulate_fresh.test_error.mean",
        ),
        ("detector", {"replicates": 400, "generations": 200}, "borkar.heterozygosity.mean"),
    ],
)
def test_the_recursion_keeps_to_its_law(preset: str, settings: dict[str, object], law: str) -> None:
    final, curves = last(preset, **settings)
    assert abs(score(final, curves[law])) < 4


def test_a_wrong_law_is_seen() -> None:
    final, _ = last("regression", **{"schedule.size": 30, "generations": 10, "replicates": 4000})
    _, others = last("regression", **{"schedule.size": 33, "generations": 10})
    assert abs(score(final, others["regression.replace.test_error.mean"])) > 4
    final, _ = last("detector", replicates=400, generations=200)
    _, others = last("detector", generations=200, **{"policy.detector.recall": 0.7})
    assert abs(score(final, others["borkar.heterozygosity.mean"])) > 4


def test_sums_and_points_have_the_same_law() -> None:
    rate, sizes = np.full(3000, 0.7), np.full(3000, 9)
    sums = sample_poisson(rate, sizes, Form.TOTALS, Streams(1, 1))
    points = sample_poisson(rate, sizes, Form.POINTS, Streams(2, 1))
    assert isinstance(sums, Totals)
    assert isinstance(points, Points)
    reduced = Totals.of(points)
    for totals in (sums.totals, reduced.totals):
        assert abs(totals.mean() - 6.3) < 4 * np.sqrt(6.3 / 3000)
        assert abs(totals.var() / 6.3 - 1) < 4 * np.sqrt(2.2 / 3000)


def test_sums_of_products_have_the_same_law_as_rows() -> None:
    weights, sizes = np.tile([1.0, -2.0], (4000, 1)), np.full(4000, 7)
    sums = sample_linear(weights, 0.5, sizes, Form.GRAM, Streams(1, 1))
    points = sample_linear(weights, 0.5, sizes, Form.POINTS, Streams(2, 1))
    assert isinstance(points, Points)
    rows = Gram.of(points)
    assert isinstance(sums, Gram)
    for found in (sums, rows):
        assert np.allclose(found.gram.mean(axis=0), 7 * np.eye(2), atol=4 * np.sqrt(14 / 4000))
        residual = found.moment - np.einsum("rij,rj->ri", found.gram, weights)
        variance = (residual**2).mean(axis=0)
        assert np.allclose(variance, 0.25 * 7, rtol=4 * np.sqrt(2.6 / 4000))


def test_the_same_questions_are_answered_again_where_rows_are_kept() -> None:
    """A subsample needs rows: their x are those of D_0, their y the model's answers."""
    engine, sizes = Regression(design="same", noise=0.5), np.full(3, 400)
    weights = np.array([[1.0, -2.0], [0.0, 0.0], [3.0, 3.0]])
    real = sample_linear(weights, 0.5, sizes, Form.POINTS, Streams(1, 0))
    assert isinstance(real, Points)
    model = RegressionModel(-weights, np.zeros((3, 2, 2)), np.array([0.5]))
    drawn = engine.sample(model, sizes, Form.POINTS, Context(Streams(1, 1), None, real))
    assert isinstance(drawn, Points)
    x = real.values[:, :2]
    assert np.array_equal(drawn.values[:, :2], x)
    errors = drawn.values[:, 2] + (x * weights[np.repeat(range(3), 400)]).sum(axis=1)
    assert errors.std() == pytest.approx(0.5, rel=4 / np.sqrt(2 * 1200))


def test_shown_counts_add_up_to_the_drawn_sum() -> None:
    totals = Totals(np.array([5, 5]), np.array([12, 0]))
    shown = totals.points(np.random.default_rng(1), 100, 2)
    assert shown.rows.sum(axis=1).tolist() == [12, 0]
    part = Totals(np.array([1000]), np.array([5000])).points(np.random.default_rng(1), 100, 1)
    assert len(part.values) == 100
    assert abs(part.values.mean() - 5) < 1.0


@pytest.mark.parametrize(
    ("preset", "settings", "word"),
    [
        ("suresh-bernoulli", {"source.probability": 0.0}, "probability"),
        ("suresh-bernoulli", {"source.probability": 1.5}, "probability"),
        ("suresh-poisson", {"source.rate": -1.0}, "rate"),
        ("borkar", {"engine.name": "bernoulli"}, "two states"),
        ("regression", {"schedule.size": 11}, "at least 12"),
        ("regression", {"engine.noise": 0.5}, "noise"),
        ("regression", {"engine.design": "same", "policy.fresh": 0.1}, "design"),
        ("regression", {"engine.name": "gaussian"}, "linear"),
        ("regression", {"metrics.names": ["w1"]}, "w1"),
        ("detector", {"policy.previous": 0.1}, "detector"),
        ("detector", {"policy.fresh": 0.0, "policy.detector": {"recall": 1.0}}, "detector"),
        ("detector", {"policy.detector": {"recall": 2.0}}, "recall"),
    ],
)
def test_what_cannot_be_is_refused(preset: str, settings: dict[str, object], word: str) -> None:
    with pytest.raises(InvalidExperimentError, match=word):
        load(preset, **settings)


@pytest.mark.parametrize("other", [1e-9, 0.3, 2.999, 3.0, 3.001, 4.0, 7.0, 50.0])
def test_total_variation_of_poisson_laws_is_half_the_sum(other: float) -> None:
    p, q = PoissonLaw(np.array([0.0, other])), PoissonLaw(np.array([3.0]))
    k = np.arange(400)
    expected = [
        0.5 * float(np.abs(stats.poisson.pmf(k, rate) - stats.poisson.pmf(k, 3.0)).sum())
        for rate in p.rates
    ]
    assert poisson_pairs.tv(p, q) == pytest.approx(expected, abs=1e-13)
    # Where the distribution functions differ most; next to it they differ less.
    gaps = np.sort(np.abs(stats.poisson.cdf(k, other) - stats.poisson.cdf(k, 3.0)))
    assert poisson_pairs.tv(p, q)[1] == pytest.approx(gaps[-1], abs=1e-13)
    assert other == 3.0 or gaps[-2] < gaps[-1] - 1e-9


def test_a_sum_beyond_counting_is_one_sentence() -> None:
    """A run that would draw one is refused before it starts; so is a rate that has grown to it."""
    with pytest.raises(GenerationError, match=r"sums of about 1\.2e\+20 are beyond"):
        sample_poisson(np.array([1e15]), np.array([120_000]), Form.TOTALS, Streams(1, 1))
