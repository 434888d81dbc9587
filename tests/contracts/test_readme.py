"""The commands of README.md exist, and those that end by themselves are run.

Fenced blocks marked ``console`` hold sessions: a line that begins with ``$ `` is a command,
the others are what it prints. Every ``collapse-tui`` command must exist with the options
shown, and every ``make`` target too. Commands that end by themselves then run, from top to
bottom in one folder, made small by the options of `SMALL`; a trailing comment that begins
with ``# long`` leaves one out (``$ collapse-tui reproduce --all  # long: an hour``). A
``python`` command runs as it is, in its place among them. Blocks marked ``python`` must compile.
"""

import os
import re
import shlex
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from functools import cache
from itertools import takewhile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PROGRAM = Path(sysconfig.get_path("scripts")) / "collapse-tui"
GROUPS = {"presets", "runs"}
SMALL: dict[str, dict[str, str]] = {
    "batch": {"--generations": "4"},
    "resume": {"--generations": "6"},
    "fork": {"--at": "3"},
    "sweep": {"--set": "generations=3"},
}
"""Commands that are run with these options instead of, or beside, their own."""
WHOLE = {"cite", "doctor", "export", "presets", "runs", "show", "--version", "--help"}
"""Commands that are run as they are; the others are only looked up."""


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def commands(*programs: str) -> list[str]:
    lines = [line.removeprefix("$ ") for block in blocks("console") for line in block.splitlines()
             if line.startswith("$ ")]  # fmt: skip
    return [line for line in lines if line.split()[0] in programs]


def words(command: str) -> list[str]:
    """The arguments of one command; what it is piped into is left out."""
    lexer = shlex.shlex(command, posix=True, punctuation_chars="|<>&;")
    lexer.whitespace_split = True
    found = list(lexer)
    ends = [place for place, word in enumerate(found) if set(word) <= set("|<>&;")]
    return found[1 : ends[0]] if ends else found[1:]


def shortened(arguments: list[str]) -> list[str] | None:
    """The arguments to run a command with, or None where it is not for a test to run."""
    name = arguments[0] if arguments else ""
    if name in WHOLE:
        return arguments
    if name not in SMALL:
        return None
    kept = list(arguments)
    for option, value in SMALL[name].items():
        if option in kept and option != "--set":
            kept[kept.index(option) + 1] = value
        elif option in {"--set", "--generations"} and name != "resume":
            kept += [option, value]
    return kept


def run(command: Sequence[str | Path], folder: Path) -> "subprocess.CompletedProcess[str]":
    here = {
        "COLLAPSE_TUI_RUNS": str(folder / "runs"),
        "COLUMNS": "200",
        "NO_COLOR": "1",
        "PATH": f"{PROGRAM.parent}{os.pathsep}{os.environ['PATH']}",
    }
    return subprocess.run(
        command,
        cwd=folder,
        env=os.environ | here,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


@cache
def help_of(names: tuple[str, ...]) -> str:
    done = run([PROGRAM, *names, "--help"], ROOT)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("command", commands("collapse-tui"))
def test_a_command_exists_with_its_options(command: str) -> None:
    arguments = words(command)
    depth = 2 if arguments[:1] and arguments[0] in GROUPS else 1
    page = help_of(tuple(takewhile(re.compile("[a-z]+$").match, arguments[:depth])))
    for option in arguments:
        if option.startswith("--"):
            assert re.search(rf"(?<![\w-]){re.escape(option.split('=')[0])}(?![\w-])", page)


@pytest.mark.slow
def test_commands_run_from_top_to_bottom(tmp_path: Path) -> None:
    for command in commands("collapse-tui", "python"):
        if "# long" in command:
            continue
        small = shortened(words(command))
        if command.startswith("python"):
            done = run(["sh", "-c", command], tmp_path)
        elif small is not None:
            done = run([PROGRAM, *small], tmp_path)
        else:
            continue
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"


@pytest.mark.parametrize("command", commands("make"))
def test_a_target_of_make_exists(command: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = [word for word in words(command) if "=" not in word]
    assert [target for target in targets if f"\n{target}:" not in makefile] == []


@pytest.mark.parametrize("source", blocks("python"))
def test_python_compiles(source: str) -> None:
    compile(source, "README.md", "exec")


def test_shortening() -> None:
    batch = words("collapse-tui batch --preset borji --set 'title=a b' --generations 900 | jq  # x")
    assert batch[-2:] == ["--generations", "900"]
    assert shortened(batch) == [*batch[:-1], "4"]
    assert shortened(words("collapse-tui fork last --at 200")) == ["fork", "last", "--at", "3"]
    assert shortened(words("collapse-tui resume last")) == ["resume", "last"]
    assert shortened(words("collapse-tui --preset borji")) is None


def test_the_program_is_installed_beside_this_python() -> None:
    assert PROGRAM.exists(), f"install the checkout for {sys.executable} first: make test"
