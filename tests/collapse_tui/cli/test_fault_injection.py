"""A full disk or a kill at each call that commands on a stored run make: nothing there is lost."""

import os
import resource
import shutil
import signal
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from collapse_tui.cli import main
from collapse_tui.storage.inspection import inspect_run
from collapse_tui.storage.layout import is_run
from tests.collapse_tui.system_faults import Killed, digests, fault, full, strike_all

Property = Callable[[str, Any], None]

KINDS: dict[str, tuple[str, ...]] = {
    "statistics": (),
    "past": ("policy.name=mix", "policy.previous=0.4"),
    "columns": ("replicates=101", 'metrics.names=["mean", "w1"]'),
}


class Commands:
    """A finished run of five records, the commands on it, and what they may leave."""

    def __init__(self, kind: str, runs: Path, read_err: Callable[[], str]) -> None:
        self.runs, self.read_err = runs, read_err
        self.whole, self.run = runs / "whole", runs / "run"
        options = [f"--set={setting}" for setting in KINDS[kind]]
        self.call("batch", "--preset", "shumailov", "--set", "schedule.size=20", *options,
                  "--generations", 4, "--out", self.whole, codes={0})  # fmt: skip
        self.restore("nothing")
        self.before = digests(self.whole)

    def call(self, *arguments: object, codes: frozenset[int] | set[int]) -> None:
        """Run a command; it ends with one of some codes, and an error is a sentence."""
        code = main([str(argument) for argument in arguments])
        said = self.read_err()
        assert code in codes, said
        assert not code or "error: " in said, said
        assert "internal error" not in said, said

    def attempt(self, *arguments: object) -> Callable[[], None]:
        """Return what runs a command, whatever it ends with."""

        def run() -> None:
            with suppress(Killed):
                self.call(*arguments, codes={0, 1, 2})

        return run

    def restore(self, _: str) -> None:
        """Bring the folder of runs back to where it was."""
        for path in self.runs.iterdir():
            if path != self.whole:
                shutil.rmtree(path)
        shutil.copytree(self.whole, self.run)

    def strike_resume(self, stride: int) -> int:
        resume = "resume", self.run, "--generations", 6
        self.call(*resume, codes={0})
        expected = (self.run / "metrics.jsonl").read_bytes()
        first = (self.whole / "metrics.jsonl").read_bytes()
        self.restore("nothing")

        def check(what: str) -> None:
            assert (self.run / "metrics.jsonl").read_bytes().startswith(first), what
            self.call(*resume, codes={0})
            assert (self.run / "metrics.jsonl").read_bytes() == expected, what
            assert not inspect_run(self.run).damages, what
            self.restore(what)

        return strike_all(self.attempt(*resume), check, stride, least=50)

    def strike_fork(self, stride: int) -> int:
        child = self.runs / "child"
        fork = ("fork", self.run, "--at", 2, "--set", "schedule.size=30", "--out", child)
        self.call(*fork, codes={0})
        expected = (child / "metrics.jsonl").read_bytes()
        self.restore("nothing")

        def check(what: str) -> None:
            assert digests(self.run) == self.before, what
            if is_run(child):
                self.call("resume", child, codes={0})
                assert (child / "metrics.jsonl").read_bytes() == expected, what
                assert digests(self.run) == self.before, what
            else:
                assert not child.exists(), what
            if what.startswith("full at"):
                assert not list(self.runs.glob(".*")), what
            self.restore(what)

        return strike_all(self.attempt(*fork), check, stride, least=50)

    def strike_delete(self, stride: int) -> int:
        def check(what: str) -> None:
            if self.run.exists():
                assert digests(self.run) == self.before, what
                self.call("resume", self.run, codes={0})
            self.restore(what)

        return strike_all(self.attempt("runs", "delete", self.run), check, stride, least=10)

    def strike_delete_in_place(self, stride: int) -> int:
        notes = self.run / "notes.txt"
        delete = self.attempt("runs", "delete", self.run)

        def attempt() -> None:
            notes.write_text("mine")
            delete()

        def check(what: str) -> None:
            assert notes.read_text() == "mine", what
            self.restore(what)

        return strike_all(attempt, check, stride, least=10)


@pytest.fixture(params=KINDS)
def commands(
    request: pytest.FixtureRequest, runs: Path, capsys: pytest.CaptureFixture[str]
) -> Commands:
    """Give the commands on runs with tables of each kind."""
    runs.mkdir()
    return Commands(request.param, runs, lambda: capsys.readouterr().err)


STRIKES = {
    "resume": Commands.strike_resume,
    "fork": Commands.strike_fork,
    "delete": Commands.strike_delete,
    "delete in place": Commands.strike_delete_in_place,
}


@pytest.mark.slow
@pytest.mark.parametrize("command", STRIKES)
def test_some_calls(command: str, commands: Commands) -> None:
    assert STRIKES[command](commands, 5 if "delete" in command else 29) > 4


@pytest.mark.soak
@pytest.mark.parametrize("command", STRIKES)
def test_every_call(command: str, commands: Commands, record_property: Property) -> None:
    record_property("what", "a full disk and a kill at every call of resume, fork, delete")
    record_property("count", STRIKES[command](commands, 1))
    record_property("unit", "calls struck, nothing lost")


def test_a_check_writes_nothing(commands: Commands, capsys: pytest.CaptureFixture[str]) -> None:
    with fault(0, full) as strikes:
        assert main(["runs", "check", str(commands.run)]) == 0
        assert main(["show", str(commands.run)]) == 0
    assert strikes.count == 0
    assert "whole" in capsys.readouterr().out
    assert digests(commands.run) == commands.before


@contextmanager
def largest_file(size: int) -> Generator[None]:
    """Let the system refuse files that are longer, whoever writes them."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)


@pytest.mark.slow
@pytest.mark.parametrize("suffix", [".csv", ".replicates.csv", ".json", ".npz", ".parquet", ".svg"])
def test_an_export_that_does_not_fit(
    suffix: str, small: Path, tmp_path: Path, cli: Callable[..., Any]
) -> None:
    """At any byte: the run and the file that was there stay, and no half of a file."""
    target, before = tmp_path / "exports" / f"table{suffix}", digests(small)
    target.parent.mkdir()
    target.write_bytes(b"there before")
    assert cli("export", small, target, "--force").code == 0
    whole = target.read_bytes()
    for size in (0, 1, len(whole) // 3, len(whole) - 1):
        target.write_bytes(b"there before")
        with largest_file(size):
            ended = cli("export", small, target, "--force")
        assert ended.code == 1, (size, ended)
        assert ended.err.startswith(f"error: cannot write {target.parent}"), ended
        assert "the limit on the size of files is reached" in ended.err
        assert target.read_bytes() == b"there before"
        assert os.listdir(target.parent) == [target.name]
    assert digests(small) == before


@pytest.mark.slow
def test_an_export_struck_at_each_call(
    small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target, before = tmp_path / "exports" / "table.csv", digests(small)
    target.parent.mkdir()

    def attempt() -> None:
        target.write_bytes(b"there before")
        with suppress(Killed):
            code = main(["export", str(small), str(target), "--force"])
            said = capsys.readouterr().err
            assert not code or said.startswith("error: cannot write"), said

    def check(what: str) -> None:
        assert target.read_bytes()[:10] in {b"there befo", b"generation"}, what
        assert digests(small) == before, what

    assert strike_all(attempt, check) > 2
