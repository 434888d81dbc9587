"""Every file of a run with every command: it fails by what it needs only, and the advice heals."""

import re
import shlex
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from collapse_tui.cli import main

NEEDED = {
    "experiment.toml": {"cite", "json", "check", "fork", "resume", "resume --from"},
    "provenance.json": {"show", "csv", "json", "npz", "check", "fork", "resume",
                        "resume --from"},
    "metrics.jsonl": {"show", "csv", "json", "npz", "check", "fork", "resume",
                      "resume --from"},
    "metrics/variance.f64": {"npz", "check", "fork", "resume", "resume --from"},
    "checksums.jsonl": {"check", "fork", "resume"},
    "status.json": {"check"},
    "timing.jsonl": {"check"},
    "views/index.jsonl": {"check"},
    "views/arrays.bin": {"check"},
    "state/0.json": {"check"},
    "state/0.npz": {"check"},
    "state/6.json": {"check", "resume"},
    "state/6.npz": {"check", "resume"},
    "lock": set[str](),
}  # fmt: skip
"""File → the commands that fail where it is damaged: each names it, and what heals it."""
RECOMPUTED = {"metrics.jsonl", "metrics/variance.f64"}
"""Tables that are computed again where they end too early, as after a loss of power."""
DAMAGES: dict[str, Callable[[Path], object]] = {
    "missing": Path.unlink,
    "empty": lambda path: path.write_bytes(b""),
    "garbled": lambda path: path.write_bytes(re.sub(rb"[^\n]", b"\xff", path.read_bytes())),
}
CASES = [
    (file, damage) for file in NEEDED for damage in DAMAGES
    if damage != "empty" or file[:5] not in {"state", "lock"}
]  # fmt: skip


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a run whose replicates have files of their own, stopped halfway."""
    folder = tmp_path_factory.mktemp("many") / "many"
    options = ("--set", "schedule.size=20", "--generations", "6", "--replicates", "101")
    assert main(["batch", "--preset", "shumailov", *options, "--quiet", "--out", str(folder)]) == 0
    return folder


def commands(run: Path, beside: Path) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Yield the name of each command and its arguments."""
    yield "runs", ("runs", "--json")
    yield "show", ("show", run)
    yield "cite", ("cite", run)
    for suffix in ("csv", "json", "npz"):
        yield suffix, ("export", run, beside / f"run.{suffix}", "--force")
    yield "check", ("runs", "check", run)
    yield "fork", ("fork", run, "--at", 3, "--out", beside / "fork", "--quiet")
    yield "resume", ("resume", run, "--generations", 7, "--quiet")
    yield "resume --from", ("resume", run, "--generations", 7, "--from", 2, "--quiet")
    yield "delete", ("runs", "delete", run)


def is_needed(file: str, damage: str, command: str) -> bool:
    """Return whether a command fails where a file has a damage."""
    if damage == "empty" and file in RECOMPUTED and command in {"resume", "resume --from", "fork"}:
        return file == "metrics.jsonl" and command != "resume"
    if damage == "empty" and file == "metrics.jsonl":
        return command == "check"
    if damage == "missing" and file.startswith("state/") and file.endswith("json"):
        return False  # then there is no such checkpoint
    return command in NEEDED[file]


@pytest.mark.parametrize(("file", "damage"), CASES)
def test_a_command_fails_by_what_it_needs_only(
    cli: Callable[..., Any], many: Path, runs: Path, tmp_path: Path, file: str, damage: str
) -> None:
    run, place = runs / "many", str(runs / "many" / file)
    for name, command in commands(run, tmp_path):
        shutil.rmtree(run, ignore_errors=True)
        shutil.rmtree(tmp_path / "fork", ignore_errors=True)
        shutil.copytree(many, run, copy_function=shutil.copy)
        DAMAGES[damage](run / file)
        ended = cli(*command)
        said = ended.out + ended.err if name == "check" else ended.err
        assert "internal error" not in said
        assert bool(ended.code) == is_needed(file, damage, name), (name, said)
        if ended.code and not (damage == "empty" and file == "metrics.jsonl"):
            assert place in said.replace(str(tmp_path / "fork"), str(run)), (name, said)
            assert "`collapse-tui " in said or "restore it" in said, (name, said)


@pytest.mark.parametrize(("file", "damage"), CASES)
def test_the_advice_of_check_heals(
    cli: Callable[..., Any], many: Path, runs: Path, tmp_path: Path, file: str, damage: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    run = shutil.copytree(many, runs / "many", copy_function=shutil.copy)
    monkeypatch.chdir(tmp_path)
    DAMAGES[damage](run / file)
    found = cli("runs", "check", run)
    assert bool(found.code) == is_needed(file, damage, "check")
    advice = re.findall("`collapse-tui (.*?)`", found.out)
    if found.code and not advice:
        assert "restore it" in found.out
        shutil.copy(many / file, run / file)
    for command in advice[:1]:
        words = shlex.split(command)
        if words[0] == "export":
            assert file == "experiment.toml"
            assert cli(*words).code == 0
            assert "restore it; nothing else lets the run go on" in found.out
            shutil.copy(many / file, run / file)
            continue
        ended = cli(*words, "--quiet")
        assert ended.code == 0, ended.err
        if words[0] == "batch":
            (new,) = [path for path in runs.iterdir() if path != run]
            assert (new / "metrics.jsonl").read_bytes() == (many / "metrics.jsonl").read_bytes()
            return
    assert cli("runs", "check", run).code == 0
