"""What starting costs, and what stands in the way of it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from collapse_tui.cli import crash_log, entry, packages

ROOT = Path(__file__).parents[3]
HEAVY = ("numpy", "pydantic", "textual", "torch", "sklearn", "scipy", "pyarrow", "plotext",
         "tomli_w", "psutil", "engines.recursion")  # fmt: skip


def loaded(*arguments: str, forbidden: tuple[str, ...]) -> list[str]:
    """Return which of `forbidden` a command loads."""
    code = (
        "import sys; from collapse_tui.cli import main\n"
        "main(sys.argv[2:])\n"
        "found = [name for name in sys.argv[1].split(',') if name in sys.modules]\n"
        "print(','.join(found), file=sys.stderr)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code, ",".join(forbidden), *arguments],
        capture_output=True, text=True, cwd=ROOT, check=True,
    )  # fmt: skip
    names = ended.stderr.rstrip("\n").split("\n")[-1]
    return [name for name in names.split(",") if name]


def test_help_loads_nothing_heavier_than_typer() -> None:
    assert loaded("--help", forbidden=HEAVY) == []


def test_version_loads_less_than_help() -> None:
    assert loaded("--version", forbidden=(*HEAVY, "rich", "platformdirs")) == []


def test_a_gaussian_batch_loads_no_other_engine_and_no_screen(tmp_path: Path) -> None:
    forbidden = ("torch", "sklearn", "textual", "pyarrow", "scipy.stats", "plotext", "matplotlib",
                 "psutil", "rich.progress", "email.feedparser", "transformers", "numpy.f2py",
                 "numpy.testing")  # fmt: skip
    found = loaded(
        "batch", "--preset", "shumailov", "--generations", "3", "--out", str(tmp_path / "run"),
        "--quiet", forbidden=forbidden,
    )  # fmt: skip
    assert found == []


def test_a_start_reads_no_plugins_of_pydantic(tmp_path: Path) -> None:
    code = (
        "import sys; from collapse_tui.cli import main; sys.argv[0] = 'collapse-tui'\n"
        "code = main(); loader = sys.modules.get('pydantic.plugin._loader')\n"
        "sys.exit(code or (loader is not None and loader._plugins is not None))"
    )
    subprocess.run(
        [sys.executable, "-c", code, "batch", "--preset", "shumailov", "--generations", "2",
         "--out", str(tmp_path / "run"), "--quiet"],
        stdout=subprocess.DEVNULL, cwd=ROOT, check=True,
    )  # fmt: skip


@pytest.mark.slow
def test_show_loads_no_screen(tmp_path: Path) -> None:
    folder = str(tmp_path / "run")
    entry.main(["batch", "--preset", "shumailov", "--generations", "3", "--out", folder])
    assert loaded("show", folder, forbidden=("textual", "torch", "sklearn")) == []


@pytest.mark.parametrize("package", ["engines", "presets"])
def test_a_strange_package_is_named_and_not_run(tmp_path: Path, package: str) -> None:
    strange = tmp_path / f"{package}.py"
    strange.write_text("raise SystemExit('it ran')")
    code = (
        "import sys, collapse_tui.cli.entry as entry; sys.path.insert(0, sys.argv[1]);"
        "sys.exit(entry.main(['presets']))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, cwd=ROOT,
        check=False,
    )  # fmt: skip
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert ended.stderr.startswith(f"error: {strange} hides the package {package!r}")
    assert ended.stderr.count("\n") == 1


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "PACKAGES", ("no_such_package_anywhere",))
    assert "is missing" in str(packages.check_packages())


def test_the_log_of_a_fault_holds_the_traceback() -> None:
    sentence = crash_log.log_crash(ZeroDivisionError("by nothing"), ["batch"])
    path = Path(sentence.rpartition(" ")[2])
    assert "by nothing" in sentence
    assert "ZeroDivisionError: by nothing" in path.read_text()


def test_a_log_that_cannot_be_written_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "write_text", lambda *_, **__: (_ for _ in ()).throw(OSError()))
    assert "no log could be written" in crash_log.log_crash(ValueError("x"), [])


@pytest.mark.slow
def test_python_m_and_ascii_output(tmp_path: Path) -> None:
    """A terminal that knows only ASCII gets a table, not a traceback."""
    ended = subprocess.run(
        [sys.executable, "-m", "collapse_tui", "batch", "--preset", "shumailov",
         "--generations", "2", "--out", str(tmp_path / "run")],
        capture_output=True, text=True, cwd=ROOT, check=True,
        env=os.environ | {"PYTHONIOENCODING": "ascii"},
    )  # fmt: skip
    assert ended.stdout.isascii()
    assert "log_sigma" in ended.stdout
