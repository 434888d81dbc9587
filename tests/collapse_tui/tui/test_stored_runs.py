"""Stored runs on the real screen, through a real terminal: resumed, followed, compared."""

import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
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


@pytest.fixture
def busy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[subprocess.Popen[bytes]]:
    """Give a `batch` process that works on a run of the folder of runs."""
    monkeypatch.setenv("COLLAPSE_TUI_RUNS", str(tmp_path / "runs"))
    folder = tmp_path / "runs" / "busy"
    command = [sys.executable, "-m", "collapse_tui", "batch", "--preset", "gmm", "--quiet"]
    process = subprocess.Popen([*command, "--generations", "100000", "--out", str(folder)])
    limit = time.monotonic() + 60
    while not (folder / "metrics.jsonl").is_file():
        assert process.poll() is None
        assert time.monotonic() < limit
        time.sleep(0.05)
    yield process
    process.kill()
    process.wait()


def generation(text: str) -> int:
    """Return the generation that the header shows, -1 while there is none."""
    found = re.search(r"gen (\d+)/100000", text)
    return int(found[1]) if found else -1


def test_attach_follows_a_batch_process_and_leaves_it_alone(
    pseudo_terminal: Start, busy: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    screen = pseudo_terminal("attach", "busy")
    text = screen.until(lambda text: generation(text) > 0)
    seen = generation(text)
    text = screen.until(lambda text: generation(text) > seen)
    assert "read-only" in text
    assert f"process {busy.pid}" in text
    screen.send("q")
    assert screen.end() == 0
    assert b"collapse-tui attach busy" in screen.written.rpartition(b"[?1049l")[2]
    assert busy.poll() is None
    assert SavedRun.open(tmp_path / "runs" / "busy").state == "running"


def test_attach_outlives_the_kill_of_the_process_that_it_follows(
    pseudo_terminal: Start, busy: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    screen = pseudo_terminal("attach", "busy")
    screen.until(lambda text: generation(text) > 0)
    busy.kill()
    busy.wait()
    screen.until(lambda text: "stopped" in text and "was killed" in text)
    screen.send("q")
    assert screen.end() == 0
    assert b"collapse-tui resume busy --screen" in screen.written.rpartition(b"[?1049l")[2]
    assert main(["runs", "check", str(tmp_path / "runs" / "busy")]) in {0, 1}
    assert SavedRun.open(tmp_path / "runs" / "busy").state == "killed"


def test_the_list_of_runs_opens_compares_and_goes_back(
    pseudo_terminal: Start, stored: Path
) -> None:
    shutil.copytree(stored, stored.with_name("other"))
    screen = pseudo_terminal("runs", "--screen")
    screen.until(lambda text: "small" in text and "other" in text and "2 runs" in text)
    screen.send("  ")
    screen.until(lambda text: "2 marked" in text)
    screen.send("c")
    screen.until(lambda text: "compare" in text and "settings · ≠" in text and "gen 20/20" in text)
    screen.send("q")
    screen.until(lambda text: "saved runs" in text)
    screen.send("\r")
    screen.until(lambda text: "■" in text and "gen 20/20" in text)
    screen.send("q")
    screen.until(lambda text: "saved runs" in text)
    screen.send("q")
    assert screen.end() == 0
