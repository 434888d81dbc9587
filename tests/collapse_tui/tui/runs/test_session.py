"""Sessions: pace, pause, knobs and ends, without a screen."""

import math
import threading
from collections.abc import Callable

import numpy as np
import pytest

from collapse_tui.events import Finished, Generation, Refused, Started
from collapse_tui.experiment.knobs import Knob
from collapse_tui.presentation.snapshot import STATISTICS, RunHistory
from collapse_tui.tui.runs.descriptions import CannotStart
from collapse_tui.tui.runs.pace import Pace, watchable_rate
from collapse_tui.tui.runs.session import Session
from collapse_tui.tui.runs.setting_values import next_value

WAIT = 5.0


def wait_for(holds: Callable[[], bool]) -> None:
    """Wait for another thread."""
    done = threading.Event()
    for _ in range(int(WAIT / 0.005)):
        if holds():
            return
        done.wait(0.005)
    raise AssertionError("it never came about")


def run_in_thread(session: Session) -> threading.Thread:
    thread = threading.Thread(target=session.run_to_end, daemon=True)
    thread.start()
    return thread


def test_a_run_that_is_not_held_back_goes_to_its_end(fake_run):
    session = Session(lambda: fake_run(generations=30), rate=math.inf)
    session.run_to_end()
    assert session.snapshot.phase == "finished"
    assert session.snapshot.generation == 30
    assert session.snapshot.folder == "/runs/borji-fake"
    assert session.snapshot.column("w1", "q50").size == 31


def test_pause_holds_and_step_lets_one_through(fake_run):
    session = Session(lambda: fake_run(generations=30), paused=True, rate=math.inf)
    thread = run_in_thread(session)
    wait_for(lambda: session.snapshot.generation == 0)
    session.pace.step()
    wait_for(lambda: session.snapshot.generation == 1)
    session.pace.step(3)
    wait_for(lambda: session.snapshot.generation == 4)
    session.stop()
    thread.join(WAIT)
    assert not thread.is_alive()
    assert session.snapshot.phase == "stopped"
    assert session.snapshot.generation < 30


def test_a_failure_is_a_snapshot_and_keeps_what_came_before(fake_run):
    session = Session(lambda: fake_run(generations=30, fail_at=12), rate=math.inf)
    session.run_to_end()
    assert session.snapshot.phase == "failed"
    assert session.snapshot.message == "scatter became singular"
    assert session.snapshot.generation == 11


@pytest.mark.parametrize(
    ("fault", "said"),
    [(CannotStart("no such preset"), "no such preset"), (OSError("disk"), "OSError: disk")],
)
def test_nothing_that_an_engine_raises_gets_out(fault, said):
    def refuse():
        raise fault

    session = Session(refuse)
    session.run_to_end()
    assert session.snapshot.phase == "failed"
    assert session.snapshot.message == said


def test_a_knob_is_pending_until_the_run_says_so(fake_run):
    session = Session(lambda: fake_run(generations=30), paused=True, rate=math.inf)
    knob = Knob("policy.fresh", 0.0, 0.0, 1.0)
    assert session.set({"policy.fresh": 0.1}) == "the run is still opening"
    thread = run_in_thread(session)
    wait_for(lambda: session.snapshot.generation == 0)
    assert session.set({"policy.fresh": 0.1}) == ""
    assert session.value_of(knob) == 0.1
    assert session._pending
    session.pace.step()
    wait_for(lambda: session.snapshot.generation == 1)
    assert not session._pending
    assert session.value_of(knob) == 0.1
    assert [change.at for change in session.snapshot.interventions] == [1]
    assert "cannot change" in session.set({"source.name": "zipf"})
    session.stop()
    thread.join(WAIT)
    assert "over" in session.set({"policy.fresh": 0.2})


def test_a_run_stopped_while_it_opens_does_not_run(fake_run):
    session = Session(lambda: session.stop() or fake_run(generations=30), rate=math.inf)
    session.run_to_end()
    assert session.snapshot.phase == "stopped"
    assert session.snapshot.generation < 1


def test_a_refused_knob_goes_back_and_is_told(fake_run):
    run = fake_run(generations=3)
    session = Session(lambda: run, rate=math.inf)
    session.run = run
    session._pending = {"policy.previous": 0.5}
    session._handle(Refused(2, {"policy.previous": 0.5}, "past weights were not kept"))
    assert session.value_of(Knob("policy.previous", 0.0)) == 0.0
    assert session.notices[-1] == ("past weights were not kept", "error")


def test_the_iterator_is_read_to_its_end(fake_run):
    ended = []

    class Watched(fake_run):
        @property
        def events(self):
            yield from super().events
            ended.append(True)

    Session(lambda: Watched(generations=3), rate=math.inf).run_to_end()
    assert ended == [True]


