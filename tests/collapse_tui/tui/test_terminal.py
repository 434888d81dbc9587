"""The real program in a real terminal of 100 × 30, with the real engines."""

import re
from collections.abc import Callable, Iterator

import pexpect
import pytest

from collapse_tui.storage.saved import SavedRun
from collapse_tui.tui.app import run_screen
from tests.collapse_tui.tui.terminal import Terminal

pytestmark = pytest.mark.slow

PROGRAM = """
import sys
from pathlib import Path
from collapse_tui.tui.app import run_screen
sys.exit(run_screen(sys.argv[1] or None, {"generations": 5000}, runs=Path(sys.argv[2])))
"""


@pytest.fixture
def terminal(tmp_path) -> Iterator[Callable[[str], Terminal]]:
    opened: list[Terminal] = []

    def open_terminal(preset: str) -> Terminal:
        opened.append(Terminal(["-c", PROGRAM, preset, str(tmp_path)]))
        return opened[-1]

    yield open_terminal
    for one in opened:
        one.program.close(force=True)


def real_data(per_cent):
    """Return what tells whether the slider of the real data is at a value."""
    row = re.compile(rf"λ real data [^\n]*▏ +{per_cent} %")
    return lambda text: row.search(text) is not None


def test_run_fork_quit_and_resume(terminal, tmp_path):
    one = terminal("shumailov")
    one.until(lambda text: "median" in text and "gen 1" in text)
    colours = {cell.fg for row in one.screen.buffer.values() for cell in row.values()}
    assert {"e69f00", "56b4e9"} <= colours
    one.program.send("l")
    one.until(lambda text: "risk: W₂² to the real law · log" in text)
    one.program.send(" ")
    one.until(lambda text: "paused" in text)
    one.program.send("+")
    one.until(real_data(1))
    one.program.send("u")
    one.until(real_data(0))
    one.program.send("+ ")
    one.until(lambda text: real_data(1)(text) and "paused" not in text)
    one.program.send("f")
    one.until(lambda text: "fork after generation" in text)
    one.program.send("0.2\r")
    one.until(lambda text: real_data(20)(text) and "fork at" in text)
    one.program.send("q")
    one.until(lambda text: "leave this run?" in text and "collapse-tui resume" in text)
    one.program.send("q")
    assert one.end() == 0
    runs = [SavedRun.open(path) for path in tmp_path.iterdir()]
    assert sorted(run.state for run in runs) == ["interrupted", "interrupted"]
    assert all(run.last > 0 for run in runs)


def test_picker_and_a_closed_terminal(terminal, tmp_path):
    one = terminal("")
    one.until(lambda text: "borji" in text and "what is rare" in text and "generations ×" in text)
    one.program.send("\r")
    one.until(lambda text: "gen 1" in text)
    one.program.kill(1)
    assert one.end() == 129
    (run,) = (SavedRun.open(path) for path in tmp_path.iterdir())
    assert run.state == "interrupted"


def test_a_wrong_preset_is_a_sentence(terminal):
    one = terminal("shumailof")
    one.until(lambda text: "cannot start" in text and "'shumailov'?" in text)
    one.program.send("q")
    assert one.end() == 2
    assert "Traceback" not in one.text()


def test_the_title_of_the_window_is_that_of_before(terminal):
    one = terminal("shumailof")
    one.until(lambda text: "cannot start" in text)
    one.program.send("q")
    one.program.expect(pexpect.EOF)
    end = one.program.before
    titles = [one.bytes.index(text) for text in (b"\x1b[22;0t", b"\x1b]0;collapse-tui")]
    assert titles == sorted(titles)
    assert b"\x1b[23;0t" in end
    assert b"\x1b]0;" not in end


@pytest.mark.parametrize(
    ("theme", "sentence"), [("dark", "needs a terminal"), ("darkk", "theme must be one of")]
)
def test_without_a_terminal_or_theme_there_is_one_sentence(capsys, tmp_path, theme, sentence):
    assert run_screen("borji", {}, runs=tmp_path, theme=theme) == 2
    assert sentence in capsys.readouterr().err
