"""A run in the formats of other programs."""

import csv
import importlib
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from collapse_tui.events import Generation
from collapse_tui.storage.errors import ExportError
from collapse_tui.storage.export import export
from collapse_tui.storage.folder import RunFolder
from collapse_tui.storage.saved import SavedRun
from collapse_tui.visible_text import to_visible
from engines.thresholds import STAGES


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def run(run_path: Path) -> SavedRun:
    """Give a run whose last line is torn."""
    with (run_path / "metrics.jsonl").open("ab") as file:
        file.write(b'{"generation":10,"summ')
    return SavedRun.open(run_path)


def test_summary_csv(run: SavedRun, tmp_path: Path) -> None:
    export(run, tmp_path / "run.csv")
    table = rows(tmp_path / "run.csv")
    assert [row["generation"] for row in table] == [str(number) for number in range(10)]
    for row, record in zip(table, run.records(), strict=True):
        assert float(row["w1_mean"]) == record["summary"]["w1"]["mean"]
        assert row["w1_n"] == str(run.layout.replicates)
        assert row["w1_var"] == row["w1_q95"] == ""
        # Every stage has a column, also those that no replicate is in at generation 0.
        counts = {key: int(row[key]) for key in row if key.startswith("stage_")}
        assert counts == {f"stage_{stage}": record["stage"].get(stage, 0) for stage in STAGES}


def test_replicates_csv(run: SavedRun, tmp_path: Path) -> None:
    export(run, tmp_path / "run.replicates.csv")
    table = rows(tmp_path / "run.replicates.csv")
    assert list(table[0]) == ["generation", "replicate", "mean", "w1"]
    values = np.array([float(row["w1"]) for row in table])
    assert np.array_equal(values.reshape(10, -1), run.values("w1"))
    assert table[-1]["replicate"] == str(run.layout.replicates - 1)


def test_json(run: SavedRun, tmp_path: Path) -> None:
    export(run, tmp_path / "run.json")
    document = json.loads((tmp_path / "run.json").read_text())
    assert document["experiment"] == {"format": 1, "seed": 7}
    assert document["name"] == "ten"
    assert document["records"] == list(run.records())


def test_npz(run: SavedRun, tmp_path: Path) -> None:
    export(run, tmp_path / "run.npz")
    with np.load(tmp_path / "run.npz", allow_pickle=False) as arrays:
        assert np.array_equal(arrays["generation"], np.arange(10))
        assert np.array_equal(arrays["w1"], run.values("w1"))
        assert np.array_equal(arrays["w1_mean"], run.summaries()["w1"]["mean"])
        assert np.array_equal(arrays["stage_stable"], np.ones(10))
        assert np.array_equal(arrays["stage_late"], np.zeros(10))


def test_parquet(run: SavedRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parquet: Any = importlib.import_module("pyarrow.parquet")
    monkeypatch.setattr("collapse_tui.storage.export._ROWS_AT_ONCE", 4 * run.layout.replicates)
    export(run, tmp_path / "run.parquet")
    table = parquet.read_table(tmp_path / "run.parquet")
    assert table.column_names == ["generation", "replicate", "mean", "w1"]
    values = table.column("w1").to_numpy().reshape(10, -1)
    assert np.array_equal(values, run.values("w1"))
    assert table.schema.metadata[b"experiment.toml"] == run.experiment_text.encode()


def test_undefined_is_empty_and_infinite_stays(
    tmp_path: Path, new: Callable[..., RunFolder], record: Callable[..., Generation]
) -> None:
    odd = record(0, 150)
    odd.metrics["w1"][:2] = [np.nan, np.inf]
    with new(tmp_path / "run", 150) as folder:
        folder.append(odd, seconds=None)
    run = SavedRun.open(tmp_path / "run")
    export(run, tmp_path / "a.replicates.csv")
    assert [row["w1"] for row in rows(tmp_path / "a.replicates.csv")][:2] == ["", "inf"]
    export(run, tmp_path / "a.parquet")
    parquet: Any = importlib.import_module("pyarrow.parquet")
    column = parquet.read_table(tmp_path / "a.parquet").column("w1")
    assert (column.null_count, column[1].as_py()) == (1, np.inf)


@pytest.mark.parametrize("suffix", ["csv", "replicates.csv", "json", "npz", "parquet", "tfevents"])
def test_run_without_records(tmp_path: Path, new: Callable[..., RunFolder], suffix: str) -> None:
    new(tmp_path / "run", 150).close()
    export(SavedRun.open(tmp_path / "run"), tmp_path / f"empty.{suffix}")
    assert (tmp_path / f"empty.{suffix}").stat().st_size > 0


def test_refusals(run: SavedRun, tmp_path: Path) -> None:
    target = tmp_path / "run.csv"
    target.write_text("precious")
    with pytest.raises(ExportError, match="already exists") as caught:
        export(run, target)
    assert caught.value.exit_code == 2
    assert target.read_text() == "precious"
    export(run, target, force=True)
    assert len(rows(target)) == 10
    for name in ("run.xlsx", "run", "run.svg"):
        with pytest.raises(
            ExportError, match=r"must end in one of .*\.csv .*\.parquet \.tfevents, got"
        ):
            export(run, tmp_path / name)
    with pytest.raises(ExportError, match="is not a folder; make it first"):
        export(run, tmp_path / "none" / "run.csv")
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(ExportError, match="is a folder"):
        export(run, tmp_path / "folder.csv")
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_values_json_cannot_hold(tmp_path: Path, run: SavedRun) -> None:
    text = "when = 2026-11-03\nlimits = [inf, -inf]\nunicode = 'é'\n"
    with RunFolder.open(run.path) as folder:
        folder.replace_experiment(text)
    export(run, tmp_path / "run.json")
    experiment = json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))["experiment"]
    assert experiment == {"when": "2026-11-03", "limits": ["inf", "-inf"], "unicode": "é"}


def test_a_name_that_is_no_utf8_or_holds_controls(tmp_path: Path, run: SavedRun) -> None:
    name = os.fsdecode("run \x9b2J\u202e".encode() + b"\xff")
    moved = SavedRun.open(run.path.rename(tmp_path / name))
    export(moved, tmp_path / "run.json")
    text = (tmp_path / "run.json").read_text(encoding="utf-8")
    assert json.loads(text)["name"] == name
    assert text == to_visible(text)


def test_no_export_takes_the_name_of_a_file_of_a_run(run: SavedRun, tmp_path: Path) -> None:
    other = run.path.parent / "other"
    shutil.copytree(run.path, other)
    link = tmp_path / "link"
    link.symlink_to(run.path)
    kept = {path: path.read_bytes() for path in run.path.rglob("*") if path.is_file()}
    for folder in (run.path, other, link, run.path / "state" / ".."):
        for name in ("status.json", "provenance.json", "state/0.npz", "state/11.json"):
            with pytest.raises(ExportError, match="the name of a file of the run in"):
                export(run, folder / name, force=True)
    assert {path: path.read_bytes() for path in run.path.rglob("*") if path.is_file()} == kept
    export(run, run.path / "numbers.csv")
    export(run, tmp_path / "status.json")
