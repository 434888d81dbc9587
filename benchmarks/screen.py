"""The live screen through a pseudo-terminal: first paint, key to paint, bytes a second."""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress

import pexpect
import pyte

from benchmarks.figure import Figure

COLUMNS, LINES = 100, 30
PAINT_SECONDS = 1.0
KEY_SECONDS = 0.05
KEYS = 60
PATIENCE = 20.0


class Terminal:
    """The program behind a pseudo-terminal, and the screen as its user sees it."""

    def __init__(self, runs: str) -> None:
        self.screen = pyte.Screen(COLUMNS, LINES)
        self._stream = pyte.ByteStream(self.screen)
        self.received = 0
        self.started = time.perf_counter()
        self.program = pexpect.spawn(
            sys.executable,
            ["-m", "collapse_tui", "--runs", runs, "--preset", "borji"],
            env={**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"},
            dimensions=(LINES, COLUMNS),
        )
        # pexpect would wait 50 ms before each key, for programs that ask for passwords.
        self.program.delaybeforesend = None

    def read(self, seconds: float) -> None:
        """Take what arrives within `seconds`, or one chunk of it."""
        try:
            data = self.program.read_nonblocking(65_536, timeout=seconds)
        except pexpect.TIMEOUT:
            return
        self.received += len(data)
        self._stream.feed(data)

    def until(self, holds: Callable[[str], bool]) -> float:
        """Return the time at which something is first seen."""
        end = time.perf_counter() + PATIENCE
        while not holds("\n".join(self.screen.display)):
            if time.perf_counter() > end:
                raise TimeoutError("\n".join(self.screen.display))
            self.read(0.001)
        return time.perf_counter()

    def arrival(self, text: bytes) -> float:
        """Return when `text` arrives, before the slow work of laying out the screen here."""
        end = time.perf_counter() + PATIENCE
        data = b""
        while text not in data:
            if time.perf_counter() > end:
                raise TimeoutError(text.decode())
            with suppress(pexpect.TIMEOUT):
                data += self.program.read_nonblocking(65_536, timeout=0.001)
        arrived = time.perf_counter()
        self.received += len(data)
        self._stream.feed(data)
        return arrived

    def watch(self, seconds: float) -> None:
        """Take what arrives for a while."""
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            self.read(0.01)


def key_latencies(terminal: Terminal) -> list[float]:
    """Return the times from sending a key to seeing its answer, the engine running."""
    latencies: list[float] = []
    for _ in range(KEYS):
        terminal.watch(0.12)
        sent = time.perf_counter()
        terminal.program.send(" ")
        latencies.append(terminal.arrival(b"paused") - sent)
        terminal.program.send(" ")
    return latencies


def report() -> list[Figure]:
    """Return the figures that `python -m benchmarks` prints."""
    with tempfile.TemporaryDirectory() as runs:
        paints: list[float] = []
        for _ in range(3):
            terminal = Terminal(runs)
            painted = terminal.until(lambda text: "gen" in text and "knobs" in text)
            paints.append(painted - terminal.started)
            terminal.until(lambda text: "w1" in text and "┤" in text)
            if len(paints) < 3:
                terminal.program.close(force=True)
        before, since = terminal.received, time.perf_counter()
        terminal.watch(3.0)
        rate = (terminal.received - before) / (time.perf_counter() - since)
        latencies = sorted(key_latencies(terminal))
        terminal.program.close(force=True)
    tail = latencies[int(0.95 * (len(latencies) - 1))]
    first = (
        f"screen {COLUMNS}×{LINES}: first paint       {statistics.median(paints):8.2f} s"
        f" (claimed below {PAINT_SECONDS:g})"
    )
    keys = (
        f"key to paint while it runs: median {statistics.median(latencies) * 1e3:6.1f} ms,"
        f" 95 % {tail * 1e3:6.1f} ms (claimed below {KEY_SECONDS * 1e3:g});"
        f" {rate / 1e3:.0f} kB/s"
    )
    return [
        Figure(first, statistics.median(paints) < 2 * PAINT_SECONDS),
        Figure(keys, tail < 2 * KEY_SECONDS),
    ]
