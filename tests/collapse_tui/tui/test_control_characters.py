"""Controls in anything from outside: the screen shows them, the terminal never obeys them."""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pexpect
import pytest
from rich.segment import Segment
from textual.color import Color

from collapse_tui import load, run
from collapse_tui.tui.line_filter import ControlFilter

ATTACK = "\x1b]52;c;eA==\x07\x1b]0;t\x07\x9b2J\x1b[9999h\x7f\u202e\u2028"
"""Writes the clipboard and the title, clears the screen, sets a mode, turns the text around."""
FORBIDDEN = (b"\x1b]52;", b"\x1b]0;t", b"\xc2\x9b", b"\x1b[9999h", b"\x7f", b"\xe2\x80\xae",
             b"\xe2\x80\xa8")  # fmt: skip
PROGRAM = """
import sys
from pathlib import Path
from collapse_tui.tui.app import run_screen
sys.exit(run_screen(sys.argv[1] or None, {}, runs=Path(sys.argv[2])))
"""
PATIENCE = 30.0


class RawTerminal:
    """The program and every byte that it wrote."""

    def __init__(self, preset: str, runs: Path) -> None:
        environment = {**os.environ, "TERM": "xterm-256color", "TEXTUAL_ANIMATIONS": "none"}
        for name in ("NO_COLOR", "COLUMNS", "LINES"):
            environment.pop(name, None)
        self.bytes = b""
        self.program = pexpect.spawn(
            sys.executable, ["-c", PROGRAM, preset, str(runs)], env=environment,
            dimensions=(40, 140), timeout=PATIENCE,
        )  # fmt: skip

    def until(self, holds: Callable[[bytes], bool]) -> None:
        """Read until what was written is as wanted."""
        end = time.monotonic() + PATIENCE
        while not holds(self.bytes):
            assert time.monotonic() < end, self.bytes[-3000:]
            try:
                self.bytes += self.program.read_nonblocking(65536, timeout=0.05)
            except pexpect.TIMEOUT:
                continue


@pytest.fixture
def preset(tmp_path) -> Path:
    one = '"' + "".join(f"\\u{ord(char):04x}" for char in f"marked{ATTACK}") + '"'
    path = tmp_path / f"p{ATTACK}.toml"
    path.write_text(f"""\
format = 1
title = {one}
paper = {one}
watch = {one}
generations = 2
replicates = 2
source = {{ name = "normal" }}
engine = {{ name = "gaussian" }}
policy = {{ name = "replace" }}
schedule = {{ name = "constant", size = 9 }}
""")
    return path


@pytest.mark.slow
def test_the_live_screen_shows_controls_and_sends_none(preset, tmp_path):
    one = RawTerminal(str(preset), tmp_path / "runs")
    one.until(lambda got: b"gen 2/2" in got and b"marked\\u001" in got)
    one.program.send("?")
    one.until(lambda got: b"what am I looking at" in got and got.count(b"marked") >= 3)
    one.program.sendintr()
    one.program.expect(pexpect.EOF)
    one.bytes += one.program.before
    assert b"\\u001b]52;" in one.bytes.rstrip().rsplit(b"\n", 1)[-1]  # where it is saved
    assert not [code for code in FORBIDDEN if code in one.bytes]
    one.program.close(force=True)


@pytest.mark.slow
def test_the_picker_shows_controls_and_sends_none(preset, tmp_path):
    folder = tmp_path / "runs" / f"saved{ATTACK}"
    list(run(load(str(preset)), folder=folder))
    one = RawTerminal("", tmp_path / "runs")
    one.until(lambda got: b"borkar" in got)
    one.program.send("\x1b[F")  # End: saved runs come last
    one.until(lambda got: b"saved\\u001b" in got)
    one.program.sendintr()
    one.program.expect(pexpect.EOF)
    one.bytes += one.program.before
    assert not [code for code in FORBIDDEN if code in one.bytes]
    one.program.close(force=True)


def test_the_last_look_keeps_the_width_of_a_line():
    line = [Segment("a\x1b[2Jb"), Segment("|")]
    shown = ControlFilter(ascii_only=False).apply(line, Color(0, 0, 0))
    assert "".join(segment.text for segment in shown) == "a▯[2Jb"
    clean = [Segment("äöü"), Segment("|")]
    assert ControlFilter(ascii_only=True).apply(clean, Color(0, 0, 0)) is clean


def test_where_only_ascii_is_known_borders_and_titles_are_ascii_too():
    line = [Segment("╭─ settings · ≠ where they differ "), Segment("─╮ ◆ λ")]
    shown = ControlFilter(ascii_only=True).apply(line, Color(0, 0, 0))
    assert "".join(segment.text for segment in shown) == "+- settings . # where they differ -+ + L"
    assert ControlFilter(ascii_only=False).apply(line, Color(0, 0, 0)) is line


async def test_a_message_is_no_markup(start):
    async with start() as bench:
        bench.live.notify(f"got '[@click=app.quit]x[/] [/b]' {ATTACK}", timeout=60)
        await bench.settle()
        (notice,) = list(bench.app._notifications)
        assert not notice.markup
        assert notice.message.startswith("got '[@click=app.quit]x[/] [/b]' \\u001b]52;")
