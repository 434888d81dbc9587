"""What a list says of runs: whole, damaged, in use, gone."""

import shutil
from pathlib import Path

import pytest

from collapse_tui.storage.file_names import EXPERIMENT, PROVENANCE, RECORDS, STATUS
from collapse_tui.storage.lock import acquire_lock
from collapse_tui.storage.run_directory import RunDirectory
from collapse_tui.storage.run_facts import change_stamp, disk_bytes, read_facts
from collapse_tui.storage.saved import SavedRun


def test_facts_of_a_whole_run(run_path: Path, replicates: int) -> None:
    facts = read_facts(SavedRun(run_path))
    assert (facts.generation, facts.replicates, facts.state) == (9, replicates, "finished")
    assert facts.document["seed"] == 7
    assert facts.writer == facts.reason == ""
    files = (file for file in run_path.rglob("*") if file.is_file())
    assert disk_bytes(SavedRun(run_path)) == sum(file.stat().st_size for file in files)


def test_who_writes_it_is_named_for_short(run_path: Path) -> None:
    with acquire_lock(RunDirectory(run_path)):
        writer = read_facts(SavedRun(run_path)).writer
    assert writer.startswith("process ")
    assert "since" not in writer
    assert read_facts(SavedRun(run_path)).writer == ""


@pytest.mark.parametrize(
    ("name", "text"), [(EXPERIMENT, "= ="), (PROVENANCE, "{"), (STATUS, '{"state": "odd"}')]
)
def test_whatever_is_damaged_is_said(run_path: Path, name: str, text: str) -> None:
    (run_path / name).write_text(text)
    facts = read_facts(SavedRun(run_path))
    assert facts.state == ("unknown" if name == STATUS else "damaged")
    assert name in facts.reason


def test_lost_records_and_lost_runs_are_said(run_path: Path) -> None:
    (run_path / RECORDS).unlink()
    assert read_facts(SavedRun(run_path)).state == "damaged"
    shutil.rmtree(run_path)
    facts = read_facts(SavedRun(run_path))
    assert (facts.state, facts.changed) == ("damaged", 0.0)


def test_a_stamp_changes_with_the_run_alone(run_path: Path, tmp_path: Path) -> None:
    before = change_stamp(run_path)
    assert change_stamp(run_path) == before
    with (run_path / RECORDS).open("ab") as file:
        file.write(b"{}\n")
    assert change_stamp(run_path) != before
    assert change_stamp(tmp_path / "gone") == ((0, 0),) * 3
