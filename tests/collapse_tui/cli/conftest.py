"""Running the program: in this process, or in one of its own that can be killed."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
import typer.main

from collapse_tui.cli import main

ROOT = Path(__file__).parents[3]
build_command = cache(typer.main.get_command)
"""The options of all commands are the same at every start in one process: built once."""


class Ended(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str


Cli = Callable[..., Ended]
Spawn = Callable[..., "subprocess.Popen[str]"]

SMALL = ("--preset", "shumailov", "--set", "schedule.size=20")


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    return tmp_path / "runs"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the machine's own runs and logs is touched."""
    monkeypatch.setenv("COLLAPSE_TUI_RUNS", str(runs))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "logs"))
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setattr(typer.main, "get_command", build_command)


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Cli:
    """Give the program, run in this process."""

    def run(*arguments: object) -> Ended:
        capsys.readouterr()
        code = main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return Ended(code, out, err)

    return run


@pytest.fixture(scope="session")
def finished_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a run of 13 records that nobody may change."""
    folder = tmp_path_factory.mktemp("finished") / "small"
    options = ("--generations", "12", "--replicates", "3", "--quiet", "--out", str(folder))
    assert main(["batch", *SMALL, *options]) == 0
    return folder


@pytest.fixture
def small(finished_run: Path, runs: Path) -> Path:
    """Give a finished run of 13 records."""
    return Path(shutil.copytree(finished_run, runs / "small", copy_function=shutil.copy))


@pytest.fixture
def spawn() -> Spawn:
    """Give the program, started in a process of its own."""

    def start(*arguments: object) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-m", "collapse_tui", *map(str, arguments)],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONUNBUFFERED": "1"},
        )

    return start


@pytest.fixture
def grown() -> Callable[["subprocess.Popen[str]", Path, int], None]:
    """Give a wait until a run has so many records, or its process has ended."""

    def wait(process: "subprocess.Popen[str]", folder: Path, records: int) -> None:
        path = folder / "metrics.jsonl"
        limit = time.monotonic() + 30
        while process.poll() is None and time.monotonic() < limit:
            if path.exists() and path.read_bytes().count(b"\n") >= records:
                return
            time.sleep(0.002)

    return wait


@pytest.fixture
def kill(grown: Callable[..., None]) -> Callable[..., Ended]:
    """Give a way to send signals to a run after so many records, and to wait for its end."""

    def send(
        process: "subprocess.Popen[str]", folder: Path, records: int, *signals: signal.Signals
    ) -> Ended:
        grown(process, folder, records)
        for number in signals:
            process.send_signal(number)
            time.sleep(0.01)
        out, err = process.communicate(timeout=30)
        return Ended(process.returncode, out, err)

    return send


@pytest.fixture
def contents() -> Callable[[Path], dict[str, bytes]]:
    """Give what two equal runs have in common."""

    def read(folder: Path) -> dict[str, bytes]:
        values = sorted((folder / "metrics").glob("*.f64"))
        return {path.name: path.read_bytes() for path in (folder / "metrics.jsonl", *values)}

    return read
