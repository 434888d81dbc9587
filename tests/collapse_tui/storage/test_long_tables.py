"""Tables of any length are looked up and exported without being held in memory."""

import json
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collapse_tui.storage.errors import DamagedRunError
from collapse_tui.storage.export import export
from collapse_tui.storage.folder import RunFolder
from collapse_tui.storage.jsonl import LineFile
from collapse_tui.storage.run_directory import RunDirectory
from collapse_tui.storage.saved import SavedRun

RECORDS = 1000


@settings(max_examples=25)
@given(
    generations=st.lists(st.integers(0, 300), unique=True).map(sorted),
    wanted=st.lists(st.integers(0, 310), unique=True).map(sorted),
    widths=st.lists(st.integers(0, 90), min_size=301, max_size=301),
    torn=st.booleans(),
)
def test_lines_are_found_by_bisection(
    tmp_path_factory: pytest.TempPathFactory,
    generations: list[int],
    wanted: list[int],
    widths: list[int],
    *,
    torn: bool,
) -> None:
    folder = tmp_path_factory.mktemp("table")
    lines = [json.dumps({"generation": n, "text": "x" * widths[n]}) for n in generations]
    text = "".join(line + "\n" for line in lines)
    (folder / "metrics.jsonl").write_text(text + '{"generation":309,"te' * torn)
    table = LineFile(RunDirectory(folder), "metrics.jsonl")
    found = [line["generation"] for line in table.pick(wanted)]
    assert found == [n for n in wanted if n in set(generations)]


def test_a_line_that_is_none_is_named_by_its_place(tmp_path: Path) -> None:
    (tmp_path / "metrics.jsonl").write_text('{"generation":0}\nnonsense\n{"generation":2}\n')
    table = LineFile(RunDirectory(tmp_path), "metrics.jsonl")
    with pytest.raises(DamagedRunError, match=r"metrics\.jsonl, byte 17: must be a JSON object"):
        list(table.pick([1]))


def write_long_run(path: Path, new: Callable[..., RunFolder], replicates: int) -> SavedRun:
    """Make a run of many records, each with the same values in other generations."""
    new(path, replicates).close()
    statistics = dict.fromkeys(("n", "mean", "var", "q05", "q25", "q50", "q75", "q95"), 0.5)
    with (path / "metrics.jsonl").open("w") as file:
        for n in range(RECORDS):
            record = {
                "generation": n,
                "summary": {"mean": statistics | {"mean": float(n)}, "w1": statistics},
                "stage": {"stable": replicates},
                "metrics": {"mean": [n + 0.25] * replicates, "w1": [0.5] * replicates},
                "flags": {},
            }
            file.write(json.dumps(record, separators=(",", ":")) + "\n")
    return SavedRun.open(path)


@pytest.mark.parametrize("suffix", ["csv", "replicates.csv", "json", "npz", "parquet"])
def test_an_export_holds_a_part_of_a_run_at_a_time(
    tmp_path: Path, new: Callable[..., RunFolder], monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    monkeypatch.setattr("collapse_tui.storage.export._ROWS_AT_ONCE", 128)
    run = write_long_run(tmp_path / "run", new, 4)
    target = tmp_path / f"run.{suffix}"
    export(run, tmp_path / f"first.{suffix}")  # imports count for nothing
    tracemalloc.start()
    export(run, target)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    # as objects all records take 4 MB
    assert peak < 1_000_000


def test_npz_of_several_parts_is_whole(
    tmp_path: Path, new: Callable[..., RunFolder], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("collapse_tui.storage.export._ROWS_AT_ONCE", 4 * 300)
    run = write_long_run(tmp_path / "run", new, 4)
    export(run, tmp_path / "run.npz")
    with np.load(tmp_path / "run.npz", allow_pickle=False) as arrays:
        assert set(arrays) >= {"generation", "mean", "w1", "w1_q95", "stage_stable", "stage_late"}
        assert np.array_equal(arrays["generation"], np.arange(RECORDS))
        assert np.array_equal(arrays["mean"], np.tile(np.arange(RECORDS)[:, None] + 0.25, 4))
        assert np.array_equal(arrays["mean_mean"], np.arange(RECORDS))
        assert (arrays["stage_stable"] == 4).all()
        assert arrays["stage_stable"].dtype == np.int64
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["run.npz"]
