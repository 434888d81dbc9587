"""The golden weight: oracles of docs/theory.md §2.5, and the real recursion."""

import numpy as np
import pytest

from collapse_tui import load, run
from collapse_tui.events import Generation, Started
from engines.errors import InvalidExperimentError
from engines.theory.second_moments.weighted import best_weight, stationary_error


@pytest.mark.parametrize(
    ("ratio", "weight", "error"), [(1.0, 0.618034, 0.0123607), (0.25, 0.390388, 0.00780776)]
)
def test_oracles_to_the_digits_given(ratio: float, weight: float, error: float) -> None:
    assert best_weight(ratio) == pytest.approx(weight, abs=5e-7)
    found = stationary_error(best_weight(ratio), 50, 50 / ratio)
    assert found == pytest.approx(error, rel=5e-6)
    assert found == pytest.approx(best_weight(ratio) / 50, rel=1e-12)
    for other in (0.9 * best_weight(ratio), 1.1 * best_weight(ratio)):
        assert stationary_error(other, 50, 50 / ratio) > found


@pytest.mark.parametrize(
    ("preset", "settings"),
    [
        ("golden-ratio", {}),
        (
            "golden-ratio",
            {"engine.estimator": "unbiased", "policy.weight": 0.3, "policy.fresh": 0.2},
        ),
        ("borkar", {"policy.name": "weighted", "policy.weight": 0.6}),
    ],
)
def test_the_recursion_keeps_to_its_law(preset: str, settings: dict[str, object]) -> None:
    experiment = load(preset, replicates=8000, generations=25, **settings)
    curves, final = {}, None
    for event in run(experiment, views=False):
        if isinstance(event, Started):
            curves = {(curve.metric, curve.statistic): curve.values[-1] for curve in event.curves}
        if isinstance(event, Generation):
            final = event
    assert final is not None
    mean, variance = final.metrics["mean"], final.metrics["variance"]
    error = variance.std(ddof=1) / np.sqrt(8000)
    assert abs(variance.mean() - curves["variance", "mean"]) < 4 * error
    spread = np.sqrt(2 / 8000) * 1.2
    assert abs(mean.var() / curves["mean", "variance"] - 1) < 4 * spread
    wrong = stationary_error(0.2, 50, 50)
    assert abs(mean.var() / wrong - 1) > 4 * spread


def test_what_cannot_be_weighted_is_refused() -> None:
    with pytest.raises(InvalidExperimentError, match="weights"):
        load("borji", **{"policy.name": "weighted", "policy.weight": 0.5})
    with pytest.raises(InvalidExperimentError, match="weight"):
        load("shumailov", **{"policy.name": "weighted", "policy.weight": 0.0})
    with pytest.raises(InvalidExperimentError, match="empty"):
        load(
            "shumailov",
            **{"policy.name": "weighted", "policy.weight": 0.5, "policy.fresh": 0.001},
        )
