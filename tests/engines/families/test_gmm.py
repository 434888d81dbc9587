"""The mixture engine: EM against scikit-learn's, what every M-step conserves, odd data."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from collapse_tui.events import Failed, Finished, Generation
from collapse_tui.execution.runner import resume, run
from collapse_tui.experiment.edit import with_intervention
from collapse_tui.experiment.experiment import Experiment
from engines.arrays import FloatArray
from engines.base import Context
from engines.data import Form, Points
from engines.errors import InvalidExperimentError
from engines.families.gmm import MixtureModel, MixtureOfNormals, k_means_labels
from engines.numerics.em import (
    NormalMixture,
    align_components,
    e_step,
    initial_mixture,
    iterate_em,
    m_step,
)
from engines.runtime.step import Step
from engines.streams import Purpose, Streams

MakeExperiment = Callable[..., Experiment]
Records = Callable[[Experiment], list[Generation]]
NORMALS = {
    "name": "mixture",
    "components": [
        {"family": "normal", "weight": 2.0, "mean": -1.0, "sd": 0.6},
        {"family": "normal", "weight": 1.0, "mean": 2.0, "sd": 1.0},
    ],
}
PLAIN = Streams(3, 5)


def two_bumps(size: int, dimension: int = 1, seed: int = 0) -> FloatArray:
    """Return points of two overlapping bumps, shape (n, d)."""
    generator = np.random.default_rng(seed)
    points = generator.standard_normal((size, dimension))
    points[: size // 3] = 0.6 * points[: size // 3] + 2.0
    return points


def points_of(*rows: FloatArray) -> Points:
    """Return data sets of several replicates."""
    values = np.concatenate(rows)
    values = values[:, 0] if values.shape[1] == 1 else values
    return Points(values, np.array([len(row) for row in rows]))


def fitted(
    engine: MixtureOfNormals, data: Points, previous: MixtureModel | None = None
) -> tuple[MixtureModel, list[Step]]:
    """Return a fit's result and its steps."""
    steps: list[Step] = []
    fit = engine.fit(data, Context(PLAIN, previous, data))
    while True:
        try:
            steps.append(next(fit))
        except StopIteration as stop:
            return stop.value, steps


def theirs(points: FloatArray, seed: int, **settings: Any) -> Any:
    """Return scikit-learn's fit."""
    from sklearn.mixture import GaussianMixture

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("warnings.warn", lambda *_, **__: None)  # its ConvergenceWarning
        return GaussianMixture(random_state=seed, **settings).fit(points)


def close(model: MixtureModel, mixture: Any, replicate: int = 0) -> bool:
    """Return whether a replicate is scikit-learn's mixture up to rounding and labels."""
    estimate = NormalMixture(mixture.weights_, mixture.means_, mixture.covariances_)
    own = align_components(model.estimate(replicate), None)
    return all(
        np.allclose(a, b, rtol=1e-9, atol=1e-11)
        for a, b in zip(own, align_components(estimate, None), strict=True)
    )


@pytest.mark.parametrize("dimension", [1, 2, 3])
@pytest.mark.parametrize("components", [1, 2, 3])
def test_em_is_scikit_learns_at_the_same_seed(dimension: int, components: int) -> None:
    rows = [two_bumps(200, dimension, seed) for seed in range(3)]
    engine = MixtureOfNormals(components=components, tolerance=1e-5, iterations=500)
    model, _ = fitted(engine, points_of(*rows))
    settings = {"n_components": components, "tol": 1e-5, "max_iter": 500}
    for replicate, points in enumerate(rows):
        seed = int(PLAIN.of(Purpose.START, replicate).integers(1 << 32))
        assert close(model, theirs(points, seed, **settings), replicate)
    assert not close(model, theirs(rows[0], 0, **{**settings, "tol": 1.0, "max_iter": 2}), 1)


