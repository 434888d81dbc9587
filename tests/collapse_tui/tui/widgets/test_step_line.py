"""A generation that takes long: the line that lives, pausing and stopping within it."""

import asyncio
import threading
from pathlib import Path

import pytest

from collapse_tui.charts.palette import Colour
from collapse_tui.events import Finished, Progress, Started
from collapse_tui.presentation.eta import TimeEstimate, Timing
from collapse_tui.presentation.snapshot import Snapshot, StepProgress
from collapse_tui.tui.runs.group import RunGroup
from collapse_tui.tui.runs.session import Session
from collapse_tui.tui.widgets.step_line import StepLine, progress_bar, step_spans

FOLDER = Path("/runs/vae-fake")
STEPS = 10


class Gate:
    """A clock that stands still, and steps that wait to be let through."""

    def __init__(self):
        self.now = 0.0
        self.open = threading.Semaphore(0)
        self.reached = 0
        self.stubborn = False

    def wait(self, control):
        while not self.open.acquire(timeout=0.01):
            if control.stop_requested and not self.stubborn:
                return

    def clock(self):
        return self.now


@pytest.fixture
def gate():
    return Gate()


@pytest.fixture
def slow_run(fake_run, gate):
    class Slow(fake_run):
        @property
        def events(self):
            yield Started(-1, self.generations, FOLDER, "cuda:0")
            yield self.record(0)
            for n in range(1, self.generations + 1):
                for step in range(1, STEPS + 1):
                    gate.wait(self.control)
                    if self.control.stop_requested:
                        yield Finished(n - 1, FOLDER, "stopped")
                        return
                    gate.now += 2.0
                    gate.reached += 1
                    yield Progress(n, step / STEPS, f"epoch {step} of {STEPS}, loss 3.1")
                yield self.record(n)
            yield Finished(self.generations, FOLDER)

    return lambda **options: Slow(**{"generations": 5, "kind": "images", **options})


@pytest.fixture
def slow_launcher(fake_launcher, slow_run):
    class Slow(fake_launcher):
        def open(self, _name, _settings):
            self.opened.append(slow_run())
            return self.opened[-1]

    return Slow()


@pytest.fixture
def slow(start, monkeypatch, gate, slow_launcher):
    """Start an application on a slow run that is not paused."""

    def new_session(_screen, open_run, *, free_until=0):
        return Session(open_run, free_until=free_until, clock=gate.clock, rate=float("inf"))

    def started(**options):
        monkeypatch.setattr(RunGroup, "new_session", new_session)
        return start("vae", launcher=slow_launcher, **options)

    return started


async def let(bench, gate, steps):
    wanted = gate.reached + steps
    for _ in range(steps):
        gate.open.release()
    await bench.until(lambda: gate.reached == wanted)
    await asyncio.sleep(0.02)
    await bench.settle()


async def test_a_quick_generation_is_not_spoken_of(start):
    async with start() as bench:
        await bench.run_to(20)
        assert not bench.live.query_one(StepLine).display


@pytest.mark.slow
async def test_the_line_shows_bar_message_and_both_times(slow, gate):
    async with slow(size=(100, 30)) as bench:
        assert not bench.live.query_one(StepLine).display
        await let(bench, gate, 3)
        line = bench.text("StepLine")
        assert "gen 1 ━" in line
        assert " 30%  epoch 3 of 10, loss 3.1" in line
        assert line.endswith("6 s · 14 s left")
        assert "94 s left" in bench.header().replace("2 min", "94 s")
        assert "cuda:0" in bench.header()
        gate.now += 5.0
        await bench.settle()
        assert bench.text("StepLine").endswith("11 s · 9 s left")
        await let(bench, gate, 7)
        await bench.until(lambda: bench.snapshot.generation == 1)
        await let(bench, gate, 1)
        assert "gen 2 ━" in bench.text("StepLine")


async def test_no_chart_is_drawn_for_a_step(slow, gate):
    async with slow() as bench:
        await let(bench, gate, 2)
        drawn = []
        submit = bench.app.renderer.submit
        bench.app.renderer.submit = lambda slot, job: (drawn.append(slot), submit(slot, job))
        before = bench.text("StepLine")
        await let(bench, gate, 3)
        assert bench.text("StepLine") != before
        assert drawn == []


async def test_the_sign_turns_though_nothing_is_told(slow, gate):
    async with slow() as bench:
        await let(bench, gate, 2)
        signs = set()
        for _ in range(4):
            gate.now += 0.25
            await bench.settle()
            signs.add(bench.text("StepLine").lstrip()[0])
        assert len(signs) == 4


