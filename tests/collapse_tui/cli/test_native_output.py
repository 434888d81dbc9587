"""What C libraries write to the terminal while the screen is open: kept off it, and named."""

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from collapse_tui.cli.native_output import keep_native_output

WRITER = """
import os, sys, threading, time
from pathlib import Path
from collapse_tui.cli import main

def write():
    while not list(Path(os.environ['COLLAPSE_TUI_RUNS']).glob('*/metrics.jsonl')):
        time.sleep(0.01)
    for number in (1, 2):
        os.write(number, b'malloc(): garbled \\x1b[2J\\n')
    open(sys.argv[1], 'w').close()

threading.Thread(target=write, daemon=True).start()
sys.exit(main(['--preset', 'borji']))
"""


@pytest.mark.slow
def test_the_screen_stays_whole_and_the_log_is_named(
    pseudo_terminal: Callable[..., Any], tmp_path: Path
) -> None:
    state, done = tmp_path / "state", tmp_path / "written"
    screen = pseudo_terminal(
        command=(sys.executable, "-c", WRITER, str(done)),
        changes={"XDG_STATE_HOME": str(state)},
    )
    screen.until(lambda text: re.search("gen [1-9]", text))
    screen.until(lambda _: done.exists())
    screen.send("q")
    screen.until(lambda text: "leave this run?" in text)
    screen.send("q")
    assert screen.end() == 0
    before, note, after = screen.written.decode().partition("note: libraries wrote to the terminal")
    assert note
    assert "malloc" not in before
    assert "(malloc(): garbled" in after
    (log,) = state.rglob("*-output.log")
    assert str(log.name) in after
    assert log.read_text() == "malloc(): garbled \\u001b[2J\n" * 2


@pytest.mark.slow
def test_an_ordinary_screen_leaves_no_log(
    pseudo_terminal: Callable[..., Any], tmp_path: Path
) -> None:
    state = tmp_path / "state"
    screen = pseudo_terminal("--preset", "borji", changes={"XDG_STATE_HOME": str(state)})
    screen.until(lambda text: re.search("gen [1-9]", text))
    assert len(list(state.rglob("*-output.log"))) == 1
    screen.process.terminate()
    assert screen.end() == 143
    assert "collapse-tui resume" in screen.written.decode()
    assert not list(state.rglob("*.log"))


def test_without_a_terminal_nothing_changes() -> None:
    streams = sys.stdout, sys.stderr
    with keep_native_output() as kept:
        assert (sys.stdout, sys.stderr) == streams
    assert kept.note == ""
