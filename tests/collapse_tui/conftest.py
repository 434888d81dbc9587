"""What the tests of several rooms share: made-up views, and presets with claims."""

import fcntl
import os
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pyte
import pytest

from collapse_tui.presentation.diagnosis import Diagnosis, commonest_stage
from collapse_tui.presentation.loop_words import LoopWords
from collapse_tui.presentation.scene import Scene
from engines.views.strip import strip_of_bins
from engines.views.view import View


def shares_of(values: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Return the shares of values by bin, overflow first and last."""
    places = np.searchsorted(edges, values, side="right")
    return np.bincount(places, minlength=edges.size + 1) / values.size


def image_view(n: int, side: int = 8) -> View:
    """Return rings of different widths that melt into one spot."""
    draw = np.random.Generator(np.random.PCG64([8, n]))
    y, x = np.mgrid[-1 : 1 : side * 1j, -1 : 1 : side * 1j]
    radii = np.linspace(0.2, 0.9, 64)[:, None, None]
    real = np.exp(-(((np.hypot(x, y) - radii) / 0.2) ** 2))
    fade = 0.97**n
    now = np.clip(fade * real[::-1] + (1 - fade) * real.mean(axis=0), 0, 1)
    classes, edges = np.full(10, 0.1), np.linspace(-4, 4, 41)
    melted = classes * np.where(np.arange(10) < n / 10, 0, 1)
    latents = (np.empty(0),) * 3
    if n:
        normal = draw.normal(size=4000)
        latents = (edges, shares_of(normal, edges), shares_of(normal * fade, edges))
    names = ("latent_edges", "latent_real", "latent_now")
    arrays = {"real": real, "now": now, **dict(zip(names, latents, strict=True)),
              "classes_real": classes, "classes_now": melted / melted.sum()}  # fmt: skip
    notes = {"images": "64 of 1,797 images shown", "latent": "latents from generation 1 on"}
    return View("images", {**arrays, **strip_of_bins(*latents)}, notes, "latent")


def text_view(n: int) -> View:
    """Return perplexities that fall, and what is written."""
    draw = np.random.Generator(np.random.PCG64([9, n]))
    logs, edges = draw.normal(3.6, 0.5, 4000), np.geomspace(1, 1000, 41)
    notes = {"prompt 1": "some started before", "continuation 1": "1360 jackrabbits " * 30,
             "prompt 2": "The city 東京", "continuation 2": "is the capital\nof Japan"}  # fmt: skip
    none = np.empty(0)
    bins = (none, none, none)
    if n:
        real, now = (shares_of(np.exp(values), edges) for values in (logs, logs - 0.02 * n))
        bins = (edges, real, now)
    arrays = dict(zip(("edges", "real", "now"), bins, strict=True))
    strip = strip_of_bins(np.log10(bins[0]), *bins[1:])
    return View("text", {**arrays, **strip}, notes, "perplexity")


MADE: dict[str, Callable[[int], View]] = {"images": image_view, "text": text_view}


@pytest.fixture
def made_views() -> dict[str, Callable[[int], View]]:
    """Return made-up views of each kind, by generation."""
    return MADE


class MadeWords:
    """What a made-up run says of itself in words."""

    @staticmethod
    def loop(fresh: float, replicates: int) -> LoopWords:
        """Return the loop with a share of real data."""
        kept = f"{100 * fresh:g} % real data"
        short = ("3-Gaussian mixture", "KDE, h 0.5", "30,000 samples", kept)
        long = ("3-Gaussian mixture, 800 pts", "KDE, Gaussian kernel, h = 0.5", "30,000", kept)
        return LoopWords(short, long, frozenset({3} if fresh else ()), 1, replicates)

    @staticmethod
    def diagnose(scene: Scene) -> Diagnosis:
        """Return a diagnosis of the shape of a real one."""
        stages = scene.snapshot.stages
        counts = dict(stages[scene.row]) if 0 <= scene.row < len(stages) else {}
        stage = commonest_stage(counts)
        if not stage:
            return Diagnosis()
        return Diagnosis(
            stage, counts[stage], sum(counts.values()), "the variance is far above the real one",
            "each refit adds the kernel's variance h² = 0.25", "nothing stops it",
            "now 10.1 = 1.01 (real) + 40 × 0.25 + chance of sampling",
            remedy="+ + +  a few per cent of real data stop it", judged="variance and tails",
            words=(("stable", "none of the others"), ("late", "the variance is small")),
        )  # fmt: skip


@pytest.fixture
def made_words() -> MadeWords:
    """Return what made-up runs say of themselves."""
    return MadeWords()


PRESET = """\
format = 1
title = "A Gaussian, small"
paper = "Shumailov et al. 2023, arXiv:2305.17493"
seed = 1
generations = 20
replicates = 4000

[source]
name = "normal"
mean = 0.0
sd = 1.0

[engine]
name = "gaussian"
estimator = "unbiased"

[policy]
name = "replace"

[schedule]
name = "constant"
size = 20
"""
RIGHT = """
[[claims]]
text = "The mean of the variance stays."
metric = "variance"
generation = 5
expected = 1.0
standard_errors = 4
source = "eq. 3"
"""
LAW = """
[[claims]]
text = "The mean of ln sigma falls."
metric = "log_sigma"
generation = 10
expected = "gaussian.replace.log_sigma.mean"
standard_errors = 4
source = "theory"
origin = "law"
"""
ERRATUM = """
[[claims]]
text = "The risk's variance."
metric = "w2_squared"
statistic = "variance"
generation = 5
expected = "gaussian.published.w2_squared.variance"
corrected = "gaussian.replace.w2_squared.variance"
standard_errors = 4
erratum = "E2: eq. 5 is wrong"
source = "eq. 5"
"""
WRONG = RIGHT.replace("1.0", "1.5").replace("stays", "grows")
SLOW = RIGHT.replace("stays", "stays, slowly") + 'cost = "slow"\nset = { seed = 2 }\n'


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the folder for results of claims, away from the user's own."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("COLLAPSE_TUI_CACHE", str(folder))
    return folder


@pytest.fixture
def preset(tmp_path: Path) -> Callable[..., Path]:
    """Give a writer of presets with the claims named."""

    texts: dict[str, Any] = {
        "right": RIGHT, "law": LAW, "erratum": ERRATUM, "wrong": WRONG, "slow": SLOW,
    }  # fmt: skip

    def write(*names: str) -> Path:
        path = tmp_path / "small.toml"
        path.write_text(PRESET + "".join(texts.get(name, name) for name in names))
        return path

    return write


ROOT = Path(__file__).parents[2]
PATIENCE = 60.0


class PseudoTerminal:
    """A terminal of its own for a program, which can be closed as a window is."""

    def __init__(
        self, command: Sequence[str], changes: Mapping[str, str | None], cwd: Path, file: Any
    ) -> None:
        self._screen = pyte.Screen(100, 30)
        self._stream = pyte.ByteStream(self._screen)
        self.written = b""
        self.master, slave = os.openpty()
        self._closed = False
        self.resize(30, 100)
        environment: dict[str, str | None] = {
            **os.environ, "TERM": "xterm-256color", "TEXTUAL_ANIMATIONS": "none",
            "PYTHONPATH": str(ROOT), "COLUMNS": None, "LINES": None, **changes,
        }  # fmt: skip
        self.process = subprocess.Popen(
            command, stdin=slave, stdout=slave, stderr=file or slave, cwd=cwd,
            env={name: value for name, value in environment.items() if value is not None},
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509 - one thread
        )  # fmt: skip
        os.close(slave)

    def resize(self, rows: int, columns: int) -> None:
        """Give the terminal another size."""
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self._screen.resize(rows, columns)

    def send(self, text: str) -> None:
        """Type a text."""
        os.write(self.master, text.encode())

    def read(self, seconds: float) -> str:
        """Take what is written for some time; return what the screen shows."""
        if select.select([self.master], [], [], seconds)[0]:
            with suppress(OSError):
                data = os.read(self.master, 65536)
                self.written += data
                self._stream.feed(data)
        return "\n".join(self._screen.display)

    def until(self, holds: Callable[[str], object]) -> str:
        """Wait until the screen shows something."""
        end = time.monotonic() + PATIENCE
        while not holds(text := self.read(0.05)):
            assert time.monotonic() < end, text
            assert self.process.poll() is None or self.written, self.process.returncode
        return text

    def close(self) -> None:
        """Close the terminal; idempotent."""
        # its number may be that of another file by the second call
        if not self._closed:
            self._closed = True
            os.close(self.master)

    def end(self) -> int:
        """Wait for the program's end while its output is read; return its exit code."""
        limit = time.monotonic() + PATIENCE
        while self.process.poll() is None and time.monotonic() < limit:
            self.read(0.05)
        for _ in range(20):
            self.read(0)
        return self.process.wait(1)


@pytest.fixture
def pseudo_terminal(tmp_path: Path) -> Iterator[Callable[..., PseudoTerminal]]:
    """Give a starter of the program (or of `command`) in terminals of their own."""
    opened: list[PseudoTerminal] = []

    def start(
        *arguments: object, changes: Mapping[str, str | None] | None = None,
        command: Sequence[str] = (sys.executable, "-m", "collapse_tui"), cwd: Path = ROOT,
        stderr: Any = None,
    ) -> PseudoTerminal:  # fmt: skip
        places = {"COLLAPSE_TUI_RUNS": str(tmp_path / "runs"), **(changes or {})}
        opened.append(PseudoTerminal([*command, *map(str, arguments)], places, cwd, stderr))
        return opened[-1]

    yield start
    for one in opened:
        one.process.kill()
        one.process.wait()
        one.close()
