"""Hostile machines: each ends a command with a stated code and sentence, or hinders nothing."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

ROOT = Path(__file__).parents[3]
START = "from collapse_tui.cli import main; sys.exit(main())"
NOBODY = """
import pwd
def find_nobody(uid): raise KeyError(f'getpwuid(): uid not found: {uid}')
pwd.getpwuid = find_nobody
"""
"""A user without an entry in the password file."""

BOUND = """
import ctypes
header, rights = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
system = ctypes.CDLL(None)
if hasattr(system, 'capset') and not system.capget(header, rights):
    rights[0], rights[1] = (right & ~0b110 for right in rights[:2])
    system.capset(header, rights)
"""
"""A user whom permissions bind, which they do not bind root."""

RUN = "batch --preset kazdan --generations 3 --quiet --out {out}"
UNNAMED = "batch --preset kazdan --generations 3 --quiet"
GONE = "mkdir {tmp}/gone; cd {tmp}/gone; rmdir {tmp}/gone;"
NO_HOME = "unset HOME XDG_DATA_HOME XDG_CACHE_HOME XDG_STATE_HOME COLLAPSE_TUI_RUNS;"
NO_CACHE = "unset COLLAPSE_TUI_CACHE;"
BARE = "has no home folder to keep runs in: set home or collapse_tui_runs, or give --runs dir"
FULL = "cannot write to standard output: the disk is full"
UNMEASURED = "unset COVERAGE_PROCESS_CONFIG;"
"""Where nothing may be written, the count of statements neither."""
UMASK = "takes your own rights from what is made for you; set another (`umask 022`)"


class Machine(NamedTuple):
    """What a command meets, and how it must end."""

    before: str
    command: str
    code: int = 0
    sentence: str = ""
    after: str = ""
    prelude: str = ""


MACHINES = {
    "no standard output": Machine("", RUN, after=">&-"),
    "no standard error": Machine("", RUN, after="2>&-"),
    "no standard input": Machine("", RUN, after="<&-"),
    "no standard input nor output": Machine("", RUN, after="<&- >&-"),
    "no standard output nor error": Machine("", RUN, after=">&- 2>&-"),
    "no standard streams": Machine("", RUN, after="<&- >&- 2>&-"),
    "no standard streams, resume": Machine("", "resume {run}", after="<&- >&- 2>&-"),
    "no standard streams, show": Machine("", "show {run}", after="<&- >&- 2>&-"),
    "no standard streams, runs": Machine("", "runs", after="<&- >&- 2>&-"),
    "no standard streams, a mistake": Machine("", "show nothing", 2, after="<&- >&- 2>&-"),
    "no standard streams, screen": Machine("", "--preset borji", 2, after="<&- >&- 2>&-"),
    "a full standard output": Machine("", "show {run}", 1, FULL, ">/dev/full"),
    "a full standard output, help": Machine("", "--help", 1, FULL, ">/dev/full"),
    "a full standard output, version": Machine("", "--version", 1, FULL, ">/dev/full"),
    "a full standard error": Machine("", RUN, after="2>/dev/full"),
    "no home, --out": Machine(NO_HOME, RUN, prelude=NOBODY),
    "no home, no --out": Machine(NO_HOME, UNNAMED, 2, BARE, prelude=NOBODY),
    "no home, --runs": Machine(NO_HOME, "--runs {tmp}/r " + UNNAMED, prelude=NOBODY),
    "no home, show": Machine(NO_HOME, "show {run}", prelude=NOBODY),
    "no home, runs": Machine(NO_HOME, "runs", 2, BARE, prelude=NOBODY),
    "no home, reproduce": Machine(NO_HOME + NO_CACHE, "reproduce {preset}", prelude=NOBODY),
    "no home, a tilde": Machine(
        NO_HOME, UNNAMED + " --out '~/x'", 2, "no home folder is known for ~", prelude=NOBODY),
    "an unknown user's home": Machine("", UNNAMED + " --out '~nosuchuser/x'", 2,
                                      "no home folder is known for ~"),
    "a working directory that is gone": Machine(GONE, RUN),
    "a working directory that is gone, runs": Machine(GONE, "runs"),
    "a working directory that is gone, a preset": Machine(
        GONE, "presets copy borji x.toml", 2, "the working directory no longer exists"),
    "a working directory that is gone, a relative path": Machine(
        GONE, UNNAMED + " --out here", 2, "the working directory no longer exists"),
    "no folder for temporary files": Machine("export TMPDIR=/nonexistent;", RUN),
    "a file in place of the runs folder": Machine(
        "export COLLAPSE_TUI_RUNS={preset};", UNNAMED, 2, "is no folder"),
    "a file in place of the runs folder, runs": Machine(
        "export COLLAPSE_TUI_RUNS={preset};", "runs", 2, "is no folder"),
    "a file in place of the cache": Machine(
        "export COLLAPSE_TUI_CACHE={preset};", "reproduce {preset}", 2, "must name a folder"),
    "files for nobody else": Machine("umask 077;", RUN),
    "files for nobody at all": Machine(UNMEASURED + "umask 777;", RUN, 2, UMASK, prelude=BOUND),
    "files that are not to be written": Machine(
        UNMEASURED + "umask 277;", RUN, 2, UMASK, prelude=BOUND),
    "files for nobody else, a user": Machine("umask 077;", RUN, prelude=BOUND),
    "files for everybody": Machine("umask 000;", RUN),
    "no file may grow": Machine(UNMEASURED + "ulimit -f 0;", RUN, 2,
                                "limit on the size of files is reached"),
    "few files may be open": Machine("ulimit -n 8;", RUN, 2, "too many files are open"),
    "thirty-two files may be open": Machine("ulimit -n 32;", RUN),
    "the language C": Machine("export LC_ALL=C;", "show {run}"),
    "ASCII": Machine("export LC_ALL=C PYTHONUTF8=0 PYTHONIOENCODING=ascii;", "show {run}"),
    "Latin-1": Machine("export PYTHONIOENCODING=latin-1;", "show {run}"),
    "a name that is no UTF-8": Machine("", "show \"$(printf '{tmp}/\\377')\"", 2, "unknown run"),
    "no columns": Machine("export COLUMNS=0 LINES=0;", "runs"),
    "a dumb terminal": Machine("export TERM=dumb;", "--preset borji", 2, "term=dumb"),
    "no terminal's name": Machine("unset TERM;", "presets"),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", MACHINES)
def test_a_machine_ends_a_command_as_stated(
    name: str, finished_run: Path, tmp_path: Path, preset: Callable[..., Path]
) -> None:
    machine = MACHINES[name]
    places = {"run": finished_run, "out": tmp_path / "out", "tmp": tmp_path,
              "preset": preset("right")}  # fmt: skip
    program = tmp_path / "program.py"
    program.write_text(f"import sys\n{machine.prelude}\n{START}\n")
    before, command = (text.format(**places) for text in (machine.before, machine.command))
    line = f'{before} exec "{sys.executable}" "{program}" {command} {machine.after}'
    ended = subprocess.run(
        ["bash", "-c", line], stdin=subprocess.DEVNULL, capture_output=True, check=False,
        env=os.environ | {"PYTHONPATH": str(ROOT)}, timeout=60, cwd=tmp_path,
    )  # fmt: skip
    said = (ended.stdout + ended.stderr).decode("latin-1")
    assert ended.returncode == machine.code, said
    assert machine.sentence in said.lower()
    assert not re.search("Traceback|internal error|Exception ignored", said)
    if "{out}" in machine.command and machine.code == 0:
        assert '"finished"' in (tmp_path / "out" / "status.json").read_text()
        assert len((tmp_path / "out" / "metrics.jsonl").read_text().splitlines()) == 4
    assert not (tmp_path / "~").exists()
    assert machine.code != 2 or not list(tmp_path.glob(".*partial*"))


SCREENS: dict[str, dict[str, str | None]] = {
    "ASCII": {"PYTHONIOENCODING": "ascii"},
    "Latin-1": {"PYTHONIOENCODING": "latin-1"},
    "the language C, no terminal's name": {"LC_ALL": "C", "PYTHONUTF8": "0", "TERM": None},
    "an unknown terminal": {"TERM": "no-such-terminal"},
}


@pytest.mark.slow
@pytest.mark.parametrize("name", SCREENS)
def test_the_screen_opens_and_closes_on_any_terminal(
    name: str, pseudo_terminal: Callable[..., Any]
) -> None:
    screen = pseudo_terminal("--preset", "borji", changes=SCREENS[name])
    screen.until(lambda text: re.search("gen [1-9]", text))
    screen.send("q")
    screen.until(lambda text: "leave this run?" in text)
    screen.send("q")
    assert screen.end() == 0
    assert b"Traceback" not in screen.written
    if name == "ASCII":
        assert screen.written.isascii()
        assert screen.written.count(b"?") < 60  # the key of the help, and questions to the terminal


@pytest.mark.slow
def test_the_screen_is_drawn_where_standard_error_is_a_file(
    pseudo_terminal: Callable[..., Any], tmp_path: Path
) -> None:
    with (tmp_path / "errors").open("w") as file:
        screen = pseudo_terminal("--preset", "borji", stderr=file)
        screen.until(lambda text: re.search("gen [1-9]", text))
        screen.process.terminate()
        assert screen.end() == 143
    words = (tmp_path / "errors").read_text()
    assert "collapse-tui resume" in words
    assert "\x1b" not in words


@pytest.mark.slow
def test_a_run_folder_deleted_while_it_runs_is_not_said_to_be_kept(
    spawn: Callable[..., Any], grown: Callable[..., None], tmp_path: Path
) -> None:
    folder = tmp_path / "out"
    process = spawn("batch", "--preset", "borji", "--quiet", "--out", folder)
    grown(process, folder, 5)
    shutil.rmtree(folder)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert out == ""
    assert len(err.strip().splitlines()) == 1
    assert "deleted" in err
    assert "kept" not in err
    assert not folder.exists()
