"""Every other command of the contract, used as it is meant to be."""

import csv
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import presets
from collapse_tui.cli import main
from collapse_tui.cli.commands import doctor, fork
from collapse_tui.cli.commands.runs import parse_age
from collapse_tui.storage import SavedRun
from engines.external import hub

Cli = Callable[..., Any]
Contents = Callable[[Path], dict[str, bytes]]


def test_help_of_every_command(cli: Cli) -> None:
    commands = ("batch", "resume", "fork", "runs", "show", "export", "presets", "doctor")
    for command in (*((name,) for name in commands), ("runs", "prune"), ("presets", "copy")):
        ended = cli(*command, "--help")
        assert ended.code == 0
        assert "Usage" in ended.out
    assert all(name in cli("--help").out for name in commands)


def test_version(cli: Cli) -> None:
    assert cli("--version").out.startswith("collapse-tui ")


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


@pytest.mark.parametrize("suffix", [".csv", ".replicates.csv", ".json", ".npz", ".parquet"])
def test_export(cli: Cli, small: Path, tmp_path: Path, suffix: str) -> None:
    target = tmp_path / f"run{suffix}"
    ended = cli("export", "small", target)
    assert (ended.code, ended.out) == (0, "")
    assert f"wrote {target}" in ended.err
    assert cli("export", "small", target, "--force").code == 0
    values = SavedRun.open(small).values("mean")
    if suffix == ".csv":
        rows = list(csv.DictReader(target.read_text().splitlines()))
        assert [float(row["mean_mean"]) for row in rows] == pytest.approx(values.mean(axis=1))
    if suffix == ".npz":
        with np.load(target) as arrays:
            assert np.array_equal(arrays["mean"], values)


def test_show(cli: Cli, small: Path) -> None:
    ended = cli("show", small)
    assert ended.code == 0
    assert ended.err == ""
    assert "\x1b" not in ended.out
    for word in ("Shumailov", "3 independent runs", "log_sigma: ", "w2_squared", "real", "now",
                 "diagnosis:", "theory", "arXiv:2305.17493"):  # fmt: skip
        assert word in ended.out
    assert max(map(len, ended.out.splitlines())) < 210
    assert sum("⡀" <= char <= "⣿" for char in ended.out) > 50


def test_show_of_other_views_and_interventions(cli: Cli) -> None:
    for preset in ("discrete", "gaussian-nd", "rescue"):
        settings = (
            ("--generations", 3)
            if preset != "rescue"
            else ("--generations", 4, "--set", 'interventions=[{at=2,set={"policy.fresh"=0.1}}]')
        )
        assert cli("batch", "--preset", preset, *settings, "--replicates", 2).code == 0
        ended = cli("show", "last")
        assert ended.code == 0, ended.err


def test_show_without_its_data(cli: Cli, tmp_path: Path) -> None:
    data = tmp_path / "mine.csv"
    data.write_text("x\n1.0\n2.0\n4.0\n")
    assert cli(
        "batch", "--preset", "shumailov", "--generations", 3, "--set", "source.name=file",
        "--set", f"source.path={data}", "--set", "schedule.size=9", "--set",
        'metrics.names=["mean"]',
    ).code == 0  # fmt: skip
    data.unlink()
    ended = cli("show", "last")
    assert ended.code == 0
    assert "note: shown without theory" in ended.err
    assert "mean of model n" in ended.out


def test_presets(cli: Cli) -> None:
    out = cli("presets").out
    assert [line.split()[0] for line in out.splitlines()] == presets.names()
    assert "KDE refitted on its own samples" in out


@pytest.mark.parametrize("name", presets.names())
def test_presets_show_and_check(cli: Cli, name: str) -> None:
    ended = cli("presets", "show", name)
    assert ended.code == 0
    assert ended.out.startswith(f"{name}: ")
    for word in ("paper", "figure", "watch for", "engine.name", "generations"):
        assert word in ended.out
    if ended.err:
        assert ended.err.startswith(f"note: {name} cannot run yet: ")
        assert f"collapse-tui fetch {name}" in ended.err
        return
    assert "can run" in cli("presets", "check", presets.path(name)).out


