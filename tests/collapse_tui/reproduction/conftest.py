"""Presets with claims, and the program that decides them, away from the user's own cache."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from collapse_tui.cli import main

PRESET = """\
format = 1
title = "A Gaussian, small"
paper = "Shumailov et al. 2023, arXiv:2305.17493"
seed = 1
generations = 20
replicates = 4000

[source]
name = "normal"
mean = 0.0
sd = 1.0

[engine]
name = "gaussian"
estimator = "unbiased"

[policy]
name = "replace"

[schedule]
name = "constant"
size = 20
"""
RIGHT = """
[[claims]]
text = "The mean of the variance stays."
metric = "variance"
generation = 5
expected = 1.0
standard_errors = 4
source = "eq. 3"
"""
LAW = """
[[claims]]
text = "The mean of ln sigma falls."
metric = "log_sigma"
generation = 10
expected = "gaussian.replace.log_sigma.mean"
standard_errors = 4
source = "theory"
origin = "law"
"""
ERRATUM = """
[[claims]]
text = "The risk's variance."
metric = "w2_squared"
statistic = "variance"
generation = 5
expected = "gaussian.published.w2_squared.variance"
corrected = "gaussian.replace.w2_squared.variance"
standard_errors = 4
erratum = "E2: eq. 5 is wrong"
source = "eq. 5"
"""
WRONG = RIGHT.replace("1.0", "1.5").replace("stays", "grows")
SLOW = RIGHT.replace("stays", "stays, slowly") + 'cost = "slow"\nset = { seed = 2 }\n'


class Ended(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str


Cli = Callable[..., Ended]


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setenv("COLLAPSE_TUI_CACHE", str(folder))
    monkeypatch.setenv("COLLAPSE_TUI_RUNS", str(tmp_path / "runs"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "logs"))
    monkeypatch.setenv("COLUMNS", "200")
    return folder


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Cli:
    def run(*arguments: object) -> Ended:
        capsys.readouterr()
        code = main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return Ended(code, out, err)

    return run


@pytest.fixture
def preset(tmp_path: Path) -> Callable[..., Path]:
    """Give a writer of presets with the claims named."""

    texts: dict[str, Any] = {
        "right": RIGHT, "law": LAW, "erratum": ERRATUM, "wrong": WRONG, "slow": SLOW,
    }  # fmt: skip

    def write(*names: str) -> Path:
        path = tmp_path / "small.toml"
        path.write_text(PRESET + "".join(texts.get(name, name) for name in names))
        return path

    return write
