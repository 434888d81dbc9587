"""One writer at a time, and no lock outlives its process."""

import os
import platform
from collections.abc import Callable
from pathlib import Path

import pytest

from collapse_tui.events import Generation
from collapse_tui.storage.catalogue import delete
from collapse_tui.storage.errors import RunLockedError
from collapse_tui.storage.folder import RunFolder
from collapse_tui.storage.saved import SavedRun


def test_names_the_holder(
    tmp_path: Path, new: Callable[..., RunFolder], record: Callable[..., Generation]
) -> None:
    path = tmp_path / "run"
    with new(path, 3) as folder:
        folder.append(record(0, 3), seconds=None)
        for refused in (RunFolder.open, delete):
            with pytest.raises(RunLockedError) as caught:
                refused(path)
            said = f"{path} is in use by process {os.getpid()} on {platform.node()} since 20"
            assert said in str(caught.value)
            assert caught.value.exit_code == 2
        run = SavedRun.open(path)
        assert (run.state, run.last) == ("running", 0)
    assert run.state == "killed"
    RunFolder.open(path).close()


def test_close_twice(tmp_path: Path, new: Callable[..., RunFolder]) -> None:
    folder = new(tmp_path / "run", 3)
    folder.close()
    folder.close()
    RunFolder.open(tmp_path / "run").close()


def test_looking_does_not_disturb_the_writer(tmp_path: Path, new: Callable[..., RunFolder]) -> None:
    new(tmp_path / "run", 3).close()
    run = SavedRun.open(tmp_path / "run")
    for _ in range(50):
        assert run.state == "killed"
        RunFolder.open(tmp_path / "run").close()


def test_failed_opening_gives_the_lock_back(run_path: Path) -> None:
    text = (run_path / "provenance.json").read_text()
    (run_path / "provenance.json").write_text("")
    with pytest.raises(Exception, match="not JSON"):
        RunFolder.open(run_path)
    (run_path / "provenance.json").write_text(text)
    RunFolder.open(run_path).close()
