"""Records and folders to test the storage with; also imported by `writer.py`."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from collapse_tui.events import Generation
from collapse_tui.storage.folder import RunFolder
from engines.views.view import View

METRICS = ("mean", "w1")
STAGES = {"stable": 1, "early": 0, "late": 0, "dispersing": 0}


def make_record(number: int, replicates: int) -> Generation:
    """Return record `number`: always the same numbers."""
    generator = np.random.default_rng(number)
    metrics = {name: generator.normal(size=replicates) for name in METRICS}
    summary = {
        name: {"n": replicates, "mean": float(values.mean()), "var": None, "q50": 0.1}
        for name, values in metrics.items()
    }
    arrays = {"edges": np.linspace(-1.0, 1.0, 5), "now": generator.random(6)}
    view = View("histogram", arrays, {"drawn": f"generation {number}: 20 é points"})
    return Generation(number, metrics, summary, STAGES, {}, view)


def make_state(number: int) -> dict[str, np.ndarray[tuple[int, ...], np.dtype[np.generic]]]:
    """Return the state after record `number`."""
    return {
        "model/mean": np.full(50, float(number)),
        "model/seen": np.arange(number % 5, dtype=np.int64),
        "once/real": np.arange(100.0),
        f"once/data/{number // 10}": np.full(10, number // 10, dtype=np.uint8),
    }


def make_folder(path: Path, replicates: int, keep: int = 3) -> RunFolder:
    """Return a new run at `path`."""
    return RunFolder.create(
        path,
        experiment="format = 1\nseed = 7\n",
        provenance={"arguments": ["batch"]},
        metric_names=METRICS,
        replicates=replicates,
        keep=keep,
    )


@pytest.fixture
def record() -> Callable[[int, int], Generation]:
    """Give `make_record`."""
    return make_record


@pytest.fixture
def state() -> Callable[[int], dict[str, np.ndarray[tuple[int, ...], np.dtype[np.generic]]]]:
    """Give `make_state`."""
    return make_state


@pytest.fixture
def new() -> Callable[..., RunFolder]:
    """Give `make_folder`."""
    return make_folder


@pytest.fixture(params=[3, 150], ids=["inside", "separate"])
def replicates(request: pytest.FixtureRequest) -> int:
    """Give both ways to store the values of the replicates."""
    return int(request.param)


@pytest.fixture
def run_path(tmp_path: Path, replicates: int) -> Path:
    """Give a run of ten records with a checkpoint after 2, 5 and 9."""
    path = tmp_path / "runs" / "ten"
    with make_folder(path, replicates) as folder:
        for number in range(10):
            folder.append(make_record(number, replicates), seconds=0.5)
            if number in {2, 5, 9}:
                folder.save_checkpoint(number, make_state(number))
        folder.set_status("finished")
    return path
