"""`runs`, `runs delete`, `runs prune`."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

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
