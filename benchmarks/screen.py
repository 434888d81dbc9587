"""The live screen through a pseudo-terminal: first paint, key to paint, bytes, memory.

Each engine of `ENGINES` runs at each size of `SIZES` with all panes on the screen. Beside each
figure stands that of the first version, measured by this module on two slow cores without a GPU;
it had no strip, no table of metrics, no sliders and no time bar.
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import NamedTuple

import pexpect
import psutil
import pyte

from benchmarks.figure import Figure

SIZES = ((100, 30), (160, 50))
ENGINES = {
    "Gaussian, 100 replicates": ("shumailov", "--generations", "100000"),
    "KDE": ("borji", "--generations", "10000"),
    "network": ("vae", "--generations", "1000"),
}
PAINT_SECONDS = 1.0
MEDIAN_SECONDS, TAIL_SECONDS = 0.015, 0.05
LIVE_RATE, PAUSED_RATE = 60e3, 1e3
"""Bytes a second."""
GROWTH = 30e6
"""Bytes by which memory may grow over `LONG` generations and `SCRUBS` scrubs, or `FORKS` forks."""
LONG, SCRUBS, FORKS, KEYS = 5_000, 1_000, 1_000, 60
WARM_FORKS = 50
"""Forks before the first look at the memory."""
PATIENCE = 60.0


class Terminal:
    """The program behind a pseudo-terminal, and the screen as its user sees it."""

    def __init__(self, runs: str, columns: int, lines: int, preset: Sequence[str]) -> None:
        self.screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self.screen)
        self.received = 0
        self.started = time.perf_counter()
        self.program = pexpect.spawn(
            sys.executable,
            ["-m", "collapse_tui", "--runs", runs, "--preset", *preset],
            env={**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"},
            dimensions=(lines, columns),
        )
        # pexpect would wait 50 ms before each key, for programs that ask for passwords.
        self.program.delaybeforesend = None

    def read(self, seconds: float) -> bytes:
        """Return what arrives within `seconds`, or one chunk of it."""
        with suppress(pexpect.TIMEOUT):
            data = self.program.read_nonblocking(65_536, timeout=seconds)
            self.received += len(data)
            self._stream.feed(data)
            return data
        return b""

    def until(self, holds: Callable[[str], bool]) -> float:
        """Return the time at which something is first seen."""
        end = time.perf_counter() + PATIENCE
        while not holds("\n".join(self.screen.display)):
            if time.perf_counter() > end:
                raise TimeoutError("\n".join(self.screen.display))
            self.read(0.001)
        return time.perf_counter()

    def answer(self, key: str) -> float:
        """Return the seconds from sending a key to the first bytes that name its answer."""
        text = b"paus"  # "paused", or "pausing after this step"
        sent, data = time.perf_counter(), b""
        self.program.send(key)
        while text not in data:
            if time.perf_counter() - sent > PATIENCE:
                raise TimeoutError(text.decode())
            with suppress(pexpect.TIMEOUT):
                data += self.program.read_nonblocking(65_536, timeout=0.001)
        arrived = time.perf_counter()
        self.received += len(data)
        self._stream.feed(data)
        return arrived - sent

    def watch(self, seconds: float) -> float:
        """Return the bytes a second that arrive for a while."""
        before, start = self.received, time.perf_counter()
        while time.perf_counter() < start + seconds:
            self.read(0.01)
        return (self.received - before) / (time.perf_counter() - start)

    @property
    def memory(self) -> int:
        """Bytes that the program holds."""
        return psutil.Process(self.program.pid).memory_info().rss


class Measured(NamedTuple):
    """What was seen of one engine at one size."""

    paint: float
    median: float
    tail: float
    live: float
    paused: float

    def describe(self) -> str:
        """Return the figures in words."""
        return (
            f"first paint {self.paint:.2f} s, key to paint {self.median * 1e3:.0f} ms"
            f" (95 %: {self.tail * 1e3:.0f} ms), {self.live / 1e3:.1f} kB/s,"
            f" paused {self.paused / 1e3:.2f} kB/s"
        )


FIRST_VERSION = {
    ("Gaussian, 100 replicates", 100): Measured(1.04, 0.024, 0.053, 6.2e3, 0.0),
    ("Gaussian, 100 replicates", 160): Measured(1.04, 0.022, 0.049, 9.3e3, 0.0),
    ("KDE", 100): Measured(1.02, 0.015, 0.037, 16.6e3, 0.0),
    ("KDE", 160): Measured(1.02, 0.019, 0.040, 29.6e3, 0.0),
    ("network", 100): Measured(1.20, 0.009, 0.021, 9.7e3, 0.0),
    ("network", 160): Measured(0.99, 0.010, 0.025, 33.7e3, 0.0),
}
"""What `measure` gave for version 0.1.0 on two slow cores, by engine and columns.

