"""Faults of other packages are named as theirs."""

import sys
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

import pytest

from collapse_tui.cli import main
from engines import plugins, registry
from engines.errors import ForeignFaultError

ENGINE = """
from engines.families.gaussian import Gaussian

class Faulty(Gaussian):
    def fit(self, data, context):
        raise LookupError("no such luck")
"""


class Distribution:
    name = "collapse-faulty"
    version = "3.1"


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Install a package with an engine `faulty`, as far as Python can see."""

    def write(source: str) -> None:
        (tmp_path / "faulty_engine.py").write_text(source)
        monkeypatch.syspath_prepend(tmp_path)
        monkeypatch.delitem(sys.modules, "faulty_engine", raising=False)
        point = EntryPoint("faulty", "faulty_engine:Faulty", plugins.GROUP)
        point.__dict__["dist"] = Distribution()
        monkeypatch.setattr(
            "importlib.metadata.entry_points",
            lambda group: [point] if group == plugins.GROUP else entry_points(group=group),
        )
        plugins.find_plugins.cache_clear()

    yield write
    plugins.find_plugins.cache_clear()


@pytest.fixture
def batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "logs"))

    def run(*arguments: str) -> tuple[int, str]:
        out = ("--quiet", "--generations", "2", "--out", str(tmp_path / "run"))
        code = main(["batch", "--preset", "shumailov", *out, *arguments])
        return code, capsys.readouterr().err

    return run


@pytest.mark.parametrize(
    ("source", "cause"),
    [
        ("import torch_of_nobody", "No module named 'torch_of_nobody'"),
        ("1 / 0", "ZeroDivisionError"),
        ("def Faulty(:", "SyntaxError"),
        ("", "has no attribute 'Faulty'"),
    ],
)
def test_a_plugin_that_cannot_be_loaded(install, batch, source, cause):
    install(source)
    with pytest.raises(ForeignFaultError, match=r"collapse-faulty 3\.1"):
        registry.find("engine", "faulty")
    code, said = batch("--set", "engine.name=faulty")
    assert code == 2
    assert cause in said
    assert "collapse-faulty 3.1" in said
    assert "internal error" not in said


def test_a_plugin_that_fails_during_a_run(install, batch, tmp_path):
    install(ENGINE)
    code, said = batch("--set", "engine.name=faulty")
    assert code == 1
    assert "the package collapse-faulty 3.1, which has engine 'faulty', failed" in said
    assert "LookupError" in said
    assert "internal error" not in said
    log = Path(said.rpartition(" in ")[2].strip()).read_text()
    assert "faulty_engine.py" in log
    assert "collapse-faulty" in (tmp_path / "run" / "status.json").read_text()


def raised(statement: str, **names: object) -> Exception:
    try:
        exec(statement, {"__name__": "engines.families.vae", **names})  # noqa: S102 - a made-up module
    except Exception as error:  # noqa: BLE001 - returned
        return error
    raise AssertionError


def test_a_library_that_is_missing_or_broken(tmp_path, monkeypatch):
    missing = plugins.find_foreign_fault(raised("import torch_of_nobody.nn"))
    assert "torch_of_nobody cannot be loaded" in str(missing)
    (tmp_path / "broken_library.py").write_text("raise OSError('libcudart.so.12: no such file')")
    monkeypatch.syspath_prepend(tmp_path)
    broken = plugins.find_foreign_fault(raised("import broken_library"))
    assert "broken_library cannot be loaded" in str(broken)
    assert "libcudart" in str(broken)


def test_our_own_faults_stay_ours():
    assert plugins.find_foreign_fault(raised("{}['key']")) is None
    assert plugins.find_foreign_fault(raised("import numpy; numpy.linalg.inv('x')")) is None
    assert plugins.find_foreign_fault(raised("import engines.nothing")) is None
