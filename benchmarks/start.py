"""CPU time of a start, against the imports that no run can do without."""

import os
import statistics
import subprocess
import sys
import tempfile

from benchmarks.figure import Figure

HELP_SECONDS = 0.3
BATCH_SECONDS = 0.42
NEEDED = "import numpy, pydantic, typer, scipy.special"
"""What a short run of a Gaussian needs in any case."""
BATCH = ("batch", "--preset", "shumailov", "--generations", "2", "--quiet", "--out")


def cpu_seconds(*arguments: str) -> float:
    """Return the CPU seconds, user and system, of the interpreter with these arguments."""
    before = os.times()
    subprocess.run(  # noqa: S603
        [sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL
    )
    after = os.times()
    user = after.children_user - before.children_user
    return user + after.children_system - before.children_system


def report() -> list[Figure]:
    """Return the figures that `python -m benchmarks` prints."""
    rounds: list[tuple[float, float, float]] = []
    for _ in range(7):
        with tempfile.TemporaryDirectory() as folder:
            rounds.append(
                (
                    cpu_seconds("-m", "collapse_tui", "--help"),
                    cpu_seconds("-m", "collapse_tui", *BATCH, f"{folder}/run"),
                    cpu_seconds("-c", NEEDED),
                )
            )
    help_, batch, needed = (statistics.median(column) for column in zip(*rounds, strict=True))
    return [
        Figure(
            f"--help: {help_:26.2f} s of CPU (claimed below {HELP_SECONDS:g})",
            help_ < 2 * HELP_SECONDS,
        ),
        Figure(
            f"batch, two generations: {batch:10.2f} s of CPU (claimed below {BATCH_SECONDS:g}),"
            f" {batch / needed:.2f} times the imports that it needs",
            batch < 2 * BATCH_SECONDS,
        ),
    ]
