"""A disk that refuses: one sentence, and what was complete stays so.

Root ignores permissions, so the refusals are simulated at the system calls.
"""

import errno
import os
from collections.abc import Callable
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from collapse_tui.events import Generation
from collapse_tui.storage.errors import StorageFailedError
from collapse_tui.storage.folder import RunFolder
from collapse_tui.storage.saved import SavedRun

REFUSALS = {
    errno.ENOSPC: "the disk is full",
    errno.EROFS: "the disk is read-only",
    errno.EACCES: "permission was denied",
    errno.EIO: "the disk does not answer",
}


@pytest.mark.parametrize(("number", "allowed"), product(REFUSALS, range(6)))
def test_append_is_taken_back(
    tmp_path: Path,
    new: Callable[..., RunFolder],
    record: Callable[..., Generation],
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    allowed: int,
) -> None:
    with new(tmp_path / "run", 150) as folder:
        folder.append(record(0, 150), seconds=None)
        calls = 0

        def refuse(descriptor: int, data: bytes) -> int:
            nonlocal calls
            calls += 1
            if calls <= allowed:
                return original(descriptor, data)
            if calls == allowed + 1:
                return original(descriptor, data[: len(data) // 2])
            raise OSError(number, os.strerror(number))

        original = os.write
        with monkeypatch.context() as patched:
            patched.setattr(os, "write", refuse)
            with pytest.raises(StorageFailedError, match=REFUSALS[number]) as caught:
                folder.append(record(1, 150), seconds=None)
            assert caught.value.exit_code == 1
            assert str(tmp_path / "run") in str(caught.value)
        assert SavedRun.open(folder.path).last == folder.last == 0
        folder.append(record(1, 150), seconds=None)
        assert folder.matches(record(1, 150))


def test_short_writes_are_completed(
    tmp_path: Path,
    new: Callable[..., RunFolder],
    record: Callable[..., Generation],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    original = os.write
    with new(tmp_path / "run", 150) as folder:

        def write_little(descriptor: int, data: bytes) -> int:
            return original(descriptor, data[:100])

        monkeypatch.setattr(os, "write", write_little)
        folder.append(record(0, 150), seconds=None)
        assert folder.matches(record(0, 150))


def test_checkpoint_on_a_full_disk_is_absent(
    run_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "no")

    with RunFolder.open(run_path) as folder:
        with monkeypatch.context() as patched:
            patched.setattr(os, "replace", refuse)
            with pytest.raises(StorageFailedError, match="the disk is full"):
                folder.save_checkpoint(9, {"big": np.zeros(1000)})
            with pytest.raises(StorageFailedError, match="the disk is full"):
                folder.replace_experiment("format = 2")
        assert not list((run_path / "state").glob(".*.npz.tmp"))
        assert "big" not in folder.checkpoints.load(9)
    assert SavedRun.open(run_path).experiment_text.startswith("format = 1")


def test_create_where_nothing_can_be_written(new: Callable[..., RunFolder]) -> None:
    with pytest.raises(StorageFailedError, match="cannot write /proc/none") as caught:
        new(Path("/proc/none/run"), 3)
    assert caught.value.exit_code == 2


def test_create_on_a_read_only_disk(
    tmp_path: Path, new: Callable[..., RunFolder], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> int:
        raise OSError(errno.EROFS, "no")

    with monkeypatch.context() as patched:
        patched.setattr(os, "write", refuse)
        with pytest.raises(StorageFailedError, match="read-only; choose another place") as caught:
            new(tmp_path / "run", 3)
        assert caught.value.exit_code == 2
    assert not list(tmp_path.iterdir())


def test_run_deleted_meanwhile(tmp_path: Path, new: Callable[..., RunFolder]) -> None:
    with new(tmp_path / "run", 3) as folder:
        (tmp_path / "run").rename(tmp_path / "moved")
        with pytest.raises(StorageFailedError, match="moved or deleted meanwhile"):
            folder.set_status("finished")
