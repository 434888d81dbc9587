"""q goes back to where one came from, ctrl+q leaves; no run is lost on either way."""

import threading

import pytest
from textual.widgets import OptionList

from collapse_tui.tui.screens.dialogs import LeaveDialog
from collapse_tui.tui.screens.live import LiveScreen
from collapse_tui.tui.screens.picker import PickerScreen


async def opened(bench) -> PickerScreen:
    """Open the first preset of the picker; return the picker, which is then below."""
    screen = bench.app.screen
    await bench.until(lambda: screen.query_one(OptionList).option_count > 5)
    await bench.pilot.press("enter")
    await bench.until(lambda: isinstance(bench.app.screen, LiveScreen))
    await bench.settle(0)
    return screen


async def test_q_goes_back_to_the_picker_with_the_run_saved(start):
    async with start(None) as bench:
        picker = await opened(bench)
        session = bench.live.runs.newest
        assert "q back" in bench.live.query_one("KeyHints").text()
        await bench.press("q")
        assert isinstance(bench.app.screen, LeaveDialog)
        await bench.pilot.press("q")
        await bench.until(lambda: bench.app.screen is picker)
        assert session.snapshot.phase == "stopped"
        assert bench.app.return_value is None
        await opened(bench)
        assert bench.live.runs.newest is not session
        await bench.press("space", generation=60)
        await bench.until(lambda: bench.snapshot.over)
        await bench.pilot.press("q")
        await bench.until(lambda: bench.app.screen is picker)
        await bench.pilot.press("q")
        assert bench.app.return_value == 0


async def test_stay_leaves_q_as_it_was(start):
    async with start(None) as bench:
        picker = await opened(bench)
        await bench.press("ctrl+q", "escape", "q", "q")
        await bench.until(lambda: bench.app.screen is picker)
        assert bench.app.return_value is None


async def test_ctrl_q_leaves_the_program_from_any_screen(start):
    async with start(None) as bench:
        await opened(bench)
        session = bench.live.runs.newest
        await bench.press("ctrl+q")
        assert isinstance(bench.app.screen, LeaveDialog)
        await bench.pilot.press("q")
        await bench.until(lambda: bench.app.return_value == 0)
        await bench.until(lambda: session.snapshot.over)
    assert bench.app.last_sessions == [session]


async def test_the_footer_says_what_keys_do_now(start):
    async with start(size=(160, 50)) as bench:
        await bench.run_to(5)
        hints = bench.live.query_one("KeyHints")
        assert all(hint in hints.text() for hint in ("f fork", "+ − real data", "e export"))
        assert "space resume" in hints.text()
        await bench.press("space")
        assert "space pause" in hints.text()
        bench.live.runs.selected.run.watched = "read-only: another process"
        await bench.press("l")
        assert not any(hint in hints.text() for hint in ("fork", "real data", "undo", "settings"))
        assert "q " in hints.text()


async def test_ctrl_q_in_the_picker_asks_nothing(start):
    async with start(None) as bench:
        await bench.pilot.press("ctrl+q")
        assert bench.app.return_value == 0


async def test_the_first_screen_leaves_the_program(start):
    async with start() as bench:
        assert "q quit" in bench.live.query_one("KeyHints").text()
        await bench.press("q")
        await bench.pilot.press("q")
        await bench.until(lambda: bench.app.return_value == 0)


async def test_a_run_that_is_still_opening_keeps_nobody(start, fake_launcher):
    release = threading.Event()

    class Slow(fake_launcher):
        def open(self, name, settings):
            release.wait(20)
            return super().open(name, settings)

    async with start(None, launcher=Slow()) as bench:
        picker = bench.app.screen
        await bench.until(lambda: picker.query_one(OptionList).option_count > 5)
        await bench.pilot.press("enter")
        await bench.until(lambda: isinstance(bench.app.screen, LiveScreen))
        session = bench.live.runs.newest
        try:
            await bench.pilot.press("q", "q")
            await bench.until(lambda: bench.app.screen is picker)
        finally:
            release.set()
        await bench.until(lambda: session.snapshot.over)
        assert session.snapshot.generation <= 0


@pytest.mark.parametrize("key", ["q", "ctrl+q"])
async def test_a_run_that_does_not_stop_at_once_is_waited_for(start, fake_launcher, fake_run, key):
    release = threading.Event()

    class Held(fake_run):
        def record(self, n):
            if n > 3:
                release.wait(20)
            return super().record(n)

    class Launcher(fake_launcher):
        def open(self, name, settings):
            run = super().open(name, settings)
            run.__class__ = Held
            return run

    async with start(None, launcher=Launcher()) as bench:
        picker = await opened(bench)
        live, session = bench.live, bench.live.runs.newest
        session.pace.step(20)
        await bench.until(lambda: session.snapshot.generation == 3)
        session._clock = lambda: 100.0
        await bench.settle()
        try:
            await bench.pilot.press(key, "q")
            await bench.settle()
            assert bench.app.screen is live
            assert "stopping after this step" in bench.header()
        finally:
            release.set()
        if key == "q":
            await bench.until(lambda: bench.app.screen is picker)
        else:
            await bench.until(lambda: bench.app.return_value == 0)
        assert session.snapshot.phase == "stopped"
