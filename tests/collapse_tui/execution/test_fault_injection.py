"""A full disk or a kill at each system call that changes a run: resume gives the same bytes.

A part of the calls is struck with the tests; `make soak` strikes all of them, for each engine
and for each kind of table, and writes the counts into docs/reliability.md.
"""

import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from collapse_tui.control import Control
from collapse_tui.events import Failed, Finished
from collapse_tui.execution.runner import resume, run
from collapse_tui.experiment.experiment import Experiment
from collapse_tui.storage.errors import StorageError
from collapse_tui.storage.inspection import inspect_run
from collapse_tui.storage.layout import is_run
from collapse_tui.storage.saved import SavedRun
from engines.errors import InvalidExperimentError
from tests.collapse_tui.system_faults import Killed, strike_all
from tests.conftest import ENGINES, SOURCES

Build = Callable[..., Experiment]
Records = Callable[[Path], bytes]
Property = Callable[[str, Any], None]

pytestmark = pytest.mark.usefixtures("eager")

TABLES: dict[str, tuple[str, dict[str, Any]]] = {
    "statistics": ("gaussian", {}),
    "past models": ("kde", {"policy": {"name": "mix", "previous": 0.3, "fresh": 0.1}}),
    "points of all generations": ("gaussian-points", {"policy": {"name": "accumulate"}}),
    "pool": ("gaussian-nd", {"policy": {"name": "subsample"}}),
    "columns": ("gaussian", {"replicates": 101, "metrics": {"names": ["mean", "w1"]}}),
    "past models and columns": (
        "gaussian-points",
        {"policy": {"name": "mix", "previous": 0.3}, "replicates": 101,
         "metrics": {"names": ["mean"]}},
    ),
    "states": ("discrete", {"policy": {"name": "accumulate"}}),
    "intervention": ("gaussian", {}),
}  # fmt: skip
"""What is stored: the tables of a run differ by policy, form of data and replicates."""


class Trial:
    """One run that is struck and resumed, again and again."""

    def __init__(
        self, built: Experiment, folder: Path, records: Records, turned: dict[str, Any]
    ) -> None:
        self.built, self.folder, self.records = built, folder / "run", records
        self.turned = turned
        self.expected = {records(self.run_whole(folder / "whole", turned))}
        if turned:  # a kill before the intervention is stored forgets it
            self.expected.add(records(self.run_whole(folder / "plain", {})))

    def run_whole(self, path: Path, turned: dict[str, Any]) -> Path:
        """Run without any fault."""
        control = Control()
        if turned:
            control.set(turned)
        assert isinstance(list(run(self.built, folder=path, control=control))[-1], Finished)
        return path

    def attempt(self) -> None:
        """Run, whatever happens; a full disk must be said in a sentence."""
        control = Control()
        if self.turned:
            control.set(self.turned)
        try:
            last = list(run(self.built, folder=self.folder, control=control))[-1]
            assert isinstance(last, Finished | Failed)
        except (StorageError, Killed):
            pass

    def check(self, what: str) -> None:
        """Resume what is there: its bytes are those of a run that nothing struck."""
        if is_run(self.folder):
            assert isinstance(list(resume(self.folder))[-1], Finished), what
            assert self.records(self.folder) in self.expected, what
            assert not inspect_run(self.folder).damages, what
            saved = SavedRun.open(self.folder)
            assert all(saved.view(n) is not None for n in range(saved.last + 1)), what
        for path in self.folder.parent.iterdir():
            if path.name not in {"whole", "plain"}:
                shutil.rmtree(path)


def strike_table(name: str, experiment: Build, folder: Path, records: Records, stride: int) -> int:
    engine, keys = TABLES[name]
    built = experiment(engine, generations=2, **keys)
    turned = {"schedule.size": 15} if name == "intervention" else {}
    trial = Trial(built, folder, records, turned)
    return strike_all(trial.attempt, trial.check, stride, least=50)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "stride"),
    [("statistics", 23), ("past models", 37), ("points of all generations", 31), ("columns", 41),
     ("intervention", 29)],
)  # fmt: skip
def test_some_calls(
    name: str, stride: int, experiment: Build, tmp_path: Path, records: Records
) -> None:
    assert strike_table(name, experiment, tmp_path, records, stride) > 4


@pytest.mark.soak
@pytest.mark.parametrize("name", TABLES)
def test_every_call_of_each_table(
    name: str, experiment: Build, tmp_path: Path, records: Records, record_property: Property
) -> None:
    record_property("what", "a full disk and a kill at every call that writes: kinds of tables")
    record_property("count", strike_table(name, experiment, tmp_path, records, 1))
    record_property("unit", "calls struck, each run resumed to the same bytes")


@pytest.mark.soak
@pytest.mark.parametrize("engine", ENGINES)
def test_every_call_of_each_engine(
    engine: str,
    table_experiment: Build,
    tmp_path: Path,
    records: Records,
    record_property: Property,
) -> None:
    record_property("what", "a full disk and a kill at every call that writes: engines")
    trial = Trial(build_small(table_experiment, engine), tmp_path, records, {})
    record_property("count", strike_all(trial.attempt, trial.check, 1, least=30))
    record_property("unit", "calls struck, each run resumed to the same bytes")


def build_small(build: Build, engine: str) -> Experiment:
    """Return an experiment with the first source that the engine accepts."""
    for source in SOURCES:
        with suppress(InvalidExperimentError):
            return build(source, engine, generations=2, replicates=2)
    raise AssertionError(engine)
