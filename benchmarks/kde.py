"""A generation of Borji's recursion, with its default metrics, against the listing's way."""

import statistics
import subprocess
import sys
import time
from collections.abc import Callable

import numpy as np

from benchmarks.figure import Figure
from benchmarks.generation import generation_runner
from collapse_tui import load
from engines.arrays import FloatArray

CLAIMS = {30_000: 12.0, 1_000_000: 8.0}


def listing(size: int) -> Callable[[], object]:
    """Return one generation as the paper describes it: fit, sample, two metrics."""
    from scipy.stats import entropy, wasserstein_distance
    from sklearn.neighbors import KernelDensity

    def listed_kl(p: FloatArray, q: FloatArray) -> float:
        first, _ = np.histogram(p, bins=100, density=True)
        second, _ = np.histogram(q, bins=100, density=True)
        first = np.where(first == 0, 1e-10, first)
        return float(entropy(first, np.where(second == 0, 1e-10, second)))

    experiment = load("borji")
    real = np.asarray(experiment.recursion().real.rows[0])
    state = {"model": KernelDensity(bandwidth=0.5).fit(real[:, None]), "seed": 0}

    def generation() -> None:
        state["seed"] += 1
        drawn = state["model"].sample(size, random_state=state["seed"]).ravel()
        listed_kl(drawn, real)
        wasserstein_distance(drawn, real)
        state["model"] = KernelDensity(bandwidth=0.5).fit(drawn[:, None])

    return generation


def ours(size: int) -> Callable[[], object]:
    """Return one generation of ours: step, nine metrics, diagnosis, summary and view."""
    return generation_runner(load("borji", **{"schedule.size": size}))


def cpu_per_generation(side: str, size: int, generations: int) -> float:
    """Return CPU seconds a generation of one side, all threads, after two to warm up."""
    generation = (ours if side == "ours" else listing)(size)
    generation()
    generation()
    start = time.process_time()
    for _ in range(generations):
        generation()
    return (time.process_time() - start) / generations


def ratio(size: int, rounds: int, generations: int) -> tuple[float, float, float]:
    """Return (ours, baseline) in CPU seconds a generation, and the median of their ratios.

    Each side runs in a process of its own, in turns: threads that one side leaves spinning
    are not charged to the other.
    """
    pairs = [
        (_measured("ours", size, generations), _measured("listing", size, generations))
        for _ in range(rounds)
    ]
    mine = statistics.median(pair[0] for pair in pairs)
    theirs = statistics.median(pair[1] for pair in pairs)
    return mine, theirs, statistics.median(pair[1] / pair[0] for pair in pairs)


def _measured(side: str, size: int, generations: int) -> float:
    command = [sys.executable, "-m", "benchmarks.kde", side, str(size), str(generations)]
    printed = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
    return float(printed.stdout)


def report() -> list[Figure]:
    """Return the figures that `python -m benchmarks` prints."""
    figures: list[Figure] = []
    for size, claim in CLAIMS.items():
        rounds, generations = (5, 60) if size < 100_000 else (3, 4)
        mine, theirs, factor = ratio(size, rounds, generations)
        text = (
            f"KDE generation, {size:>9,} samples: {mine * 1e3:8.2f} ms, listing"
            f" {theirs * 1e3:8.1f} ms: {factor:5.1f} times less CPU (claimed {claim:g})"
        )
        figures.append(Figure(text, factor > claim / 2))
    return figures


if __name__ == "__main__":
    print(cpu_per_generation(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
