"""A replicate's numbers depend neither on those beside it nor on what is measured or shown."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from collapse_tui.events import Generation
from collapse_tui.experiment.experiment import Experiment
from engines.data import Moments, Points
from engines.errors import InvalidExperimentError

MakeExperiment = Callable[..., Experiment]
Records = Callable[[Experiment], list[Generation]]
Available = Callable[[str, str], list[str]]

OF_POINTS = {
    "mean",
    "variance",
    "mean_sample",
    "variance_sample",
    "skewness_sample",
    "w1_sample",
    "w2_sample",
    "kl_as_published",
    "kl_shared_bins",
    "trace_ratio",
    "log_det_ratio",
    "mean_error",
    "heterozygosity",
    "test_error",
    "perplexity",
}
"""With every policy; the others, which see only the law, with one."""
PAIRS = (
    ("gaussian", "normal"),
    ("gaussian", "normal-nd"),
    ("gaussian", "mixture"),
    ("gaussian", "file-rows"),
    ("kde", "mixture-fixed"),
    ("gmm", "mixture"),
    ("gmm-warm", "mixture-nd"),
    ("kde-scott", "normal-shared"),
    ("discrete", "categorical"),
    ("discrete", "file-binned"),
)


def differences(few: list[Generation], many: list[Generation]) -> set[tuple[int, str]]:
    """Return (generation, metric) where the first replicates differ in a single bit."""
    count = len(next(iter(few[0].metrics.values())))
    return {
        (left.generation, name)
        for left, right in zip(few, many, strict=True)
        for name, values in left.metrics.items()
        if values.tobytes() != np.ascontiguousarray(right.metrics[name][:count]).tobytes()
    }


def compare_replicates(
    experiment: MakeExperiment,
    records: Records,
    pair: tuple[str, str],
    policy: str,
    names: set[str],
) -> set[tuple[int, str]]:
    """Return where 1, 3 and 7 replicates differ; nothing where the policy is refused."""
    engine, source = pair
    settings: dict[str, Any] = {"generations": 2, "metrics": sorted(names)}
    try:
        experiment(source, engine, policy, **settings)
    except InvalidExperimentError:
        return set()
    one, three, seven = (
        records(experiment(source, engine, policy, replicates=replicates, **settings))
        for replicates in (1, 3, 7)
    )
    return differences(three, seven) | differences(one, three)


@pytest.mark.slow
def test_the_first_replicates_do_not_depend_on_their_number(
    experiment: MakeExperiment,
    records: Records,
    all_metrics: Available,
    any_pair: tuple[str, str],
) -> None:
    """Every metric of every engine and source, with a policy that mixes (or the plainest)."""
    engine, source = any_pair
    names = set(all_metrics(source, engine))
    assert compare_replicates(experiment, records, any_pair, "previous", names) == set()
    assert compare_replicates(experiment, records, any_pair, "rarely", names & OF_POINTS) == set()


@pytest.mark.slow
@pytest.mark.parametrize(("engine", "source"), PAIRS)
def test_nor_with_any_policy(
    experiment: MakeExperiment,
    records: Records,
    all_metrics: Available,
    engine: str,
    source: str,
    any_policy: str,
) -> None:
    names = set(all_metrics(source, engine)) & OF_POINTS
    assert compare_replicates(experiment, records, (engine, source), any_policy, names) == set()


def test_a_different_seed_is_seen_by_every_metric(
    experiment: MakeExperiment, records: Records, all_metrics: Available
) -> None:
    """The negative control of the comparison: other numbers differ in every generation."""
    names = all_metrics("mixture", "kde")
    left, right = (
        records(experiment("mixture", "kde", metrics=names, seed=seed, generations=2))
        for seed in (1, 2)
    )
    found = differences(left, right)
    assert {(n, name) for n in (1, 2) for name in names} - found <= {
        (n, name) for n in (1, 2) for name in ("modes", "alive")
    }


@pytest.mark.slow
@pytest.mark.parametrize(("engine", "source"), PAIRS)
def test_adding_metrics_changes_no_number(
    experiment: MakeExperiment,
    records: Records,
    all_metrics: Available,
    engine: str,
    source: str,
) -> None:
    every = all_metrics(source, engine)
    together = records(experiment(source, engine, "previous", metrics=every, generations=2))
    for name in every:
        alone = records(experiment(source, engine, "previous", metrics=[name], generations=2))
        for left, right in zip(alone, together, strict=True):
            assert left.metrics[name].tobytes() == right.metrics[name].tobytes(), name
            assert left.stage == right.stage


@pytest.mark.parametrize("dimension", [1, 3])
def test_moments_of_replicates_of_equal_and_of_different_sizes_are_the_same(
    dimension: int,
) -> None:
    generator = np.random.default_rng(5)
    values = generator.standard_normal((50, dimension))
    values = values[:, 0] if dimension == 1 else values
    equal = Moments.of(Points(values[:40], np.array([20, 20])))
    ragged = Moments.of(Points(values, np.array([20, 20, 10])))
    assert equal.mean.tobytes() == ragged.mean[:2].tobytes()
    assert equal.factor.tobytes() == ragged.factor[:2].tobytes()


def test_views_can_be_left_out(experiment: MakeExperiment, outcomes: Any, records: Records) -> None:
    built = experiment("normal", "gaussian", "previous", metrics=["mean", "variance"])
    shown = records(built)
    for (_, outcome), record in zip(outcomes(built), shown, strict=True):
        assert np.broadcast_to(outcome.law.mean(), 3).tobytes() == record.metrics["mean"].tobytes()
        assert record.view is not None
