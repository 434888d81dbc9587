"""Signals and readers that leave: state saved, the way to go on said, numbers unchanged."""

import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pexpect
import pytest

from collapse_tui.cli import follow, main
from collapse_tui.control import Control
from collapse_tui.events import Event, Finished, Started
from collapse_tui.signal_watch import ENDING

ROOT = Path(__file__).parents[3]
PRESET = ("--preset", "borji", "--generations", 200, "--set", "schedule.size=20000")
Contents = Callable[[Path], dict[str, bytes]]
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def whole_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of the run that nobody interrupts."""
    folder = tmp_path_factory.mktemp("uninterrupted") / "whole"
    assert main(["batch", *map(str, PRESET), "--quiet", "--out", str(folder)]) == 0
    return folder


@pytest.fixture
def whole(whole_run: Path, contents: Contents) -> dict[str, bytes]:
    """Give what the run that nobody interrupts has in its files."""
    return contents(whole_run)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("signals", "code"),
    [
        ((signal.SIGINT,), 130),
        ((signal.SIGTERM,), 143),
        ((signal.SIGHUP,), 129),
        ((signal.SIGINT, signal.SIGINT), 130),
        ((signal.SIGINT, signal.SIGTERM), 143),
    ],
)
def test_signals(
    signals: tuple[signal.Signals, ...], code: int, cli: Callable[..., Any],
    spawn: Callable[..., Any], kill: Callable[..., Any], runs: Path, contents: Contents,
    whole: dict[str, bytes],
) -> None:  # fmt: skip
    folder = runs / "inter rupted"
    process = spawn("batch", *PRESET, "--out", folder)
    ended = kill(process, folder, 9, *signals)
    assert ended.code in {128 + signals[0], code}
    assert ended.out == ""
    assert "Traceback" not in ended.err
    assert "its state is saved" in ended.err
    assert '"interrupted"' in (folder / "status.json").read_text()
    command = shlex.split(ended.err.strip().splitlines()[-1])
    assert command == ["collapse-tui", "resume", str(folder)]
    assert 9 <= contents(folder)["metrics.jsonl"].count(b"\n") < 201
    assert cli(*command[1:]).code == 0
    assert contents(folder) == whole


class LateSignal(follow.SignalWatch):
    """Gets a second signal while its block ends."""

    def __exit__(self, *details: object) -> None:
        try:
            os.kill(os.getpid(), signal.SIGINT)
        finally:
            super().__exit__(*details)


@pytest.mark.parametrize("watch", [follow.SignalWatch, LateSignal])
def test_a_second_signal_does_not_cost_the_command_that_goes_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, watch: type
) -> None:
    said: list[str] = []
    monkeypatch.setattr(follow, "SignalWatch", watch)

    def write(message: str) -> None:
        said.append(message)
        os.kill(os.getpid(), signal.SIGINT)

    def start(control: Control) -> Iterator[Event]:
        assert not control.stop_requested
        yield Started(-1, 5, tmp_path, "cpu")
        os.kill(os.getpid(), signal.SIGINT)
        yield Finished(2, tmp_path, "stopped")

    monkeypatch.setattr(follow, "write_message", write)
    # after a signal all of them are ignored, and the tests to come would inherit that
    before = {number: signal.getsignal(number) for number in ENDING}
    try:
        assert follow.Follower("run", quiet=True).follow(start) == 130
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    assert said[-1] == f"  collapse-tui resume {tmp_path}"


def test_a_signal_that_is_ignored_stays_ignored(tmp_path: Path) -> None:
    """`nohup` and `&` mean it."""
    code = (
        "import os, signal, sys; from collapse_tui.cli import main\n"
        "signal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
        "from collapse_tui.signal_watch import Reply, SignalWatch\n"
        "reply = Reply()\n"
        "with SignalWatch(reply): os.kill(os.getpid(), signal.SIGHUP)\n"
        "sys.exit(3 if reply.number else 0)"
    )
    ended = subprocess.run([sys.executable, "-c", code], check=False, cwd=ROOT)
    assert ended.returncode == 0
    assert tmp_path.is_dir()


@pytest.mark.slow
def test_a_reader_that_leaves_stops_the_run_quietly(
    cli: Callable[..., Any], spawn: Callable[..., Any], runs: Path, contents: Contents,
    whole: dict[str, bytes],
) -> None:  # fmt: skip
    process = spawn("batch", *PRESET, "--json", "--quiet", "--out", runs / "piped")
    process.stdout.readline()
    process.stdout.close()
    with process.stderr as stream:
        err = stream.read()
    assert process.wait(timeout=30) == 141
    assert err == ""
    assert cli("resume", "piped").code == 0
    assert contents(runs / "piped") == whole


def test_a_full_disk_behind_standard_output(runs: Path) -> None:
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "collapse_tui", "batch", *map(str, PRESET), "--json",
             "--quiet", "--out", str(runs / "full")],
            stdout=full, stderr=subprocess.PIPE, text=True, check=False, cwd=ROOT,
        )  # fmt: skip
    assert ended.returncode == 1
    assert ended.stderr.startswith("error: cannot write to standard output: the disk is full; ")
    assert '"interrupted"' in (runs / "full" / "status.json").read_text()


def test_a_terminal_shows_a_bar_and_is_asked(runs: Path, small: Path) -> None:
    environment = os.environ | {"TERM": "xterm-256color"}
    screen = pexpect.spawn(
        sys.executable, ["-m", "collapse_tui", "batch", *map(str, PRESET), "--out",
        str(runs / "seen")], cwd=str(ROOT), env=environment, dimensions=(24, 120), timeout=20,
        encoding="utf-8",
    )  # fmt: skip
    screen.expect(r"borji .*\d+/200 .*gen/s, \d+ s left")
    screen.sendintr()
    screen.expect("collapse-tui resume")
    screen.expect(pexpect.EOF)
    screen.close()
    assert screen.exitstatus == 130
    asked = pexpect.spawn(
        sys.executable, ["-m", "collapse_tui", "resume", str(small), "--from", "3"],
        cwd=str(ROOT), env=environment, timeout=20, encoding="utf-8",
    )  # fmt: skip
    asked.expect("discard 9 records of small after generation 3")
    asked.sendline("n")
    asked.expect("error: small is left as it is")
    asked.expect(pexpect.EOF)
    asked.close()
    assert asked.exitstatus == 2
    assert (small / "metrics.jsonl").read_bytes().count(b"\n") == 13