@pytest.mark.parametrize("dimension", [1, 2])
def test_a_warm_start_is_scikit_learns_from_the_same_mixture(dimension: int) -> None:
    engine = MixtureOfNormals(tolerance=1e-4, warm_start=True)
    first, _ = fitted(engine, points_of(two_bumps(150, dimension)))
    points = two_bumps(150, dimension, 1)
    model, _ = fitted(engine, points_of(points), first)
    start = {
        "weights_init": first.weights[0],
        "means_init": first.means[0],
        "precisions_init": np.linalg.inv(first.covariances[0]),
    }
    assert close(model, theirs(points, 0, n_components=2, tol=1e-4, **start))


def test_iterations_end_where_scikit_learns_do() -> None:
    points = two_bumps(300)
    model, _ = fitted(MixtureOfNormals(tolerance=0.0, iterations=7), points_of(points))
    seed = int(PLAIN.of(Purpose.START, 0).integers(1 << 32))
    same = theirs(points, seed, n_components=2, tol=0.0, max_iter=7)
    assert close(model, same)
    assert not close(model, theirs(points, seed, n_components=2, tol=0.0, max_iter=8))
    assert model.converged.tolist() == [0]


@pytest.mark.parametrize("dimension", [1, 3])
@pytest.mark.parametrize("iterations", [1, 5, 100])
@pytest.mark.parametrize("components", [1, 2, 4])
def test_every_m_step_keeps_the_mean_and_the_covariance_of_the_points(
    dimension: int, iterations: int, components: int
) -> None:
    points = two_bumps(60, dimension)
    settings = {"components": components, "iterations": iterations, "tolerance": 0.0}
    engine = MixtureOfNormals(reg_covar=1e-3, **settings)
    model, _ = fitted(engine, points_of(points))
    law: Any = engine.law(model, None)  # pyright: ignore[reportArgumentType]
    covariance = np.atleast_2d(np.cov(points.T, ddof=0)) + 1e-3 * np.eye(dimension)
    found = law.covariance()[0] if dimension > 1 else law.variance()[:, None]
    assert np.allclose(law.mean()[0], points.mean(axis=0), atol=1e-12)
    assert np.allclose(found, covariance, rtol=1e-12)
    assert not np.allclose(found, np.atleast_2d(np.cov(points.T, ddof=1)), rtol=1e-3)


def test_the_first_components_ascend_and_later_ones_keep_their_places() -> None:
    generator = np.random.default_rng(1)
    means = np.array([[3.0, 0.0], [-1.0, 5.0], [-1.0, 2.0], [8.0, 8.0]])
    mixture = NormalMixture(np.array([0.1, 0.2, 0.3, 0.4]), means, np.array([np.eye(2)] * 4))
    ascending = align_components(mixture, None)
    assert ascending.weights.tolist() == [0.3, 0.2, 0.1, 0.4]
    for _ in range(10):
        order = generator.permutation(4)
        moved = NormalMixture(*(field[order] for field in mixture))
        shifted = moved._replace(means=moved.means + 0.3 * generator.standard_normal((4, 2)))
        assert align_components(shifted, ascending).weights.tolist() == [0.3, 0.2, 0.1, 0.4]
        assert align_components(shifted, mixture).weights.tolist() == [0.1, 0.2, 0.3, 0.4]


def test_labels_stay_through_a_cold_run(experiment: MakeExperiment, outcomes: Any) -> None:
    built = experiment(NORMALS, {"name": "gmm"}, schedule=400, generations=25, replicates=2)
    models = [state.model for state, _ in outcomes(built) if state.model is not None]
    jumps = [np.abs(b.means - a.means).max() for a, b in pairwise(models)]
    swaps = [np.abs(b.means[:, ::-1] - a.means).max() for a, b in pairwise(models)]
    assert max(jumps) < 1.0
    assert min(swaps) > 2.0


