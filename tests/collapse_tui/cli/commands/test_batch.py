"""`batch`: its table, its events, its folder, its progress."""

import json
import math
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from collapse_tui.cli import json_events, progress
from collapse_tui.cli.follow import Follower
from collapse_tui.control import Control
from collapse_tui.events import (
    Checkpointed,
    Curve,
    Event,
    Failed,
    Generation,
    Intervened,
    Progress,
    Started,
)
from collapse_tui.experiment.loader import load
from collapse_tui.presentation import summary_table
from collapse_tui.storage.saved import SavedRun

Cli = Callable[..., Any]
SMALL = ("batch", "--preset", "shumailov", "--generations", 6, "--replicates", 4)


def test_the_table_holds_what_the_folder_holds(cli: Cli, runs: Path) -> None:
    ended = cli(*SMALL, "--seed", 5, "--set", "schedule.size=1e2", "--out", runs / "a")
    assert ended.code == 0
    run = SavedRun.open(runs / "a")
    found = [re.match(r"(?:\S.*?\((\w+)\)|(\S+))(.*)", line) for line in ended.out.splitlines()]
    rows = {match[1] or match[2]: match[3].split() for match in found if match}
    assert rows["metric"][-2:] == ["theory", "z"]
    for metric in run.metric_names:
        median, mean = (run.record(6)["summary"][metric][name] for name in ("q50", "mean"))
        shown = [float(cell.replace("−", "-")) for cell in rows[metric][1:3]]
        assert shown == pytest.approx([median, mean], rel=1e-3)
    assert rows["log_sigma"][4] not in {"–", ""}
    assert "diagnosis:" in ended.out
    assert f"saved in {runs / 'a'}" in ended.err
    assert "also sweeps schedule.size" in ended.err
    assert "seed = 5" in (runs / "a" / "experiment.toml").read_text()


def test_one_replicate_has_no_median(cli: Cli) -> None:
    out = cli(*SMALL[:-1], 1).out
    assert "median" not in out
    assert "mean, generation" not in out


def test_json_is_one_event_a_line(cli: Cli, runs: Path) -> None:
    ended = cli(*SMALL, "--json", "--quiet", "--out", runs / "a")
    assert ended.err == ""
    events = [json.loads(line) for line in ended.out.splitlines()]
    assert events[0]["event"] == "started"
    assert events[0]["folder"] == str(runs / "a")
    assert {law["metric"] for law in events[0]["theory"]} > {"log_sigma"}
    assert events[-1] == {
        "event": "finished", "generation": 6, "folder": str(runs / "a"), "reason": "finished",
        "condition": "",
    }  # fmt: skip
    records = [event for event in events if event["event"] == "generation"]
    assert [record["generation"] for record in records] == list(range(7))
    stored = [json.loads(line) for line in (runs / "a" / "metrics.jsonl").read_text().splitlines()]
    for record, line in zip(records, stored, strict=True):
        assert all(record[key] == line[key] for key in ("summary", "stage", "flags"))


def test_events_that_a_batch_rarely_has() -> None:
    nothing = {"w1": {"n": 0, "mean": math.nan, "q50": math.inf}}
    record = Generation(3, {}, nothing, {"stable": 1}, {"w1": "infinite in 1 of 1"})
    parsed = json.loads(json_events.encode_event(record))
    assert parsed["summary"]["w1"] == {"n": 0, "mean": None, "q50": None}
    assert json.loads(json_events.encode_event(Intervened(4, {"policy.fresh": 0.1})))["at"] == 4
    assert json.loads(json_events.encode_event(Failed(4, "why")))["reason"] == "why"
    assert json.loads(json_events.encode_event(Checkpointed(4))) == {
        "event": "checkpointed", "generation": 4,
    }  # fmt: skip


def test_quiet_leaves_only_the_table(cli: Cli) -> None:
    ended = cli(*SMALL, "--quiet")
    assert ended.err == ""
    assert "w2_squared" in ended.out


def test_the_default_name(cli: Cli, runs: Path) -> None:
    cli(*SMALL, "--quiet")
    cli(*SMALL, "--quiet")
    first, second = sorted(path.name for path in runs.iterdir())
    assert first != second
    name, date, clock, mark = first.split("-")
    assert name == "shumailov"
    assert (len(date), len(clock), len(mark)) == (8, 6, 4)


def test_the_runs_folder_may_be_named_anywhere(cli: Cli, tmp_path: Path) -> None:
    assert cli("--runs", tmp_path / "a", *SMALL, "--quiet").code == 0
    assert cli(*SMALL, "--quiet", f"--runs={tmp_path / 'b'}").code == 0
    assert [len(list((tmp_path / name).iterdir())) for name in "ab"] == [1, 1]


def test_force_replaces_a_run(cli: Cli, small: Path) -> None:
    before = (small / "metrics.jsonl").read_bytes()
    assert cli(*SMALL, "--out", small).code == 2
    assert (small / "metrics.jsonl").read_bytes() == before
    assert cli(*SMALL, "--out", small, "--force").code == 0
    assert SavedRun.open(small).last == 6


def test_force_deletes_nothing_for_an_experiment_that_cannot_run(cli: Cli, small: Path) -> None:
    for refused in (("--set", "source.sd=-1"), ("--device", "cuda:9"), ("--threads", "none")):
        assert cli(*SMALL, *refused, "--out", small, "--force").code == 2
        assert SavedRun.open(small).last == 12


def test_a_resolved_experiment_gives_the_same_numbers(
    cli: Cli, small: Path, runs: Path, contents: Callable[[Path], dict[str, bytes]]
) -> None:
    preset = small / "experiment.toml"
    assert cli("batch", "--preset", preset, "--out", runs / "again").code == 0
    assert contents(runs / "again") == contents(small)


