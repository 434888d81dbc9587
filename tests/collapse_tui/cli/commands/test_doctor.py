"""`doctor`: what it prints, and its last line."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from collapse_tui.cli.commands import doctor
from engines.external import hub

Cli = Callable[..., Any]


def test_doctor(cli: Cli, runs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_accelerators", lambda: "none")  # torch takes seconds
    ended = cli("doctor")
    assert ended.code == 0
    for word in ("python", "numpy", "cores", "GB free", str(runs), "writable", "encoding"):
        assert word in ended.out
    assert not runs.exists()
    (tmp_path / "file").write_text("")
    ended = cli("doctor", "--runs", tmp_path / "file" / "runs")
    assert ended.code == 2
    assert "cannot be written" in ended.out


def test_the_last_word_of_doctor_is_true(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_accelerators", lambda: "none")
    here = {"ylecun/mnist"}
    monkeypatch.setattr(hub, "is_cached", lambda download: download.repository in here)
    ended = cli("doctor")
    assert ended.code == 0
    assert ended.out.splitlines()[-1] == (
        "only the data of opt, opt-keep10, opt-penalty and suresh-unigram are missing:"
        " `collapse-tui fetch opt` and `collapse-tui fetch suresh-unigram` download them"
    )
    here.clear()
    last = cli("doctor").out.splitlines()[-1]
    assert last.endswith(" and `collapse-tui fetch vae-mnist` download them")
    monkeypatch.setattr(hub, "is_cached", lambda _: True)
    assert cli("doctor").out.splitlines()[-1] == "everything that a run needs is there"


@pytest.mark.slow
def test_doctor_looks_for_accelerators() -> None:
    assert "torch" in doctor._accelerators() or "cuda" in doctor._accelerators()
