"""One writer at a time, and no lock outlives its process."""

import errno
import fcntl
import json
import os
import platform
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from collapse_tui.events import Generation
from collapse_tui.storage.catalogue import delete
from collapse_tui.storage.errors import RunLockedError
from collapse_tui.storage.folder import RunFolder
from collapse_tui.storage.lock import LONGEST_SILENCE
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


@pytest.fixture
def no_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file system that knows no flock, such as some NFS."""

    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))

    monkeypatch.setattr(fcntl, "flock", refuse)


@pytest.mark.usefixtures("no_locks")
def test_without_flock_a_file_stands_for_the_lock(
    tmp_path: Path, new: Callable[..., RunFolder]
) -> None:
    path = tmp_path / "run"
    with new(path, 3) as folder:
        assert "knows no file locks" in folder.notes[0]
        assert SavedRun.open(path).state == "running"
        with pytest.raises(RunLockedError, match=f"in use by process {os.getpid()}"):
            RunFolder.open(path)
    assert not (path / "lock.held").exists()
    assert SavedRun.open(path).state == "killed"
    RunFolder.open(path).close()


@pytest.mark.usefixtures("no_locks")
def test_a_lock_that_no_thread_can_keep_is_given_back(
    run_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", refuse)
        with pytest.raises(RuntimeError, match="can't start new thread"):
            RunFolder.open(run_path)
    assert not (run_path / "lock.held").exists()
    RunFolder.open(run_path).close()


@pytest.mark.usefixtures("no_locks")
def test_a_dead_holder_does_not_keep_others_out(
    tmp_path: Path, new: Callable[..., RunFolder]
) -> None:
    path = tmp_path / "run"
    new(path, 3).close()
    elsewhere = path / "lock.held"
    elsewhere.write_text('{"pid": 1, "host": "another machine", "since": "2026"}')
    assert SavedRun.open(path).state == "running"
    with pytest.raises(RunLockedError, match="process 1 on another machine since 2026"):
        RunFolder.open(path)
    # a time to come is no touch of a living holder either: a clock was set back
    for away in (-2 * LONGEST_SILENCE, 2 * LONGEST_SILENCE, 1e9):
        elsewhere.write_text('{"pid": 1, "host": "another machine", "since": "2026"}')
        touched = time.time() + away
        os.utime(elsewhere, (touched, touched))
        assert SavedRun.open(path).state == "killed"
        RunFolder.open(path).close()


@pytest.mark.usefixtures("no_locks")
def test_the_holder_says_that_it_lives(
    tmp_path: Path, new: Callable[..., RunFolder], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("collapse_tui.storage.lock.HEARTBEAT", 0.01)
    path = tmp_path / "run"
    with new(path, 3):
        os.utime(path / "lock.held", (0, 0))
        for _ in range(500):
            if (path / "lock.held").stat().st_mtime > 0:
                break
            time.sleep(0.01)
        assert (path / "lock.held").stat().st_mtime > 0


def test_a_holder_on_a_mount_without_flock_keeps_out_who_has_flock(
    tmp_path: Path, new: Callable[..., RunFolder], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    path = tmp_path / "run"
    with monkeypatch.context() as patched:
        patched.setattr(fcntl, "flock", refuse)
        folder = new(path, 3)
    with folder:
        assert SavedRun.open(path).state == "running"
        for refused in (RunFolder.open, delete):
            with pytest.raises(RunLockedError, match=f"in use by process {os.getpid()}"):
                refused(path)
    RunFolder.open(path).close()


@pytest.mark.usefixtures("no_locks")
def test_the_number_of_a_process_counts_where_it_was_given(
    tmp_path: Path, new: Callable[..., RunFolder]
) -> None:
    path = tmp_path / "run"
    with new(path, 3):
        stated = json.loads((path / "lock.held").read_text())
    elsewhere = path / "lock.held"
    silent = time.time() - 2 * LONGEST_SILENCE

    def state(holder: dict[str, object], touched: float) -> str:
        elsewhere.write_text(json.dumps(stated | holder))
        os.utime(elsewhere, (touched, touched))
        return SavedRun.open(path).state

    now = time.time()
    assert state({}, silent) == "running"
    assert state({"pid": 2**22 + 1}, now) == "killed"
    # before the last start of the machine, or in another container, it was another process
    assert state({"kernel": "another"}, silent) == "killed"
    assert state({"kernel": "another", "pid": 2**22 + 1}, now) == "running"
