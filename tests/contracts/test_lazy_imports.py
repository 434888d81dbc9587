"""What a start may load; import-linter sees directions, but not what is deferred."""

import json
import subprocess
import sys

import pytest

HEAVY = {
    "matplotlib",
    "numpy",
    "plotext",
    "pyarrow",
    "pydantic",
    "rich",
    "scipy",
    "sklearn",
    "textual",
    "torch",
    "transformers",
}
FRONT = {"plotext", "rich", "textual", "typer"}
LATE = {"matplotlib", "plotext", "pyarrow", "scipy.stats", "sklearn", "torch", "transformers"}


def loaded(statement: str) -> set[str]:
    """The modules that a fresh interpreter holds after a statement."""
    program = f"import json, sys; {statement}; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize("package", ["collapse_tui", "engines", "presets", "collapse_tui.cli"])
def test_a_package_loads_nothing_heavy(package: str) -> None:
    assert not loaded(f"import {package}") & HEAVY


def test_the_runner_loads_no_front_end_and_nothing_late() -> None:
    assert not loaded("from collapse_tui import load, run") & (FRONT | LATE)


def test_a_run_loads_no_front_end_and_nothing_late() -> None:
    run = "from collapse_tui import load, run; list(run(load('shumailov', generations=1)))"
    assert not loaded(run) & (FRONT | LATE)
