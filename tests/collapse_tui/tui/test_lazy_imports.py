"""The first paint comes before engines, plotext and everything heavy."""

import subprocess
import sys
from pathlib import Path

import collapse_tui

LISTING = "import collapse_tui.tui.app, sys; print(*sys.modules)"


def test_the_screen_imports_nothing_that_can_wait():
    done = subprocess.run(
        [sys.executable, "-c", LISTING], capture_output=True, text=True, check=True
    )
    modules = done.stdout.split()
    heavy = {"plotext", "scipy", "sklearn", "torch", "pydantic", "pyarrow", "typer", "psutil"}
    assert not heavy & {name.partition(".")[0] for name in modules}
    light = {
        "engines", "engines.arrays", "engines.errors", "engines.views", "engines.views.strip",
        "engines.views.view", "engines.theory", "engines.theory.case", "engines.theory.conditions",
    }  # fmt: skip
    assert {name for name in modules if name.startswith("engines")} <= light


def test_plotext_is_touched_by_one_file_only():
    root = Path(collapse_tui.__file__).parent
    users = [path.name for path in root.rglob("*.py") if "import plotext" in path.read_text()]
    assert users == ["plotext_adapter.py"]


def test_the_folder_of_runs_is_found_without_what_stores_them():
    listing = "import collapse_tui.storage.runs_folder, sys; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", listing], capture_output=True, text=True, check=True
    )
    modules = set(done.stdout.split())
    assert not modules & {"numpy", "collapse_tui.storage.catalogue", "collapse_tui.storage.saved"}
