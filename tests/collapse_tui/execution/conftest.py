"""Stored runs of small experiments, and their records byte by byte."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from collapse_tui.events import Event, Failed, Finished
from collapse_tui.execution import driver
from collapse_tui.execution.runner import run
from collapse_tui.experiment.experiment import Experiment
from collapse_tui.experiment.loader import load, resolve

SOURCES: dict[str, dict[str, Any]] = {
    "gaussian": {"name": "normal"},
    "gaussian-points": {
        "name": "mixture",
        "components": [
            {"family": "normal", "weight": 1.0, "mean": -2.0, "sd": 0.5},
            {"family": "uniform", "weight": 2.0, "low": 0.0, "high": 3.0},
        ],
    },
    "gaussian-nd": {
        "name": "normal-nd",
        "mean": [0.0, 1.0],
        "covariance": [[2.0, 0.8], [0.8, 1.0]],
    },
    "kde": {"name": "normal", "sd": 2.0},
    "discrete": {"name": "zipf", "states": 6},
}


def build(engine: str = "gaussian", policy: dict[str, Any] | None = None, **top: Any) -> Experiment:
    """Return an experiment of ten generations."""
    document = {
        "format": 1,
        "seed": 3,
        "generations": 10,
        "replicates": 4,
        "source": SOURCES[engine],
        "engine": {"name": engine.split("-", maxsplit=1)[0]},
        "policy": policy or {"name": "replace"},
        "schedule": {"name": "constant", "size": 20},
        **top,
    }
    return resolve("test", document)


@pytest.fixture
def experiment() -> Callable[..., Experiment]:
    """Give `build`."""
    return build


@pytest.fixture
def eager(monkeypatch: pytest.MonkeyPatch) -> None:
    """Save a checkpoint after every generation."""
    monkeypatch.setattr(driver, "CHECKPOINT_SECONDS", -1.0)


def finished(events: Iterator[Event]) -> list[Event]:
    """Return all events of a run that ends in order."""
    found = list(events)
    assert isinstance(found[-1], Finished), found[-1]
    assert not any(isinstance(event, Failed) for event in found)
    return found


@pytest.fixture
def complete() -> Callable[[Iterator[Event]], list[Event]]:
    """Give `finished`."""
    return finished


def records_of(folder: Path) -> bytes:
    """Return what makes two runs the same: metrics.jsonl and metrics/."""
    values = sorted((folder / "metrics").glob("*.f64")) if (folder / "metrics").is_dir() else []
    return b"".join(path.read_bytes() for path in (folder / "metrics.jsonl", *values))


@pytest.fixture
def records() -> Callable[[Path], bytes]:
    """Give `records_of`."""
    return records_of


@pytest.fixture
def rerun(tmp_path: Path) -> Callable[[Path], bytes]:
    """Give what runs the experiment.toml of a folder anew and returns its records."""

    def again(folder: Path) -> bytes:
        target = tmp_path / f"rerun-{folder.name}"
        finished(run(load(str(folder / "experiment.toml")), folder=target))
        return records_of(target)

    return again
