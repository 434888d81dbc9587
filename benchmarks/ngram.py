"""A bigram generation of 518,079 tokens, Suresh et al.'s size, against a plain Python loop."""

import statistics
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path
from random import Random

import numpy as np

from benchmarks.figure import Figure
from benchmarks.generation import generation_runner
from collapse_tui.experiment.experiment import Experiment
from collapse_tui.experiment.loader import resolve

TOKENS = 518_079
WORDS = 30_000
LOOP_TOKENS = 20_000
LIMIT_SECONDS = 5.0


def corpus(folder: str) -> Path:
    """Write a text with as many words to fit, ranks by Zipf and Mandelbrot, and return its path."""
    shares = (np.arange(WORDS) + 2.7) ** -1.0
    count = round(TOKENS / 0.9)
    drawn = np.random.default_rng(0).choice(WORDS, size=count, p=shares / shares.sum())
    path = Path(folder) / "corpus.txt"
    path.write_text(" ".join(f"w{number}" for number in drawn.tolist()))
    return path


def experiment(path: Path) -> Experiment:
    """Return the bigram recursion on the text, with its default metrics."""
    return resolve(
        "benchmark",
        {
            "format": 1,
            "generations": 10,
            "replicates": 1,
            "source": {"name": "text", "path": str(path)},
            "engine": {"name": "ngram", "order": 2},
        },
    )


def ours(path: Path) -> Callable[[], object]:
    """Return one generation: fit, write, six metrics, diagnosis, summary and view."""
    return generation_runner(experiment(path))


def loop_seconds(path: Path) -> float:
    """Return seconds of a generation of the plain loop: `LOOP_TOKENS` tokens, extrapolated.

    Counting pairs in a dictionary of counters, then `random.choices` for each token.
    """
    words = path.read_text().split()[:TOKENS]
    start = time.perf_counter()
    following: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for left, right in zip(words, [*words[1:], words[0]], strict=True):
        following[left][right] += 1
    counted = time.perf_counter() - start
    generator, word = Random(0), words[0]  # noqa: S311 - no secret
    start = time.perf_counter()
    for _ in range(LOOP_TOKENS):
        counts = following[word]
        word = generator.choices(list(counts), list(counts.values()))[0]
    return counted + (time.perf_counter() - start) * TOKENS / LOOP_TOKENS


def report() -> list[Figure]:
    """Return the figures that `python -m benchmarks` prints."""
    with tempfile.TemporaryDirectory() as folder:
        path = corpus(folder)
        generation = ours(path)
        generation()
        seconds: list[float] = []
        for _ in range(5):
            start = time.perf_counter()
            generation()
            seconds.append(time.perf_counter() - start)
        mine, theirs = statistics.median(seconds), loop_seconds(path)
    claimed = f"claimed below {LIMIT_SECONDS:g}"
    loop = f"plain Python loop {theirs:,.0f} s (extrapolated from {LOOP_TOKENS:,} tokens)"
    text = f"bigram generation, {TOKENS:,} tokens: {mine:8.2f} s ({claimed}), {loop}"
    return [Figure(text, mine < 2 * LIMIT_SECONDS)]
