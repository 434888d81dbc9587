"""kill -9 at random instants: only the record in flight is lost."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from collapse_tui.events import Generation
from collapse_tui.storage.folder import RunFolder
from collapse_tui.storage.layout import is_run
from collapse_tui.storage.saved import SavedRun

ROOT = Path(__file__).parents[3]
WRITER = Path(__file__).with_name("writer.py")


def kill_after(seconds: float, *arguments: str) -> None:
    """Let the writer work for a while, then kill it as the kernel does when memory is short."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, str(WRITER), *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        time.sleep(seconds)
        process.kill()
        process.wait()


def check(folder: RunFolder, record: Callable[..., Generation], replicates: int) -> None:
    """Compare every file with what was to be written."""
    saved = SavedRun.open(folder.path)
    last = folder.last
    assert saved.last == last
    assert [entry["generation"] for entry in saved.records()] == list(range(last + 1))
    assert [entry["generation"] for entry in saved.timings()] == list(range(last + 1))
    for number in range(max(0, last - 20), last + 1):
        expected = record(number, replicates)
        assert folder.matches(expected)
        view = saved.view(number)
        assert view is not None
        assert expected.view is not None
        assert np.array_equal(view.arrays["now"], expected.view.arrays["now"])
    if replicates > 100:
        sizes = {path.stat().st_size for path in (folder.path / "metrics").iterdir()}
        assert sizes == {8 * replicates * (last + 1)}


@pytest.mark.slow
@pytest.mark.parametrize(("replicates", "kills"), [(3, 10), (150, 14)])
def test_killed_while_writing(
    tmp_path: Path,
    record: Callable[..., Generation],
    state: Callable[[int], dict[str, Any]],
    new: Callable[..., RunFolder],
    replicates: int,
    kills: int,
) -> None:
    path = tmp_path / "run"
    new(path, replicates).close()
    delays = np.random.default_rng(replicates)
    before = -1
    for _ in range(kills):
        kill_after(delays.uniform(0.0, 0.08), "append", str(path), str(replicates))
        assert SavedRun.open(path).state == "killed"
        seen = SavedRun.open(path).last
        with RunFolder.open(path) as folder:
            assert folder.last == seen >= before
            check(folder, record, replicates)
            checkpoints = folder.checkpoints.generations()
            for generation in checkpoints:
                loaded, expected = folder.checkpoints.load(generation), state(generation)
                assert loaded.keys() == expected.keys()
                assert all(np.array_equal(loaded[name], expected[name]) for name in expected)
            assert max(checkpoints, default=-1) <= folder.last
            assert not list((path / "state").rglob(".*"))
            before = folder.last
    assert before > 0


@pytest.mark.slow
def test_killed_while_creating(tmp_path: Path, new: Callable[..., RunFolder]) -> None:
    delays = np.random.default_rng(1)
    for _ in range(6):
        kill_after(delays.uniform(0.0, 0.05), "create", str(tmp_path))
    new(tmp_path / "another", 3).close()
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]
    for path in tmp_path.iterdir():
        assert is_run(path)
        RunFolder.open(path).close()
