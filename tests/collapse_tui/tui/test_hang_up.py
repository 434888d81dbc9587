"""Terminals that are closed, stopped and continued: no process is left, no run is lost."""

import os
import re
import shlex
import shutil
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

PRESETS = ("borji", "shumailov", "gmm", "borkar")
LIMIT = 10.0
"""Seconds after which no process may be left."""
LEFT = b"\x1b[?1049l"

pytestmark = pytest.mark.slow
Start = Callable[..., Any]


def is_running(text: str) -> bool:
    """Return whether the screen shows a run with records."""
    return re.search(r"gen [1-9]", text) is not None


def last_words(screen: Any) -> str:
    """Return what is written after the screen was left, which our emulator has no memory for."""
    return screen.written.rpartition(LEFT)[2].decode()


def close_and_wait(screen: Any) -> None:
    """Close the terminal of a screen; its process must end with 129."""
    screen.close()
    assert screen.process.wait(LIMIT) == 129


def assert_resumable(runs: Path) -> None:
    """Every run in a folder must be interrupted, and go on."""
    for path in runs.iterdir():
        run = SavedRun.open(path)
        assert run.state == "interrupted"
        last = run.last + 3
        assert main(["resume", str(path), "--generations", str(last), "--quiet"]) == 0
        assert SavedRun.open(path).last == last


def test_a_terminal_closed_in_a_busy_run(pseudo_terminal: Start, tmp_path: Path) -> None:
    screen = pseudo_terminal("--preset", "shumailov", "--generations", 20_000)
    screen.until(is_running)
    close_and_wait(screen)
    assert_resumable(tmp_path / "runs")


def test_a_terminal_closed_where_hang_ups_are_ignored(
    pseudo_terminal: Start, tmp_path: Path
) -> None:
    code = (
        "import signal, sys; signal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
        "from collapse_tui.cli import main; sys.exit(main())"
    )
    command = (sys.executable, "-c", code)
    screen = pseudo_terminal("--preset", "borji", command=command)
    screen.until(is_running)
    close_and_wait(screen)
    assert_resumable(tmp_path / "runs")


@pytest.mark.soak
@pytest.mark.parametrize("number", range(20))
def test_terminals_closed_at_any_time(pseudo_terminal: Start, tmp_path: Path, number: int) -> None:
    screen = pseudo_terminal("--preset", PRESETS[number % len(PRESETS)])
    end = time.monotonic() + 0.3 * number
    while time.monotonic() < end:
        screen.read(0.05)
    # before the screen has opened, the signal ends the process, and nothing has begun
    begun = b"\x1b[?1049h" in screen.written
    screen.close()
    assert screen.process.wait(LIMIT) in ({129} if begun else {129, -signal.SIGHUP})
    if (tmp_path / "runs").is_dir():
        assert_resumable(tmp_path / "runs")


@pytest.mark.soak
def test_tmux_kills_the_sessions_of_busy_runs(tmp_path: Path) -> None:
    tmux = shutil.which("tmux")
    if tmux is None:
        pytest.skip("tmux is not installed: closing terminals is tested without it")
    server = [tmux, "-L", f"collapse-{os.getpid()}", "-f", "/dev/null"]
    runs, pids = tmp_path / "runs", list[int]()
    environment = {**os.environ, "COLLAPSE_TUI_RUNS": str(runs), "TERM": "xterm-256color"}
    try:
        for number in range(12):
            preset = PRESETS[number % len(PRESETS)]
            subprocess.run(
                [*server, "new-session", "-d", "-s", f"s{number}", "-x", "100", "-y", "30",
                 sys.executable, "-m", "collapse_tui", "--preset", preset],
                check=True, env=environment,
            )  # fmt: skip
        listed = subprocess.run(
            [*server, "list-panes", "-a", "-F", "#{pane_pid}"],
            check=True, capture_output=True, text=True,
        )  # fmt: skip
        pids = [int(line) for line in listed.stdout.split()]
        assert len(pids) == 12
        wait_until(lambda: runs.is_dir() and records(runs) == 12, 120)
        for number in range(12):
            subprocess.run([*server, "kill-session", "-t", f"s{number}"], check=True)
        wait_until(lambda: not any(is_alive(pid) for pid in pids), LIMIT)
    finally:
        subprocess.run([*server, "kill-server"], check=False, capture_output=True)
        for pid in filter(is_alive, pids):
            os.kill(pid, signal.SIGKILL)
    assert_resumable(runs)


def wait_until(holds: Callable[[], object], seconds: float) -> None:
    """Wait until something holds."""
    limit = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < limit
        time.sleep(0.05)


def records(runs: Path) -> int:
    """Return how many runs have more than three records."""
    files = (path / "metrics.jsonl" for path in runs.iterdir())
    return sum(path.is_file() and path.read_bytes().count(b"\n") > 3 for path in files)


