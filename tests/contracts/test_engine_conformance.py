"""Every engine with every source of its kinds, every policy and every schedule.

A new engine of the registry is taken up here without a word of its own.
"""

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from collapse_tui.experiment.experiment import Experiment
from engines import registry
from engines.arrays import FloatArray
from engines.checkpoint import from_arrays, to_arrays
from engines.errors import InvalidExperimentError
from engines.recursion import Outcome, State

MakeExperiment = Callable[..., Experiment]
Walk = Callable[[Experiment], Iterator[tuple[State, Outcome]]]
Pair = tuple[str, str]

FIRST_ENGINES = ("gaussian", "discrete", "kde")


def test_the_tables_of_these_tests_cover_the_registry(tables: SimpleNamespace) -> None:
    for table, entries in (
        ("engine", tables.engines),
        ("source", tables.sources),
        ("policy", tables.policies),
        ("schedule", tables.schedules),
    ):
        assert {entry["name"] for entry in entries.values()} == set(registry.names(table))


def test_another_kind_of_data_is_refused_in_one_sentence(
    experiment: MakeExperiment, odd_pair: Pair
) -> None:
    engine, source = odd_pair
    with pytest.raises(InvalidExperimentError, match=r"fits .*, but source .* gives"):
        experiment(source, engine)


def build_or_none(
    experiment: MakeExperiment, pair: Pair, policy: str, **settings: Any
) -> Experiment | None:
    """Return the experiment, or None where one sentence refuses it before it starts."""
    engine, source = pair
    try:
        return experiment(source, engine, policy, **settings)
    except InvalidExperimentError as error:
        # The first three engines meet every policy, but that points cannot be weighted.
        weightless = policy == "weighted" and "takes no weights" in str(error)
        assert weightless or not engine.startswith(FIRST_ENGINES), error  # noqa: PT017
        assert "\n" not in str(error)  # noqa: PT017
        return None


def arrays(data: Any) -> list[FloatArray]:
    """Return the arrays of a data set."""
    return list(data.arrays().values())


def of_state(state: State) -> list[FloatArray]:
    """Return copies of all arrays of a state."""
    return [array.copy() for array in to_arrays(state).values()]


def same(left: list[FloatArray], right: list[FloatArray]) -> bool:
    """Return whether two lists of arrays are equal byte for byte."""
    return len(left) == len(right) and all(
        a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
        for a, b in zip(left, right, strict=True)
    )


def test_steps_are_pure_and_checkpoints_exact(
    experiment: MakeExperiment, step: Any, any_pair: Pair, any_policy: str
) -> None:
    """A step leaves its state alone, and gives the same from the state and from its arrays."""
    built = build_or_none(experiment, any_pair, any_policy)
    if built is None:
        return
    loop = built.recursion()
    state, _ = loop.start()
    for _ in range(3):
        before = of_state(state)
        following, outcome = step(loop.step(state))
        assert same(before, of_state(state))
        copies = {name: array.copy() for name, array in to_arrays(state).items()}
        again, outcome_again = step(loop.step(from_arrays(copies, state.generation, loop)))
        assert same(arrays(outcome.drawn), arrays(outcome_again.drawn))
        assert same(of_state(following), of_state(again))
        assert all(np.isfinite(array).all() for array in arrays(outcome.drawn))
        state = following


@pytest.mark.slow
@pytest.mark.parametrize("policy", ["previous", "accumulate"])
def test_a_run_is_a_function_of_its_seed(
    experiment: MakeExperiment, outcomes: Walk, any_pair: Pair, policy: str
) -> None:
    def drawn(seed: int) -> list[FloatArray] | None:
        built = build_or_none(experiment, any_pair, policy, seed=seed, generations=3)
        if built is None:
            return None
        return [array for _, outcome in outcomes(built) for array in arrays(outcome.drawn)]

    first, second, other = drawn(1), drawn(1), drawn(2)
    if first is None or second is None or other is None:
        return
    assert same(first, second)
    assert not same(first, other)


@pytest.mark.parametrize(
    "pair_of_kinds",
    [("gaussian", "normal"), ("gaussian", "normal-nd"), ("kde", "mixture"), ("discrete", "zipf")],
    ids="/".join,
)
def test_every_schedule_draws_what_it_says_or_is_refused(
    experiment: MakeExperiment,
    outcomes: Walk,
    pair_of_kinds: Pair,
    any_policy: str,
    any_schedule: str,
) -> None:
    engine, source = pair_of_kinds
    try:
        built = experiment(source, engine, any_policy, any_schedule, generations=5, replicates=2)
    except InvalidExperimentError as error:
        if "takes no weights" in str(error):
            assert any_policy == "weighted"
            return
        # Only keep asks for more than there is: 40 % of a grown D_n out of D_0.
        assert any_policy.startswith("keep")
        assert "rows of D_0" in str(error)  # noqa: PT017
        return
    rule = built.setup(1).schedule
    for state, outcome in outcomes(built):
        n = outcome.generation
        wanted = rule.samples(n)
        assert (outcome.drawn.sizes == wanted).all()
        assert built.sizes[n] == wanted
        total = sum(rule.samples(i) for i in range(n + 1))
        expected = total if any_policy == "accumulate" else wanted
        # Weighted counts are no whole numbers and add up but for rounding.
        assert np.allclose(state.training.sizes, expected, rtol=1e-12, atol=0)


def test_schedules_round_halves_to_even(experiment: MakeExperiment) -> None:
    geometric = {"name": "geometric", "size": 10, "ratio": 1.5}
    assert list(experiment(schedule=geometric).sizes) == [10, 15, 22, 34, 51]
    power = {"name": "power", "size": 3, "exponent": 0.5}
    assert list(experiment(schedule=power).sizes) == [3, 4, 5, 6, 7]
    linear = {"name": "linear", "size": 3}
    assert list(experiment(schedule=linear).sizes) == [3, 6, 9, 12, 15]
