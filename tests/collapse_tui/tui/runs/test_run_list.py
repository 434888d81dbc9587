"""The list of saved runs: read once, read again where something changed; pins."""

import shutil
from pathlib import Path

import pytest

from collapse_tui.cli import main
from collapse_tui.presentation import run_rows
from collapse_tui.storage.lock import acquire_lock
from collapse_tui.storage.run_directory import RunDirectory
from collapse_tui.tui.runs import run_list
from collapse_tui.tui.runs.pins import NAME, read_pins, write_pins
from collapse_tui.tui.runs.run_list import RunList


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    """Give two runs, and things beside them that are none."""
    folder = tmp_path / "runs"
    small = ["--generations", "2", "--replicates", "2", "--quiet"]
    assert main(["batch", "--preset", "borkar", *small, "--out", str(folder / "one")]) == 0
    shutil.copytree(folder / "one", folder / "two")
    (folder / ".hidden").mkdir()
    (folder / "thesis").mkdir()
    (folder / "notes.txt").write_text("")
    return folder


def last(listed: RunList) -> dict[str, run_rows.RunRow]:
    *_, rows = listed.read()
    return {row.name: row for row in rows}


def test_only_what_changed_is_read_again(runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    real = run_rows.read_row
    monkeypatch.setattr(run_rows, "read_row", lambda run: read.append(run.name) or real(run))
    listed = RunList(runs)
    first = last(listed)
    assert sorted(first) == sorted(read) == ["one", "two"]
    assert first["one"].preset == "borkar"
    assert first["one"].values["heterozygosity"] > 0
    read.clear()
    assert last(listed)["one"] is first["one"]
    assert read == []
    assert main(["resume", str(runs / "two"), "--generations", "3", "--quiet"]) == 0
    assert last(listed)["two"].generation == 3
    assert read == ["two"]
    shutil.rmtree(runs / "one")
    assert set(last(listed)) == {"two"}


def test_a_run_whose_process_was_killed_is_looked_at_again(runs: Path) -> None:
    listed = RunList(runs)
    with acquire_lock(RunDirectory(runs / "one")):
        assert last(listed)["one"].in_use
    assert not last(listed)["one"].in_use


def test_many_runs_come_in_parts(runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(20):
        shutil.copytree(runs / "one", runs / f"copy{number}")
    monkeypatch.setattr(run_list, "SHARE", 0.0)
    lengths = [len(rows) for rows in RunList(runs).read()]
    assert lengths == sorted(lengths)
    assert lengths[-1] == 22
    assert len(lengths) > 10


def test_a_folder_that_is_not_there_has_no_runs(tmp_path: Path) -> None:
    assert list(RunList(tmp_path / "nowhere").read()) == [[]]


def test_pins_are_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert read_pins() == frozenset()
    assert write_pins([Path("/a"), Path("/b")]) == ""
    assert read_pins() == {Path("/a"), Path("/b")}
    (place,) = tmp_path.rglob(NAME)
    for text in ("{", '{"a": 1}', "[1, 2]", "\xff"):
        place.write_text(text, encoding="latin-1")
        assert read_pins() == frozenset()
    place.unlink()
    place.mkdir()
    assert "cannot write" in write_pins([Path("/a")])