@pytest.mark.parametrize("warm", [False, True])
def test_fewer_distinct_points_than_components_are_an_event_not_a_crash(
    experiment: MakeExperiment, records: Records, tmp_path: Path, *, warm: bool
) -> None:
    (tmp_path / "pair.txt").write_text("7\n8\n" * 6)
    source = {"name": "file", "path": str(tmp_path / "pair.txt")}
    engine = {"name": "gmm", "components": 3, "warm_start": warm}
    found = records(experiment(source, engine, schedule=12, generations=3, metrics=["variance"]))
    assert [record.flags for record in found[:2]] == [{}, {"components": "singular in 3 of 3"}]
    assert np.allclose(found[1].metrics["variance"], 0.25 + 1e-6, rtol=1e-9)


def test_as_many_components_as_points(experiment: MakeExperiment, records: Records) -> None:
    engine = {"name": "gmm", "components": 6}
    found = records(experiment("normal", engine, schedule=6, generations=4, metrics=["mean"]))
    assert all(record.flags["components"].startswith("singular in") for record in found[1:])
    roomy = records(experiment(NORMALS, "gmm", schedule=300, generations=2, metrics=["mean"]))
    assert all(record.flags == {} for record in roomy)


def test_iterations_that_do_not_suffice_are_told(
    experiment: MakeExperiment, records: Records
) -> None:
    engine = {"name": "gmm", "iterations": 1}
    found = records(experiment(NORMALS, engine, schedule=50, generations=1, metrics=["mean"]))
    assert found[1].flags == {"iterations": "1 did not suffice in 3 of 3"}


def test_a_covariance_lost_in_rounding_fails_in_one_sentence(experiment: MakeExperiment) -> None:
    source = {"name": "normal-nd", "mean": [0.0, 0.0], "covariance": [[1e20, 0.0], [0.0, 1e20]]}
    engine = {"name": "gmm", "components": 8}
    failed = [e for e in run(experiment(source, engine, schedule=9)) if isinstance(e, Failed)]
    assert "raise engine.reg_covar, which is 1e-06" in failed[0].reason


@pytest.mark.parametrize("warm", [False, True])
def test_a_resumed_run_has_the_same_bytes(
    experiment: MakeExperiment, tmp_path: Path, *, warm: bool
) -> None:
    def built(generations: int) -> Experiment:
        engine = {"name": "gmm", "warm_start": warm}
        return experiment(NORMALS, engine, schedule=60, generations=generations)

    list(run(built(8), folder=tmp_path / "whole"))
    list(run(built(3), folder=tmp_path / "part"))
    last = list(resume(tmp_path / "part", generations=8))[-1]
    assert isinstance(last, Finished)
    whole, part = (tmp_path / name / "metrics.jsonl" for name in ("whole", "part"))
    assert whole.read_bytes() == part.read_bytes()