def is_alive(pid: int) -> bool:
    """Return whether a process goes on; one that has ended and waits for its parent does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in {"Z", "X"}


@pytest.fixture
def shell(pseudo_terminal: Start) -> Iterator[Any]:
    """Give a shell with job control in a terminal."""
    command = ("bash", "--norc", "--noprofile", "-i")
    if shutil.which("bash") is None:
        pytest.skip("bash is not installed, whose job control is needed")
    return pseudo_terminal(command=command, changes={"PS1": "PROMPT> ", "HISTFILE": None})


@pytest.mark.parametrize("stop", ["key", "signal"])
def test_a_stopped_screen_goes_on_in_the_foreground(shell: Any, tmp_path: Path, stop: str) -> None:
    shell.until(lambda text: "PROMPT>" in text)
    shell.send(f"{sys.executable} -m collapse_tui --preset borji\r")
    shell.until(is_running)
    if stop == "key":
        shell.send("\x1a")
    else:
        # nobody can catch SIGSTOP: the screen is put in order when it is continued
        (run,) = (tmp_path / "runs").iterdir()
        holder = (run / "lock").read_text().partition('"pid": ')[2].partition(",")[0]
        os.kill(int(holder), signal.SIGSTOP)
    shell.until(lambda _: b"Stopped" in shell.written)
    shown = len(shell.written)
    shell.send("fg\r")
    shell.until(lambda text: b"\x1b[?1049h" in shell.written[shown:] and is_running(text))
    shell.send("q")
    shell.until(lambda text: "leave this run?" in text)
    shell.send("q")
    shell.until(lambda _: shell.written.count(LEFT) == 2 and "PROMPT>" in last_words(shell))
    shell.send("echo code $?\r")
    shell.until(lambda _: "code 0" in last_words(shell))
    assert "collapse-tui resume borji-" in last_words(shell)
    assert_resumable(tmp_path / "runs")


def test_ctrl_z_is_left_out_where_no_shell_continues(pseudo_terminal: Start) -> None:
    screen = pseudo_terminal("--preset", "borji")
    screen.until(is_running)
    screen.send("\x1a")
    screen.until(lambda text: "no shell would continue it" in text)
    assert screen.process.poll() is None


def test_a_batch_stops_and_goes_on(shell: Any, tmp_path: Path) -> None:
    shell.until(lambda text: "PROMPT>" in text)
    shell.send(f"{sys.executable} -m collapse_tui batch --preset borji --generations 400\r")
    shell.until(lambda text: "/400" in text and "gen/s" in text)
    shell.send("\x1a")
    shell.until(lambda _: b"Stopped" in shell.written)
    assert shell.written.rfind(b"\x1b[?25h") >= shell.written.rfind(b"\x1b[?25l")
    shell.send("fg\r")
    shell.until(lambda text: "saved in" in text)
    (run,) = (SavedRun.open(path) for path in (tmp_path / "runs").iterdir())
    assert run.state == "finished"


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_a_signal_ends_the_screen_with_its_code_and_the_command_that_goes_on(
    pseudo_terminal: Start, tmp_path: Path, number: signal.Signals, code: int
) -> None:
    folder = tmp_path / "it's here"
    screen = pseudo_terminal("--preset", "borji", "--out", folder)
    screen.until(is_running)
    screen.process.send_signal(number)
    assert screen.end() == code
    assert SavedRun.open(folder).state == "interrupted"
    assert b"Traceback" not in screen.written
    if number != signal.SIGHUP:
        command = last_words(screen).split("Continue later:")[1]
        assert shlex.split(command)[:3] == ["collapse-tui", "resume", str(folder)]


def test_a_terminal_that_takes_nothing_does_not_hold_the_screen(
    pseudo_terminal: Start, tmp_path: Path
) -> None:
    screen = pseudo_terminal("--preset", "borji")
    screen.until(is_running)
    time.sleep(4)  # nobody reads: the terminal's buffer fills and every write waits
    screen.process.send_signal(signal.SIGTERM)
    assert screen.process.wait(LIMIT) == 143
    (run,) = (SavedRun.open(path) for path in (tmp_path / "runs").iterdir())
    assert run.state == "interrupted"


def test_the_screen_follows_the_terminal_not_the_environment(pseudo_terminal: Start) -> None:
    screen = pseudo_terminal("--preset", "borji", changes={"COLUMNS": "60", "LINES": "20"})
    screen.until(
        lambda text: is_running(text) and len(max(text.split("\n"), key=len).rstrip()) > 90
    )
    screen.resize(24, 80)
    screen.process.send_signal(signal.SIGWINCH)
    screen.until(lambda text: "q" in text.split("\n")[-1])
