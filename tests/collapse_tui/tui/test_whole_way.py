"""A whole visit in a real terminal: from the start of a run to its resumption."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from collapse_tui.storage.saved import SavedRun
from tests.collapse_tui.tui.terminal import Terminal

pytestmark = pytest.mark.slow

LEFT, RIGHT = "\x1b[D", "\x1b[C"
START = ("--preset", "shumailov", "--generations", "2000")


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Callable[..., Terminal]]:
    """Return what starts the command with its runs in a folder of the test's own."""
    opened: list[Terminal] = []

    def start(*arguments: str) -> Terminal:
        command = ["-m", "collapse_tui", "--runs", str(tmp_path / "runs"), *arguments]
        opened.append(Terminal(command))
        return opened[-1]

    yield start
    for one in opened:
        one.program.close(force=True)


def generation(text: str) -> int:
    """Return the generation that the header shows, -1 where it shows none."""
    found = re.search(r"gen +([\d,]+)/", text)
    return int(found.group(1).replace(",", "")) if found else -1


def test_start_pause_scrub_knob_undo_fork_compare_resize_back_quit_resume(program, tmp_path):
    one = program(*START)
    one.until(lambda text: generation(text) >= 5 and "median" in text)
    walk_through_time(one)
    turn_a_knob_and_take_it_back(one)
    one.send("f")
    one.until(lambda text: "fork after generation" in text)
    one.send("0.2\r")
    one.until(lambda text: re.search(r"λ real data .* 20 %", text))
    compare(one)
    leave(one)

    last = {path: SavedRun.open(path).last for path in (tmp_path / "runs").iterdir()}
    assert len(last) == 3
    folder = max(last, key=lambda path: last[path])
    again = program("resume", str(folder), "--screen")
    again.until(lambda text: generation(text) > last[folder])
    leave(again)
    assert SavedRun.open(folder).last > last[folder]


def looked_at(text: str) -> tuple[int, int] | None:
    """Return the generation that is looked at and the newest one; None at the newest."""
    found = re.search(r"looking at (\d+) of (\d+)", text)
    return (int(found.group(1)), int(found.group(2))) if found else None


def walk_through_time(one: Terminal) -> None:
    """Pause, go three generations back, to the second one, and to the newest again."""
    one.send(" ")
    one.until(lambda text: "paused" in text)
    one.send(LEFT * 3)
    one.until(lambda text: (seen := looked_at(text)) is not None and seen[1] - seen[0] == 3)
    one.send("2g")
    one.until(lambda text: (seen := looked_at(text)) is not None and seen[0] == 2)
    one.send("\x1b[F")
    one.until(lambda text: "looking at" not in text)


def turn_a_knob_and_take_it_back(one: Terminal) -> None:
    """Turn λ to 1 % and take that back, then again once a generation has used it."""
    turn(one)
    one.send("u")
    one.until(lambda text: re.search(r"λ real data .* 0 %", text))
    turn(one)
    one.send(".")
    one.until(lambda text: "1 % real data" in text)
    one.send("u")
    one.until(lambda text: "fork from before the change?" in text)
    one.send("\r")
    one.until(lambda text: re.search(r"λ real data .* 0 %", text) and "fork at" in text)


def turn(one: Terminal) -> None:
    """Turn the first knob one step to the right."""
    one.send("k")
    one.until(lambda text: "esc close" in text)
    one.send(RIGHT)
    one.until(lambda text: re.search(r"λ real data .* 1 %", text))
    one.send("\x1b")
    one.until(lambda text: "esc close" not in text)


def compare(one: Terminal) -> None:
    """Compare both runs in terminals of three sizes, and come back to the live screen."""
    one.send("A")
    one.until(lambda text: "saved runs" in text and text.count("shumailov") >= 3)
    one.send("  ")
    one.send("c")
    one.until(lambda text: "compare · 2 runs" in text and "policy.fresh" in text)
    for columns, lines in ((60, 20), (160, 50), (80, 24)):
        one.resize(columns, lines)
        one.until(lambda text, width=columns: fills(one, width) and "compare · 2 runs" in text)
    one.send("q")
    one.until(lambda text: "saved runs" in text)
    one.send("q")
    one.until(lambda text: re.search(r"λ real data .* 20 %", text))


def leave(one: Terminal) -> None:
    """Quit, and say so once more when asked."""
    one.send("q")
    one.until(lambda text: "leave this run?" in text)
    one.send("q")
    assert one.end() == 0


def fills(one: Terminal, width: int) -> bool:
    """Return whether a line reaches the right edge of the terminal."""
    return any(len(line.rstrip()) == width for line in one.screen.display)