docs/performance.md has what a later version gave there on the same day.
"""


def measure(columns: int, lines: int, preset: Sequence[str]) -> Measured:
    """Return the figures of one engine at one size."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as runs:
        terminal = Terminal(runs, columns, lines, preset)
        painted = terminal.until(lambda text: "gen " in text and "pause" in text)
        terminal.until(lambda text: "┤" in text)
        terminal.watch(2.0)
        live = terminal.watch(4.0)
        latencies: list[float] = []
        for _ in range(KEYS):
            terminal.watch(0.12)
            latencies.append(terminal.answer(" "))
            terminal.program.send(" ")
        terminal.watch(0.5)
        terminal.answer(" ")
        terminal.watch(1.5)
        paused = terminal.watch(3.0)
        terminal.program.close(force=True)
    latencies.sort()
    tail = latencies[int(0.95 * (len(latencies) - 1))]
    return Measured(painted - terminal.started, statistics.median(latencies), tail, live, paused)


def measure_growth() -> tuple[int, int]:
    """Return the bytes held after 500 generations, and after many more and many scrubs."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as runs:
        terminal = Terminal(runs, *SIZES[0], ("shumailov", "--generations", "200000"))
        terminal.until(lambda text: "┤" in text)
        for _ in range(6):
            terminal.program.send("]")
        _reach(terminal, 500)
        before = terminal.memory
        _reach(terminal, LONG)
        for _ in range(SCRUBS):
            terminal.program.send("\x1b[D")
            terminal.read(0.002)
        terminal.watch(2.0)
        after = terminal.memory
        terminal.program.close(force=True)
    return before, after


def measure_forks() -> tuple[int, int]:
    """Return the bytes held after a few forks, and after many: each is run and taken away."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as runs:
        terminal = Terminal(runs, *SIZES[0], ("shumailov", "--generations", "8"))
        for _ in range(8):
            terminal.program.send("]")
        terminal.until(lambda text: "finished" in text)
        for _ in range(WARM_FORKS):
            _fork(terminal)
        before = terminal.memory
        for _ in range(FORKS):
            _fork(terminal)
        after = terminal.memory
        terminal.program.close(force=True)
    return before, after


def _fork(terminal: Terminal) -> None:
    """Fork a finished run after generation 5, to its end, and take the fork off the screen."""
    terminal.program.send("5g")
    terminal.until(lambda text: "looking at 5" in text)
    terminal.program.send("f")
    terminal.until(lambda text: "fork after generation" in text)
    terminal.program.send("0.2\r")
    terminal.until(lambda text: "B fork at" in text and "finished" in text)
    terminal.program.send("x")
    terminal.until(lambda text: "B fork at" not in text)


def _reach(terminal: Terminal, generation: int) -> None:
    """Wait until the header shows a generation at least."""

    def reached(text: str) -> bool:
        word = text.partition("gen ")[2].partition("/")[0].replace(",", "")
        return word.isdigit() and int(word) >= generation

    terminal.until(reached)


def report() -> list[Figure]:
    """Return the figures that `python -m benchmarks` prints."""
    figures: list[Figure] = []
    for engine, preset in ENGINES.items():
        for columns, lines in SIZES:
            seen, first = measure(columns, lines, preset), FIRST_VERSION[engine, columns]
            text = (
                f"screen {columns}×{lines}, {engine}: {seen.describe()}"
                f" (first version: {first.describe()})"
            )
            holds = (
                seen.paint < 2 * PAINT_SECONDS
                and seen.tail < 2 * TAIL_SECONDS
                and seen.median < 2 * MEDIAN_SECONDS
                and seen.live < 2 * LIVE_RATE
                and seen.paused < 2 * PAUSED_RATE
            )
            figures.append(Figure(text, holds))
    grown = {
        f"after {LONG:,} more and {SCRUBS:,} scrubs": ("500 generations", measure_growth),
        f"after {FORKS:,} more": (f"{WARM_FORKS} forks", measure_forks),
    }
    for later, (first, grow) in grown.items():
        before, after = grow()
        text = f"screen: memory {before / 1e6:.0f} MB after {first}, {after / 1e6:.0f} MB {later}"
        figures.append(Figure(text, after - before < 2 * GROWTH))
    return figures
