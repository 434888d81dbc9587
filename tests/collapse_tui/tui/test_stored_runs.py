"""Stored runs on the real screen, through a real terminal: `resume --screen`."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from collapse_tui.cli import main
from collapse_tui.storage.saved import SavedRun

pytestmark = pytest.mark.slow
Start = Callable[..., Any]


@pytest.fixture
def stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a run of twenty generations in the folder of runs."""
    monkeypatch.setenv("COLLAPSE_TUI_RUNS", str(tmp_path / "runs"))
    folder = tmp_path / "runs" / "small"
    arguments = ("--preset", "shumailov", "--generations", "20", "--set", "schedule.size=20")
    assert main(["batch", *arguments, "--out", str(folder), "--quiet"]) == 0
    return folder


def test_resume_goes_on_in_the_screen(pseudo_terminal: Start, stored: Path) -> None:
    screen = pseudo_terminal("resume", "small", "--screen", "--generations", "2000")
    screen.until(lambda text: re.search(r"gen (2[1-9]|[3-9]\d|\d{3,})/2000", text))
    screen.send("q")
    screen.until(lambda text: "leave this run?" in text and "resume small --screen" in text)
    screen.send("q")
    assert screen.end() == 0
    assert b"collapse-tui resume small --screen" in screen.written.rpartition(b"[?1049l")[2]
    run = SavedRun.open(stored)
    assert run.state == "interrupted"
    assert run.last > 20
    assert main(["runs", "check", "small"]) == 0


def test_a_finished_run_is_shown_and_says_nothing_of_going_on(
    pseudo_terminal: Start, stored: Path
) -> None:
    screen = pseudo_terminal("resume", "small", "--screen")
    screen.until(lambda text: "gen 20/20" in text and "finished" in text)
    screen.send("q")
    assert screen.end() == 0
    said = screen.written.rpartition(b"[?1049l")[2]
    assert str(stored).encode() in said
    assert b"resume" not in said


def test_without_a_terminal_it_says_what_to_use(
    stored: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["resume", "small", "--screen"]) == 2
    assert "without one use `collapse-tui resume small`" in capsys.readouterr().err
    assert SavedRun.open(stored).last == 20
