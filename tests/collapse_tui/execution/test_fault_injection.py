"""A full disk or a kill at each system call that changes a run: resume gives the same bytes."""

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from collapse_tui.events import Failed, Finished
from collapse_tui.execution.runner import resume, run
from collapse_tui.experiment.experiment import Experiment
from collapse_tui.storage.errors import StorageError
from collapse_tui.storage.layout import is_run

CALLS = ("open", "write", "replace", "unlink", "mkdir", "fsync", "link", "rmdir")


class Killed(BaseException):
    """Stands for SIGKILL: nothing after it is done, as far as Python allows."""


@contextmanager
def fault(
    monkeypatch: pytest.MonkeyPatch, at: int, make: Callable[[], BaseException]
) -> Iterator[list[int]]:
    """Let the `at`-th call fail, and after a kill every later one; give the number of calls."""
    count = [0]

    def wrap(name: str) -> Callable[..., Any]:
        original = getattr(os, name)

        def call(*arguments: Any, **options: Any) -> Any:
            reads = name == "open" and not arguments[1] & (os.O_CREAT | os.O_APPEND)
            if not reads:
                count[0] += 1
                killed = isinstance(make(), Killed)
                if count[0] == at or (killed and count[0] > at > 0):
                    if name == "write" and count[0] == at:
                        original(arguments[0], arguments[1][: len(arguments[1]) // 2])
                    raise make()
            return original(*arguments, **options)

        return call

    with monkeypatch.context() as patched:
        for name in CALLS:
            patched.setattr(os, name, wrap(name))
        yield count


def full() -> OSError:
    return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def begin(built: Experiment, path: Path) -> None:
    """Run, whatever happens; a full disk must be said in a sentence."""
    try:
        last = list(run(built, folder=path))[-1]
        assert isinstance(last, Finished | Failed)
    except (StorageError, Killed):
        pass


def check_all(
    built: Experiment,
    folder: Path,
    records: Callable[[Path], bytes],
    monkeypatch: pytest.MonkeyPatch,
    step: int,
) -> None:
    list(run(built, folder=folder / "whole"))
    expected = records(folder / "whole")
    with fault(monkeypatch, 0, full) as count:
        begin(built, folder / "counted")
    assert count[0] > 50
    for make in (full, Killed):
        for at in range(1, count[0] + 1, step):
            path = folder / "run"
            with fault(monkeypatch, at, make):
                begin(built, path)
            if is_run(path):
                assert isinstance(list(resume(path))[-1], Finished), at
                assert records(path) == expected, at
                shutil.rmtree(path)


POLICIES: tuple[dict[str, Any], ...] = ({"name": "mix", "previous": 0.3}, {"name": "accumulate"})


@pytest.mark.slow
@pytest.mark.usefixtures("eager")
def test_some_calls(
    experiment: Callable[..., Experiment],
    tmp_path: Path,
    records: Callable[[Path], bytes],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    built = experiment("gaussian", POLICIES[0], generations=3)
    check_all(built, tmp_path, records, monkeypatch, 17)


@pytest.mark.slow
@pytest.mark.usefixtures("eager")
@pytest.mark.parametrize("policy", POLICIES)
def test_calls_with_values_in_files_of_their_own(
    experiment: Callable[..., Experiment],
    tmp_path: Path,
    records: Callable[[Path], bytes],
    monkeypatch: pytest.MonkeyPatch,
    policy: dict[str, Any],
) -> None:
    built = experiment("gaussian-points", policy, generations=3, replicates=101)
    check_all(built, tmp_path, records, monkeypatch, 23)
