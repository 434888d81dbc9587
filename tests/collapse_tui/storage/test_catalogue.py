"""Making, finding and deleting runs."""

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from pathlib import Path

import pytest

from collapse_tui.storage.catalogue import delete, locate, new_run_folder, saved_runs
from collapse_tui.storage.errors import FolderNotEmptyError, NotARunError
from collapse_tui.storage.folder import RunFolder
from collapse_tui.storage.runs_folder import runs_folder
from collapse_tui.storage.saved import SavedRun


def dead_process() -> int:
    """Return the number of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-S", "-c", ""])
    process.wait()
    return process.pid


def test_new_run_needs_a_free_folder(tmp_path: Path, new: Callable[..., RunFolder]) -> None:
    (tmp_path / "used").mkdir()
    (tmp_path / "used" / "thesis.tex").touch()
    (tmp_path / "file").touch()
    with pytest.raises(FolderNotEmptyError, match=r"not empty \(it holds thesis\.tex\)") as caught:
        new(tmp_path / "used", 3)
    assert caught.value.exit_code == 2
    with pytest.raises(FolderNotEmptyError, match="file is a file"):
        new(tmp_path / "file", 3)
    assert sorted(os.listdir(tmp_path)) == ["file", "used"]
    (tmp_path / "empty").mkdir()
    for path in (tmp_path / "empty", tmp_path / "above" / "deeper"):
        with new(path, 3) as folder:
            assert folder.last == -1
        assert SavedRun.open(path).last == -1


def test_current_folder_stays_the_same(
    tmp_path: Path, new: Callable[..., RunFolder], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    number = tmp_path.stat().st_ino
    with new(Path(), 150) as folder:
        assert folder.path == tmp_path.resolve()
    assert tmp_path.stat().st_ino == number
    assert SavedRun.open(tmp_path).last == -1
    assert not [name for name in os.listdir(tmp_path) if name.startswith(".")]


def test_leftovers_of_dead_processes_go(tmp_path: Path, new: Callable[..., RunFolder]) -> None:
    dead = tmp_path / f".run.partial-{dead_process()}-0123abcd"
    living = tmp_path / f".run.partial-{os.getpid()}-0123abcd"
    other = tmp_path / ".config"
    for path in (dead, living, other):
        path.mkdir()
    new(tmp_path / "run", 3).close()
    assert (dead.exists(), living.exists(), other.exists()) == (False, True, True)


def test_locate(
    tmp_path: Path, new: Callable[..., RunFolder], monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = tmp_path / "runs"
    with pytest.raises(NotARunError, match="no last run"):
        locate("last", runs)
    for name in ("borji-1", "borji-2", "borkar"):
        with new(runs / name, 3) as folder:
            folder.set_status("finished")
    (runs / "notes").mkdir()
    assert [run.name for run in saved_runs(runs)] == ["borkar", "borji-2", "borji-1"]
    with RunFolder.open(runs / "borji-1") as folder:
        folder.set_status("interrupted")
    assert locate("last", runs) == runs / "borji-1"
    assert locate("borkar", runs) == runs / "borkar"
    assert locate(str(runs / "borji-2"), runs) == runs / "borji-2"
    monkeypatch.chdir(tmp_path)
    assert locate("runs/borji-2", tmp_path / "else") == runs / "borji-2"
    with pytest.raises(NotARunError, match="did you mean 'borkar'"):
        locate("borkat", runs)
    with pytest.raises(NotARunError, match="`collapse-tui runs` lists the 3 there"):
        locate("zzz", runs)
    with pytest.raises(NotARunError, match="give the folder it is in"):
        locate(str(runs / "borkar" / "experiment.toml"), runs)
    with pytest.raises(NotARunError, match="holds none"):
        locate("zzz", tmp_path / "else")


def test_runs_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLLAPSE_TUI_RUNS", str(tmp_path / "variable"))
    assert runs_folder(str(tmp_path / "option")) == tmp_path / "option"
    assert runs_folder(None) == tmp_path / "variable"
    monkeypatch.delenv("COLLAPSE_TUI_RUNS")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    if sys.platform == "linux":
        assert runs_folder(None) == tmp_path / "collapse-tui" / "runs"


def test_delete(run_path: Path) -> None:
    for refused in (run_path.parent, run_path / "state", run_path / "none"):
        with pytest.raises(NotARunError):
            delete(refused)
    assert SavedRun.open(run_path).last == 9
    delete(run_path)
    assert not list(run_path.parent.iterdir())


def test_import_is_light() -> None:
    code = (
        "import sys, collapse_tui.storage.folder, collapse_tui.storage.export; "
        "print([n for n in ('pyarrow','platformdirs','scipy','tomllib.x') if n in sys.modules])"
    )
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"


def test_a_name_that_is_taken_is_not_chosen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    endings = iter(("0a0a", "0a0a", "1b1b"))

    def choose_ending(size: int) -> str:
        assert size == 2
        return next(endings)

    monkeypatch.setattr("secrets.token_hex", choose_ending)
    monkeypatch.setattr("collapse_tui.storage.catalogue.datetime", FixedClock)
    first = new_run_folder(tmp_path, "borji")
    first.symlink_to("nowhere")
    assert new_run_folder(tmp_path, "borji").name == "borji-20261127-120000-1b1b"


class FixedClock(datetime):
    """A clock that stands still."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> "FixedClock":
        """Return always the same time."""
        return cls(2026, 11, 27, 12, tzinfo=tz or UTC)

    def astimezone(self, tz: tzinfo | None = None) -> "FixedClock":
        """Return the time unchanged."""
        del tz
        return self
