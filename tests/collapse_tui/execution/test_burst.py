"""Quick generations go in bursts, and nobody can tell."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from collapse_tui.control import Control
from collapse_tui.events import Finished, Generation, Intervened, Progress
from collapse_tui.execution import burst
from collapse_tui.execution.burst import Burst, PendingStep
from collapse_tui.execution.runner import run
from collapse_tui.experiment.experiment import Experiment
from collapse_tui.experiment.loader import resolve
from collapse_tui.storage.saved import SavedRun
from engines.recursion import Recursion
from engines.runtime.step import Step, run_to_end

Build = Callable[..., Experiment]
Records = Callable[[Path], bytes]


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let bursts grow as if every step took no time."""
    monkeypatch.setattr(burst, "SECONDS", 1e9)


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no burst grow."""
    monkeypatch.setattr(burst, "SECONDS", 0.0)


@pytest.fixture
def widths(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Give the list of how many steps each burst had."""
    counts: list[int] = []
    steps = Burst.steps

    def counted(self: Burst, *arguments: Any) -> list[PendingStep]:
        found = steps(self, *arguments)
        counts.append(len(found))
        return found

    monkeypatch.setattr(Burst, "steps", counted)
    return counts


@pytest.mark.usefixtures("patient")
def test_bursts_grow_and_end_with_the_run(experiment: Build, widths: list[int]) -> None:
    list(run(experiment(generations=40)))
    assert widths == [1, 2, 4, 8, 16, 10]


