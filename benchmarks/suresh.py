"""Suresh et al.'s survival figures against a Python loop over trajectories.

The baseline is written from the paper's description with the library it uses: for each
trajectory and each step, draw n numbers with numpy, fit them again and count who is alive.
"""

import os
import statistics
import subprocess
import sys
import time

from benchmarks.figure import Figure

CLAIMS = {"gaussian": 100.0, "poisson": 100.0}
GAUSSIAN = (1_000, 200, 10)
POISSON = (5_000, 500, 10)
SHARE = 50
"""The baseline runs so many times fewer trajectories, and its time is scaled up."""


def loop(side: str) -> float:
    """Return the CPU seconds of the loop for the whole figure, scaled from a share of it."""
    import numpy as np

    runs, steps, size = GAUSSIAN if side == "gaussian" else POISSON
    generator = np.random.default_rng(1)
    alive = [0] * steps
    start = time.process_time()
    for _ in range(runs // SHARE):
        mean, sd, rate = 0.0, 1.0, 1.0
        for step in range(steps):
            if side == "gaussian":
                drawn = generator.normal(mean, sd, size)
                mean, sd = drawn.mean(), drawn.std(ddof=1)
                alive[step] += bool(sd > 0.1)
            else:
                rate = generator.poisson(rate, size).mean()
                alive[step] += bool(rate > 0)
    return (time.process_time() - start) * SHARE


def ours(side: str) -> float:
    """Return the CPU seconds of our run of the whole figure, after one to warm up."""
    from collapse_tui import load, run

    runs, steps, size = GAUSSIAN if side == "gaussian" else POISSON
    experiment = load(
        f"suresh-{side}",
        replicates=runs,
        generations=steps,
        **{"schedule.size": size, "metrics.names": ["alive"]},
    )
    for _ in run(experiment, views=False):
        pass
    start = time.process_time()
    for _ in run(experiment, views=False):
        pass
    return time.process_time() - start


def _measured(who: str, side: str) -> float:
    command = [sys.executable, "-m", "benchmarks.suresh", who, side]
    # Neither side multiplies matrices. BLAS threads spin for some milliseconds as they start,
    # which would count as work of the loop: its share takes 50 ms and is scaled up.
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    printed = subprocess.run(  # noqa: S603
        command, check=True, capture_output=True, text=True, env=environment
    )
    return float(printed.stdout)


def ratio(side: str, rounds: int) -> tuple[float, float, float]:
    """Return (ours, loop) in CPU seconds a figure, and the median of their ratios."""
    pairs = [(_measured("ours", side), _measured("loop", side)) for _ in range(rounds)]
    mine = statistics.median(pair[0] for pair in pairs)
    theirs = statistics.median(pair[1] for pair in pairs)
    return mine, theirs, statistics.median(pair[1] / pair[0] for pair in pairs)


def report() -> list[Figure]:
    """Return the figures that `python -m benchmarks` prints."""
    found: list[Figure] = []
    for side, figures in (("gaussian", 1), ("poisson", 2)):
        mine, theirs, factor = ratio(side, 3)
        text = (
            f"survival, {side:>8}: {mine * figures:6.3f} s, loop over trajectories"
            f" {theirs * figures:6.1f} s: {factor:5.0f} times less CPU (claimed {CLAIMS[side]:g})"
        )
        found.append(Figure(text, factor > CLAIMS[side] / 2))
    return found


if __name__ == "__main__":
    print({"loop": loop, "ours": ours}[sys.argv[1]](sys.argv[2]))
