"""`runs`, `runs delete`, `runs prune`."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from collapse_tui.cli.commands.runs import parse_age

Cli = Callable[..., Any]


def test_runs(cli: Cli, small: Path, runs: Path) -> None:
    (runs / "thesis").mkdir()
    ended = cli("runs")
    row = next(line for line in ended.out.splitlines() if "small" in line)
    assert row.split()[:4] == ["small", "finished", "12/12", "3"]
    assert "thesis" not in ended.out
    facts = json.loads(cli("runs", "--json").out)
    assert facts["path"] == str(small)
    assert (facts["generation"], facts["generations"], facts["replicates"]) == (12, 12, 3)
    assert (facts["state"], facts["title"]) == ("finished", "Gaussian refitted on its own samples")


def test_a_damaged_run_does_not_hide_the_others(cli: Cli, small: Path, runs: Path) -> None:
    cli("batch", "--preset", "shumailov", "--generations", 2, "--out", runs / "other")
    (small / "experiment.toml").write_text("= =")
    (small / "provenance.json").write_text("{")
    states = [json.loads(line)["state"] for line in cli("runs", "--json").out.splitlines()]
    assert sorted(states) == ["damaged", "finished"]
    assert "other" in cli("runs").out


def test_check(cli: Cli, small: Path, runs: Path) -> None:
    cli("batch", "--preset", "shumailov", "--generations", 2, "--out", runs / "other")
    ended = cli("runs", "check", "--all")
    assert ended.code == 0
    assert f"{small}: whole, 13 records" in ended.out
    data = bytearray((small / "metrics.jsonl").read_bytes())
    data[-9] ^= 1
    (small / "metrics.jsonl").write_bytes(data)
    for ended in (cli("runs", "check", "--all"), cli("runs", "check", "small")):
        assert ended.code == 1
        assert f"{small / 'metrics.jsonl'} was changed in records" in ended.out
        assert f"collapse-tui resume {small} --from 0" in ended.out
    assert cli("runs", "check", "other").code == 0
    assert cli("runs", "check").code == cli("runs", "check", "--all", "other").code == 2
    for command in (("show", small), ("export", small, runs / "a.csv"), ("resume", small)):
        ended = cli(*command)
        assert (ended.code, ended.out) == (2, "")
        assert "metrics.jsonl was changed in records" in ended.err
    cli("resume", small, "--from", 0)
    assert cli("runs", "check", "--all").code == 0


def test_no_runs(cli: Cli) -> None:
    ended = cli("runs")
    assert (ended.code, ended.out) == (0, "")
    assert "holds no runs" in ended.err


def test_delete(cli: Cli, small: Path, runs: Path) -> None:
    cli("batch", "--preset", "shumailov", "--generations", 2, "--out", runs / "other")
    assert cli("runs", "delete", "small", str(runs / "other")).code == 0
    assert list(runs.iterdir()) == []
    assert not small.exists()


def test_prune(cli: Cli, small: Path, runs: Path) -> None:
    cli("batch", "--preset", "shumailov", "--generations", 2, "--out", runs / "new")
    path = small / "status.json"
    status = json.loads(path.read_text())
    path.write_text(json.dumps(status | {"changed": time.time() - 40 * 86400}))
    assert cli("runs", "prune", "--older", "50d").err.endswith("no run older than 50d\n")
    assert cli("runs", "prune", "--older", "30d", "--yes").code == 0
    assert [run.name for run in runs.iterdir()] == ["new"]


def test_ages() -> None:
    assert [parse_age(text) for text in ("30d", "1.5 h", "2w", "5m", "9s")] == [
        2_592_000, 5400, 1_209_600, 300, 9,
    ]  # fmt: skip


def test_a_file_is_no_folder_of_runs(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    path.write_text("")
    monkeypatch.setenv("COLLAPSE_TUI_RUNS", str(path))
    for command in (("runs",), ("show", "last"), ("batch", "--preset", "shumailov")):
        ended = cli(*command)
        assert ended.code == 2
        assert f"{path} is no folder, so no runs can be kept in it" in ended.err