def test_a_warm_start_needs_no_clusters_and_fewer_iterations(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    engine = MixtureOfNormals(tolerance=1e-5, warm_start=True)
    first, _ = fitted(engine, points_of(two_bumps(1000)))
    points = two_bumps(1000, seed=1)
    labels = k_means_labels(points, 2, 0)
    cold = list(iterate_em(points.T, initial_mixture(points.T, labels, 2, 1e-6), 1e-6, 1e-5, 100))
    warm = list(iterate_em(points.T, first.estimate(0), 1e-6, 1e-5, 100))
    assert len(warm) < 0.7 * len(cold)
    monkeypatch.setattr("engines.families.gmm.k_means_labels", None)
    fitted(engine, points_of(points), first)


def test_warm_start_may_be_turned_on_in_a_run(experiment: MakeExperiment, outcomes: Any) -> None:
    change = [{"at": 3, "set": {"engine.warm_start": True}}]
    settings: dict[str, Any] = {"schedule": 80, "generations": 4}
    plain = [s.model for s, _ in outcomes(experiment(NORMALS, "gmm", **settings))]
    turned = experiment(NORMALS, "gmm", interventions=change, **settings)
    models = [s.model for s, _ in outcomes(turned)]
    assert all(np.array_equal(a, b) for a, b in zip(plain[2], models[2], strict=True))
    assert not np.array_equal(plain[3].means, models[3].means)


def test_steps_are_told_between_replicates_and_within_long_fits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = points_of(*(two_bumps(50, seed=seed) for seed in range(4)))
    engine = MixtureOfNormals(tolerance=1e-4)
    model, steps = fitted(engine, data)
    assert [step.fraction for step in steps] == [0.25, 0.5, 0.75]
    assert steps[0].message == "fitting replicate 2 of 4"
    monkeypatch.setattr("engines.families.gmm.WORK", 1)
    again, more = fitted(engine, data)
    fractions = [step.fraction for step in more]
    assert len(more) > 10
    assert fractions == sorted(fractions)
    assert 0 < fractions[0] < fractions[-1] < 1
    assert all(np.array_equal(a, b) for a, b in zip(model, again, strict=True))


def test_samples_have_the_law_of_the_model(mean: SimpleNamespace) -> None:
    model = MixtureModel(
        np.array([[0.3, 0.7], [0.6, 0.4]]),
        np.array([[[-3.0, 0.0], [3.0, 1.0]], [[0.0, 0.0], [5.0, 5.0]]]),
        np.array([[[[1.0, 0.5], [0.5, 1.0]], np.eye(2)], [np.eye(2), 2 * np.eye(2)]]),
        np.ones(2, dtype=np.int64),
    )
    engine = MixtureOfNormals()
    drawn: Any = engine.sample(
        model, np.array([20_000, 10_000]), Form.POINTS, Context(PLAIN, None, None)
    )
    first, second = np.split(drawn.values, [20_000])
    left = first[:, 0] < 0
    assert mean.agrees(left, 0.3 * 0.99865 + 0.7 * 0.00135)
    assert mean.agrees((first[left] - [-3.0, 0.0]).prod(axis=1), 0.5)
    assert mean.agrees(second[:, 1], 2.0)
    assert mean.differs(left, 0.35)
    fewer: Any = engine.sample(
        MixtureModel(*(field[:1] for field in model)),
        np.array([20_000]),
        Form.POINTS,
        Context(PLAIN, None, None),
    )
    assert fewer.values.tobytes() == first.tobytes()
    # No order: half of the points hold the same shares as the whole.
    assert mean.agrees(left[:500], 0.3)


def test_the_steps_of_em_raise_the_likelihood() -> None:
    points = two_bumps(200, 2)
    start = initial_mixture(points.T, k_means_labels(points, 3, 1), 3, 1e-6)
    path = [start, *(estimate for estimate, _ in iterate_em(points.T, start, 1e-6, 0.0, 30))]
    bounds = [e_step(points.T, estimate)[1] for estimate in path]
    assert all(b >= a - 1e-6 for a, b in pairwise(bounds))
    assert bounds[-1] > bounds[0] + 1e-3
    shares, _ = e_step(points.T, start)
    assert np.allclose(shares.sum(axis=0), 1)
    assert np.isclose(m_step(points.T, shares, 1e-6).weights.sum(), 1)


def test_the_plane_is_shown_with_an_ellipse_for_each_component(
    experiment: MakeExperiment, records: Records
) -> None:
    engine = {"name": "gmm", "components": 3}
    for record in records(experiment("mixture-nd", engine, schedule=800, generations=1)):
        assert record.view is not None
        assert record.view.kind == "scatter"
        arrays = record.view.arrays
        shapes = [arrays[key].shape for key in ("real", "now", "real_ellipses", "now_ellipses")]
        assert shapes == [(500, 2), (500, 2), (2, 2, 3), (2 + record.generation, 2, 3)]
        # Both bumps are in what is shown.
        assert 100 < (arrays["now"][:, 0] < 0).sum() < 250


BAD: list[tuple[dict[str, Any], str]] = [
    ({"components": 0}, "engine.components must be greater than or equal to 1, got 0"),
    ({"components": 2.5}, "engine.components must be a valid integer, got 2.5"),
    ({"components": 21}, "20 samples at generation 0; engine 'gmm' needs at least 21"),
    ({"tolerance": -1e-3}, "engine.tolerance must be greater than or equal to 0, got -0.001"),
    ({"tolerance": float("nan")}, "engine.tolerance must be greater than or equal to 0, got nan"),
    ({"iterations": 0}, "engine.iterations must be greater than or equal to 1, got 0"),
    ({"reg_covar": 0}, "engine.reg_covar must be greater than 0, got 0"),
    ({"warm_start": "yes"}, "engine.warm_start must be a valid boolean, got 'yes'"),
    ({"component": 2}, "unknown key engine.component of engine 'gmm'.*components"),
]


@pytest.mark.parametrize(("settings", "sentence"), BAD)
def test_bad_settings_are_refused(
    experiment: MakeExperiment, settings: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(InvalidExperimentError, match=sentence):
        experiment("normal", {"name": "gmm", **settings}, schedule=20)


def test_settings_that_may_not_change_in_a_run(experiment: MakeExperiment) -> None:
    built = experiment("normal", "gmm")
    changed = with_intervention(built, 2, {"engine.tolerance": 0.1})
    assert changed.setup(2).engine != built.setup(2).engine
    with pytest.raises(InvalidExperimentError, match=r"engine\.components"):
        with_intervention(built, 2, {"engine.components": 3})


BAD_PLANES: list[tuple[list[dict[str, Any]], str]] = [
    ([], "source.components"),
    ([{"mean": [0.0, 0.0], "covariance": [[1.0, 0.0], [0.0, 1.0]]}], "weight is missing"),
    (
        [{"weight": 1, "mean": [0.0, 0.0], "covariance": [[1.0, 2.0], [2.0, 1.0]]}],
        "positive definite, its smallest eigenvalue is -1",
    ),
    (
        [{"weight": 1, "mean": [0.0, 0.0], "covariance": [[1.0, 0.2], [0.0, 1.0]]}],
        "must be symmetric",
    ),
    (
        [{"weight": 1, "mean": [0.0, 0.0], "covariance": [[1.0]]}],
        "must have 2 rows of 2 numbers",
    ),
    (
        [{"weight": 1, "mean": [0.0] * d, "covariance": np.eye(d).tolist()} for d in (2, 3)],
        r"means of one length, got \[2, 3\]",
    ),
]


@pytest.mark.parametrize(("components", "sentence"), BAD_PLANES)
def test_bad_planes_are_refused(
    experiment: MakeExperiment, components: list[dict[str, Any]], sentence: str
) -> None:
    with pytest.raises(InvalidExperimentError, match=sentence):
        experiment({"name": "mixture-nd", "components": components}, "gmm")


@pytest.mark.parametrize(
    ("source", "engine", "metric", "sentence"),
    [
        ("mixture", "gmm", "l2_squared", "mixtures of normal laws, which source 'mixture' is not"),
        ("file", "gmm", "l2_squared", "which source 'file' is not"),
        ("normal", "kde", "l2_squared", "which engine 'kde' does not fit"),
        ("normal-nd", "gmm", "w2", "compares normal laws, which engine 'gmm' does not fit"),
        ("mixture-nd", "gaussian", "kl", "compares normal laws, which source 'mixture-nd' is not"),
    ],
)
def test_metrics_are_refused_where_a_law_has_not_what_they_need(
    experiment: MakeExperiment, source: str, engine: str, metric: str, sentence: str
) -> None:
    with pytest.raises(InvalidExperimentError, match=sentence):
        experiment(source, engine, metrics=[metric])
    assert metric not in experiment(source, engine).metric_names


def test_metrics_of_mean_and_covariance_exist_for_mixtures(
    experiment: MakeExperiment, records: Records
) -> None:
    names = ["l2_squared", "trace_ratio", "log_det_ratio", "mean_error", "log_condition"]
    built = experiment("mixture-nd", "gmm", schedule=4000, generations=1, metrics=names)
    first, second = records(built)
    assert [round(float(first.metrics[name][0]), 9) for name in names] == [0.0, 1.0, 0.0, 0.0, 0.0]
    assert np.allclose(second.metrics["trace_ratio"], 1, atol=0.1)
    assert np.all(second.metrics["l2_squared"] < 1e-3)
