"""Runs that the screen opens: a stored one is verified as on the command line, a long one shown by
some records, a new one may take the place of another."""

from pathlib import Path

import pytest

from collapse_tui.cli import main
from collapse_tui.events import Generation, Started
from collapse_tui.storage.saved import SavedRun
from collapse_tui.tui.runs import launcher
from collapse_tui.tui.runs.descriptions import CannotStart
from collapse_tui.tui.runs.launcher import Launcher


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    """Give a finished run of 61 records."""
    folder = tmp_path / "run"
    arguments = ("--preset", "shumailov", "--generations", "60", "--replicates", "3")
    assert main(["batch", *arguments, "--quiet", "--out", str(folder)]) == 0
    return folder


def test_a_damaged_run_is_refused_in_the_words_of_the_command_line(
    stored: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = stored / "metrics.jsonl"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    capsys.readouterr()
    assert main(["resume", str(stored)]) == 2
    said = capsys.readouterr().err
    with pytest.raises(CannotStart) as refusal:
        Launcher(stored.parent).resume(stored)
    assert f"error: {refusal.value}\n" == said
    assert "was changed in" in said


@pytest.mark.parametrize("most", [61, 60])
def test_some_records_of_a_long_run_are_shown_and_that_is_said(
    stored: Path, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(launcher, "MOST_ROWS", most)
    monkeypatch.setattr(launcher, "MOST_STORED", 13)
    events = list(Launcher(stored.parent).resume(stored).events)
    records = [event for event in events if isinstance(event, Generation)]
    some = [*range(0, 60, 8), 60] if most < 61 else list(range(61))
    assert [one.generation for one in records] == some
    assert all(one.view is not None for one in records)
    (started,) = (event for event in events if isinstance(event, Started))
    note = "9 of 61 stored records are shown, evenly spaced"
    assert (note in started.notes) == (most < 61)


def finish(launch: Launcher, **settings: object) -> None:
    small = {"generations": 2, "replicates": 2, "schedule.size": 9}
    list(launch.open("shumailov", small | settings).events)


def test_a_run_is_replaced_once_the_other_one_can_start(tmp_path: Path) -> None:
    out = tmp_path / "run"
    finish(Launcher(tmp_path, out))
    with pytest.raises(CannotStart, match="is not empty"):
        finish(Launcher(tmp_path, out), generations=3)
    for device, key, value in (("auto", "source.sd", -1), ("auto", "replicates", 10**12),
                               ("cuda:9", "seed", 2)):  # fmt: skip
        with pytest.raises(CannotStart):
            finish(Launcher(tmp_path, out, device, replace=True), **{key: value})
        assert SavedRun.open(out).last == 2
    finish(Launcher(tmp_path, out, replace=True), generations=3)
    assert SavedRun.open(out).last == 3
