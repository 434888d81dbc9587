"""Theory reaches further as a run goes on; neither a record nor a stop waits for all of it."""

import threading
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from collapse_tui.control import Control
from collapse_tui.events import Event, Finished, Generation, Intervened, Started, TheoryExtended
from collapse_tui.execution import overlays, theory_ahead
from collapse_tui.execution.overlays import case_of, curves_of, theory_horizon
from collapse_tui.execution.runner import run
from collapse_tui.experiment.edit import with_intervention
from collapse_tui.experiment.experiment import Experiment
from collapse_tui.experiment.loader import load

Build = Callable[..., Experiment]


@pytest.fixture
def near(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let theory reach 16 generations at first, and 128 at most."""
    monkeypatch.setattr(overlays, "LEAST_HORIZON", 16)
    monkeypatch.setattr(overlays, "FIRST_HORIZON", 16)
    monkeypatch.setattr(overlays, "LAST_HORIZON", 128)
    monkeypatch.setattr(theory_ahead, "LAST_HORIZON", 128)


@pytest.mark.usefixtures("near")
def test_it_is_extended_before_the_end_and_is_the_same(experiment: Build) -> None:
    built = experiment(generations=50)
    events = list(run(built, device="cpu"))
    [started] = [event for event in events if isinstance(event, Started)]
    extended = [event for event in events if isinstance(event, TheoryExtended)]
    assert {curve.values.size for curve in started.curves} == {17}
    assert [event.horizon for event in extended] == [32, 50]
    for short, long in zip(started.curves, extended[-1].curves, strict=True):
        assert short.name == long.name
        assert np.array_equal(long.values[:17], short.values, equal_nan=True)
        assert long.values.size == 51


@pytest.mark.usefixtures("near")
def test_it_ends_where_it_would_take_too_long(experiment: Build) -> None:
    built = experiment(generations=300)
    assert [theory_horizon(built, n) for n in (0, 17, 33, 300)] == [16, 32, 64, 128]
    events = list(run(built, device="cpu"))
    assert isinstance(events[-1], Finished)
    assert [event.horizon for event in events if isinstance(event, TheoryExtended)][-1] == 128


@pytest.mark.usefixtures("near")
def test_a_change_of_settings_begins_it_anew(experiment: Build) -> None:
    control, built = Control(), experiment(generations=100)
    events: list[Event] = []
    for event in run(built, control=control, device="cpu"):
        events.append(event)
        if isinstance(event, Generation) and event.generation == 40:
            control.set({"schedule.size": 33})
    [change] = [event for event in events if isinstance(event, Intervened)]
    last = [event for event in events if isinstance(event, TheoryExtended)][-1]
    assert last.horizon == 100
    wanted, _ = curves_of(with_intervention(built, change.at, change.settings), 100)
    # those from the state at 40 on come last
    from_start = [curve for curve in last.curves if curve.start < 0]
    assert {curve.start for curve in last.curves} == {-1, 40}
    for curve, same in zip(from_start, wanted, strict=True):
        assert np.array_equal(curve.values, same.values, equal_nan=True)


def test_a_billion_generations_begin_at_once() -> None:
    control = Control()
    first: list[Event] = []
    started = time.monotonic()
    for event in run(load("shumailov", generations=10**9), control=control, device="cpu"):
        first.append(event)
        if isinstance(event, Generation):
            control.stop()
    # a bound on hangs: theory for all of them would take hours
    assert time.monotonic() - started < 20
    assert isinstance(first[-1], Finished)
    assert first[-1].reason == "stopped"
    assert any(isinstance(event, Generation) for event in first)


@pytest.mark.parametrize("late", [False, True], ids=["at its start", "at its end"])
def test_a_stop_does_not_wait_for_it(
    experiment: Build, monkeypatch: pytest.MonkeyPatch, *, late: bool
) -> None:
    release, control = threading.Event(), Control()

    def hang(*given: Any) -> Any:
        release.wait(60)
        return curves_of(*given)

    monkeypatch.setattr(theory_ahead, "curves_of", hang)
    if late:
        # the records are there before the theory
        monkeypatch.setattr(theory_ahead.TheoryAhead, "wait", _wait_only_for_a_stop)
    threading.Timer(0.3, control.stop).start()
    started = time.monotonic()
    events = list(run(experiment(generations=5), control=control, device="cpu"))
    assert time.monotonic() - started < 20
    release.set()
    assert isinstance(events[-1], Finished)
    assert sum(isinstance(event, Generation) for event in events) == (6 if late else 0)


def _wait_only_for_a_stop(ahead: Any, stopped: Callable[[], bool]) -> None:
    if ahead.horizon == -1 and not getattr(ahead, "asked", False):
        ahead.asked = True
        return
    while not stopped():
        time.sleep(0.01)


def test_the_work_of_a_law_limits_how_far_it_reaches() -> None:
    # exact survivors take M² numbers a generation
    heavy = load("suresh-bernoulli", generations=10**6, **{"schedule.size": 1000})
    light = load("suresh-bernoulli", generations=10**6, **{"schedule.size": 10})
    assert case_of(heavy).generations < case_of(light).generations == overlays.FIRST_HORIZON
    assert theory_horizon(heavy, 10**6) * 1000**2 <= overlays.MOST_WORK
