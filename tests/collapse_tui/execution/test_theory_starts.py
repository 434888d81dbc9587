"""The laws from a state on, compared with simulations of what follows a change of settings."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from collapse_tui.control import Control
from collapse_tui.events import (
    Curve,
    Event,
    Generation,
    Intervened,
    Started,
    TheoryExtended,
    absent_after,
)
from collapse_tui.execution.live_run import LiveRun
from collapse_tui.execution.overlays import curves_of
from collapse_tui.execution.runner import fork, resume, run
from collapse_tui.execution.theory_starts import stored_states
from collapse_tui.experiment.experiment import Experiment
from collapse_tui.experiment.loader import load, resolve
from collapse_tui.presentation.stored_scene import load_theory
from collapse_tui.storage.file_names import THEORY
from collapse_tui.storage.saved import SavedRun

STANDARD_ERRORS = 4.0
MIXTURE = {
    "name": "mixture",
    "components": [
        {"family": "normal", "weight": 1.0, "mean": -2.0, "sd": 0.5},
        {"family": "uniform", "weight": 2.0, "low": 0.0, "high": 3.0},
    ],
}
VECTORS = {"name": "normal-nd", "mean": [0.0, 1.0], "covariance": [[2.0, 0.8], [0.8, 1.0]]}
STATES = {"name": "categorical", "probabilities": [0.4, 0.3, 0.2, 0.1], "values": [0, 1, 2, 5]}
NUMBERS = ["mean", "variance", "mean_sample", "variance_sample"]
ALL = [*NUMBERS, "w2_squared", "kl", "log_sigma", "sd"]
FREQUENCIES = ["heterozygosity", "l2_squared"]
NORMAL = {"name": "normal", "mean": 0.5, "sd": 2.0}
POISSON, LINEAR = {"name": "poisson", "rate": 3.0}, {"name": "linear", "inputs": 3}
GAUSSIAN, DISCRETE = {"name": "gaussian"}, {"name": "discrete"}
UNION = {"policy.name": "accumulate"}
FRESH = {"policy.name": "mix", "policy.fresh": 0.2}

CASES: dict[str, tuple[dict[str, Any], dict[str, Any], list[str], list[dict[str, Any]]]] = {
    "gaussian, other size": (NORMAL, GAUSSIAN, ALL, [{"schedule.size": 25}]),
    "gaussian, other estimator": (NORMAL, GAUSSIAN, ALL, [{"engine.estimator": "mle"}]),
    "gaussian, fresh data": (MIXTURE, GAUSSIAN, NUMBERS, [FRESH]),
    "gaussian, biased samples": (NORMAL, GAUSSIAN, ALL, [{"engine.sampling_bias": 0.7}]),
    "gaussian, from all data so far": (NORMAL, GAUSSIAN, ALL, [UNION, {"policy.name": "replace"}]),
    "gaussian, back to replacement": (
        NORMAL, GAUSSIAN, ALL, [{"policy.fresh": 0.3}, {"policy.fresh": 0.0}]
    ),
    "vectors": (
        VECTORS, GAUSSIAN, ["trace_ratio", "mean_error", "log_det_ratio"], [{"schedule.size": 20}]
    ),
    "vectors, fresh data": (VECTORS, GAUSSIAN, ["trace_ratio", "mean_error"], [FRESH]),
    "kernels": (
        MIXTURE, {"name": "kde", "bandwidth": 0.3}, NUMBERS, [{"engine.bandwidth": 0.6}]
    ),
    "kernels by a rule": (MIXTURE, {"name": "kde", "bandwidth": "scott"}, NUMBERS, [FRESH]),
    "states": (STATES, DISCRETE, [*FREQUENCIES, *NUMBERS], [{"schedule.size": 8}]),
    "states, fresh data in fixed shares": (
        STATES, DISCRETE, [*FREQUENCIES, "mean", "variance"],
        [{**FRESH, "policy.counts": "fixed", "schedule.size": 10}],
    ),
    "zeros and ones": (
        {"name": "bernoulli", "probability": 0.3}, {"name": "bernoulli"},
        ["mean", "heterozygosity"], [{"policy.fresh": 0.1}],
    ),
    "counts": (POISSON, {"name": "poisson"}, ["mean", "variance"], [{"schedule.size": 6}]),
    "counts, fresh data": (POISSON, {"name": "poisson"}, ["mean", "variance"], [FRESH]),
    "weights": (LINEAR, {"name": "regression"}, ["test_error"], [{"schedule.size": 20}]),
    "weights, the same x": (
        LINEAR, {"name": "regression", "design": "same"}, ["test_error"],
        [UNION, {"policy.name": "replace"}],
    ),
}  # fmt: skip
"""Source, engine, metrics, and what changes at one step after another."""


def build(case: str, *, shared: bool, generations: int = 14, seed: int = 11) -> Experiment:
    """Return a run of a case, in which all replicates may share D_0 and change at step 1."""
    source, engine, metrics, changes = CASES[case]
    first = 1 if shared else 4
    document = {
        "format": 1,
        "seed": seed,
        "generations": generations,
        "replicates": 300 if engine["name"] == "kde" else 2000,
        "source": {**source, **({"redraw": False} if shared else {})},
        "engine": engine,
        "policy": {"name": "replace"},
        "schedule": {"name": "constant", "size": 12},
        "metrics": {"names": metrics},
        "interventions": [
            {"at": first + 4 * number, "set": settings} for number, settings in enumerate(changes)
        ],
    }
    return resolve("test", document)


def simulate(built: Experiment) -> tuple[dict[int, Generation], tuple[Curve, ...]]:
    """Return the records of a run, and its laws from the last state on."""
    records: dict[int, Generation] = {}
    curves: tuple[Curve, ...] = ()
    for event in run(built, device="cpu", views=False):
        if isinstance(event, Generation):
            records[event.generation] = event
        if isinstance(event, Started | TheoryExtended | Intervened):
            curves = event.curves
    last = max((curve.start for curve in curves), default=-1)
    return records, tuple(curve for curve in curves if curve.start == last >= 0)


def deviation(curve: Curve, record: Generation) -> float:
    """Return how many standard errors a mean, or a variance across replicates, is off."""
    values = np.asarray(record.metrics[curve.metric], np.float64)
    expected = float(curve.values[record.generation])
    if curve.statistic == "variance":
        values = (values - values.mean()) ** 2 * values.size / (values.size - 1)
    rounding = 1e-10 * max(1.0, abs(expected))
    error = max(float(values.std(ddof=1)) / np.sqrt(values.size), rounding)
    return abs(float(values.mean()) - expected) / error


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("shared", [True, False], ids=["one state", "a state each"])
def test_simulated_means_agree(case: str, *, shared: bool) -> None:
    records, curves = simulate(build(case, shared=shared))
    metrics = CASES[case][2]
    # a mean has a law of its variance across replicates too
    assert len(curves) == len(metrics) + len({"mean", "mean_sample"} & set(metrics))
    for curve in curves:
        n = curve.start
        assert np.isnan(curve.values[: n + 1]).all()
        off = {at: deviation(curve, records[at]) for at in (n + 1, n + 2, n + 3, n + 6)}
        assert max(off.values()) < STANDARD_ERRORS, (curve.name, off)


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_the_law_from_another_state_is_told_apart(case: str) -> None:
    records, curves = simulate(build(case, shared=True))
    _, others = simulate(build(case, shared=True, seed=12))
    told = {other.metric for curve, other in zip(curves, others, strict=True)
            if not np.allclose(curve.values, other.values, equal_nan=True)
            and max(deviation(other, records[curve.start + k]) for k in (1, 2))
            > STANDARD_ERRORS}  # fmt: skip
    assert len(told) >= len(CASES[case][2]) / 2


@pytest.mark.slow
@pytest.mark.parametrize("case", ["gaussian, other size", "gaussian, fresh data", "vectors",
                                  "kernels", "zeros and ones", "counts, fresh data"])  # fmt: skip
def test_the_scatter_given_a_state_is_that_of_runs_from_it(case: str) -> None:
    records, curves = simulate(build(case, shared=True))
    known = [curve for curve in curves if curve.variance is not None]
    assert known
    for curve in known:
        assert curve.variance is not None
        for at in (curve.start + 2, curve.start + 4):
            values = np.asarray(records[at].metrics[curve.metric], np.float64)
            squares = (values - values.mean()) ** 2
            error = squares.std(ddof=1) / np.sqrt(values.size)
            assert abs(values.var(ddof=1) - curve.variance[at]) < STANDARD_ERRORS * error
        assert abs(curve.variance[curve.start + 1]) < 1e-12


@pytest.mark.slow
def test_a_law_goes_on_through_changes_that_are_planned() -> None:
    planned = build("gaussian, back to replacement", shared=True)
    records, last = simulate(planned)
    first, second = (item.at - 1 for item in planned.interventions)
    assert {curve.start for curve in last} == {second}
    states = states_of(planned)
    assert set(states) == {first, second}
    earlier, _ = curves_of(planned, 0, {first: states[first]})
    [mean] = [one for one in earlier if one.start == first and one.name.endswith("variance.mean@0")]
    assert deviation(mean, records[second + 3]) < STANDARD_ERRORS
    # from the second state on it is another law, and the first one ends there
    both, _ = curves_of(planned, 0, states)
    [ends] = [one for one in both if one.name == mean.name]
    assert np.isnan(ends.values[second + 1 :]).all()
    assert np.array_equal(ends.values[: second + 1], mean.values[: second + 1], equal_nan=True)


def states_of(built: Experiment) -> dict[int, Any]:
    """Return the states that a run keeps for theory."""
    live = LiveRun(built, None, Control(), verify=False, views=False)
    for _ in live.replay(built.generations):
        pass
    return dict(live.starts.states)


def theory_of(folder: Path) -> dict[str, tuple[bytes, bytes]]:
    """Return name → values and variances of the laws of a stored run that start from a state."""
    _, curves, _ = load_theory(SavedRun.open(folder))
    return {
        curve.name: (curve.values.tobytes(), np.asarray(curve.variance).tobytes())
        for curve in curves
        if curve.start >= 0
    }


def turn(events: Iterator[Event], control: Control, turns: dict[int, Any]) -> None:
    """Follow a run; after a record change settings, or stop it."""
    for event in events:
        if isinstance(event, Generation) and event.generation in turns:
            settings = turns[event.generation]
            if settings is None:
                control.stop()
            else:
                control.set(settings)


TURNS: dict[int, Any] = {3: {"policy.fresh": 0.3}, 6: {"schedule.size": 33}}


def turned_run(built: Experiment, folder: Path, turns: dict[int, Any]) -> Path:
    """Run, turning knobs after the records named."""
    control = Control()
    turn(run(built, folder=folder, control=control), control, turns)
    return folder


def test_a_resumed_run_has_the_same_laws(
    experiment: Callable[..., Experiment], tmp_path: Path
) -> None:
    whole = theory_of(turned_run(experiment(), tmp_path / "whole", TURNS))
    assert {name.rpartition("@")[2] for name in whole} == {"3", "6"}
    for at in (3, 4, 6, 8):
        folder, control = tmp_path / f"stopped-{at}", Control()
        turns = {n: settings for n, settings in TURNS.items() if n < at}
        turned_run(experiment(), folder, {**turns, at: None})
        left = {n: settings for n, settings in TURNS.items() if n >= at}
        if at in left:
            control.set(left.pop(at))
        turn(resume(folder, control=control), control, left)
        assert theory_of(folder) == whole, at
    # and so has a run of its experiment.toml, in which the changes are planned
    again = load(str(tmp_path / "whole" / "experiment.toml"))
    assert theory_of(turned_run(again, tmp_path / "again", {})) == whole


def test_a_fork_has_the_laws_of_its_own_changes(
    experiment: Callable[..., Experiment], tmp_path: Path
) -> None:
    parent = turned_run(experiment(), tmp_path / "parent", TURNS)
    for _ in fork(parent, at=5, settings={"policy.fresh": 0.0}, out=tmp_path / "child"):
        pass
    child, before = theory_of(tmp_path / "child"), theory_of(parent)
    assert {name.rpartition("@")[2] for name in child} == {"3", "5"}
    values = {n: one.averages for n, one in stored_states(SavedRun.open(parent)).items()}
    kept = {n: one.averages for n, one in stored_states(SavedRun.open(tmp_path / "child")).items()}
    assert kept[3] == values[3]
    assert set(kept) == {3, 5}
    rerun = load(str(tmp_path / "child" / "experiment.toml"))
    assert theory_of(turned_run(rerun, tmp_path / "rerun", {})) == child
    assert theory_of(parent) == before


def test_states_that_are_lost_are_computed_again(
    experiment: Callable[..., Experiment], tmp_path: Path
) -> None:
    folder = turned_run(experiment(), tmp_path / "run", {**TURNS, 8: None})
    whole = theory_of(folder)
    path = folder / THEORY
    path.write_bytes(path.read_bytes().replace(b'"mean"', b'"mien"', 1))
    assert {name.rpartition("@")[2] for name in theory_of(folder)} == {"6"}
    turn(resume(folder, from_generation=2), Control(), {})
    assert {name.rpartition("@")[2] for name in theory_of(folder)} == {"3", "6"}
    assert {name: theory_of(folder)[name] for name in whole if name.endswith("@3")} == {
        name: whole[name] for name in whole if name.endswith("@3")
    }


def test_records_discarded_take_their_states_with_them(
    experiment: Callable[..., Experiment], tmp_path: Path
) -> None:
    folder = turned_run(experiment(), tmp_path / "run", TURNS)
    control = Control()
    events = resume(folder, from_generation=4, control=control)
    control.stop()
    turn(events, control, {})
    assert set(stored_states(SavedRun.open(folder))) == {3}


def test_no_law_starts_from_a_state_that_is_not_solved(
    experiment: Callable[..., Experiment],
) -> None:
    control, told = Control(), dict[str, str]()
    names = ["w2_squared", "variance", "tail_mass"]
    for event in run(experiment(metrics={"names": names}), control=control, device="cpu"):
        if isinstance(event, Generation) and event.generation == 3:
            control.set({"policy.fresh": 0.2})
        if isinstance(event, Intervened):
            told = dict(event.absent)
    assert told[absent_after("w2_squared", 3)] == "from a state it is known under replacement only"
    assert "none" in told[absent_after("tail_mass", 3)]
    assert absent_after("variance", 3) not in told


def test_only_the_seed_changes_no_law(experiment: Callable[..., Experiment]) -> None:
    control = Control()
    for event in run(experiment(), control=control, device="cpu"):
        if isinstance(event, Generation) and event.generation == 3:
            control.set({"seed": 5})
        if isinstance(event, Intervened | TheoryExtended):
            assert all(curve.start < 0 for curve in event.curves)
