"""What is done with runs of the list: opened, forked, compared, followed, deleted."""

from pathlib import Path

import pytest
from textual.widgets import Input, OptionList

from collapse_tui.control import Control
from collapse_tui.events import Started
from collapse_tui.execution.runner import resume
from collapse_tui.storage.lock import acquire_lock
from collapse_tui.storage.run_directory import RunDirectory
from collapse_tui.storage.saved import SavedRun
from collapse_tui.tui.screens.compare import CompareScreen
from collapse_tui.tui.screens.dialogs import ForkDialog, LeaveDialog
from collapse_tui.tui.screens.live import LiveScreen
from collapse_tui.tui.screens.picker import PickerScreen
from collapse_tui.tui.screens.run_dialogs import DeleteDialog
from collapse_tui.tui.screens.runs import RunsScreen
from collapse_tui.tui.widgets.bars import HeaderBar
from collapse_tui.tui.widgets.panes import Pane


def interrupt(folder: Path) -> None:
    """Let a finished run go on for long, and stop it at once."""
    control = Control()
    for event in resume(folder, generations=4000, control=control):
        if isinstance(event, Started):
            control.stop("interrupted")
    assert SavedRun.open(folder).state == "interrupted"


def names(bench) -> list[str]:
    return [row.name for row in bench.runs.table.rows]


def titles(bench) -> str:
    return bench.runs.table.text().split("\n")[0]


def header(bench) -> str:
    return bench.runs.query_one(HeaderBar).text()


def title(bench, pane: str) -> str:
    return bench.runs.query_one(f"#{pane}-pane", Pane).body.border_title


async def test_deleting_asks_and_takes_the_marked_ones(listed, runs):
    async with listed() as bench:
        await bench.pilot.press("d")
        assert isinstance(bench.app.screen, DeleteDialog)
        await bench.pilot.press("enter")
        assert bench.app.screen is bench.runs
        assert sorted(path.name for path in runs.iterdir()) == ["alpha", "beta", "gamma"]
        await bench.pilot.press("space", "space", "d", "y")
        await bench.until(lambda: names(bench) == ["alpha"])
        assert [path.name for path in runs.iterdir()] == ["alpha"]
        assert any("deleted 2 runs" in str(one.message) for one in bench.app._notifications)


async def test_a_run_in_use_is_never_deleted(listed, runs):
    with acquire_lock(RunDirectory(runs / "gamma")):
        async with listed() as bench:
            await bench.pilot.press("d")
            assert bench.app.screen is bench.runs
            assert any("gamma stays" in str(one.message) for one in bench.app._notifications)
            await bench.pilot.press("space", "space", "d")
            assert bench.app.screen._names == ["beta · generation 8"]
            await bench.pilot.press("y")
            await bench.until(lambda: names(bench) == ["gamma", "alpha"])


async def test_a_run_that_became_busy_meanwhile_is_refused_by_storage(listed, runs):
    async with listed() as bench:
        await bench.pilot.press("d")
        with acquire_lock(RunDirectory(runs / "gamma")):
            await bench.pilot.press("y")
            await bench.until(lambda: bool(bench.app._notifications))
        assert any("in use by process" in str(one.message) for one in bench.app._notifications)
        assert (runs / "gamma").is_dir()


async def test_enter_opens_and_q_comes_back(listed):
    async with listed() as bench:
        await bench.pilot.press("enter")
        await bench.until(lambda: isinstance(bench.app.screen, LiveScreen))
        await bench.pilot.press("space")
        await bench.until(lambda: bench.snapshot.over)
        await bench.settle()
        assert "gamma" in bench.header()
        assert bench.snapshot.generation == 4
        await bench.pilot.press("q")
        await bench.until(lambda: bench.app.screen is bench.runs)
        await bench.pilot.press("q")
        assert bench.app.return_value == 0


@pytest.mark.slow
@pytest.mark.parametrize(("key", "paused"), [("enter", True), ("r", False)])
async def test_an_unfinished_run_goes_on_now_or_when_it_is_continued(listed, runs, key, paused):
    interrupt(runs / "gamma")
    async with listed() as bench:
        assert bench.runs.table.chosen.state == "interrupted"
        await bench.pilot.press(key)
        await bench.until(lambda: isinstance(bench.app.screen, LiveScreen))
        session = bench.live.runs.newest
        await bench.until(lambda: session.snapshot.generation >= 4)
        assert session.pace.paused == paused
        if paused:
            assert session.snapshot.generation == 4
            await bench.press("full_stop", generation=5)
        await bench.pilot.press("q", "q")
        await bench.until(lambda: bench.app.screen is bench.runs)
        last = session.snapshot.generation
        await bench.until(lambda: bench.runs.table.chosen.generation == last)


