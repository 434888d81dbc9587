"""Signals while one step of numpy takes minutes: the process ends in time, and the run goes on."""

import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from collapse_tui.cli import main
from collapse_tui.storage.saved import SavedRun

ROOT = Path(__file__).parents[3]
STUCK_AT = 4
LONG = f"""
import sys
from pathlib import Path
import numpy as np
from collapse_tui.cli import main
from engines.families.gaussian import Gaussian
fit, calls = Gaussian.fit, []
def fit_slowly(self, data, context):
    calls.append(None)
    if len(calls) == {STUCK_AT}:
        Path("begun").touch()
        many = np.arange(4000.0)
        np.einsum("i,j,k->", many, many, many)  # minutes, in one call that looks at nothing
        Path("done").touch()
    return fit(self, data, context)
Gaussian.fit = fit_slowly
sys.exit(main())
"""
PRESET = ("--preset", "shumailov", "--generations", "8", "--set", "schedule.size=20")
LIMIT = 60.0
"""Seconds for what takes one: the machine may be busy."""

pytestmark = pytest.mark.slow
Cli = Callable[..., Any]
Contents = Callable[[Path], dict[str, bytes]]


def wait_until_stuck(folder: Path, process: "subprocess.Popen[Any]") -> None:
    """Wait until the long call has begun."""
    limit = time.monotonic() + LIMIT
    while not (folder / "begun").exists():
        assert process.poll() is None
        assert time.monotonic() < limit
        time.sleep(0.01)


@pytest.fixture
def stuck(tmp_path: Path, runs: Path) -> Iterator["subprocess.Popen[str]"]:
    """Give a run that has begun the long call."""
    process = subprocess.Popen(
        [sys.executable, "-c", LONG, "batch", *PRESET, "--out", str(runs / "long")],
        cwd=tmp_path, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    wait_until_stuck(tmp_path, process)
    yield process
    process.kill()
    process.communicate()


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_a_long_call_does_not_hold_a_run_that_is_to_stop(
    stuck: "subprocess.Popen[str]", number: signal.Signals, code: int, tmp_path: Path, runs: Path,
    cli: Cli, contents: Contents,
) -> None:  # fmt: skip
    stuck.send_signal(number)
    _, err = stuck.communicate(timeout=LIMIT)
    assert stuck.returncode == code
    assert not (tmp_path / "done").exists()
    assert "Traceback" not in err
    assert f"stopped by {number.name} after generation " in err
    assert "in a step that is begun again; continue with:" in err
    run = SavedRun.open(runs / "long")
    assert run.status["state"] == "interrupted"
    assert run.status["reason"] == f"stopped by {number.name}"
    command = shlex.split(err.strip().splitlines()[-1])
    assert command == ["collapse-tui", "resume", str(runs / "long")]
    assert cli(*command[1:]).code == 0
    assert cli("batch", *PRESET, "--quiet", "--out", runs / "whole").code == 0
    assert contents(runs / "long") == contents(runs / "whole")


@pytest.mark.parametrize("way", ["signal", "key"])
def test_a_long_call_does_not_hold_the_screen(
    pseudo_terminal: Callable[..., Any], tmp_path: Path, way: str
) -> None:
    folder = tmp_path / "long"
    screen = pseudo_terminal(
        *PRESET, "--out", folder, command=(sys.executable, "-c", LONG), cwd=tmp_path
    )
    while not (tmp_path / "begun").exists():
        screen.read(0.05)
        assert screen.process.poll() is None
    if way == "signal":
        screen.process.send_signal(signal.SIGTERM)
    else:
        screen.send("q")
        screen.until(lambda text: "leave this run?" in text)
        screen.send("q")
    assert screen.end() == (143 if way == "signal" else 0)
    assert not (tmp_path / "done").exists()
    assert SavedRun.open(folder).state == "interrupted"
    last_words = screen.written.rpartition(b"\x1b[?1049l")[2].decode()
    assert f"collapse-tui resume {folder}" in " ".join(last_words.split())
    assert main(["resume", str(folder), "--quiet"]) == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_command_that_computes_long_ends_and_leaves_no_half_of_a_file(
    small: Path, tmp_path: Path, number: signal.Signals
) -> None:
    code = """
import sys
from pathlib import Path
import numpy as np
from collapse_tui.cli import main
from collapse_tui.storage import export
def write_slowly(run, target):
    target.write_text("half")
    Path("begun").touch()
    while True:
        np.ones(1000).sum()
export._WRITERS[".csv"] = write_slowly
sys.exit(main())
"""
    target = tmp_path / "numbers.csv"
    process = subprocess.Popen(
        [sys.executable, "-c", code, "export", str(small), str(target)], cwd=tmp_path,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    wait_until_stuck(tmp_path, process)
    process.send_signal(number)
    out, err = process.communicate(timeout=LIMIT)
    assert process.returncode == 128 + number
    assert (out, err.strip()) == ("", "")
    assert not [path.name for path in tmp_path.iterdir() if "numbers" in path.name]