def test_a_preset_without_its_data_is_shown(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engines.external.hub.cached_folder", lambda _: None)
    ended = cli("presets", "show", "opt")
    assert ended.code == 0
    for words in ("OPT-125m fine-tuned", "watch for", "claims     - ", "engine.model",
                  "claims: collapse-tui reproduce opt"):  # fmt: skip
        assert words in ended.out
    assert "`collapse-tui fetch opt` fetches what is missing" in ended.err


def test_what_presets_show_prints_is_what_set_takes(cli: Cli) -> None:
    lines = cli("presets", "show", "borji").out.partition("\n\n")[2].splitlines()
    pairs = [line.partition("   #")[0].partition(" = ") for line in lines if " = " in line]
    settings = [f"{key.strip()}={value}" for key, _, value in pairs]
    assert "engine.bandwidth=0.5" in settings
    arguments = [word for setting in settings for word in ("--set", setting)]
    assert cli("batch", "--preset", "borji", *arguments, "--generations", 1).code == 0


def test_presets_copy(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ended = cli("presets", "copy", "borji", "mine.toml")
    assert "--preset ./mine.toml" in ended.err
    assert Path("mine.toml").read_bytes() == presets.path("borji").read_bytes()
    assert cli("presets", "copy", "./mine.toml", "other.toml").code == 0
    assert "mine.toml can run" in cli("presets", "check", "mine.toml").out


def test_doctor(cli: Cli, runs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_accelerators", lambda: "none")  # torch takes seconds
    ended = cli("doctor")
    assert ended.code == 0
    for word in ("python", "numpy", "cores", "GB free", str(runs), "writable", "encoding"):
        assert word in ended.out
    assert not runs.exists()
    (tmp_path / "file").write_text("")
    ended = cli("doctor", "--runs", tmp_path / "file" / "runs")
    assert ended.code == 2
    assert "cannot be written" in ended.out


def test_the_last_word_of_doctor_is_true(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_accelerators", lambda: "none")
    here = {"ylecun/mnist"}
    monkeypatch.setattr(hub, "is_cached", lambda download: download.repository in here)
    ended = cli("doctor")
    assert ended.code == 0
    assert ended.out.splitlines()[-1] == (
        "only the data of opt, opt-keep10, opt-penalty and suresh-unigram are missing:"
        " `collapse-tui fetch opt` and `collapse-tui fetch suresh-unigram` download them"
    )
    here.clear()
    last = cli("doctor").out.splitlines()[-1]
    assert last.endswith(" and `collapse-tui fetch vae-mnist` download them")
    monkeypatch.setattr(hub, "is_cached", lambda _: True)
    assert cli("doctor").out.splitlines()[-1] == "everything that a run needs is there"


@pytest.mark.slow
def test_doctor_looks_for_accelerators() -> None:
    assert "torch" in doctor._accelerators() or "cuda" in doctor._accelerators()


def test_the_screen_gets_what_was_asked_for(
    cli: Cli, runs: Path, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    called: list[Any] = []

    def opened(*arguments: Any, **more: Any) -> int:
        called.append((arguments, more))
        return 7

    monkeypatch.setattr("collapse_tui.cli.commands.screen.is_terminal", lambda: True)
    monkeypatch.setattr("collapse_tui.tui.app.run_screen", opened)
    assert cli().code == 7
    assert cli(
        "--preset", "borji", "--set", "engine.bandwidth=0.1", "--seed", 4, "--marker", "ascii",
        "--theme", "light", "--out", small, "--force",
    ).code == 7  # fmt: skip
    (picker, _), (preset, more) = called
    assert picker == (None, {})
    assert preset == ("borji", {"engine.bandwidth": "0.1", "seed": "4"})
    device = "auto"
    asked = {"runs": runs, "out": small, "marker": "ascii", "theme": "light", "device": device}
    assert more == asked
    assert not small.exists()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("batch", "--preset", "borji-g"), {"borji-gamma", "borji-gaussian"}),
        (("show", "sm"), {"small"}),
        (("res",), {"resume"}),
    ],
)
def test_completion(
    words: tuple[str, ...], expected: set[str], monkeypatch: pytest.MonkeyPatch, small: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    assert small.is_dir()
    capsys.readouterr()
    monkeypatch.setenv("_COLLAPSE_TUI_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", " ".join(("collapse-tui", *words)))
    monkeypatch.setenv("COMP_CWORD", str(len(words)))
    with pytest.raises(SystemExit):
        main([])
    assert set(capsys.readouterr().out.split()) == expected
