"""Several runs on one screen: forked, shown, taken off, and what is said of them."""

import gc
import weakref

import pytest

from collapse_tui.charts.palette import PALETTES, Colour
from collapse_tui.tui.runs.group import RunGroup
from collapse_tui.tui.runs.session import Session
from collapse_tui.tui.screens.dialogs import ForkDialog
from collapse_tui.tui.widgets.panes import Chart
from collapse_tui.tui.widgets.run_line import RunLine


def traces(before: list[weakref.ref], session: Session | None = None) -> list[weakref.ref]:
    """Return references to what is still alive of runs, and to all of one more."""
    parts = [session, session.run, *session.snapshot.series.values()] if session else []
    return [*(one for one in before if one() is not None), *map(weakref.ref, parts)]


async def forked(bench, at: int, settings=None):
    """Fork the run that is shown and wait until the fork is."""
    count = len(bench.live.runs.sessions)
    bench.live.fork(at, {} if settings is None else settings)
    session = bench.live.runs.sessions[count]
    await bench.until(lambda: bench.live.runs.selected is session)
    await bench.settle()
    return session


def letters(bench) -> str:
    return "".join(one.letter for one in bench.live.runs.sessions)


async def test_the_run_line_appears_with_the_second_run(start):
    async with start() as bench:
        await bench.run_to(8)
        assert not bench.live.query_one(RunLine).display
        await forked(bench, 6, {"policy.fresh": 0.5})
        assert bench.live.query_one(RunLine).display
        assert bench.text("RunLine") == "A first run ── λ 0   B fork at 6 ━━ λ 0.5"
        assert bench.header().startswith("B borji")


async def test_runs_of_equal_settings_say_so(start):
    async with start() as bench:
        await bench.run_to(8)
        await forked(bench, 6)
        assert "B fork at 6 ━━ same settings" in bench.text("RunLine")


async def test_keys_show_one_run_after_another(start):
    async with start() as bench:
        await bench.run_to(8)
        await bench.press("r")
        assert "there is one run" in bench.edge("knobs")
        await forked(bench, 6, {"policy.fresh": 0.5})
        await forked(bench, 5, {"policy.fresh": 0.3})
        assert "C fork of B at 5 ━━ λ 0.3" in bench.text("RunLine")
        await bench.press("r")
        assert bench.live.runs.selected.letter == "A"
        assert bench.header().startswith("A borji")
        await bench.press("R")
        assert bench.live.runs.selected.letter == "C"
        await bench.press("R")
        assert bench.live.runs.selected.letter == "B"
        assert " 50 %" in bench.text("#knobs")


async def test_a_click_on_a_run_shows_it(start):
    async with start() as bench:
        await bench.run_to(8)
        await forked(bench, 6, {"policy.fresh": 0.5})
        await bench.pilot.click("RunLine", offset=(1, 0))
        await bench.settle()
        assert bench.live.runs.selected.letter == "A"
        await bench.pilot.click("RunLine", offset=(1 + bench.text("RunLine").index("fork"), 0))
        await bench.settle()
        assert bench.live.runs.selected.letter == "B"


async def test_what_is_shown_of_a_run_is_drawn_in_its_hue(start):
    async with start() as bench:
        await bench.run_to(8)
        await forked(bench, 6, {"policy.fresh": 0.5})
        await bench.run_to(20)
        canvas = bench.live.query_one("#main", Chart).canvas
        assert canvas.has(Colour.SERIES)
        assert canvas.has(Colour.RUN_A)
        shown = PALETTES[bench.app.palette].colours
        assert shown[Colour.SERIES] == PALETTES["dark"].colours[Colour.RUN_B]
        await bench.press("r")
        canvas = bench.live.query_one("#main", Chart).canvas
        assert canvas.has(Colour.RUN_B)
        assert bench.app.palette == "dark"


async def test_a_run_keeps_its_letter_and_its_place_is_free_again(start):
    async with start() as bench:
        await bench.run_to(8)
        for at in (6, 5, 4):
            await forked(bench, at)
        assert letters(bench) == "ABCD"
        await bench.press("R", "R")
        assert bench.live.runs.selected.letter == "B"
        await bench.press("x")
        assert letters(bench) == "ACD"
        await bench.until(lambda: all(one.snapshot.over for one in bench.live.runs._ending))
        await bench.settle()
        assert any(one.title == "B is off the screen" for one in bench.app._notifications)
        await forked(bench, 3)
        assert letters(bench) == "ACDB"
        assert bench.text("RunLine") == "A ──   B at 3 ━━   C at 5 ──   D at 4 ──"