def test_snapshots_never_change(fake_run):
    history, run = RunHistory(), fake_run(generations=500)
    kept = []
    for n in range(200):
        history.add_record(run.record(n), 0.0)
        kept.append((history.snapshot, history.snapshot.column("w1", "q50").copy()))
    for snapshot, values in kept:
        assert np.array_equal(snapshot.column("w1", "q50"), values)
    assert kept[50][0].view(400) is kept[50][0].views[50]


def test_a_long_history_keeps_evenly_spaced_rows_and_old_snapshots(fake_run, monkeypatch):
    monkeypatch.setattr("collapse_tui.presentation.snapshot.MOST_ROWS", 16)
    history, run = RunHistory(), fake_run(generations=1000)
    kept = []
    for n in range(250):
        history.add_record(run.record(n), 0.0)
        kept.append((history.snapshot, history.snapshot.column("w1", "q50").copy()))
    for one, values in kept:
        assert np.array_equal(one.column("w1", "q50"), values)
    last = history.snapshot
    assert kept[25][0].picked is None
    assert last.picked is not None
    assert last.picked[0] == 0
    assert last.picked[-1] == last.generation == 249
    assert 16 < last.picked.size <= 32
    assert np.diff(last.picked).max() == 16
    assert len(last.stages) == len(last.views) == last.picked.size
    # each row is that of its generation, and what lies between belongs to the row before it
    for row in (0, 9, last.picked.size - 1):
        n = last.generation_of(row)
        assert last.column("w1", "q50")[row] == run.record(n).summary["w1"]["q50"]
        assert last.row(n) == row
        assert np.array_equal(last.view(n).arrays["now"], run.record(n).view.arrays["now"])
    assert last.generation_of(last.row(101)) == 96


def test_a_replayed_record_is_passed_over(fake_run):
    history, run = RunHistory(), fake_run()
    history.add_record(run.record(0), 0.0)
    before = history.snapshot
    history.add_record(run.record(0), 0.0)
    assert history.snapshot is before


def test_undefined_summaries_become_nan():
    history = RunHistory()
    summary = {"kl": dict.fromkeys(STATISTICS, None)}
    history.add_record(Generation(0, {}, summary, {}, {}), 0.0)
    assert np.isnan(history.snapshot.column("kl", "mean")).all()
    assert history.snapshot.column("unknown", "mean").size == 0


def test_what_is_on_disk_is_not_held_to_the_pace(fake_run):
    session = Session(fake_run, paused=True)
    session._handle(Started(40, 60, None, "cpu"))
    session.pace.wait(40)


def test_pace_levels_and_due_times():
    now = [0.0]
    pace = Pace(10.0, clock=lambda: now[0])
    pace.wait(1)
    assert pace._due == pytest.approx(0.1)
    now[0] = 60.0
    pace.wait(2)
    assert pace._due == pytest.approx(59.9)
    assert [pace.change_level(1) for _ in range(4)] == [30.0, 100.0, math.inf, math.inf]
    assert [pace.change_level(-1) for _ in range(5)] == [100.0, 30.0, 5.0, 1.0, 1.0]
    pace.close()
    pace.wait(3)


def test_a_short_run_takes_twenty_seconds():
    assert watchable_rate(1000) == 50
    assert watchable_rate(10) == 1


@pytest.mark.parametrize(
    ("knob", "value", "sign", "expected"),
    [
        (Knob("share", 0.0, 0, 1), 0.0, 1, 0.01),
        (Knob("share", 0.0, 0, 1), 1.0, 1, None),
        (Knob("share", 0.0, 0, 1), 0.03, -1, 0.02),
        (Knob("size", 100, 1, None), 100, 1, 200),
        (Knob("size", 1, 1, None), 1, -1, None),
        (Knob("bandwidth", 0.5, None, None), 0.5, 1, 1.0),
        (Knob("kernel", "gaussian"), "gaussian", 1, None),
        (Knob("flag", value=True), True, 1, False),
    ],
)
def test_knobs_turn_by_notches(knob, value, sign, expected):
    result = next_value(knob, value, sign)
    assert result == (expected if expected is None else pytest.approx(expected))
    assert type(result) is type(expected)


def test_the_condition_that_ended_a_run_is_told(fake_run):
    run = fake_run(generations=3)
    session = Session(lambda: run, rate=math.inf)
    session._handle(Finished(2, None, "finished", "the median variance is 0.9 < 1"))
    assert session.snapshot.phase == "finished"
    assert session.notices[-1].text == "stopped: the median variance is 0.9 < 1"
