"""A stretch of Shumailov's mixture of Gaussians against scikit-learn called in a bare loop."""

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from benchmarks.figure import Figure
from benchmarks.generation import generation_runner
from collapse_tui import load

GENERATIONS = 150
"""Of the preset's 2,050."""
MOST_OF_BARE = 1.1
WARM_CLAIM = 3.0


def bare(seed: int) -> Callable[[], object]:
    """Return one generation of scikit-learn alone, on one thread: fit and sample."""
    from sklearn.mixture import GaussianMixture
    from threadpoolctl import threadpool_limits

    threadpool_limits(1)
    real: Any = load("gmm", seed=seed).recursion().real
    kept = {"points": real.rows[0][:, None], "seed": seed}

    def generation() -> None:
        kept["seed"] += 1000
        model = GaussianMixture(2, tol=1e-5, random_state=kept["seed"]).fit(kept["points"])
        kept["points"], _ = model.sample(len(kept["points"]))

    return generation


def ours(seed: int, *, warm: bool) -> Callable[[], object]:
    """Return one generation of ours: step, seven metrics, diagnosis, summary and view."""
    return generation_runner(load("gmm", seed=seed, **{"engine.warm_start": warm}))


def cpu_per_generation(side: str, seed: int) -> float:
    """Return CPU seconds a generation of one side, all threads, after two to warm up."""
    generation = bare(seed) if side == "bare" else ours(seed, warm=side == "warm")
    generation()
    generation()
    start = time.process_time()
    for _ in range(GENERATIONS):
        generation()
    return (time.process_time() - start) / GENERATIONS


def medians(rounds: int = 5) -> dict[str, float]:
    """Return median CPU seconds a generation: ours cold and warm, bare.

    Each side of each round runs in a process of its own, in turns, from the same D_0.
    """
    sides: dict[str, list[float]] = {"cold": [], "warm": [], "bare": []}
    for seed in range(1, rounds + 1):
        for side, found in sides.items():
            command = [sys.executable, "-m", "benchmarks.gmm", side, str(seed)]
            printed = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
            found.append(float(printed.stdout))
    return {side: statistics.median(found) for side, found in sides.items()}


def report() -> list[Figure]:
    """Return the figures that `python -m benchmarks` prints."""
    cold, warm, theirs = (1e3 * value for value in medians().values())
    share, factor = cold / theirs, theirs / warm
    first = f"GMM generation, 1,000 samples: {cold:8.2f} ms, scikit-learn bare {theirs:8.2f} ms"
    return [
        Figure(
            f"{first}: {share:.2f} of it (claimed below {MOST_OF_BARE:g})",
            share < 2 * MOST_OF_BARE,
        ),
        Figure(
            f"with warm_start = true: {warm:15.2f} ms: {factor:.1f} times less"
            f" (claimed {WARM_CLAIM:g})",
            factor > WARM_CLAIM / 2,
        ),
    ]


if __name__ == "__main__":
    print(cpu_per_generation(sys.argv[1], int(sys.argv[2])))
