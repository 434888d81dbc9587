"""`presets` and its commands."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import presets

Cli = Callable[..., Any]


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
