"""`compare` and `attach` without a terminal, and what they are given with one."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Cli = Callable[..., Any]


@pytest.fixture
def pair(cli: Cli, small: Path, runs: Path) -> Path:
    """Give a second run beside `small`, with another share of real data."""
    assert small.is_dir()
    options = ("--generations", 6, "--replicates", 3, "--set", "policy.fresh=0.25")
    assert cli("batch", "--preset", "shumailov", *options, "--out", runs / "other").code == 0
    return runs / "other"


def test_a_table_of_differences_and_last_values(cli: Cli, pair: Path) -> None:
    ended = cli("compare", "small", "other", "--table")
    assert ended.code == 0
    lines = [line.split() for line in ended.out.splitlines()]
    assert ["run", "small", pair.name] in lines
    assert ["policy.fresh", "0", "0.25"] in lines
    assert ["generations", "12", "6"] in lines
    assert any(line[:1] == ["variance"] and len(line) == 3 for line in lines)
    assert not any(line[:1] == ["engine.name"] for line in lines)


def test_json_has_an_object_a_run(cli: Cli, pair: Path) -> None:
    rows = [json.loads(line) for line in cli("compare", "small", pair, "--json").out.splitlines()]
    assert [row["run"] for row in rows] == ["A", "B"]
    assert rows[1]["path"] == str(pair)
    assert [row["settings"]["policy.fresh"] for row in rows] == [0.0, 0.25]
    assert [row["generation"] for row in rows] == [12, 6]
    assert rows[0]["values"]["variance"] > 0


def test_what_cannot_be_compared_is_refused(cli: Cli, small: Path, runs: Path) -> None:
    ended = cli("compare", small, "--table")
    assert (ended.code, ended.out) == (2, "")
    assert "compare takes 2 to 6 runs, got 1" in ended.err
    tv = ("--set", 'metrics.names=["tv"]', "--generations", 2)
    cli("batch", "--preset", "borkar", *tv, "--out", runs / "tv")
    ended = cli("compare", small, runs / "tv", "--json")
    assert ended.code == 2
    assert "no metric in common" in ended.err
    assert "unknown run" in cli("compare", "small", "nowhere", "--table").err


def test_with_a_terminal_the_screen_is_opened(
    cli: Cli, small: Path, pair: Path, runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Any] = []
    monkeypatch.setattr("collapse_tui.cli.open_screen.is_terminal", lambda: True)
    monkeypatch.setattr("collapse_tui.cli.output.is_terminal", lambda: True)

    def run_screen(*arguments: Any, **more: Any) -> int:
        opened.append((arguments, more))
        return 5

    monkeypatch.setattr("collapse_tui.tui.app.run_screen", run_screen)
    assert cli("compare", small, pair, "--marker", "ascii", "--theme", "light").code == 5
    assert cli("attach", "small").code == 5
    assert cli("runs", "--screen").code == 5
    assert cli("compare", small, pair, "--table").code == 0
    assert [arguments for arguments, _ in opened] == [(None, {})] * 3
    assert (opened[0][1]["marker"], opened[0][1]["theme"]) == ("ascii", "light")
    assert all(more["runs"] == runs for _, more in opened)


@pytest.mark.parametrize(
    ("command", "instead"),
    [
        (("attach", "small"), "collapse-tui show small"),
        (("runs", "--screen"), "collapse-tui runs"),
        (("compare", "small", "a b"), "collapse-tui compare small 'a b' --table"),
    ],
)
def test_without_a_terminal_another_command_is_named(
    cli: Cli, small: Path, command: tuple[str, ...], instead: str
) -> None:
    del small
    ended = cli(*command)
    assert (ended.code, ended.out) == (2, "")
    assert f"without one use `{instead}`" in ended.err
