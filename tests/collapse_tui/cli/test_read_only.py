"""A run that may be read, not written: what reads it works, what writes says so in a sentence.

Root is not bound by permissions: the commands run in a process that gives this right away.
"""

import ctypes
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from collapse_tui.cli import main
from tests.collapse_tui.system_faults import denied, digests, fault, read_only

ROOT = Path(__file__).parents[3]
VERSION = 0x20080522
"""Of the structures of capset(2)."""
PASSES = 0b1110
"""CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, CAP_FOWNER."""
FORMATS = (".csv", ".replicates.csv", ".json", ".npz", ".parquet", ".svg")
Ended = tuple[int, str, str]


def give_up_passes() -> None:
    """Let permissions bind this process, whoever its user is."""
    system, words = ctypes.CDLL(None, use_errno=True), (ctypes.c_uint32 * 6)()
    header = (ctypes.c_uint32 * 2)(VERSION, 0)
    assert system.capget(header, words) == 0, os.strerror(ctypes.get_errno())
    for place in range(3):  # effective, permitted, inheritable
        words[place] &= ~PASSES
    assert system.capset(header, words) == 0, os.strerror(ctypes.get_errno())


def run_all(commands: list[list[str]]) -> None:
    """Run commands in this process, which permissions bind, and write how each ended."""
    import contextlib
    import io

    if os.geteuid() == 0:
        give_up_passes()
    for command in commands:
        with (
            contextlib.redirect_stdout(io.StringIO()) as out,
            contextlib.redirect_stderr(io.StringIO()) as err,
        ):
            code = main(command)
        sys.stdout.write(json.dumps([code, out.getvalue(), err.getvalue()]) + "\n")


@pytest.fixture
def bound() -> Callable[..., list[Ended]]:
    """Give a way to run commands in a process of a user who is bound by permissions."""
    if os.geteuid() == 0 and sys.platform != "linux":
        pytest.skip("root is bound by no permissions here, and capabilities are Linux' own")

    def run(*commands: tuple[object, ...]) -> list[Ended]:
        given = [[str(word) for word in command] for command in commands]
        ended = subprocess.run(
            [sys.executable, __file__, json.dumps(given)],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert ended.returncode == 0, ended.stderr
        return [tuple(json.loads(line)) for line in ended.stdout.splitlines()]

    return run


@pytest.fixture
def locked(small: Path) -> Path:
    """Give a run whose files have mode 0400 and its folders 0500."""
    for path in (*small.rglob("*"), small):
        path.chmod(0o500 if path.is_dir() else 0o400)
    return small


@pytest.mark.slow
def test_what_reads_a_run_needs_no_right_to_write(
    locked: Path, runs: Path, tmp_path: Path, bound: Callable[..., list[Ended]]
) -> None:
    before, child = digests(locked), tmp_path / "child"
    commands: list[tuple[object, ...]] = [
        ("show", locked), ("cite", locked), ("runs",), ("runs", "check", locked),
        ("runs", "check", "--all"), ("show", "last"),
        *(("export", locked, tmp_path / f"table{suffix}") for suffix in FORMATS),
        ("fork", locked, "--at", 5, "--set", "schedule.size=30", "--out", child, "--quiet"),
        ("fork", locked, "--at", 12, "--out", tmp_path / "again", "--quiet"),
        ("resume", child, "--generations", 14, "--quiet"),
        ("runs", "delete", child),
    ]  # fmt: skip
    for command, (code, out, err) in zip(commands, bound(*commands), strict=True):
        expected = 2 if command[:4] == ("fork", locked, "--at", 12) else 0  # its last
        assert code == expected, (command, out, err)
    assert digests(locked) == before
    assert not child.exists()
    assert list(runs.iterdir()) == [locked]


@pytest.mark.slow
def test_what_writes_a_run_says_what_is_in_the_way(
    locked: Path, bound: Callable[..., list[Ended]]
) -> None:
    before = digests(locked)
    commands = [
        ("resume", locked, "--generations", 14),
        ("resume", locked),
        ("resume", locked, "--from", 12),
        ("runs", "delete", locked),
    ]
    for command, (code, _, err) in zip(commands, bound(*commands), strict=True):
        assert code == 2, command
        assert err.startswith(f"error: cannot write {locked}/lock: permission was denied"), err
        assert f"chmod -R u+w {locked}" in err, err
        assert len(err.splitlines()) == 1, err
    assert digests(locked) == before


@pytest.mark.slow
def test_a_folder_of_runs_that_may_not_be_written(
    small: Path, runs: Path, bound: Callable[..., list[Ended]]
) -> None:
    before = digests(small)
    runs.chmod(0o500)
    [(code, _, err)] = bound(("runs", "delete", small))
    assert code == 2
    assert err.startswith(f"error: cannot write {small}: permission was denied"), err
    assert f"chmod -R u+w {runs}`" in err, err
    assert digests(small) == before


@pytest.mark.parametrize("refuse", [read_only, denied])
@pytest.mark.parametrize(
    "command", [("resume", "small", "--generations", "14"), ("runs", "delete", "small")]
)
def test_a_disk_that_is_only_read(
    refuse: Callable[[], OSError], command: tuple[str, ...], small: Path, cli: Callable[..., Any]
) -> None:
    before = digests(small)
    with fault(1, refuse):
        ended = cli(*command)
    assert ended.code == 2
    assert ended.err.startswith(f"error: cannot write {small}/lock: "), ended.err
    way = "copy the run" if refuse is read_only else f"chmod -R u+w {small}"
    assert way in ended.err, ended.err
    assert digests(small) == before


if __name__ == "__main__":
    run_all(json.loads(sys.argv[1]))
