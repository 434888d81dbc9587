"""Runs that go on or fork ask for the disk that they need before they write."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from collapse_tui.execution.runner import fork, resume, run
from collapse_tui.experiment.experiment import Experiment
from collapse_tui.storage.saved import SavedRun
from engines.errors import InvalidExperimentError

Build = Callable[..., Experiment]


def files_of(folder: Path) -> dict[str, bytes]:
    """Return all files below a folder."""
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_resume_and_fork_ask_for_the_disk(
    experiment: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, complete: Any
) -> None:
    folder = tmp_path / "run"
    complete(run(experiment("kde", {"name": "accumulate"}), folder=folder))
    held, before = SavedRun.open(folder).state_bytes, files_of(folder)
    assert held > 1000
    monkeypatch.setattr("collapse_tui.experiment.disk._free_disk", lambda path: (100.0, path))
    for begin in (
        lambda: resume(folder, generations=3000),
        lambda: fork(folder, at=2, settings={}, out=tmp_path / "fork"),
    ):
        with pytest.raises(InvalidExperimentError, match="are free at"):
            begin()
    assert files_of(folder) == before
    assert not (tmp_path / "fork").exists()
    # the states of the run make room for those that take their place
    monkeypatch.setattr("collapse_tui.experiment.disk._free_disk", lambda path: (5e4, path))
    complete(resume(folder, generations=11))
