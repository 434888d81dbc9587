"""A stored run read for a glance."""

from pathlib import Path

import pytest

from collapse_tui.cli import main
from collapse_tui.presentation.run_preview import MOST_RECORDS, load_preview


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    arguments = ["--preset", "shumailov", "--generations", "700", "--replicates", "2"]
    assert main(["batch", *arguments, "--quiet", "--out", str(tmp_path / "run")]) == 0
    return tmp_path / "run"


def test_some_records_and_the_last_view(stored: Path) -> None:
    found = load_preview(stored)
    assert found.note == ""
    assert found.snapshot.generation == 700
    assert found.snapshot.column("variance", "q50").size == MOST_RECORDS
    assert found.snapshot.view(700).kind == "histogram"
    assert found.snapshot.strip is not None
    assert found.replicates == 2
    assert found.settings["engine.name"] == "gaussian"


def test_what_is_damaged_is_said(stored: Path) -> None:
    (stored / "views" / "index.jsonl").write_bytes(b"{}\n")
    assert "index.jsonl" in load_preview(stored).note
    assert load_preview(stored).snapshot.generation == 700
    (stored / "experiment.toml").write_text("= =")
    assert load_preview(stored).settings == {}
    (stored / "metrics.jsonl").write_text("no json\n")
    assert "metrics.jsonl" in load_preview(stored).note
    assert "does not exist" in load_preview(stored.parent / "gone").note
