"""A fork is complete in itself."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from collapse_tui.events import Generation
from collapse_tui.storage.errors import (
    DamagedCheckpointError,
    FolderNotEmptyError,
    MissingRecordError,
)
from collapse_tui.storage.folder import RunFolder
from collapse_tui.storage.saved import SavedRun


def fork(parent: Path, path: Path, generation: int) -> RunFolder:
    return RunFolder.fork(
        SavedRun.open(parent),
        path,
        generation=generation,
        experiment="format = 1\nseed = 8\n",
        provenance={"parent": {"path": str(parent), "generation": generation}},
    )


def test_holds_everything_up_to_the_generation(
    tmp_path: Path,
    run_path: Path,
    replicates: int,
    record: Callable[..., Generation],
    state: Callable[[int], dict[str, Any]],
) -> None:
    path = tmp_path / "fork"
    with fork(run_path, path, 6) as folder:
        assert folder.last == 6
        assert folder.checkpoints.generations() == [2, 5]
        assert all(folder.matches(record(number, replicates)) for number in range(7))
        shutil.rmtree(run_path)
        assert np.array_equal(folder.checkpoints.load(5)["once/real"], state(5)["once/real"])
        folder.append(record(7, replicates), seconds=None)
        folder.save_checkpoint(7, state(7))
    run = SavedRun.open(path)
    assert run.experiment_text.endswith("8\n")
    assert run.provenance["parent"] == {"path": str(run_path), "generation": 6}
    assert [line["generation"] for line in run.timings()] == list(range(8))
    assert run.values("w1").shape == (8, replicates)
    for number in range(8):
        view, expected = run.view(number), record(number, replicates).view
        assert view is not None
        assert expected is not None
        assert np.array_equal(view.arrays["now"], expected.arrays["now"])


def test_parent_stays_as_it_is(tmp_path: Path, run_path: Path) -> None:
    before = {
        path: path.read_bytes()
        for path in run_path.rglob("*")
        if path.is_file() and path.name != "lock"
    }
    with fork(run_path, tmp_path / "fork", 9) as folder:
        folder.truncate(0)
    assert {path: path.read_bytes() for path in before} == before


def test_from_a_run_in_progress(
    tmp_path: Path, run_path: Path, replicates: int, record: Callable[..., Generation]
) -> None:
    with RunFolder.open(run_path) as parent:
        parent.append(record(10, replicates), seconds=None)
        with fork(run_path, tmp_path / "fork", 10) as folder:
            assert (folder.last, folder.checkpoints.generations()) == (10, [2, 5, 9])


def test_refusals(tmp_path: Path, run_path: Path) -> None:
    for generation in (-1, 10):
        with pytest.raises(MissingRecordError, match=f"from 0 to 9, .* got {generation}"):
            fork(run_path, tmp_path / "fork", generation)
    with pytest.raises(FolderNotEmptyError):
        fork(run_path, run_path, 3)
    assert [path.name for path in tmp_path.iterdir()] == ["runs"]


def test_damaged_checkpoints_stay_behind_or_stay_detected(tmp_path: Path, run_path: Path) -> None:
    (run_path / "state" / "5.npz").write_bytes(b"short")
    (run_path / "state" / "2.json").write_text("{")
    with fork(run_path, tmp_path / "fork", 9) as folder:
        assert folder.checkpoints.generations() == [5, 9]
        assert folder.checkpoints.load(9)
        with pytest.raises(DamagedCheckpointError, match="--from 9"):
            folder.checkpoints.load(5)
