"""The pictures of the picker: as shipped, else of the newest run of one's own."""

from pathlib import Path

import pytest

from collapse_tui.cli import main
from collapse_tui.tui.runs import pictures
from collapse_tui.tui.runs.descriptions import Entry
from collapse_tui.tui.runs.pictures import find_picture

STAMPS = ("20261128-101500-ab12", "20261128-111500-cd34")


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    """Give a folder with two runs of a preset, the later one with fewer generations."""
    for stamp, generations in zip(STAMPS, ("9", "6"), strict=True):
        folder = tmp_path / f"shumailov-{stamp}"
        small = ("--generations", generations, "--replicates", "3", "--quiet")
        assert main(["batch", "--preset", "shumailov", *small, "--out", str(folder)]) == 0
    return tmp_path


def test_the_shipped_sketch_goes_first(stored: Path) -> None:
    scene = find_picture(Entry("variance", "shumailov", ""), stored)
    assert scene is not None
    assert scene.snapshot.generation == 1000


def test_without_one_the_newest_run_is_drawn(stored: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "read_shipped", lambda _: None)
    scene = find_picture(Entry("variance", "shumailov", ""), stored)
    assert scene is not None
    assert scene.snapshot.generation == 6
    assert scene.snapshot.strip is not None
    assert find_picture(Entry("variance", "suresh-gaussian", ""), stored) is None


def test_a_damaged_run_hides_no_earlier_one(stored: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "read_shipped", lambda _: None)
    (stored / f"shumailov-{STAMPS[1]}" / "metrics.jsonl").write_text("{")
    scene = find_picture(Entry("variance", "shumailov", ""), stored)
    assert scene is not None
    assert scene.snapshot.generation == 9


def test_a_saved_run_shows_itself(stored: Path) -> None:
    path = stored / f"shumailov-{STAMPS[0]}"
    scene = find_picture(Entry("saved runs", path.name, "", path), stored)
    assert scene is not None
    assert scene.snapshot.generation == 9
