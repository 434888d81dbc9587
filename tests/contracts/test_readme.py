"""The commands of README.md and docs/figures.md exist, and those that end by themselves are run.

Fenced blocks marked ``console`` hold sessions: a line that begins with ``$ `` is a command,
the others are what it prints. Every ``collapse-tui`` command must exist with the options
shown, and every ``make`` target too. Commands that end by themselves then run, from top to
bottom in one folder, made small by `SMALL` and `NETWORKS`; a trailing comment that begins
with ``# long`` leaves one out (``$ collapse-tui reproduce --all  # long: an hour``). A
``python`` command runs as it is, in its place among them. Blocks marked ``python`` must compile.
"""

import os
import re
import shlex
import subprocess
import sys
import sysconfig
from importlib.metadata import version
from itertools import takewhile
from pathlib import Path

import pytest

from collapse_tui.cli import main

ROOT = Path(__file__).parents[2]
PAGES = ("README.md", "docs/figures.md")
README = "\n".join((ROOT / page).read_text(encoding="utf-8") for page in PAGES)
PROGRAM = Path(sysconfig.get_path("scripts")) / "collapse-tui"
OWN_PYTHON = os.environ | {"PATH": f"{PROGRAM.parent}{os.pathsep}{os.environ['PATH']}"}
GROUPS = {"presets", "runs"}
SMALL: dict[str, dict[str, str]] = {
    "batch": {"--generations": "4"},
    "resume": {"--generations": "6"},
    "fork": {"--at": "3"},
    "sweep": {"--set": "generations=3"},
}
"""Commands that are run with these options instead of, or beside, their own."""
NETWORKS = {"vae": "engine.epochs=4", "opt-tiny": "engine.epochs=1"}
"""Presets that train a network, with what makes it short."""
WHOLE = {"cite", "compare", "doctor", "export", "presets", "runs", "show", "--version", "--help"}
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
            own = kept[kept.index(option) + 1]
            kept[kept.index(option) + 1] = min(own, value, key=int)
        elif option in {"--set", "--generations"} and name != "resume":
            kept += [option, value]
    for preset in NETWORKS.keys() & kept:
        kept += ["--set", NETWORKS[preset]]
    return kept


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to be in, away from the user's own runs."""
    monkeypatch.chdir(tmp_path)
    for name in ("RUNS", "CACHE"):
        monkeypatch.setenv(f"COLLAPSE_TUI_{name}", str(tmp_path / name.lower()))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "logs"))
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("NO_COLOR", "1")
    return tmp_path


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("command", commands("collapse-tui"))
def test_a_command_exists_with_its_options(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = words(command)
    depth = 2 if arguments[:1] and arguments[0] in GROUPS else 1
    assert main([*takewhile(re.compile("[a-z]+$").match, arguments[:depth]), "--help"]) == 0
    page = capsys.readouterr().out
    for option in arguments:
        if option.startswith("--"):
            assert re.search(rf"(?<![\w-]){re.escape(option.split('=')[0])}(?![\w-])", page)


@pytest.mark.slow
def test_commands_run_from_top_to_bottom(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In this process, as its start is tested elsewhere; others' commands in a shell."""
    for command in commands("collapse-tui", "python"):
        if "# long" in command:
            continue
        small = shortened(words(command))
        if command.startswith("python"):
            subprocess.run(["sh", "-c", command], cwd=folder, env=OWN_PYTHON, check=True)
        elif small is not None:
            code = main(small)
            shown = capsys.readouterr()
            assert code == 0, f"{command}\n{shown.out}{shown.err}"


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
    few = words("collapse-tui batch --preset vae --generations 2")
    assert shortened(few) == [*few, "--set", "engine.epochs=4"]
    assert shortened(words("collapse-tui --preset borji")) is None


def test_the_program_is_installed_beside_this_python() -> None:
    assert PROGRAM.exists(), f"install the checkout for {sys.executable} first: make test"
    done = subprocess.run([PROGRAM, "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.split()[-1] == version("collapse-tui")