async def test_the_only_run_stays(start):
    async with start() as bench:
        await bench.press("x")
        assert len(bench.live.runs.sessions) == 1
        assert any("q leaves it" in str(one.message) for one in bench.app._notifications)


async def test_six_runs_are_the_most(start):
    async with start() as bench:
        await bench.run_to(20)
        for at in range(10, 15):
            await forked(bench, at, {"policy.fresh": at / 100})
        assert letters(bench) == "ABCDEF"
        await bench.press("f")
        assert not isinstance(bench.app.screen, ForkDialog)
        said = [str(one.message) for one in bench.app._notifications]
        assert any(
            one.startswith("6 runs are on the screen, the most there can be") for one in said
        )
        assert bench.text("RunLine").count("━━") == 1
        assert len(bench.text("RunLine")) <= 98


async def test_a_fork_of_a_run_shown_is_its_own(start):
    """The dialog forks the run for which it was opened, even if another one is shown by then."""
    async with start() as bench:
        await bench.run_to(12)
        await forked(bench, 10, {"policy.fresh": 0.5})
        await bench.press("r", "f")
        assert isinstance(bench.app.screen, ForkDialog)
        bench.live.runs.select(bench.live.runs.sessions[1])
        await bench.pilot.press("enter")
        await bench.until(lambda: len(bench.live.runs.sessions) == 3)
        assert bench.live.runs.sessions[2].fork.letter == "A"


async def test_the_generation_shown_stays_when_another_run_is(start):
    async with start() as bench:
        await bench.run_to(12)
        await forked(bench, 6, {"policy.fresh": 0.5})
        await bench.press("r", "left", "left")
        assert "looking at 10 of 12" in bench.header()
        await bench.press("r")
        assert bench.live.options.shown is None
        await bench.press("left", "left", "r")
        assert "looking at 4 of 12" in bench.header()


@pytest.mark.parametrize(("theme", "marker"), [("ansi", "braille"), ("dark", "ascii")])
async def test_themes_and_markers_show_two_runs(start, theme, marker):
    async with start(theme=theme, marker=marker) as bench:
        await bench.run_to(20)
        await forked(bench, 6, {"policy.fresh": 0.5})
        text = bench.text("#main") + bench.text("RunLine") + bench.text("TimeBar")
        assert text.isascii() == (marker == "ascii")
        if marker == "ascii":
            assert "A" in bench.text("#main").split("\n", 1)[1], bench.text("#main")


@pytest.mark.slow
async def test_forks_taken_off_the_screen_leave_nothing(start, fake_launcher):
    """Neither session nor worker of a run that is gone, however long the screen stays."""
    launcher = fake_launcher(generations=20, replicates=3)
    async with start(launcher=launcher) as bench:
        await bench.run_to(10)
        alive: list[weakref.ref] = []
        for at in (5, 6, 7) * 4:
            session = await forked(bench, at, {"policy.fresh": 0.5})
            alive = traces(alive, session)
            await bench.press("left", "left", "z", "end", "Z", "x")
            await bench.until(lambda: all(one.snapshot.over for one in bench.live.runs._ending))
            await bench.settle()
            launcher.opened.clear()
            del session
        await bench.until(lambda: len(bench.app.workers) == 1)
        await bench.press("left")
        gc.collect()
        sessions = [one() for one in traces(alive) if isinstance(one(), Session)]
        # Textual keeps the last workers that ended, and with them what they ran
        assert len(sessions) <= 2
        assert len(bench.app.running) == 1


async def test_leaving_speaks_of_all_runs(start):
    async with start() as bench:
        await bench.run_to(8)
        await forked(bench, 6)
        await bench.press("q")
        assert "The other run on the screen is saved too." in bench.app.screen._sentences
        await bench.press("escape")
        await forked(bench, 5)
        await bench.press("q")
        assert "The other 2 runs on the screen are saved too." in bench.app.screen._sentences


def test_a_fork_keeps_the_pace_that_was_chosen(fake_launcher):
    launcher = fake_launcher()
    group = RunGroup(launcher, lambda: launcher.open("borji", {}))
    chosen = group.change_rate(-1)
    assert group.new_session(lambda: launcher.open("borji", {})).pace.rate == chosen
