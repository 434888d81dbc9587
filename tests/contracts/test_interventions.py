"""A change at step k reaches model k, D_k and T_k, and nothing before."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from collapse_tui.experiment.experiment import Experiment
from engines.arrays import FloatArray
from engines.data import Moments, Points
from engines.errors import InvalidExperimentError

MakeExperiment = Callable[..., Experiment]


def intervention(at: int, **settings: Any) -> list[dict[str, Any]]:
    """Return one intervention; double underscores stand for the dots of a key."""
    return [{"at": at, "set": {key.replace("__", "."): v for key, v in settings.items()}}]


def walk(outcomes: Any, built: Experiment) -> list[tuple[Any, Any]]:
    """Return the states and outcomes of a run."""
    return list(outcomes(built))


def drawn_values(pair: tuple[Any, Any]) -> FloatArray:
    """Return what identifies D_n."""
    data = pair[1].drawn
    return data.values if isinstance(data, Points) else data.mean


def first_difference(left: list[tuple[Any, Any]], right: list[tuple[Any, Any]]) -> dict[str, int]:
    """Return the first generation at which the models, the drawn and the training sets differ."""
    found: dict[str, int] = {}
    for n, (a, b) in enumerate(zip(left, right, strict=True)):
        pairs = {
            "model": (a[1].law.sd(), b[1].law.sd()),
            "drawn": (drawn_values(a), drawn_values(b)),
            "training": (a[0].training.sizes, b[0].training.sizes),
        }
        if isinstance(a[0].training, Moments):
            pairs["training"] = (a[0].training.mean, b[0].training.mean)
        for name, (x, y) in pairs.items():
            if x.shape != y.shape or x.tobytes() != y.tobytes():
                found.setdefault(name, n)
    return found


def test_the_engine_changes_with_model_k(experiment: MakeExperiment, outcomes: Any) -> None:
    plain = walk(outcomes, experiment(generations=6))
    mle = intervention(3, engine__estimator="mle")
    other = walk(outcomes, experiment(generations=6, interventions=mle))
    assert first_difference(plain, other) == {"model": 3, "drawn": 3, "training": 3}
    # Model 3 is the same fit of the same T_2, divided by n instead of n - 1.
    ratio = other[3][1].law.sds / plain[3][1].law.sds
    np.testing.assert_allclose(ratio, np.sqrt(11 / 12), rtol=1e-14)


def test_the_schedule_changes_with_the_drawn_set_k(
    experiment: MakeExperiment, outcomes: Any
) -> None:
    more = intervention(3, schedule__size=50)
    plain = walk(outcomes, experiment(generations=6))
    other = walk(outcomes, experiment(generations=6, interventions=more))
    assert first_difference(plain, other) == {"model": 4, "drawn": 3, "training": 3}
    assert [int(pair[1].drawn.sizes[0]) for pair in other] == [12, 12, 12, 50, 50, 50, 50]


def test_the_policy_changes_with_the_training_set_k(
    experiment: MakeExperiment, outcomes: Any
) -> None:
    pool = intervention(3, **{"policy.name": "accumulate"})
    plain = walk(outcomes, experiment(generations=6))
    other = walk(outcomes, experiment(generations=6, interventions=pool))
    assert first_difference(plain, other) == {"model": 4, "drawn": 4, "training": 3}
    # D_0 … D_2 are in it although nothing was accumulated then.
    assert int(other[3][0].training.sizes[0]) == 4 * 12
    whole = Moments.combine([pair[1].drawn for pair in other[:4]])
    np.testing.assert_allclose(other[3][0].training.mean, whole.mean, rtol=1e-13)


def test_a_share_of_fresh_data_is_in_the_drawn_set_k(
    experiment: MakeExperiment, outcomes: Any
) -> None:
    fresh = intervention(3, policy__fresh=0.5)
    plain = walk(outcomes, experiment(generations=6))
    other = walk(outcomes, experiment(generations=6, interventions=fresh))
    assert first_difference(plain, other) == {"model": 4, "drawn": 3, "training": 3}


def test_the_seed_changes_with_step_k_and_leaves_the_real_data(
    experiment: MakeExperiment, outcomes: Any
) -> None:
    plain = walk(outcomes, experiment(generations=6))
    other = walk(outcomes, experiment(generations=6, interventions=intervention(3, seed=7)))
    assert first_difference(plain, other) == {"model": 4, "drawn": 3, "training": 3}
    first = walk(outcomes, experiment(generations=6, interventions=intervention(1, seed=7)))
    assert first_difference(plain, first) == {"model": 2, "drawn": 1, "training": 1}


def test_the_bandwidth_changes_with_model_k(experiment: MakeExperiment, outcomes: Any) -> None:
    plain = walk(outcomes, experiment("mixture", "kde", generations=4))
    wider = intervention(2, engine__bandwidth=1.0)
    other = walk(outcomes, experiment("mixture", "kde", generations=4, interventions=wider))
    found = first_difference(plain, other)
    assert (found["model"], found["drawn"]) == (2, 2)
    added = other[2][1].law.variance() - plain[2][1].law.variance()
    np.testing.assert_allclose(added, 1.0 - 0.25, rtol=1e-12)


def test_past_laws_keep_the_shares_and_engines_of_their_time(
    experiment: MakeExperiment, outcomes: Any
) -> None:
    """p_i = α_i p_model + β_i p_{i-1} + γ_i p_0 with what was in force at i.

    β = 1 from step 3 on: every later generation is drawn from p_2, half real, half model 2.
    """
    entries = intervention(3, **{"policy.previous": 1.0, "policy.fresh": 0.0})
    built = experiment(
        {"name": "normal", "mean": 1000.0, "sd": 1e-3},
        "gaussian",
        {"name": "mix", "fresh": 0.5},
        {"name": "list", "sizes": [50, 50, 2000, 2000, 2000, 2000, 2000]},
        generations=6,
        replicates=1,
        interventions=entries,
    )
    states = walk(outcomes, built)
    shares = [law.policy.shares for law in states[6][0].past]
    assert shares == [(0.5, 0.0, 0.5)] * 2 + [(0.0, 1.0, 0.0)] * 4
    drawn_parts = states[6][1].drawn.parts
    sizes = [int(part.sizes[0]) for part in drawn_parts]
    assert sum(sizes) == 2000
    assert len(sizes) == 2
    assert abs(sizes[0] - 1000) < 4 * np.sqrt(500)


def test_later_entries_win_at_the_same_step(experiment: MakeExperiment) -> None:
    entries = [*intervention(3, schedule__size=20), *intervention(2, schedule__size=30)]
    entries += intervention(3, schedule__size=40)
    built = experiment(interventions=entries, generations=4)
    assert list(built.sizes) == [12, 12, 30, 40, 40]


REFUSED = {
    "engine.name": ("kde", "cannot be changed"),
    "source.sd": (2.0, "cannot be changed"),
    "replicates": (5, "cannot be changed"),
    "metrics.names": (["mean"], "cannot be changed"),
    "engine.bandwith": (0.5, "cannot be changed"),
    "policy.frehs": (0.1, "did you mean 'fresh'"),
    "policy.name": ("acumulate", "did you mean 'accumulate'"),
    "policy.fresh": (1.5, "policy.fresh"),
    "schedule.size": (1, "needs at least 2"),
}


@pytest.mark.parametrize("key", REFUSED)
def test_what_may_not_change_is_refused(experiment: MakeExperiment, key: str) -> None:
    value, sentence = REFUSED[key]
    with pytest.raises(InvalidExperimentError, match=sentence):
        experiment(interventions=[{"at": 2, "set": {key: value}}])


def test_a_later_need_of_points_draws_points_from_the_start(
    experiment: MakeExperiment, outcomes: Any
) -> None:
    pool = intervention(3, **{"policy.name": "subsample"})
    states = walk(outcomes, experiment(interventions=pool))
    assert all(isinstance(outcome.drawn, Points) for _, outcome in states)
    assert int(states[3][0].pool.points.shape[1]) == 4 * 12
