"""All commands: their help, the version, completion in the shell."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from collapse_tui.cli import main
from collapse_tui.cli.options import run_names

Cli = Callable[..., Any]


def test_help_of_every_command(cli: Cli) -> None:
    commands = ("batch", "resume", "fork", "runs", "show", "export", "presets", "doctor")
    for command in (*((name,) for name in commands), ("runs", "prune"), ("presets", "copy")):
        ended = cli(*command, "--help")
        assert ended.code == 0
        assert "Usage" in ended.out
    assert all(name in cli("--help").out for name in commands)


def test_version(cli: Cli) -> None:
    assert cli("--version").out.startswith("collapse-tui ")


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


def test_completion_offers_no_name_with_controls(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = tmp_path / "others"
    for name in ("small", "small\x1b]0;t\x07", "small\u202e", "small\n", "small é"):
        shutil.copytree(small, runs / name)
    monkeypatch.setenv("COLLAPSE_TUI_RUNS", str(runs))
    assert set(run_names("sm")) == {"small", "small é"}
