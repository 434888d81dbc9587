"""A knob turned while a run goes on is an intervention of its experiment.toml."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from collapse_tui.control import Control
from collapse_tui.events import Generation, Intervened, Refused
from collapse_tui.execution.runner import resume, run
from collapse_tui.experiment.experiment import Experiment
from collapse_tui.experiment.loader import load

Build = Callable[..., Experiment]
Records = Callable[[Path], bytes]


def turned(built: Experiment, folder: Path | None, turns: dict[int, dict[str, Any]]) -> list[Any]:
    """Run, and turn knobs right after the records named; -1 is before the start."""
    control = Control()
    events: list[Any] = []
    if -1 in turns:
        control.set(turns[-1])
    for event in run(built, folder=folder, control=control):
        events.append(event)
        if isinstance(event, Generation) and event.generation in turns:
            control.set(turns[event.generation])
    return events


CASES: dict[str, tuple[str, dict[int, dict[str, Any]]]] = {
    "fresh": ("gaussian", {4: {"policy.fresh": 0.5}}),
    "twice": ("gaussian", {2: {"policy.fresh": 0.5}, 6: {"policy.fresh": 0.0}}),
    "before the start": ("gaussian", {-1: {"engine.estimator": "mle"}}),
    "size": ("kde", {0: {"schedule.size": 35}}),
    "bandwidth": ("kde", {5: {"engine.bandwidth": 0.1}}),
    "past": ("gaussian", {4: {"policy.previous": 0.5}}),
    "past in several dimensions": ("gaussian-nd", {4: {"policy.previous": 0.5}}),
    "union": ("gaussian", {4: {"policy.name": "accumulate"}}),
    "union of points": ("kde", {4: {"policy.name": "accumulate"}}),
    "pool": ("kde", {4: {"policy.name": "subsample"}, 7: {"policy.replacement": True}}),
    "pool of counts": ("discrete", {4: {"policy.name": "subsample"}}),
    "seed": ("discrete", {4: {"seed": 11}}),
    "several": ("gaussian", {4: {"policy.fresh": 0.2, "schedule.size": 40, "seed": 5}}),
}


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_experiment_toml_reproduces_the_live_run(
    experiment: Build, tmp_path: Path, records: Records, rerun: Records, case: str
) -> None:
    engine, turns = CASES[case]
    events = turned(experiment(engine), tmp_path / "live", turns)
    assert records(tmp_path / "live") == rerun(tmp_path / "live")
    built = load(str(tmp_path / "live" / "experiment.toml"))
    expected = [(max(at + 1, 1), settings) for at, settings in turns.items()]
    assert [(item.at, item.settings) for item in built.interventions] == expected
    said = [(event.at, event.settings) for event in events if isinstance(event, Intervened)]
    assert said == expected
    # And it is not the run without them.
    turned(experiment(engine), tmp_path / "plain", {})
    assert records(tmp_path / "plain") != records(tmp_path / "live")


@pytest.mark.parametrize("case", ["fresh", "past", "union of points"])
def test_without_a_folder_the_numbers_are_the_same(
    experiment: Build, tmp_path: Path, case: str
) -> None:
    engine, turns = CASES[case]
    runs = [turned(experiment(engine), folder, turns) for folder in (tmp_path / "run", None)]
    for left, right in zip(
        *([e for e in events if isinstance(e, Generation)] for events in runs), strict=True
    ):
        assert left.generation == right.generation
        for name, values in left.metrics.items():
            assert values.tobytes() == right.metrics[name].tobytes()


def test_a_knob_that_cannot_be_turned_changes_nothing(
    experiment: Build, tmp_path: Path, records: Records
) -> None:
    turned(experiment(), tmp_path / "plain", {})
    refused: dict[int, dict[str, Any]] = {
        2: {"policy.fresh": 3.0},
        3: {"policy.name": "subsample"},
        4: {"engine.name": "kde"},
        5: {"policy.frehs": 0.1},
    }
    events = turned(experiment(), tmp_path / "live", refused)
    reasons = [event.reason for event in events if isinstance(event, Refused)]
    assert len(reasons) == 4
    assert "start a new run" in reasons[1]
    assert "did you mean 'fresh'" in reasons[3]
    assert all("\n" not in reason for reason in reasons)
    assert records(tmp_path / "live") == records(tmp_path / "plain")
    text = (tmp_path / "live" / "experiment.toml").read_text()
    assert text == (tmp_path / "plain" / "experiment.toml").read_text()


def test_a_turned_knob_survives_a_stop_before_its_step(
    experiment: Build, tmp_path: Path, records: Records, rerun: Records, complete: Any
) -> None:
    """It is in experiment.toml before the step that it governs."""
    control = Control()
    for event in run(experiment(), folder=tmp_path / "live", control=control):
        if isinstance(event, Generation) and event.generation == 4:
            control.set({"policy.fresh": 0.5})
        if isinstance(event, Intervened):
            control.stop()
    complete(resume(tmp_path / "live"))
    assert records(tmp_path / "live") == rerun(tmp_path / "live")
    assert load(str(tmp_path / "live" / "experiment.toml")).interventions[0].at == 5


def test_later_requests_before_one_step_win(experiment: Build, tmp_path: Path) -> None:
    control = Control()
    control.set({"policy.fresh": 0.1, "schedule.size": 30})
    control.set({"policy.fresh": 0.2})
    said = [
        event.settings
        for event in run(experiment(), folder=tmp_path / "live", control=control)
        if isinstance(event, Intervened)
    ]
    assert said == [{"policy.fresh": 0.2, "schedule.size": 30}]
