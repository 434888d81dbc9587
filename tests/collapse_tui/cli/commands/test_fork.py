"""`fork`: a new run from the middle of another one."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from collapse_tui.cli.commands import fork
from collapse_tui.storage.saved import SavedRun

Cli = Callable[..., Any]
Contents = Callable[[Path], dict[str, bytes]]


def test_fork(cli: Cli, small: Path, runs: Path, contents: Contents) -> None:
    before = contents(small)
    ended = cli(
        "fork", "small", "--at", 5, "--set", "schedule.size=50", "--set", "seed=9",
        "--out", runs / "child",
    )  # fmt: skip
    assert ended.code == 0
    assert "replaying generations 1 to 5 first" in ended.err
    assert ended.err.index("replaying") < ended.err.index("saved in")
    assert contents(small) == before
    parent, child = contents(small), contents(runs / "child")
    lines = [run["metrics.jsonl"].splitlines() for run in (parent, child)]
    # D_6 is the first that the settings reach, and model 7 the first that is fitted on it
    assert lines[0][:7] == lines[1][:7]
    assert lines[0][7] != lines[1][7]
    assert len(lines[1]) == 13
    again = cli("batch", "--preset", runs / "child" / "experiment.toml", "--out", runs / "again")
    assert again.code == 0
    assert contents(runs / "again") == child


def test_a_fork_of_a_kept_state_costs_nothing(small: Path) -> None:
    saved = SavedRun.open(small)
    newest = max(saved.checkpoints.generations())
    assert newest == 12
    assert "replaying generations 1 to 7" in fork.replay_cost(saved, 7, {})
    assert "nothing to replay" in fork.replay_cost(saved, 12, {})


def test_a_fork_is_named_after_its_preset(cli: Cli, runs: Path) -> None:
    cli("batch", "--preset", "shumailov", "--generations", 4, "--quiet")
    cli("fork", "last", "--at", 2)
    assert [len(path.name.split("-")) for path in runs.iterdir()] == [4, 4]


def test_a_fork_needs_no_times_to_say_what_it_costs(cli: Cli, small: Path, runs: Path) -> None:
    lines = (small / "timing.jsonl").read_bytes().splitlines(keepends=True)
    (small / "timing.jsonl").write_bytes(b"".join(lines[:12]) + b'"x"\n')
    assert cli("fork", "small", "--at", 5, "--out", runs / "child").code == 0
    (small / "timing.jsonl").write_bytes(b'{"generation":0,"seconds":"x"}\n')
    said = fork.replay_cost(SavedRun.open(small), 7, {})
    assert said.endswith("replaying generations 1 to 7 first") or "about" in said
