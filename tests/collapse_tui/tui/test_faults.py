"""Defects behind the screen: a log, one sentence once it has closed, and the run's state."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from collapse_tui.cli import entry, open_screen
from collapse_tui.storage.saved import SavedRun
from collapse_tui.tui import app as application
from collapse_tui.tui.screens.live import LiveScreen
from collapse_tui.tui.widgets.bars import HeaderBar
from engines.errors import ForeignFaultError
from engines.families.gaussian import Gaussian

ARGUMENTS = ("--preset", "shumailov", "--generations", "5", "--set", "schedule.size=20")
Leave = Callable[[Any], Any]


def fail(*_: object, **__: object) -> Any:
    """Fail as a defect of the program does."""
    raise ZeroDivisionError("by nothing")


def fail_in_engine(*_: object, **__: object) -> Any:
    """Fail as no engine may."""
    raise KeyError("no such key")


@pytest.fixture
def screen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[[Leave], tuple[int, str]]:
    """Give the whole program on a screen without a terminal: its exit code and last words."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "logs"))
    monkeypatch.setattr(open_screen, "is_terminal", lambda: True)
    monkeypatch.setattr(application, "why_no_screen", lambda _: "")
    monkeypatch.setattr(application, "follow_terminal_size", lambda: None)

    def show(use: Leave) -> tuple[int, str]:
        async def on_pilot(app: application.CollapseApp) -> int | None:
            async with app.run_test(size=(100, 30)) as pilot:
                await use(pilot)
            return app.return_value

        def run(app: application.CollapseApp) -> int | None:
            # the pilot raises what Textual keeps for itself
            with suppress(ZeroDivisionError):
                return asyncio.run(on_pilot(app))
            return None

        monkeypatch.setattr(application.CollapseApp, "run", run)
        code = entry.main([*ARGUMENTS, "--out", str(tmp_path / "run")])
        return code, capsys.readouterr().err

    return show


async def wait_for_end(pilot: Any) -> None:
    """Wait until the run is over, then until its charts are drawn."""
    live = next(one for one in pilot.app.screen_stack if isinstance(one, LiveScreen))
    live.runs.newest.pace.close()
    for _ in range(2000):
        if live.runs.over:
            break
        await pilot.pause(0.005)
    await pilot.pause(0.3)
    await asyncio.to_thread(pilot.app.renderer.drain)


async def leave(pilot: Any) -> None:
    """Wait for the end of the run, then leave."""
    await pilot.pause(0.05)
    await wait_for_end(pilot)
    await pilot.press("q")


def assert_logged(err: str, fault: str) -> None:
    """The last line must name a log, and the log the fault and the command line."""
    last = err.strip().splitlines()[-1]
    assert last.startswith("error: internal error of collapse-tui (")
    text = Path(last.rpartition(" the details are in ")[2]).read_text()
    assert fault in text
    assert "Traceback" in text
    assert "--preset shumailov" in text


def test_a_defect_in_the_run_is_logged_and_its_state_is_saved(
    screen: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(Gaussian, "fit", fail_in_engine)
    code, err = screen(leave)
    assert code == 1
    assert_logged(err, "KeyError: 'no such key'")
    saved = SavedRun.open(tmp_path / "run")
    assert (saved.state, saved.last) == ("failed", 0)
    assert f"collapse-tui resume {tmp_path / 'run'}" in err


def test_a_defect_of_another_package_is_said_to_be_its_own(
    screen: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Gaussian, "fit", fail_in_engine)
    fault = ForeignFaultError("package 'else' failed: no such key")
    monkeypatch.setattr("collapse_tui.execution.driver.find_foreign_fault", lambda _: fault)
    code, err = screen(leave)
    assert code == 1
    last = err.strip().splitlines()[-1]
    assert last.startswith("error: package 'else' failed: no such key; the details are in ")


def test_a_defect_of_a_widget_closes_the_screen_and_saves_the_run(
    screen: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async def break_header(pilot: Any) -> None:
        live = next(one for one in pilot.app.screen_stack if isinstance(one, LiveScreen))
        while live.runs.snapshot.generation < 1:
            await pilot.pause(0.005)
        monkeypatch.setattr(HeaderBar, "update", fail)
        await pilot.pause(1.0)

    code, err = screen(break_header)
    assert code == 1
    assert_logged(err, "ZeroDivisionError: by nothing")
    assert SavedRun.open(tmp_path / "run").state in {"interrupted", "finished"}


@pytest.mark.parametrize("place", ["canvas_strips", "_deliver"])
def test_a_defect_of_a_chart_is_logged_and_ends_nothing(
    screen: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, place: str
) -> None:
    monkeypatch.setattr(f"collapse_tui.tui.render.{place}", fail)
    code, err = screen(leave)
    assert code == 1
    assert_logged(err, "ZeroDivisionError: by nothing")
    assert SavedRun.open(tmp_path / "run").state == "finished"
