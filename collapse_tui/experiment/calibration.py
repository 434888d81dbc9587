"""How fast this machine is beside the one on which the costs were measured; measured once.

`engines.cost` says what a number costs there, with all that goes with it. Here operations of the
same kinds are timed for a tenth of a second, and their ratio to the times that they took there
is kept in the cache folder, under the processor and the versions.
"""

import json
import math
import platform
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from collapse_tui.experiment.document import is_table
from collapse_tui.user_folders import user_folder

Trial = Callable[[], object]

FILE = "speed.json"
REPEATS = 5
"""The fastest of so many trials counts: the others waited for something."""
COUNT, SIDE, SHORT = 200_000, 192, 200
"""Numbers in an array, rows of a square matrix, and calls on short arrays."""
SLOWEST, FASTEST = 100.0, 0.01
"""Ratios beyond which a file is not believed."""


def measure_speed() -> float:
    """Return how long this machine takes beside the reference: 2 is half as fast.

    It is the geometric mean over drawing, sorting, adding, exponentials, products of matrices
    and calls on short arrays.
    """
    ratios = [_fastest(trial) / expected for trial, expected in _trials()]
    return math.exp(sum(map(math.log, ratios)) / len(ratios))


def _trials() -> list[tuple[Trial, float]]:
    """Return what is timed, with the seconds that the machine of `engines.cost` takes."""
    generator = np.random.Generator(np.random.PCG64(1))
    numbers, matrix = generator.random(COUNT), generator.random((SIDE, SIDE))
    few, out = numbers[:20], np.empty(COUNT)

    def short_calls() -> None:
        for _ in range(SHORT):
            (few + 1.0).sum()
            few.max()

    return [
        (lambda: generator.standard_normal(out=out), 2.4e-3),
        (lambda: np.sort(numbers), 2.2e-3),
        (lambda: np.add(numbers, 1.0, out=out), 7.0e-5),
        (lambda: np.exp(numbers, out=out), 1.06e-3),
        (lambda: matrix @ matrix, 3.5e-4),
        (short_calls, 6.1e-4),
    ]


def _fastest(trial: Trial) -> float:
    times: list[float] = []
    for _ in range(REPEATS):
        began = perf_counter()
        trial()
        times.append(perf_counter() - began)
    return min(times)


def machine_speed() -> float:
    """Return `measure_speed` of this machine, from the cache folder once it has been measured."""
    path = _cache_file()
    stored, key = _read(path), _machine_key()
    known = stored.get(key)
    if isinstance(known, int | float) and FASTEST < known < SLOWEST:
        return float(known)
    speed = round(measure_speed(), 3)
    if path is not None:
        _write(path, stored | {key: speed})
    return speed


def _machine_key() -> str:
    """Return the processor and the versions that make the speed."""
    with suppress(OSError, StopIteration):
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
        model = next(line for line in lines if line.startswith("model name"))
        return f"{model.partition(':')[2].strip()} · {_versions()}"
    return f"{platform.processor() or platform.machine()} · {_versions()}"


def _versions() -> str:
    return f"python {sys.version_info.major}.{sys.version_info.minor} · numpy {np.__version__}"


def _cache_file() -> Path | None:
    folder = user_folder("cache")
    return folder / FILE if folder is not None else None


def _read(path: Path | None) -> dict[str, Any]:
    with suppress(OSError, ValueError):
        content = json.loads(path.read_bytes()) if path is not None else None
        return content if is_table(content) else {}
    return {}


def _write(path: Path, content: dict[str, Any]) -> None:
    """Write the file as a whole; a folder that cannot be written costs a measurement each time."""
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(".draft")
        draft.write_text(json.dumps(content), encoding="utf-8")
        draft.replace(path)