def test_provenance_tells_the_command_line(cli: Cli, runs: Path, small: Path) -> None:
    out = runs / "b"
    cli("batch", "--preset", small / "experiment.toml", "--set", "seed=3", "--out", out)
    arguments = SavedRun.open(out).provenance["arguments"]
    assert arguments == [
        "batch", "--preset", "../small/experiment.toml", "--set", "seed=3", "--device", "auto",
        "--out", ".",
    ]  # fmt: skip


def test_threads_are_limited_and_recorded(
    cli: Cli, runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from collapse_tui.cli.threads import POOLS

    for name in POOLS:
        monkeypatch.setenv(name, "2")
    assert cli(*SMALL, "--threads", 1, "--out", runs / "one", "--quiet").code == 0
    assert SavedRun.open(runs / "one").provenance["threads"] == "1"
    monkeypatch.setenv("OMP_NUM_THREADS", "2")
    ended = cli("resume", "one", "--generations", 8)
    assert "not bit for bit" not in ended.err


def test_lines_of_progress(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "LINE_SECONDS", 0.0)
    err = cli(*SMALL).err
    lines = [line for line in err.splitlines() if line.startswith("shumailov: generation")]
    assert "generation 6/6" in lines[-1]
    assert "gen/s" in lines[-1]
    assert "w2_squared" in lines[-1]


def test_a_run_without_a_terminal_says_little(cli: Cli) -> None:
    assert cli(*SMALL).err.count("\n") == 2


def test_the_meter_waits_between_displays(monkeypatch: pytest.MonkeyPatch) -> None:
    """At most ten times a second, however fast the generations come."""
    now = [0.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(progress, "LineDisplay", lambda: shown)
    monkeypatch.setattr(progress, "LINE_SECONDS", progress.BAR_SECONDS)

    class Shown:
        drawn: list[tuple[int, float | None]]

        def draw(self, meter: progress.Meter) -> None:
            self.drawn.append((meter.generation, meter.rate))

        def close(self) -> None:
            pass

    shown = Shown()
    shown.drawn = []
    meter = progress.Meter("run")
    meter.update(Started(-1, 1000, None, "cpu"))
    for generation in range(1000):
        now[0] += 0.001
        meter.update(Generation(generation, {}, {}, {}, {}))
    assert 8 <= len(shown.drawn) <= 10
    assert shown.drawn[-1][1] == pytest.approx(1000, rel=0.02)


def curve(statistic: str, variance: float | None) -> Curve:
    values = np.array([1.0, 2.0])
    spread = None if variance is None else np.array([0.0, variance])
    return Curve("a", "b", "w1", statistic, "exact", values, spread, "c")


def test_z_scores() -> None:
    record = {"n": 4, "mean": 2.5}
    assert summary_table.format_z_score(record, curve("mean", 0.25), 1) == "+2.0"
    assert summary_table.format_z_score({"n": 4, "mean": 1.5}, curve("mean", 0.25), 1) == "−2.0"
    for unknown in (
        summary_table.format_z_score(record, curve("mean", None), 1),
        summary_table.format_z_score(record, curve("mean", 0.0), 1),
        summary_table.format_z_score(record, curve("path", 0.25), 1),
        summary_table.format_z_score({"n": 0, "mean": None}, curve("mean", 0.25), 1),
        summary_table.format_z_score(record, curve("mean", 0.25), 7),
    ):
        assert unknown == "–"


def test_keys_of_a_table_that_a_preset_leaves_out_can_be_set() -> None:
    experiment = load("vae", **{"schedule.size": 500, "policy.fresh": 0.2})
    assert experiment.sizes[1] == 500
    assert experiment.setup(1).policy.shares == (0.8, 0.0, 0.2)


def test_a_stop_tells_the_last_generation_recorded(capsys: pytest.CaptureFixture[str]) -> None:
    def events(control: Control) -> Iterator[Event]:
        del control
        yield Started(-1, 3, None, "cpu")
        yield Generation(0, {}, {}, {"stable": 1}, {})
        yield Progress(1, 0.5, "half of generation 1")
        raise KeyboardInterrupt

    Follower("run", quiet=True).follow(events)
    assert "after generation 0" in capsys.readouterr().err


def test_a_condition_ends_a_run_in_order(cli: Cli, runs: Path) -> None:
    stop = ("--stop", "variance < 0.5", "--stop", "mean > 9")
    words = ("batch", "--preset", "shumailov", "--set", "schedule.size=20", "--replicates", 4)
    ended = cli(*words, *stop, "--generations", 500, "--out", runs / "a")
    assert ended.code == 0
    saved = SavedRun.open(runs / "a")
    reason = str(saved.status["reason"])
    assert reason.startswith("the median variance is 0.")
    assert reason.endswith(f" < 0.5 at generation {saved.last}")
    assert saved.last < 500
    assert f"stopped: {reason}\n" in ended.err
    arguments: Any = saved.provenance["arguments"]
    assert " ".join(map(str, stop)) in " ".join(arguments)
    again = cli("batch", "--preset", runs / "a" / "experiment.toml", "--json", "--out", runs / "b")
    last = json.loads(again.out.splitlines()[-1])
    assert (last["event"], last["reason"], last["condition"]) == ("finished", "finished", reason)
    listed = [json.loads(line) for line in cli("runs", "--json").out.splitlines()]
    assert {(row["state"], row["reason"]) for row in listed} == {("finished", reason)}


def test_a_condition_that_cannot_be_read_starts_nothing(cli: Cli, runs: Path) -> None:
    ended = cli(*SMALL, "--stop", "variancce < 1", "--out", runs / "a")
    assert ended.code == 2
    assert "stop names the unknown metric 'variancce': did you mean 'variance'?" in ended.err
    assert not (runs / "a").exists()
