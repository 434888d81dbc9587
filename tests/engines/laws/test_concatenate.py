"""Generations measured together give the records that they give one by one."""

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from collapse_tui.events import Generation
from collapse_tui.execution.recorder import Recorder
from collapse_tui.experiment.experiment import Experiment
from engines.errors import InvalidExperimentError
from engines.laws.discrete import DiscreteLaw
from engines.laws.law import concatenate
from engines.laws.normal import NormalLaw
from engines.metrics.observation import DataNeededError, observe_laws
from engines.metrics.registry import METRICS
from engines.recursion import Outcome, State

MakeExperiment = Callable[..., Experiment]
Walk = Callable[[Experiment], Iterator[tuple[State, Outcome]]]


def told(record: Generation) -> tuple[Any, ...]:
    """Return all that a record says but its view, to the last bit."""
    numbers = {name: values.tobytes() for name, values in record.metrics.items()}
    return record.generation, numbers, repr(record.summary), record.stage, record.flags


@pytest.mark.slow
def test_records_do_not_depend_on_how_many_are_measured_at_once(
    experiment: MakeExperiment, outcomes: Walk, all_metrics: Any, any_pair: tuple[str, str]
) -> None:
    engine, source = any_pair
    try:
        built = experiment(source, engine, metrics=all_metrics(source, engine))
    except InvalidExperimentError:
        return  # Bernoulli's two states, a text in words for a language model: refused before.
    found = [outcome for _, outcome in outcomes(built)]
    alone = [told(Recorder(built, built.recursion()).measure([one])[0]) for one in found]
    together = Recorder(built, built.recursion())
    assert [told(record) for record in together.measure(found)] == alone
    assert [told(record) for record in together.measure(found[2:])] == alone[2:]


@pytest.mark.parametrize(
    ("source", "engine"), [("normal", "gaussian"), ("poisson", "poisson"), ("zipf", "discrete")]
)
def test_laws_of_arrays_are_measured_in_one_call(
    experiment: MakeExperiment,
    outcomes: Walk,
    monkeypatch: pytest.MonkeyPatch,
    source: str,
    engine: str,
) -> None:
    built = experiment(source, engine, metrics=["mean"])
    found = [outcome for _, outcome in outcomes(built)][1:]
    counts: list[int] = []
    compute = METRICS["mean"].compute

    def counted(observation: Any) -> Any:
        counts.append(len(observation.law.mean()))
        return compute(observation)

    monkeypatch.setitem(METRICS, "mean", SimpleNamespace(compute=counted))
    Recorder(built, built.recursion()).measure(found)
    assert counts == [len(found) * built.replicates]


def test_what_looks_beyond_the_laws_is_asked_again_for_each_generation(
    experiment: MakeExperiment, outcomes: Walk
) -> None:
    built = experiment("mixture", "gaussian", metrics=["mean", "w1_sample"])
    found = [outcome for _, outcome in outcomes(built)]
    measurer = Recorder(built, built.recursion())
    law = concatenate([outcome.law for outcome in found[1:]])
    observation = observe_laws(law, measurer.baseline)
    assert len(METRICS["mean"].compute(observation)) == 12
    with pytest.raises(DataNeededError):
        METRICS["w1_sample"].compute(observation)
    with pytest.raises(DataNeededError):
        _ = observation.baseline.real.sizes


def test_only_laws_that_say_how_are_joined(experiment: MakeExperiment, outcomes: Walk) -> None:
    first, second = (
        [outcome.law for _, outcome in outcomes(experiment(*pair))][1:3]
        for pair in (("normal", "gaussian"), ("normal", "kde"))
    )
    law = concatenate(first)
    assert isinstance(law, NormalLaw)
    assert law.means.tolist() == [*first[0].mean(), *first[1].mean()]
    assert law.means.tolist() != [*first[1].mean(), *first[0].mean()]
    assert concatenate(second) is None
    text = [outcome.law for _, outcome in outcomes(experiment("text", "ngram"))][1:3]
    assert isinstance(text[0], DiscreteLaw)
    assert concatenate(text) is None