@pytest.mark.slow
async def test_a_fork_begins_where_it_is_told_to(listed, runs):
    async with listed() as bench:
        await bench.pilot.press("f")
        await bench.until(lambda: isinstance(bench.app.screen, ForkDialog))
        await bench.pilot.press(*"99", "enter")
        line = bench.app.screen.query_one("#refusal")
        await bench.until(lambda: "whole number from 0 to 3" in str(line.render()))
        field = bench.app.screen.query(Input).first()
        field.value = "2"
        await bench.pilot.press("enter")
        await bench.until(lambda: isinstance(bench.app.screen, LiveScreen))
        await bench.until(lambda: bench.snapshot.over or bench.snapshot.generation >= 2)
        folder = next(path for path in runs.iterdir() if path.name.startswith("gamma-fork2"))
        assert SavedRun.open(folder).last >= 2


async def test_compare_opens_with_the_marked_runs(listed):
    async with listed() as bench:
        await bench.pilot.press("c")
        assert bench.app.screen is bench.runs
        assert any("mark 2 to 6" in str(one.message) for one in bench.app._notifications)
        await bench.pilot.press("down", "space", "space", "c")
        await bench.until(lambda: isinstance(bench.app.screen, CompareScreen))
        await bench.pilot.press("q")
        await bench.until(lambda: bench.app.screen is bench.runs)


@pytest.mark.slow
async def test_runs_without_a_common_metric_are_refused_in_a_sentence(listed):
    async with listed() as bench:
        await bench.pilot.press("space", "space", "c")
        await bench.until(lambda: any("no metric in common" in str(one.message)
                                      for one in bench.app._notifications))  # fmt: skip
        await bench.until(lambda: bench.app.screen is bench.runs)


async def test_a_damaged_run_says_why_and_hides_no_other(listed, runs):
    (runs / "gamma" / "experiment.toml").write_text("= =")
    async with listed() as bench:
        assert bench.runs.table.chosen.state == "damaged"
        assert "not valid TOML" in bench.runs.query_one("#table-pane", Pane).edge.text()
        assert title(bench, "strip") == "what is damaged · gamma"
        assert "not valid TOML" in bench.runs.query_one("#strip").text().replace("\n", " ")
        await bench.pilot.press("enter")
        await bench.until(lambda: any("not valid TOML" in str(one.message)
                                      for one in bench.app._notifications))  # fmt: skip
        await bench.until(lambda: bench.app.screen is bench.runs)


@pytest.mark.slow
async def test_what_another_process_writes_is_followed(listed, runs):
    with acquire_lock(RunDirectory(runs / "gamma")):
        async with listed() as bench:
            assert "1 running" in header(bench)
            assert "enter follows" in bench.runs.query_one("#table-pane", Pane).edge.text()
            await bench.pilot.press("enter")
            await bench.until(lambda: isinstance(bench.app.screen, LiveScreen))
            await bench.until(lambda: bench.snapshot.generation == 4)
            await bench.settle()
            assert "read-only" in bench.header()
            assert "read-only: process" in bench.text("#knobs")
            assert "writes this run" in " ".join(bench.text("#knobs").split())
            await bench.pilot.press("q")
            await bench.until(lambda: bench.app.screen is bench.runs)


@pytest.mark.slow
async def test_from_the_picker_and_from_the_live_screen(start, fake_launcher, runs):
    launcher = fake_launcher()
    launcher.runs = runs
    async with start(None, launcher=launcher) as bench:
        picker = bench.app.screen
        assert isinstance(picker, PickerScreen)
        await bench.until(lambda: picker.query_one("#entries", OptionList).option_count > 5)
        await bench.pilot.press("A")
        await bench.until(lambda: isinstance(bench.app.screen, RunsScreen))
        await bench.pilot.press("q")
        await bench.until(lambda: bench.app.screen is picker)
        await bench.pilot.press("enter")
        await bench.until(lambda: isinstance(bench.app.screen, LiveScreen))
        await bench.settle(0)
        live = bench.app.screen
        await bench.pilot.press("A")
        await bench.until(lambda: isinstance(bench.app.screen, RunsScreen))
        await bench.pilot.press("ctrl+q")
        await bench.until(lambda: isinstance(bench.app.screen, LeaveDialog))
        await bench.pilot.press("escape")
        drawn = live.query_one("#main").text()
        live.runs.newest.pace.step(3)
        await bench.until(lambda: live.runs.snapshot.generation == 3)
        await bench.settle()
        assert live.query_one("#main").text() == drawn
        await bench.pilot.press("q")
        await bench.until(lambda: bench.app.screen is live)
        await bench.press("full_stop", generation=4)
        assert live.query_one("#main").text() != drawn
