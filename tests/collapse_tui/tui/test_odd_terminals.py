"""Terminals without colours, and terminals whose size changes many times a second."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.collapse_tui.tui.terminal import Terminal

pytestmark = pytest.mark.slow

COLOURS = re.compile(rb"\x1b\[(?:[\d;]*;)?(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])(?:;[\d;]*)?m")
"""Sequences that set the colour of what follows."""


@pytest.fixture
def shown(tmp_path: Path) -> Iterator[Callable[..., Terminal]]:
    """Return what shows a run of the KDE in a terminal."""
    opened: list[Terminal] = []
    command = ["-m", "collapse_tui", "--runs", str(tmp_path), "--preset", "borji"]
    command += ["--generations", "20000"]

    def open_terminal(columns: int = 100, lines: int = 30, **environment: str) -> Terminal:
        one = Terminal(command, columns, lines, **environment)
        opened.append(one)
        one.until(lambda text: "┤" in text and " run " in text)
        return one

    yield open_terminal
    for one in opened:
        one.program.close(force=True)


def test_without_colours_none_is_sent_and_curves_differ_by_their_dashes(shown):
    one = shown(NO_COLOR="1")
    one.send(" ")
    text = one.until(lambda text: "paused" in text)
    assert not COLOURS.search(one.bytes)
    assert "┈" in text
    assert COLOURS.search(shown().bytes)


def test_a_storm_of_sizes_ends_in_the_picture_of_the_last_one(shown):
    one, draw = shown(), np.random.default_rng(5)
    for _ in range(60):
        one.resize(int(draw.integers(20, 220)), int(draw.integers(5, 60)))
        one.read(0.01)
    one.resize(90, 28)
    one.send(" ")
    one.until(
        lambda text: (
            "paused" in text
            and "quit" in text.split("\n")[27]
            and any(len(line.rstrip()) == 90 for line in text.split("\n"))
        )
    )
    assert "Traceback" not in one.text()
    one.send("q")
    one.until(lambda text: "leave this run?" in text)
    one.send("q")
    assert one.end() == 0
