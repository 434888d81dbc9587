"""`resume`: continuing a run."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from collapse_tui.storage.saved import SavedRun

Cli = Callable[..., Any]
Contents = Callable[[Path], dict[str, bytes]]


def test_resume_of_a_finished_run_says_so(cli: Cli, small: Path, contents: Contents) -> None:
    before = contents(small)
    ended = cli("resume", "last")
    assert ended.code == 0
    assert "finished already, at generation 12" in ended.err
    assert contents(small) == before


def test_resume_goes_on(cli: Cli, small: Path, runs: Path, contents: Contents) -> None:
    assert cli("resume", small, "--generations", "2e1").code == 0
    assert SavedRun.open(small).last == 20
    preset = small / "experiment.toml"
    assert cli("batch", "--preset", preset, "--out", runs / "whole").code == 0
    assert contents(runs / "whole") == contents(small)


def test_resume_from_an_earlier_generation(cli: Cli, small: Path, contents: Contents) -> None:
    before = contents(small)
    ended = cli("resume", "small", "--from", 4)
    assert ended.code == 0
    assert "finished already" not in ended.err
    assert contents(small) == before


def test_resume_and_fork_print_events_and_keep_quiet(cli: Cli, small: Path, runs: Path) -> None:
    for command in (
        ("resume", small, "--generations", 14, "--device", "cpu"),
        ("resume", small, "--generations", 14),
        ("fork", small, "--at", 5, "--out", runs / "child", "--device", "cpu"),
    ):
        ended = cli(*command, "--json", "--quiet")
        assert (ended.code, ended.err) == (0, "")
        events = [json.loads(line)["event"] for line in ended.out.splitlines()]
        assert events[0] == "started"
        assert events[-1] == "finished"
    ended = cli("fork", small, "--at", 5, "--out", runs / "other", "--quiet")
    assert ended.err == ""
    assert "log_sigma" in ended.out


def test_a_condition_of_a_finished_run_may_come_later(cli: Cli, small: Path) -> None:
    ended = cli("resume", small, "--generations", 500, "--stop", "variance < 0.2")
    assert ended.code == 0
    assert "stopped: the median variance is 0." in ended.err
    again = cli("resume", small)
    assert "finished already" in again.err
    assert "stopped: the median variance is 0." in again.err
    refused = cli("resume", small, "--stop", "variance_sample < 0.1")
    assert refused.code == 2
    assert "stop needs the metric 'variance_sample', which this run does not" in refused.err
