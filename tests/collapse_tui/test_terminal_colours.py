"""How many colours a terminal shows and what its background is, by all that it says of itself."""

import os
import pty
import subprocess
import sys
import termios
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from collapse_tui.terminal_colours import (
    ASK_BACKGROUND,
    ask_terminal,
    find_depth,
    parse_background,
    stated_background,
)

TERMINFO = {"xterm": 8, "xterm-256color": 256, "vt100": 0, "linux": 8, "tmux-256color": 256,
            "konsole-direct": 1 << 24, "screen": 8, "tuned": 1 << 24, "mlterm": 256}  # fmt: skip


@pytest.mark.parametrize(
    ("environment", "depth"),
    [
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, "truecolor"),
        ({"TERM": "xterm", "COLORTERM": "24bit"}, "truecolor"),
        ({"TERM": "xterm-256color"}, "256"),
        ({"TERM": "xterm-256color", "COLORTERM": "yes"}, "256"),
        ({"TERM": "xterm-kitty"}, "truecolor"),
        ({"TERM": "konsole-direct"}, "truecolor"),
        ({"TERM": "tuned"}, "truecolor"),
        ({"TERM": "mlterm"}, "256"),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "iTerm.app"}, "truecolor"),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "Apple_Terminal"}, "256"),
        ({"TERM": "tmux-256color", "TERM_PROGRAM": "iTerm.app"}, "256"),
        ({"TERM": "screen"}, "16"),
        ({"TERM": "linux"}, "16"),
        ({"TERM": "xterm"}, "16"),
        ({"TERM": "vt100"}, "none"),
        ({"TERM": "dumb", "COLORTERM": "truecolor"}, "none"),
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor", "NO_COLOR": "1"}, "none"),
        ({"TERM": "xterm-256color", "NO_COLOR": ""}, "256"),
        ({"TERM": "nobody-knows-it"}, "16"),
        ({"TERM": "nobody-knows-it-256color"}, "256"),
        ({}, "16"),
    ],
)
def test_the_depth_is_the_most_that_is_sure(environment: Mapping[str, str], depth: str) -> None:
    assert find_depth(environment, TERMINFO.get) == depth


@pytest.mark.parametrize(
    ("name", "colours"), [("vt100", 0), ("xterm-256color", 256), ("no-such-terminal", None)]
)
def test_the_description_of_a_terminal_is_read(name: str, colours: int | None) -> None:
    """In a process of its own: the first description that is asked for is kept."""
    program = "import sys; from collapse_tui.terminal_colours import colours_in_terminfo as read; "
    program += "print(read(sys.argv[1]))"
    said = subprocess.run(
        [sys.executable, "-c", program, name], capture_output=True, text=True, check=True
    )
    assert said.stdout == f"{colours}\n"


@pytest.mark.parametrize(
    ("stated", "background"),
    [("15;0", "dark"), ("0;15", "light"), ("0;default;15", "light"), ("7;8", "dark"),
     ("0;7", "light"), ("", None), ("0;default", None)],
)  # fmt: skip
def test_colorfgbg_states_the_background(stated: str, background: str | None) -> None:
    assert stated_background({"COLORFGBG": stated}) == background
    assert stated_background({}) is None


@pytest.mark.parametrize(
    ("reply", "background"),
    [
        (b"\x1b]11;rgb:1414/1717/1c1c\x1b\\\x1b[?62;4c", "dark"),
        (b"\x1b]11;rgb:ffff/ffff/ffff\x07", "light"),
        (b"\x1b]11;rgba:fd/f6/e3/ff\x1b\\", "light"),
        (b"\x1b]11;rgb:0/0/a\x1b\\", "dark"),
        (b"\x1b[?62;4c", None),
        (b"", None),
    ],
)
def test_the_answer_of_a_terminal_is_its_background(reply: bytes, background: str | None) -> None:
    assert parse_background(reply) == background


def answer_in(terminal: int, answer: Callable[[bytes], bytes]) -> threading.Thread:
    """Play the terminal at the master's end: answer what is asked, once."""

    def play() -> None:
        asked = b""
        while not asked.endswith(ASK_BACKGROUND[-3:]):
            asked += os.read(terminal, 100)
        os.write(terminal, answer(asked))

    thread = threading.Thread(target=play, daemon=True)
    thread.start()
    return thread


@pytest.fixture
def ends() -> Iterator[tuple[int, int]]:
    """Give both ends of a terminal: its own, and the program's."""
    master, slave = pty.openpty()
    yield master, slave
    os.close(master)
    os.close(slave)


def test_a_terminal_is_asked_and_left_as_it_was(ends: tuple[int, int]) -> None:
    master, slave = ends
    before = termios.tcgetattr(slave)
    answers: list[bytes] = []

    def answer(asked: bytes) -> bytes:
        answers.append(asked)
        return b"\x1b]11;rgb:fafa/fafa/fafa\x1b\\\x1b[?1;2c"

    thread = answer_in(master, answer)
    # far longer than it takes: a terminal that has answered is waited for no more
    reply = ask_terminal(slave, 60.0)
    thread.join()
    assert answers == [ASK_BACKGROUND]
    assert parse_background(reply) == "light"
    assert termios.tcgetattr(slave) == before


def test_a_terminal_that_knows_no_background_is_waited_for_no_longer(
    ends: tuple[int, int],
) -> None:
    master, slave = ends
    thread = answer_in(master, lambda _: b"\x1b[?6c")
    reply = ask_terminal(slave, 60.0)
    thread.join()
    assert parse_background(reply) is None


def test_one_that_answers_nothing_costs_the_patience_alone(ends: tuple[int, int]) -> None:
    assert ask_terminal(ends[1], 0.01) == b""


def test_a_file_is_no_terminal(tmp_path: Path) -> None:
    descriptor = os.open(tmp_path / "file", os.O_RDWR | os.O_CREAT)
    try:
        assert ask_terminal(descriptor, 60.0) == b""
    finally:
        os.close(descriptor)