async def test_pause_holds_within_the_generation_and_goes_on(slow, gate):
    async with slow() as bench:
        await let(bench, gate, 2)
        await bench.press("space")
        assert "‖ pausing after this step" in bench.header()
        await let(bench, gate, 1)
        await bench.until(lambda: bench.snapshot.held)
        await bench.settle()
        assert "‖ paused" in bench.header()
        before = bench.text("StepLine")
        gate.open.release()
        gate.now += 1000.0
        await bench.settle()
        assert gate.reached == 3
        assert bench.text("StepLine") == before
        await bench.press("space")
        await bench.until(lambda: gate.reached == 4)
        await bench.settle()
        assert "8 s · 12 s left" in bench.text("StepLine")


async def test_a_step_finishes_the_generation_and_pauses(slow, gate):
    async with slow() as bench:
        await let(bench, gate, 2)
        await bench.press("space")
        await let(bench, gate, 1)
        await bench.until(lambda: bench.snapshot.held)
        await bench.press("full_stop")
        await let(bench, gate, 1)
        assert "▶ step" in bench.header()
        await let(bench, gate, 6)
        await bench.until(lambda: bench.snapshot.generation == 1)
        await bench.settle()
        assert "‖ paused" in bench.header()
        assert "gen 1 took" in bench.text("StepLine")
        assert gate.reached == STEPS


async def test_leaving_says_at_once_that_the_step_ends_first(slow, gate):
    gate.stubborn = True
    async with slow() as bench:
        await let(bench, gate, 2)
        await bench.press("q", "q")
        assert "■ stopping after this step" in bench.header()
        assert bench.app.return_value is None
        gate.open.release()
        await bench.until(lambda: bench.snapshot.over)
        await bench.until(lambda: bench.app.return_value == 0)
        assert bench.snapshot.phase == "stopped"


async def test_a_paused_step_can_be_left(slow, gate):
    async with slow() as bench:
        await let(bench, gate, 2)
        await bench.press("space")
        await let(bench, gate, 1)
        await bench.until(lambda: bench.snapshot.held)
        await bench.press("q", "q")
        gate.open.release()
        await bench.until(lambda: bench.snapshot.over)


async def test_keys_work_while_it_runs(slow, gate):
    async with slow(size=(80, 24)) as bench:
        await let(bench, gate, STEPS + 4)
        await bench.press("left")
        assert "looking at 0 of 1" in bench.header()
        assert "the original" in bench.edge("view")
        await bench.press("end", "t")
        assert "gen 2" in bench.text("StepLine")
        assert "real" in bench.text("#view")


async def test_ascii_has_a_line_too(slow, gate):
    async with slow(marker="ascii") as bench:
        await let(bench, gate, 3)
        assert "gen 1 ==" in bench.text("StepLine")
        assert bench.text("StepLine").replace("·", ".").isascii()


def test_the_line_keeps_to_its_width():
    timing = Timing(10).begin(3, 0.0).report(3, 0.4, "a message that is far too long " * 5, 5.0)
    snapshot = Snapshot(phase="running", timing=timing)
    step = StepProgress(5.0, TimeEstimate(0.4, 5.0, 7.5, 90.0))
    for width in (10, 30, 58, 80, 160):
        pieces = step_spans(snapshot, step, width, ascii_only=False)
        assert sum(len(text) for text, _ in pieces) <= width


@pytest.mark.parametrize(
    ("fraction", "full"),
    [(float("nan"), ""), (0, ""), (0.5, "━━━━━"), (0.55, "━━━━━╸"), (2, "━" * 10)],
)
def test_the_bar_is_exact_to_half_a_cell(fraction, full):
    done, rest = progress_bar(fraction, 10)
    assert done == (full, Colour.SERIES)
    assert len(done[0]) + len(rest[0]) == 10


def test_what_is_read_from_disk_is_no_measure(fake_run):
    """A run gone on with must not take its stored generations for quick ones."""
    now = [0.0]
    session = Session(lambda: None, clock=lambda: now[0], rate=float("inf"))
    run = fake_run()
    session._handle(Started(3, 10, None, "cpu"))
    for n in range(4):
        session._handle(run.record(n))
        session._begin_generation(n + 1)
    assert session.snapshot.timing.totals == ()
    session._report(Progress(4, 0.5, "epoch 1"))
    now[0] = 8.0
    session._handle(run.record(4))
    assert session.snapshot.timing.totals == (8.0,)


async def test_the_line_goes_once_generations_are_quick(start):
    async with start() as bench:
        session, now = bench.live.runs.newest, [0.0]
        session._clock = lambda: now[0]
        session.pace.paused = False
        shown = []
        for generation, seconds in enumerate((3.0, 0.01, 0.01, 0.01), start=1):
            session._begin_generation(generation)
            now[0] += seconds
            session._handle(bench.live.runs.newest.run.record(generation))
            bench.live.tick()
            shown.append(bench.live.query_one(StepLine).display)
        assert shown == [True, True, False, False]
