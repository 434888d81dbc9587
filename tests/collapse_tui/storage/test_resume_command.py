"""The command that is offered continues the run, whatever its folder is called."""

import os
import shlex
import shutil
from pathlib import Path

import pytest

from collapse_tui.storage.catalogue import locate
from collapse_tui.storage.layout import EXPERIMENT, PROVENANCE, RECORDS
from collapse_tui.storage.resume_command import resume_command
from collapse_tui.storage.runs_folder import runs_folder

NAMES = ("borji-1", "with space", 'it\'s "quoted"', "$HOME", "-dash", "last", "~", "новый", "a;b")


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("COLLAPSE_TUI_RUNS", str(tmp_path / "runs"))
    return tmp_path / "runs"


def make_run(folder: Path) -> Path:
    folder.mkdir(parents=True)
    for name in (EXPERIMENT, PROVENANCE, RECORDS):
        (folder / name).touch()
    return folder.resolve()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("brief", [True, False])
def test_the_command_finds_the_run(runs: Path, tmp_path: Path, name: str, brief: bool) -> None:
    for folder in (make_run(runs / name), make_run(tmp_path / "elsewhere" / name)):
        program, command, run, *options = shlex.split(
            resume_command(folder, "--from", "3", brief=brief)
        )
        assert (program, command, options) == ("collapse-tui", "resume", ["--from", "3"])
        assert not run.startswith("-")
        assert locate(run, runs_folder(None)) == folder


def test_a_name_is_enough_in_the_runs_folder_unless_another_run_hides_it(
    runs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_run(runs / "small")
    assert resume_command(folder, brief=True) == "collapse-tui resume small"
    monkeypatch.chdir(tmp_path)
    make_run(tmp_path / "small")
    assert resume_command(folder, brief=True) == f"collapse-tui resume {folder}"


def test_a_deleted_working_directory_hides_nothing(
    runs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_run(runs / "small")
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    shutil.rmtree(tmp_path / "gone")
    assert resume_command(folder, brief=True) == "collapse-tui resume small"
    os.chdir(tmp_path)
