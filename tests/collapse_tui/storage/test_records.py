"""What is appended reads back, in exactly the bytes that the contract gives."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from collapse_tui.events import Generation
from collapse_tui.storage.errors import DamagedRunError, MissingRecordError, NotARunError
from collapse_tui.storage.folder import RunFolder
from collapse_tui.storage.saved import SavedRun


def test_reads_back(run_path: Path, replicates: int, record: Callable[..., Generation]) -> None:
    run = SavedRun.open(run_path)
    assert run.name == "ten"
    assert run.last == 9
    assert run.metric_names == ("mean", "w1")
    assert run.status["state"] == "finished"
    assert run.experiment_text == "format = 1\nseed = 7\n"
    assert run.provenance["arguments"] == ["batch"]
    assert run.checkpoints.generations() == [2, 5, 9]
    expected = np.stack([record(number, replicates).metrics["w1"] for number in range(10)])
    assert np.array_equal(run.values("w1"), expected)
    assert np.array_equal(run.values("w1", 4, 6), expected[4:6])
    assert run.values("w1", 10).shape == (0, replicates)
    assert [line["seconds"] for line in run.timings()] == [0.5] * 10
    means = run.summaries()["mean"]["mean"]
    assert np.array_equal(means, [record(n, replicates).metrics["mean"].mean() for n in range(10)])
    assert np.isnan(run.summaries()["mean"]["var"]).all()


def test_views_read_back(run_path: Path, record: Callable[..., Generation]) -> None:
    run = SavedRun.open(run_path)
    for number in (0, 9, 4):
        view, expected = run.view(number), record(number, 1).view
        assert view is not None
        assert expected is not None
        assert (view.kind, view.notes) == (expected.kind, expected.notes)
        assert np.array_equal(view.arrays["edges"], expected.arrays["edges"])
    assert run.view(10) is None
    # edges, the same in every view, are stored once
    assert (run_path / "views" / "arrays.bin").stat().st_size == 8 * 5 + 10 * 8 * 6


def test_damaged_view_is_named(run_path: Path) -> None:
    blob = run_path / "views" / "arrays.bin"
    data = bytearray(blob.read_bytes())
    data[50] ^= 1
    blob.write_bytes(data)
    with pytest.raises(DamagedRunError, match=r"arrays\.bin: now of generation 0"):
        SavedRun.open(run_path).view(0)


def test_line_is_the_contract(tmp_path: Path, new: Callable[..., RunFolder]) -> None:
    metrics = {"mean": np.array([0.1, np.nan, 1e-300]), "w1": np.array([np.inf, -0.0, 1e22])}
    summary: dict[str, Any] = {
        "mean": {"n": np.int64(2), "mean": np.float64(1 / 3), "var": np.nan},
        "w1": {"n": 2, "mean": float("inf"), "var": None},
    }
    flags = {"w1": "infinite in 1 of 3"}
    with new(tmp_path / "run", 3) as folder:
        folder.append(Generation(0, metrics, summary, {"stable": 3}, flags), seconds=None)
        line = next(SavedRun.open(folder.path).lines())
    assert line == (
        b'{"generation":0,"summary":{"mean":{"n":2,"mean":0.3333333333333333,"var":null},'
        b'"w1":{"n":2,"mean":null,"var":null}},"stage":{"stable":3},'
        b'"metrics":{"mean":[0.1,null,1e-300],"w1":[null,-0.0,1e+22]},'
        b'"flags":{"w1":"infinite in 1 of 3"}}\n'
    )
    assert np.isnan(SavedRun.open(tmp_path / "run").values("w1")[0, 0])


def test_infinities_survive_in_rows(
    tmp_path: Path, new: Callable[..., RunFolder], record: Callable[..., Generation]
) -> None:
    odd = record(0, 150)
    odd.metrics["w1"][:3] = [np.nan, np.inf, -np.inf]
    with new(tmp_path / "run", 150) as folder:
        folder.append(odd, seconds=None)
        assert folder.matches(odd)
        assert b"metrics" not in next(SavedRun.open(folder.path).lines())
    values = SavedRun.open(tmp_path / "run").values("w1")
    assert np.array_equal(values[0], odd.metrics["w1"], equal_nan=True)


def test_same_records_same_bytes(
    tmp_path: Path,
    run_path: Path,
    replicates: int,
    new: Callable[..., RunFolder],
    record: Callable[..., Generation],
) -> None:
    other = tmp_path / "other"
    with new(other, replicates) as folder:
        for number in range(5):
            folder.append(record(number, replicates), seconds=3.0)
    with RunFolder.open(other) as folder:
        for number in range(5, 10):
            folder.append(record(number, replicates), seconds=None)
    compared = ["metrics.jsonl", *(f"metrics/{name}.f64" for name in ("mean", "w1"))]
    for name in compared[: 1 if replicates == 3 else 3]:
        assert (run_path / name).read_bytes() == (other / name).read_bytes()


def test_matches_sees_the_last_bit(
    run_path: Path, replicates: int, record: Callable[..., Generation]
) -> None:
    with RunFolder.open(run_path) as folder:
        assert all(folder.matches(record(number, replicates)) for number in range(10))
        assert not folder.matches(record(10, replicates))
        changed = record(4, replicates)
        changed.metrics["w1"][-1] = np.nextafter(changed.metrics["w1"][-1], 9.0)
        assert not folder.matches(changed)
        assert not folder.matches(replace(record(4, replicates), stage={"stable": 0}))
        assert len(list(SavedRun.open(folder.path).lines(7))) == 3


def test_truncate(run_path: Path, replicates: int, record: Callable[..., Generation]) -> None:
    with RunFolder.open(run_path) as folder:
        folder.truncate(6)
        assert folder.last == 6
        assert folder.checkpoints.generations() == [2, 5]
        folder.truncate(8)
        assert folder.last == 6
        folder.append(record(7, replicates), seconds=None)
    run = SavedRun.open(run_path)
    assert run.last == 7
    assert run.view(8) is None
    assert len(run.values("mean")) == len(list(run.timings())) == 8
    with RunFolder.open(run_path) as folder:
        folder.truncate(-1)
        assert folder.last == -1
        folder.append(record(0, replicates), seconds=None)


def test_refuses_what_is_not_the_next_record(
    tmp_path: Path, new: Callable[..., RunFolder], record: Callable[..., Generation]
) -> None:
    with new(tmp_path / "run", 3) as folder:
        with pytest.raises(ValueError, match="next record must be 0, got 1"):
            folder.append(record(1, 3), seconds=None)
        with pytest.raises(ValueError, match=r"mean must have shape \(3,\), got \(4,\)"):
            folder.append(record(0, 4), seconds=None)
        with pytest.raises(ValueError, match="must hold the metrics"):
            folder.append(replace(record(0, 3), metrics={}), seconds=None)
        assert folder.last == -1
    with pytest.raises(ValueError, match=r"got '\.\./up'"):
        RunFolder.create(
            tmp_path / "other", experiment="", provenance={}, metric_names=["../up"], replicates=1
        )


def test_amend_status_and_provenance(run_path: Path) -> None:
    with RunFolder.open(run_path) as folder:
        folder.replace_experiment("format = 1\nseed = 8\n")
        folder.update_provenance(ended="today")
        folder.set_status("paused", "on request", generation=9)
    run = SavedRun.open(run_path)
    assert run.experiment_text.endswith("8\n")
    assert run.provenance["ended"] == "today"
    assert run.metric_names == ("mean", "w1")
    assert (run.state, run.status["generation"]) == ("paused", 9)


def test_says_which_record_is_missing(run_path: Path) -> None:
    run = SavedRun.open(run_path)
    with pytest.raises(MissingRecordError, match="holds records 0 to 9, got 10"):
        run.record(10)
    with pytest.raises(MissingRecordError, match="metric must be one of mean, w1, got 'w2'"):
        run.values("w2")


@pytest.mark.parametrize("name", ["experiment.toml", "provenance.json", "metrics.jsonl"])
def test_missing_file_is_named(run_path: Path, name: str) -> None:
    (run_path / name).unlink()
    run = SavedRun.open(run_path)
    for use in (lambda: RunFolder.open(run_path), run.verify):
        with pytest.raises(DamagedRunError, match=f"{name} is missing: restore it") as caught:
            use()
        assert caught.value.exit_code == 2
    for other in {"experiment.toml", "provenance.json", "metrics.jsonl"} - {name}:
        (run_path / other).unlink()
    with pytest.raises(NotARunError, match=r"holds no experiment\.toml, provenance\.json or metr"):
        SavedRun.open(run_path)


def test_garbled_files_are_named(run_path: Path) -> None:
    (run_path / "status.json").write_text("{")
    assert SavedRun.open(run_path).state == "unknown"
    lines = (run_path / "metrics.jsonl").read_bytes().splitlines(keepends=True)
    # a run of an earlier version, whose records no checksum holds
    (run_path / "checksums.jsonl").unlink()
    provenance = json.loads((run_path / "provenance.json").read_text())
    del provenance["run"]
    (run_path / "provenance.json").write_text(json.dumps(provenance))
    (run_path / "metrics.jsonl").write_bytes(b"".join([*lines[:3], b"nonsense\n"]))
    with pytest.raises(DamagedRunError, match=r"metrics\.jsonl, line 4: must be a JSON object"):
        RunFolder.open(run_path)
    (run_path / "metrics.jsonl").write_bytes(b"".join(lines[2:]))
    with pytest.raises(DamagedRunError, match=r"line 8: must be generation 7, got 9"):
        RunFolder.open(run_path)
    (run_path / "provenance.json").write_text(json.dumps({"storage": 3}))
    with pytest.raises(DamagedRunError, match="storage must hold metric_names"):
        RunFolder.open(run_path)
    (run_path / "provenance.json").write_text("\0")
    with pytest.raises(DamagedRunError, match=r"provenance\.json is not JSON"):
        RunFolder.open(run_path)


def test_not_a_run(tmp_path: Path) -> None:
    with pytest.raises(NotARunError, match="does not exist"):
        SavedRun.open(tmp_path / "none")
    with pytest.raises(NotARunError, match="holds no experiment"):
        RunFolder.open(tmp_path)
    assert not list(tmp_path.iterdir())
