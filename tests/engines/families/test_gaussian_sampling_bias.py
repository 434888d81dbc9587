"""Models sampled with too little variance, under every policy, against their exact laws."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from collapse_tui.execution.overlays import case_of
from collapse_tui.experiment.experiment import Experiment
from engines.theory.registry import curves_for

MakeExperiment = Callable[..., Experiment]

RUNS = 20_000
POLICIES: dict[str, dict[str, Any]] = {
    "replace": {"name": "replace"},
    "fresh": {"name": "mix", "fresh": 0.25},
    "fixed": {"name": "mix", "fresh": 0.25, "counts": "fixed"},
    "previous": {"name": "mix", "fresh": 0.1, "previous": 0.4},
    "watched": {"name": "mix", "fresh": 0.2, "detector": {"recall": 0.5}},
    "accumulate": {"name": "accumulate"},
    "weighted": {"name": "weighted", "weight": 0.6, "fresh": 0.5},
    "keep": {"name": "mix", "keep": 0.25},
    "subsample": {"name": "subsample"},
    "resample": {"name": "subsample", "replacement": True},
}
OF_POINTS = {"keep", "subsample", "resample"}
"""Those that draw points, of which fewer replicates fit in a moment."""
SOURCES: dict[str, dict[str, Any]] = {
    "real": {"name": "normal", "mean": 1.0, "sd": 1.5},
    "real-nd": {"name": "normal-nd", "mean": [0.0, 1.0], "covariance": [[2.0, 0.8], [0.8, 1.0]]},
}
METRICS = {
    "real": ["mean", "variance", "mean_sample", "variance_sample", "log_sigma", "sd", "alive"],
    "real-nd": ["trace_ratio", "mean_error", "log_det_ratio"],
}


def test_the_loop_with_fresh_data_settles_where_it_must(
    experiment: MakeExperiment, outcomes: Any, mean: Any
) -> None:
    """docs/theory.md §2.4: n_r = 100, n_s = 50, bias 0.7, MLE; both figures fail at 0.8."""
    for bias, verdict in ((0.7, mean.agrees), (0.8, mean.differs)):
        built = experiment(
            {"name": "normal"},
            {"name": "gaussian", "estimator": "mle", "sampling_bias": bias},
            {"name": "mix", "fresh": 100 / 150, "counts": "fixed"},
            150,
            generations=25,
            replicates=100_000,
        )
        *_, (_, outcome) = outcomes(built)
        assert verdict(outcome.law.sds**2, 0.863903)
        assert verdict(outcome.law.means**2, 0.00651183)


def built_as(experiment: MakeExperiment, kind: str, policy: str, bias: float) -> Experiment:
    return experiment(
        SOURCES[kind],
        {"name": "gaussian", "sampling_bias": bias},
        POLICIES[policy],
        {"name": "list", "sizes": [12, 12, 8, 16, 12]},
        generations=4,
        replicates=RUNS // 4 if policy in OF_POINTS else RUNS,
        metrics=METRICS[kind],
    )


@pytest.mark.slow
@pytest.mark.parametrize("kind", sorted(SOURCES))
@pytest.mark.parametrize("policy", POLICIES)
def test_every_law_that_is_drawn_holds(
    experiment: MakeExperiment, records: Any, mean: Any, squares: Any, policy: str, kind: str
) -> None:
    """The laws without the bias, a negative control, fail by generation 4."""
    built = built_as(experiment, kind, policy, 0.6)
    found = records(built)
    curves, _ = curves_for(case_of(built), METRICS[kind])
    exact = [curve for curve in curves if curve[0].status == "exact"]
    assert exact
    for overlay, values, variance in exact:
        for n in range(1, 5):
            rows = found[n].metrics[overlay.metric]
            compared = rows if overlay.statistic == "mean" else squares(rows)
            assert mean.agrees(compared, values[n]), (overlay.name, n)
            if variance is not None and np.isfinite(variance[n]):
                assert mean.agrees(squares(rows), variance[n]), (overlay.name, n)
    honest = curves_for(case_of(built_as(experiment, kind, policy, 1.0)), METRICS[kind])[0]
    wrong = {overlay.name: values for overlay, values, _ in honest}
    spread = "variance" if kind == "real" else "trace_ratio"
    name = next(o.name for o, _, _ in exact if o.metric == spread and o.statistic == "mean")
    assert mean.differs(found[4].metrics[spread], wrong[name][4])


def test_survival_is_shorter(experiment: MakeExperiment, records: Any) -> None:
    """σ above a tenth, by the log-normal approximation, which is off by a few per mille."""
    built = experiment(
        SOURCES["real"],
        {"name": "gaussian", "sampling_bias": 0.7},
        POLICIES["replace"],
        20,
        generations=12,
        replicates=RUNS,
        metrics=["alive"],
    )
    values = {o.name: v for o, v, _ in curves_for(case_of(built), ["alive"])[0]}
    names = {"bertrand", "replace", "suresh_figure"}
    assert set(values) == {f"gaussian.{name}.alive.mean" for name in names}
    alive = records(built)[12].metrics["alive"].mean()
    assert abs(alive - values["gaussian.replace.alive.mean"][12]) < 0.02
    assert 0.1 < alive < 0.9


def test_the_law_is_that_of_the_model(experiment: MakeExperiment, outcomes: Any) -> None:
    """A bias changes what is drawn, not the model: model 1 is the same, D_1 is narrower."""
    found = []
    for bias in (1.0, 0.25):
        built = built_as(experiment, "real", "replace", bias)
        steps = outcomes(built)
        next(steps)
        found.append(next(steps)[1])
    one, other = found
    np.testing.assert_array_equal(one.law.sds, other.law.sds)
    np.testing.assert_allclose(other.drawn.factor, one.drawn.factor / 2, rtol=1e-12)


@pytest.mark.parametrize("bias", [0.0, 1.5, -1.0])
def test_other_biases_are_refused(experiment: MakeExperiment, bias: float) -> None:
    with pytest.raises(ValueError, match="sampling_bias"):
        built_as(experiment, "real", "replace", bias)
