"""The wheel, alone in an environment of its own, is a working program."""

import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]


def run(*command: str | Path, folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder]
    run(*build, ROOT, folder=folder)
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def program(wheel: Path) -> Path:
    """The console script of an environment with the wheel, and our libraries behind it."""
    home = wheel.parent / "home"
    venv.create(home, with_pip=False)
    python = home / "bin" / "python"
    install = ["install", "--quiet", "--no-deps", "--no-index", wheel]
    run(sys.executable, "-m", "pip", "--python", python, *install, folder=wheel.parent)
    (site,) = home.glob("lib/python*/site-packages")
    # a folder on the path, whose own .pth files (our editable checkout) are not followed
    (site / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return home / "bin" / "collapse-tui"


def test_every_file_of_the_packages_is_in_the_wheel(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    ours = {
        str(path.relative_to(ROOT))
        for package in ("collapse_tui", "engines", "presets")
        for path in (ROOT / package).rglob("*")
        if path.suffix in {".css", ".html", ".js", ".py", ".toml", ".tcss"}
        or path.name == "py.typed"
    }
    assert sorted(ours - inside) == []
    assert {name.split("/")[0] for name in inside if ".dist-info/" not in name} == {
        "collapse_tui",
        "engines",
        "presets",
    }


def test_it_is_the_wheel_that_runs(program: Path, tmp_path: Path) -> None:
    where = "import engines; print(engines.__file__)"
    assert str(program.parents[1]) in run(program.parent / "python", "-c", where, folder=tmp_path)


def test_it_says_its_version(program: Path, wheel: Path, tmp_path: Path) -> None:
    assert wheel.name.split("-")[1] in run(program, "--version", folder=tmp_path)


def test_it_lists_its_presets(program: Path, tmp_path: Path) -> None:
    listed = run(program, "presets", folder=tmp_path)
    for path in (ROOT / "presets").glob("*.toml"):
        assert path.stem in listed


def test_it_runs_a_preset(program: Path, tmp_path: Path) -> None:
    batch = ["batch", "--preset", "shumailov", "--generations", "2", "--out", "run", "--quiet"]
    assert run(program, *batch, folder=tmp_path)
    assert len((tmp_path / "run" / "metrics.jsonl").read_text().splitlines()) == 3
