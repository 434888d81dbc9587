"""A run whose views hold no strip, as version 0.1.0 stored them, is whole, and goes on."""

import dataclasses
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from collapse_tui.events import Finished, Generation
from collapse_tui.execution import recorder
from collapse_tui.execution.runner import fork, resume, run
from collapse_tui.experiment.experiment import Experiment
from collapse_tui.experiment.loader import resolve
from collapse_tui.storage.inspection import inspect_run
from collapse_tui.storage.saved import SavedRun
from engines.kinds import KINDS
from engines.views.strip import STRIP_ARRAYS
from engines.views.view import View

LAST = 4


def small(generations: int = LAST) -> Experiment:
    return resolve("small", {
        "format": 1, "seed": 1, "generations": generations, "replicates": 2,
        "source": {"name": "normal", "mean": 0.0, "sd": 1.0}, "engine": {"name": "gaussian"},
        "policy": {"name": "replace"}, "schedule": {"name": "constant", "size": 20},
        "metrics": {"names": ["mean", "variance"]},
    })  # fmt: skip


@pytest.fixture
def old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a run of version 0.1.0."""

    class WithoutStrip:
        def __init__(self, kind: Any) -> None:
            self.kind = kind

        def view(self, observation: Any) -> View:
            view = self.kind.view(observation)
            kept = {name: each for name, each in view.arrays.items() if name not in STRIP_ARRAYS}
            return dataclasses.replace(view, arrays=kept, strip="")

    with monkeypatch.context() as patch:
        kinds = {name: WithoutStrip(kind) for name, kind in KINDS.items()}
        patch.setattr(recorder, "KINDS", kinds)
        list(run(small(), folder=tmp_path / "old"))
    return tmp_path / "old"


def test_it_is_what_that_version_wrote(old: Path) -> None:
    """Its files were equal, byte for byte, to those that version wrote on the same machine."""
    lines = [json.loads(line) for line in (old / "views/index.jsonl").read_text().splitlines()]
    assert len(lines) == LAST + 1
    for line in lines:
        assert list(line) == ["generation", "kind", "arrays", "end", "notes"]
        names = [[name, kind] for name, kind, *_ in line["arrays"]]
        assert names == [[name, "<f8"] for name in ("edges", "real", "now", "law", "theory")]


def test_it_is_whole_and_its_views_are_read(old: Path) -> None:
    saved = SavedRun.open(old)
    assert inspect_run(saved.path).damages == ()
    view = saved.view(LAST)
    assert view is not None
    assert view.strip == ""
    assert "strip" not in view.arrays
    assert [(n, view.arrays) for n, view in saved.strips(range(3))] == [(n, {}) for n in range(3)]


@pytest.mark.parametrize("replayed", [False, True], ids=["at its end", "replayed"])
def test_it_goes_on_and_later_views_have_strips(
    old: Path, records: Callable[[Path], bytes], tmp_path: Path, replayed: bool
) -> None:
    whole = tmp_path / "whole"
    list(run(small(LAST + 2), folder=whole))
    if replayed:
        for path in (old / "state").glob(f"{LAST}*"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    events = list(resume(old, generations=LAST + 2))
    assert isinstance(events[-1], Finished)
    assert [e.generation for e in events if isinstance(e, Generation)] == [LAST + 1, LAST + 2]
    assert records(old) == records(whole)
    saved = SavedRun.open(old)
    assert inspect_run(saved.path).damages == ()
    strips = dict(saved.strips(range(LAST + 3)))
    assert [n for n, view in strips.items() if view.strip] == [LAST + 1, LAST + 2]
    new = dict(SavedRun.open(whole).strips(range(LAST + 3)))
    for n in (LAST + 1, LAST + 2):
        assert strips[n].arrays["strip"].tobytes() == new[n].arrays["strip"].tobytes()


def test_a_fork_of_it_copies_its_views(old: Path, tmp_path: Path) -> None:
    list(fork(old, at=2, settings={}, out=tmp_path / "fork"))
    saved = SavedRun.open(tmp_path / "fork")
    assert inspect_run(saved.path).damages == ()
    assert [n for n, view in saved.strips(range(LAST + 1)) if view.strip] == [3, 4]
