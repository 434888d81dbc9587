"""No command: what the screen is given."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Cli = Callable[..., Any]


def test_the_screen_gets_what_was_asked_for(
    cli: Cli, runs: Path, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    called: list[Any] = []

    def opened(*arguments: Any, **more: Any) -> int:
        called.append((arguments, more))
        return 7

    monkeypatch.setattr("collapse_tui.cli.open_screen.is_terminal", lambda: True)
    monkeypatch.setattr("collapse_tui.tui.app.run_screen", opened)
    assert cli().code == 7
    assert cli(
        "--preset", "borji", "--set", "engine.bandwidth=0.1", "--seed", 4, "--marker", "ascii",
        "--theme", "light", "--out", small, "--force",
    ).code == 7  # fmt: skip
    (picker, _), (preset, more) = called
    assert picker == (None, {})
    assert preset == ("borji", {"engine.bandwidth": 0.1, "seed": 4})
    device = "auto"
    asked = {"runs": runs, "out": small, "marker": "ascii", "theme": "light", "device": device}
    assert more == asked | {"replace": True, "unicode": True}
    assert small.exists()