@pytest.mark.usefixtures("patient")
def test_they_hold_no_more_rows_than_a_core_likes(experiment: Build, widths: list[int]) -> None:
    list(run(experiment(generations=20, replicates=burst.ROWS // 3)))
    assert max(widths) == 3


@pytest.mark.usefixtures("hasty")
def test_slow_generations_go_one_by_one(experiment: Build, widths: list[int]) -> None:
    list(run(experiment(generations=20)))
    assert set(widths) == {1}


def test_a_burst_that_took_too_long_is_followed_by_a_narrower_one() -> None:
    loop: Any = None
    wide = Burst(1)
    for _ in range(3):
        wide.adapt(0.0)
    assert wide._width == 8
    wide.adapt(2 * burst.SECONDS)
    assert wide._width == 4
    wide.adapt(0.75 * burst.SECONDS)
    assert wide._width == 4
    wide.disable()
    wide.adapt(0.0)
    first = PendingStep(loop, loop, 0.0)
    assert wide.steps(loop, first, 10, Control()) == [first]


@pytest.mark.parametrize("engine", ["gaussian", "gaussian-points", "kde", "discrete"])
def test_records_are_the_same_however_wide_the_bursts(
    experiment: Build,
    tmp_path: Path,
    records: Records,
    monkeypatch: pytest.MonkeyPatch,
    engine: str,
) -> None:
    for name, seconds in (("wide", 1e9), ("narrow", 0.0)):
        monkeypatch.setattr(burst, "SECONDS", seconds)
        list(run(experiment(engine, generations=30), folder=tmp_path / name))
    assert records(tmp_path / "wide") == records(tmp_path / "narrow")
    views = [(tmp_path / name / "views" / "arrays.bin").read_bytes() for name in ("wide", "narrow")]
    assert views[0] == views[1]


@pytest.mark.slow
@pytest.mark.parametrize(
    "others",
    [
        {"source": {"name": "poisson", "rate": 300.0}, "engine": {"name": "poisson"}},
        {
            "source": {"name": "zipf", "states": 300, "exponent": 0.5},
            "engine": {"name": "discrete"},
        },
        {"source": {"name": "normal"}, "engine": {"name": "gmm", "components": 4}},
    ],
)
@pytest.mark.parametrize("replicates", [1, 5])
def test_nor_on_what_is_beside_it_in_memory(
    tmp_path: Path,
    records: Records,
    monkeypatch: pytest.MonkeyPatch,
    others: dict[str, Any],
    replicates: int,
) -> None:
    """Sums of many terms: their order must depend neither on the burst nor on R."""
    names = {"discrete": ["w1", "energy", "tail_mass"], "gmm": ["l2_squared", "kl"]}
    metrics = names.get(others["engine"]["name"], ["tv", "energy", "w1"])
    document = {
        "format": 1,
        "seed": 3,
        "generations": 40,
        "policy": {"name": "replace"},
        "schedule": {"name": "constant", "size": 100},
        "metrics": {"names": metrics},
        **others,
    }
    found: list[list[Generation]] = []
    for name, seconds, count in (("a", 1e9, replicates), ("b", 0.0, replicates), ("c", 1e9, 7)):
        monkeypatch.setattr(burst, "SECONDS", seconds)
        events = run(resolve("test", {**document, "replicates": count}), folder=tmp_path / name)
        found.append([event for event in events if isinstance(event, Generation)])
    assert records(tmp_path / "a") == records(tmp_path / "b")
    for few, many in zip(found[0], found[2], strict=True):
        for name, values in few.metrics.items():
            assert values.tobytes() == many.metrics[name][:replicates].tobytes(), name


def test_a_burst_begins_no_step_after_its_time(
    experiment: Build, widths: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """However wide the last ones were: a step may suddenly take long."""
    step = Recursion.step

    def slow(self: Any, state: Any, partial: Any = None) -> Any:
        if state.generation == 20:
            time.sleep(0.5)
        return (yield from step(self, state, partial))

    monkeypatch.setattr(Recursion, "step", slow)
    monkeypatch.setattr(burst, "SECONDS", 0.4)
    list(run(experiment(generations=40)))
    assert widths[:5] == [1, 2, 4, 8, 7]


@pytest.mark.usefixtures("patient")
def test_what_is_asked_at_an_intervention_holds_at_once(experiment: Build) -> None:
    control = Control()
    turned: list[tuple[int, Any]] = []
    for event in run(experiment(generations=20), control=control):
        if isinstance(event, Generation) and event.generation == 7:
            control.set({"schedule.size": 50})
        if isinstance(event, Intervened):
            turned.append((event.at, dict(event.settings)["schedule.size"]))
            if len(turned) == 1:
                control.set({"schedule.size": 60})
    assert turned == [(8, 50), (8, 60)]


@pytest.mark.usefixtures("patient")
def test_an_interrupt_within_a_burst_saves_what_was_recorded(
    experiment: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    step = Recursion.step

    def interrupted(self: Any, state: Any, partial: Any = None) -> Any:
        if state.generation == 10:
            raise KeyboardInterrupt
        return (yield from step(self, state, partial))

    monkeypatch.setattr(Recursion, "step", interrupted)
    with pytest.raises(KeyboardInterrupt):
        list(run(experiment(generations=40), folder=tmp_path / "run"))
    saved = SavedRun.open(tmp_path / "run")
    assert saved.last == 6
    assert (tmp_path / "run" / "state" / "6.npz").exists()


@pytest.mark.usefixtures("patient")
@pytest.mark.parametrize("at", [0, 1, 2, 5, 9, 13])
def test_a_knob_turns_after_the_record_that_was_seen(experiment: Build, at: int) -> None:
    """Not after all those that were computed ahead; and the numbers are those of its plan."""
    control = Control()
    seen: list[Generation] = []
    turned: list[int] = []
    for event in run(experiment(generations=20), control=control):
        if isinstance(event, Generation):
            seen.append(event)
            if event.generation == at:
                control.set({"schedule.size": 50})
        if isinstance(event, Intervened):
            turned.append(event.at)
    assert turned == [max(at + 1, 1)]
    assert [record.generation for record in seen] == list(range(21))
    planned = experiment(
        generations=20, interventions=[{"at": at + 1, "set": {"schedule.size": 50}}]
    )
    expected = [event for event in run(planned) if isinstance(event, Generation)]
    for left, right in zip(seen, expected, strict=True):
        for name, values in left.metrics.items():
            assert values.tobytes() == right.metrics[name].tobytes()


@pytest.mark.usefixtures("patient")
@pytest.mark.parametrize("at", [1, 4, 6])
def test_a_stop_is_heeded_at_the_record_that_was_seen(
    experiment: Build, tmp_path: Path, at: int
) -> None:
    control = Control()
    seen: list[int] = []
    last: Any = None
    for last in run(experiment(generations=40), folder=tmp_path / "run", control=control):
        if isinstance(last, Generation):
            seen.append(last.generation)
            if last.generation == at:
                control.stop()
    assert isinstance(last, Finished)
    assert last.generation == at == seen[-1]


@pytest.mark.usefixtures("patient")
def test_steps_that_tell_of_themselves_stand_alone(
    experiment: Build, widths: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the first that does so, whose record does not wait for the next."""
    step = Recursion.step
    begun: list[int] = []

    def telling(self: Any, state: Any, partial: Any = None) -> Any:
        begun.append(state.generation + 1)
        if state.generation >= 5:
            yield Step(0.5, "half way")
        return run_to_end(step(self, state, partial))

    monkeypatch.setattr(Recursion, "step", telling)
    events = list(run(experiment(generations=12)))
    assert widths == [1, 2, 3, 1, 1, 1, 1, 1, 1, 1]
    # Only the first was begun twice.
    assert begun == [*range(1, 7), *range(6, 13)]
    order = [event.generation for event in events if isinstance(event, Generation | Progress)]
    assert order == [*range(6), *sorted(2 * list(range(6, 13)))]
