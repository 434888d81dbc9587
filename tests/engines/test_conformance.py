"""Every engine with every source of its kind, every policy and every schedule.

A new engine of the registry is taken up here without a word of its own.
"""

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from collapse_tui.experiment import Experiment
from engines import registry
from engines.arrays import FloatArray
from engines.checkpoint import from_arrays, to_arrays
from engines.data import Counts, Moments, Points
from engines.errors import InvalidExperimentError
from engines.recursion import Outcome, State

MakeExperiment = Callable[..., Experiment]
Walk = Callable[[Experiment], Iterator[tuple[State, Outcome]]]

KINDS = {
    "normal": "real",
    "normal-shared": "real",
    "normal-nd": "real-nd",
    "mixture": "real",
    "mixture-fixed": "real",
    "categorical": "states",
    "zipf": "states",
    "binned": "states",
    "file": "real",
    "file-rows": "real",
    "file-binned": "states",
}
ENGINE_NAMES = ("gaussian", "gaussian-mle", "discrete", "kde", "kde-scott")
POLICY_NAMES = (
    "replace",
    "fresh",
    "previous",
    "rarely",
    "all-previous",
    "all-fresh",
    "fixed",
    "keep",
    "keep-mixed",
    "accumulate",
    "subsample",
    "resample",
)
SCHEDULE_NAMES = ("constant", "linear", "power", "geometric", "list")


def fits(engine: str, source: str) -> bool:
    """Return whether an engine takes the kind of data that a source gives."""
    return KINDS[source] in registry.find("engine", engine.split("-")[0]).kinds


PAIRS = [(engine, source) for engine in ENGINE_NAMES for source in KINDS if fits(engine, source)]
ODD_PAIRS = [
    (engine, source) for engine in ENGINE_NAMES for source in KINDS if not fits(engine, source)
]
pairs = pytest.mark.parametrize(("engine", "source"), PAIRS, ids=["/".join(p) for p in PAIRS])
policies = pytest.mark.parametrize("policy", POLICY_NAMES)


def test_the_tables_of_this_test_cover_the_registry(tables: SimpleNamespace) -> None:
    for table, entries in (
        ("engine", tables.engines),
        ("source", tables.sources),
        ("policy", tables.policies),
        ("schedule", tables.schedules),
    ):
        assert {entry["name"] for entry in entries.values()} == set(registry.names(table))
    assert set(tables.engines) == set(ENGINE_NAMES)
    assert set(tables.sources) == set(KINDS)
    assert set(tables.policies) == set(POLICY_NAMES)
    assert set(tables.schedules) == set(SCHEDULE_NAMES)


@pytest.mark.parametrize(("engine", "source"), ODD_PAIRS)
def test_another_kind_of_data_is_refused_in_one_sentence(
    experiment: MakeExperiment, engine: str, source: str
) -> None:
    with pytest.raises(InvalidExperimentError, match="fits .* data, but source .* gives"):
        experiment(source, engine)


def leaves(value: Any) -> list[FloatArray]:
    """Return the arrays of data or a model, in a fixed order."""
    if isinstance(value, Points):
        return [value.values, value.sizes]
    if isinstance(value, Counts):
        return [value.counts]
    if isinstance(value, Moments):
        return [value.sizes, value.mean, value.factor]
    return [np.asarray(leaf) for leaf in value]


def of_state(state: State) -> list[FloatArray]:
    """Return copies of all arrays of a state."""
    return [array.copy() for array in to_arrays(state).values()]


def same(left: list[FloatArray], right: list[FloatArray]) -> bool:
    """Return whether two lists of arrays are equal byte for byte."""
    return len(left) == len(right) and all(
        a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
        for a, b in zip(left, right, strict=True)
    )


@pairs
@policies
def test_runs_is_pure_and_a_function_of_the_seed(
    experiment: MakeExperiment, outcomes: Walk, engine: str, source: str, policy: str
) -> None:
    built = experiment(source, engine, policy)
    first = [(of_state(state), leaves(out.drawn)) for state, out in outcomes(built)]
    again = [(of_state(state), leaves(out.drawn)) for state, out in outcomes(built)]
    other = [leaves(out.drawn) for _, out in outcomes(experiment(source, engine, policy, seed=2))]
    for (state, drawn), (same_state, same_drawn), odd in zip(first, again, other, strict=True):
        assert same(state, same_state)
        assert same(drawn, same_drawn)
        for array in drawn:
            assert np.isfinite(array).all()
    assert not same([a for _, drawn in first for a in drawn], [a for drawn in other for a in drawn])


@pairs
@policies
def test_a_step_leaves_its_state_alone(
    experiment: MakeExperiment, step: Any, engine: str, source: str, policy: str
) -> None:
    loop = experiment(source, engine, policy).recursion()
    state, _ = loop.start()
    for _ in range(3):
        before = of_state(state)
        following, outcome = step(loop.step(state))
        assert same(before, of_state(state))
        repeated, outcome_again = step(loop.step(state))
        assert same(of_state(following), of_state(repeated))
        assert same(leaves(outcome.drawn), leaves(outcome_again.drawn))
        assert outcome.drawn.sizes.sum() == outcome_again.drawn.sizes.sum()
        state = following


@pairs
@policies
def test_a_checkpointed_state_steps_on_as_the_state_itself(
    experiment: MakeExperiment, step: Any, engine: str, source: str, policy: str
) -> None:
    loop = experiment(source, engine, policy).recursion()
    state, _ = loop.start()
    for _ in range(4):
        copies = {name: array.copy() for name, array in to_arrays(state).items()}
        restored = from_arrays(copies, state.generation, loop)
        state, expected = step(loop.step(state))
        restored, found = step(loop.step(restored))
        assert same(leaves(expected.drawn), leaves(found.drawn))
        assert same(of_state(state), of_state(restored))


@pytest.mark.parametrize("schedule", SCHEDULE_NAMES)
@pytest.mark.parametrize(
    ("engine", "source"),
    [("gaussian", "normal"), ("gaussian", "normal-nd"), ("kde", "mixture"), ("discrete", "zipf")],
)
@policies
def test_every_schedule_draws_what_it_says_or_is_refused(
    experiment: MakeExperiment,
    outcomes: Walk,
    engine: str,
    source: str,
    policy: str,
    schedule: str,
) -> None:
    try:
        built = experiment(source, engine, policy, schedule, generations=5, replicates=2)
    except InvalidExperimentError as error:
        # Only keep asks for more than there is: 40 % of a grown D_n out of D_0.
        assert policy.startswith("keep")  # noqa: PT017
        assert "rows of D_0" in str(error)  # noqa: PT017
        return
    rule = built.setup(1).schedule
    for state, outcome in outcomes(built):
        n = outcome.generation
        wanted = rule.samples(n)
        assert (outcome.drawn.sizes == wanted).all()
        assert built.sizes[n] == wanted
        total = sum(rule.samples(i) for i in range(n + 1))
        assert (state.training.sizes == (total if policy == "accumulate" else wanted)).all()


def test_schedules_round_halves_to_even(experiment: MakeExperiment) -> None:
    geometric = {"name": "geometric", "size": 10, "ratio": 1.5}
    assert experiment(schedule=geometric).sizes.tolist() == [10, 15, 22, 34, 51]
    power = {"name": "power", "size": 3, "exponent": 0.5}
    assert experiment(schedule=power).sizes.tolist() == [3, 4, 5, 6, 7]
    linear = {"name": "linear", "size": 3}
    assert experiment(schedule=linear).sizes.tolist() == [3, 6, 9, 12, 15]
