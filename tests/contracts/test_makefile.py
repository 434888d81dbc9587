"""`make run` hands over what was typed, and leaves standard output to the program."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ECHO = """#!/bin/sh
exec "{python}" -c '
import json, sys
print(json.dumps(sys.argv[1:]))
sys.exit(3 if "fail" in sys.argv else 0)
' "$@"
"""


def make(*arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    inherited.pop("MFLAGS", None)
    inherited.pop("ARGS", None)
    return subprocess.run(
        ["make", *arguments, *(f"{name}={value}" for name, value in variables.items())],
        cwd=ROOT,
        env=inherited,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def venv(tmp_path: Path) -> str:
    """An environment that passes for installed, whose program repeats its arguments."""
    program = tmp_path / "bin" / "collapse-tui"
    program.parent.mkdir()
    program.write_text(ECHO.format(python=sys.executable))
    program.chmod(0o755)
    (tmp_path / "bin" / "python").symlink_to(sys.executable)
    (tmp_path / ".installed").touch()
    return str(tmp_path)


@pytest.mark.parametrize(
    ("typed", "received"),
    [
        ("batch --preset borji", ["batch", "--preset", "borji"]),
        ("--set 'title=a  b' --set x=[1,2]", ["--set", "title=a  b", "--set", "x=[1,2]"]),
        ('--set "k=it\'s" #', ["--set", "k=it's"]),
        ("'$HOME' '$(x'", ["$HOME", "$(x"]),
        ("", []),
    ],
)
def test_arguments_arrive_as_typed(venv: str, typed: str, received: list[str]) -> None:
    done = make("run", VENV=venv, ARGS=typed)
    assert json.loads(done.stdout) == received
    assert done.returncode == 0


def test_without_arguments_the_screen_opens_on_a_preset(venv: str) -> None:
    assert json.loads(make("run", VENV=venv).stdout) == ["--preset", "borji"]


def test_failure_is_told_on_standard_error_alone(venv: str) -> None:
    done = make("run", VENV=venv, ARGS="fail")
    assert json.loads(done.stdout) == ["fail"]
    assert done.returncode == 2
    assert "3" in done.stderr


def test_an_old_python_is_refused_in_one_sentence(tmp_path: Path) -> None:
    old = tmp_path / "python3"
    old.write_text(
        f'#!/bin/sh\nshift\nexec "{sys.executable}" -c '
        '"import sys; sys.version_info = (3, 8, 1, 0, 0); exec(sys.argv[1])" "$@"\n'
    )
    old.chmod(0o755)
    done = make("run", VENV=str(tmp_path / "venv"), PYTHON=str(old))
    assert done.returncode == 2
    assert "needs Python 3.11 or newer" in done.stderr
    assert "is 3.8" in done.stderr
    assert done.stdout == ""


def test_no_python_at_all_is_said(tmp_path: Path) -> None:
    done = make("run", VENV=str(tmp_path / "venv"), PYTHON="")
    assert done.returncode == 2
    assert "needs Python 3.11 or newer" in done.stderr


def test_help_lists_the_targets() -> None:
    listed = make().stdout
    for target in ("run", "test", "check", "bench", "clean"):
        assert f"make {target} " in listed
