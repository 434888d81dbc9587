"""`presets` and its commands."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import presets
from collapse_tui.experiment.schema import GROUPS

Cli = Callable[..., Any]


def test_presets(cli: Cli) -> None:
    out = cli("presets").out
    rows = [line.split(maxsplit=2) for line in out.splitlines()]
    assert sorted(name for name, _, _ in rows) == presets.names()
    groups = [group for _, group, _ in rows]
    assert list(dict.fromkeys(groups)) == [name for name in GROUPS if name != "other"]
    assert groups == sorted(groups, key=list(GROUPS).index)
    assert ["borji", "kernels", "KDE refitted on its own samples"] in rows


@pytest.mark.parametrize("name", presets.names())
def test_presets_show_and_check(cli: Cli, name: str) -> None:
    ended = cli("presets", "show", name)
    assert ended.code == 0
    assert ended.out.startswith(f"{name}: ")
    for word in ("group", "paper", "figure", "watch for", "engine.name", "generations"):
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


def test_presets_check_takes_names_and_settings(cli: Cli) -> None:
    ended = cli("presets", "check", "borji", presets.path("gmm"), "--set", "generations=7",
                "--set", "replicates=3")  # fmt: skip
    assert ended.code == 0
    lines = ended.out.splitlines()
    assert len(lines) == 2
    for name, line in zip(("borji", str(presets.path("gmm"))), lines, strict=True):
        assert line.startswith(f"{name} can run with generations, replicates changed: ")
        assert "7 generations, 3 replicates" in line
    for assignment, said in (
        ("engine.band=0.1", "unknown key"), ("engine.bandwidth=-1", "engine.bandwidth"),
        ("nonsense", "key=value"),
    ):  # fmt: skip
        ended = cli("presets", "check", "borji", "--set", assignment)
        assert (ended.code, ended.out) == (2, "")
        assert said in ended.err
    assert cli("presets", "check", "borij").code == 2


DATA = 'format = 1\n[source]\nname = "file"\npath = "data.csv"\n[engine]\nname = "gaussian"\n'


def test_files_that_an_experiment_reads_are_named(cli: Cli, tmp_path: Path, runs: Path) -> None:
    data = tmp_path / "data.csv"
    data.write_text("value\n" + "1.5\n2.25\n" * 1200)
    (tmp_path / "mine.toml").write_text(DATA + "[schedule]\nsize = 20\n")
    content = "2,400 rows of value: mean 1.875, sd 0.375, 1.5 to 2.25"
    said, folder = f"reads {data} (11 kB): {content}", runs / "one"
    checked = cli("presets", "check", tmp_path / "mine.toml")
    assert checked.out.rstrip().endswith(said)
    options = ("--generations", 3, "--out", folder)
    for command in (
        ("batch", "--preset", tmp_path / "mine.toml", *options),
        ("resume", folder, "--generations", 5),
        ("fork", folder, "--at", 2, "--out", runs / "two"),
        ("batch", "--preset", folder / "experiment.toml", "--out", runs / "three"),
    ):
        ended = cli(*command)
        assert ended.code == 0
        assert f"note: {said}\n" in ended.err
    assert "reads" not in cli("batch", "--preset", "borji", "--generations", 1).err
