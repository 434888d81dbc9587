"""A fork is the run that its experiment.toml describes, byte for byte."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from collapse_tui.execution.runner import fork, run
from collapse_tui.experiment.experiment import Experiment
from collapse_tui.experiment.loader import load
from engines.errors import InvalidExperimentError

Build = Callable[..., Experiment]
Records = Callable[[Path], bytes]

CHANGES: dict[str, tuple[str, dict[str, Any]]] = {
    "nothing": ("gaussian", {}),
    "estimator": ("gaussian", {"engine.estimator": "mle"}),
    "size": ("gaussian", {"schedule.size": 50}),
    "seed": ("gaussian", {"seed": 9}),
    "fresh": ("gaussian", {"policy.fresh": 0.3}),
    "past": ("gaussian", {"policy.previous": 0.4}),
    "past of points": ("kde", {"policy.previous": 0.4}),
    "union of moments": ("gaussian", {"policy.name": "accumulate"}),
    "union in several dimensions": ("gaussian-nd", {"policy.name": "accumulate"}),
    "union of drawn points": ("gaussian-points", {"policy.name": "accumulate"}),
    "union of points": ("kde", {"policy.name": "accumulate"}),
    "union of counts": ("discrete", {"policy.name": "accumulate"}),
    "pool of points": ("kde", {"policy.name": "subsample"}),
    "pool of drawn points": ("gaussian-points", {"policy.name": "subsample"}),
    "pool of counts": ("discrete", {"policy.name": "subsample"}),
    "kept points": ("kde", {"policy.keep": 0.5}),
    "bandwidth": ("kde", {"engine.bandwidth": "scott", "engine.kernel": "tophat"}),
    "schedule": ("kde", {"schedule.name": "linear", "schedule.size": 7}),
}


@pytest.mark.slow
@pytest.mark.usefixtures("eager")
@pytest.mark.parametrize("change", CHANGES)
def test_a_fork_is_the_run_of_its_experiment(
    experiment: Build,
    tmp_path: Path,
    records: Records,
    complete: Any,
    rerun: Records,
    change: str,
) -> None:
    """With a checkpoint of every generation: what these do not hold is replayed."""
    engine, settings = CHANGES[change]
    replicates = 1 if change == "union of points" else 4
    complete(run(experiment(engine, replicates=replicates), folder=tmp_path / "parent"))
    complete(fork(tmp_path / "parent", at=5, settings=settings, out=tmp_path / "child"))
    parent, child = records(tmp_path / "parent"), records(tmp_path / "child")
    assert child == rerun(tmp_path / "child")
    shared, own = child.splitlines()[:6], child.splitlines()[6:]
    assert shared == parent.splitlines()[:6]
    assert len(own) == 5
    assert (own == parent.splitlines()[6:]) == (change == "nothing")


@pytest.mark.parametrize("at", [0, 9])
def test_at_the_first_and_before_the_last(
    experiment: Build, tmp_path: Path, records: Records, complete: Any, rerun: Records, at: int
) -> None:
    complete(run(experiment(), folder=tmp_path / "parent"))
    settings = {"policy.fresh": 0.5}
    complete(fork(tmp_path / "parent", at=at, settings=settings, out=tmp_path / "child"))
    assert records(tmp_path / "child") == rerun(tmp_path / "child")
    built = load(str(tmp_path / "child" / "experiment.toml"))
    assert [(item.at, item.settings) for item in built.interventions] == [(at + 1, settings)]


@pytest.mark.parametrize(
    "settings", [{"policy.name": "subsample"}, {"policy.name": "mix", "policy.keep": 0.5}]
)
def test_a_fork_that_needs_points_of_statistics_is_refused(
    experiment: Build, tmp_path: Path, complete: Any, settings: dict[str, Any]
) -> None:
    complete(run(experiment(), folder=tmp_path / "parent"))
    with pytest.raises(InvalidExperimentError, match="need the points of every generation"):
        fork(tmp_path / "parent", at=5, settings=settings, out=tmp_path / "child")
    assert not (tmp_path / "child").exists()


def test_a_fork_before_the_only_need_of_points_is_refused(
    experiment: Build, tmp_path: Path, complete: Any
) -> None:
    later = [{"at": 8, "set": {"policy.name": "subsample"}}]
    complete(run(experiment(interventions=later), folder=tmp_path / "parent"))
    with pytest.raises(InvalidExperimentError, match="because of an intervention after the fork"):
        fork(tmp_path / "parent", at=3, settings={"policy.fresh": 0.1}, out=tmp_path / "child")
    complete(fork(tmp_path / "parent", at=8, settings={"seed": 2}, out=tmp_path / "child"))


@pytest.mark.parametrize("at", [-1, 10, 11])
def test_a_generation_that_cannot_be_forked(
    experiment: Build, tmp_path: Path, complete: Any, at: int
) -> None:
    complete(run(experiment(), folder=tmp_path / "parent"))
    with pytest.raises(InvalidExperimentError, match="0 to 9"):
        fork(tmp_path / "parent", at=at, settings={}, out=tmp_path / "child")


def test_a_fork_of_a_fork(
    experiment: Build, tmp_path: Path, records: Records, complete: Any, rerun: Records
) -> None:
    complete(run(experiment("kde"), folder=tmp_path / "one"))
    accumulate = {"policy.name": "accumulate"}
    complete(fork(tmp_path / "one", at=3, settings=accumulate, out=tmp_path / "two"))
    past = {"policy.name": "mix", "policy.previous": 0.5}
    complete(fork(tmp_path / "two", at=6, settings=past, out=tmp_path / "three"))
    assert records(tmp_path / "three") == rerun(tmp_path / "three")


def test_a_setting_that_may_not_change_leaves_no_folder(
    experiment: Build, tmp_path: Path, complete: Any
) -> None:
    complete(run(experiment(), folder=tmp_path / "parent"))
    for settings in ({"engine.name": "kde"}, {"source.sd": 2.0}, {"policy.fresh": 7}):
        with pytest.raises(InvalidExperimentError):
            fork(tmp_path / "parent", at=5, settings=settings, out=tmp_path / "child")
        assert not (tmp_path / "child").exists()
