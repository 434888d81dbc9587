"""Every key that sizes something has a cost: in memory, on disk or in time."""

import re
import shutil
import tracemalloc
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any, get_args

import pytest

from collapse_tui.execution.notes import notes_of
from collapse_tui.execution.runner import run
from collapse_tui.experiment.capacity import KEPT_FORMS, needed_bytes, needed_seconds
from collapse_tui.experiment.disk import disk_costs
from collapse_tui.experiment.experiment import Experiment
from collapse_tui.experiment.loader import load
from engines import registry
from engines.errors import InvalidExperimentError

MakeExperiment = Callable[..., Experiment]

FREE_OF_COST = {
    "file.column": "names a part of a file",
    "gmm.iterations": "EM stops at its tolerance",
    "ngram.order": "no longer than the text allows",
    "ngram.passage": "all passages together have M tokens",
    "text.vocabulary": "no more tokens than the text has",
    "vae.trials": "parameter of a binomial law",
    "vae.chunk": "no more than a batch, or 1,024",
    "lm.batch": "a chunk of it is computed at once",
    "lm.chunk": "halved where a device holds less",
    "lm.top_k": "no more tokens than the tokenizer has",
    "lm.vocabulary": "no more tokens than the text has",
}
"""Whole numbers that size no array of their own, with the reason."""

WITH: dict[str, dict[str, Any]] = {
    "lm.beams": {"decoding": "beam"},
    "lm.heads": {"hidden": 4096, "heads": 1},
    "vae.channels": {"network": "conv"},
    "vae.hidden": {"network": "mlp"},
}
"""Key → settings without which it has no effect."""

KEYS = [
    (table, name, key)
    for table in ("engine", "source", "schedule")
    for name in registry.names(table)
    for key, field in registry.find(table, name).model_fields.items()
    if (field.annotation is int or "int" in str(get_args(field.annotation)))
    and f"{name}.{key}" not in FREE_OF_COST
]


def _large(table: str, name: str, key: str) -> Any:
    metadata = registry.find(table, name).model_fields[key].metadata
    number = min([10**9, *(item.le for item in metadata if hasattr(item, "le"))])
    return {"sizes": [number] * 3, "heads": 4096, "components": 150}.get(key, number)


def _build(experiment: MakeExperiment, table: str, chosen: Any, other: str) -> Experiment:
    if table == "schedule":
        return experiment(other, "kde", schedule=chosen, generations=2)
    pair = (other, chosen) if table == "engine" else (chosen, other)
    return experiment(*pair, schedule=200, generations=2)


def _partner(experiment: MakeExperiment, tables: Any, table: str, chosen: Any) -> str:
    """Return the first source, or engine, that suits an engine, or source."""
    for other in tables.engines if table == "source" else tables.sources:
        with suppress(InvalidExperimentError):
            _build(experiment, table, chosen, other)
            return other
    raise AssertionError(f"nothing suits {chosen}")


@pytest.mark.parametrize(("table", "name", "key"), KEYS, ids=map(".".join, KEYS))
def test_a_size_has_a_cost(
    experiment: MakeExperiment, tables: SimpleNamespace, table: str, name: str, key: str
) -> None:
    entries = {each["name"]: each for each in vars(tables)[f"{table}s"].values()}
    plain = entries[name] | WITH.get(f"{name}.{key}", {})
    other = _partner(experiment, tables, table, plain)
    before = _build(experiment, table, plain, other)
    if before.form not in KEPT_FORMS and key == "size":
        return  # statistics take the same for any number of points
    try:
        after = _build(experiment, table, plain | {key: _large(table, name, key)}, other)
    except InvalidExperimentError as error:
        assert len(re.findall(r"[\d.,]+ [GM]B", str(error))) in (0, 2)  # noqa: PT017
        return
    assert needed_bytes(after) > needed_bytes(before) or needed_seconds(after) > needed_seconds(
        before
    )


MEASURED: dict[str, tuple[str, dict[str, Any]]] = {
    "points of a kernel estimate": ("borji", {"schedule.size": 200_000}),
    "nodes of a narrow kernel": ("borji", {"engine.bandwidth": 0.001, "schedule.size": 1_000}),
    "points of a union": ("borji", {"policy.name": "accumulate", "schedule.size": 50_000}),
    "pool of points": ("shumailov-subsample", {"schedule.size": 2_000}),
    "replicates of moments": ("shumailov", {"replicates": 30_000}),
    "replicates of covariances": ("gaussian-nd", {"replicates": 10_000}),
    "states": ("suresh-zipf", {"source.states": 30_000, "metrics.names": ["tv"], "replicates": 9}),
    "pairs of states": (
        "borkar",
        {"source": {"name": "zipf", "states": 700}, "metrics.names": ["mmd"], "replicates": 1},
    ),
    "points of EM": ("gmm", {"schedule.size": 20_000}),
    "inputs": ("regression", {"source.inputs": 150, "schedule.size": 200, "replicates": 20}),
    "words": ("unigram", {"replicates": 10}),
    "windows": ("ngram", {"replicates": 3}),
}


@pytest.mark.parametrize("what", MEASURED)
def test_the_estimate_of_memory_is_near_the_peak(what: str) -> None:
    """Not below half of it, nor above four times."""
    preset, settings = MEASURED[what]
    experiment = load(preset, generations=3, **settings)
    deque(run(load(preset, generations=1)), maxlen=1)  # imports are no cost of a run
    tracemalloc.start()
    deque(run(experiment), maxlen=1)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak / 2 < needed_bytes(experiment) < 4 * peak


def test_a_run_that_would_fill_the_disk_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(tmp_path)._replace(free=1_200_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    for settings, sentence in (
        ({"replicates": 10**5}, "the checkpoints of this run take about .*: lower schedule"),
        (
            {"policy.name": "subsample", "schedule.size": 10**5, "generations": 3},
            "the checkpoints of this run",
        ),
    ):
        with pytest.raises(InvalidExperimentError, match=sentence) as refusal:
            run(load("shumailov", **{"generations": 3, **settings}), folder=tmp_path / "run")
        assert len(re.findall(r"[\d.,]+ [GM]B", str(refusal.value))) == 2
        assert not (tmp_path / "run").exists()
    deque(run(load("shumailov", generations=3), folder=tmp_path / "run"), maxlen=1)


def test_a_run_that_fills_the_disk_at_last_begins_and_says_when(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(tmp_path)._replace(free=1_200_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    told = {}
    for generations in (10, 1_000, 10**9):
        experiment = load("shumailov", generations=generations)
        events = run(experiment, folder=tmp_path / str(generations))
        told[generations] = " ".join(next(events).notes)
        events.close()
    assert "the disk will be full" not in told[10]
    full = [re.search(r"full at about generation ([\d,]+)", told[n]) for n in (1_000, 10**9)]
    assert full[0][1] == full[1][1]
    assert 10 < int(full[0][1].replace(",", "")) < 1_000


def test_the_estimate_of_the_disk_is_near_what_a_run_takes(tmp_path: Path) -> None:
    for preset, settings in (
        ("shumailov", {"generations": 60}),
        ("borji", {"generations": 10, "policy.name": "accumulate", "schedule.size": 3_000}),
        ("suresh-zipf", {"generations": 20}),
    ):
        experiment, folder = load(preset, **settings), tmp_path / preset
        deque(run(experiment, folder=folder), maxlen=1)
        taken = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        expected = sum(cost.memory for cost in disk_costs(experiment))
        assert taken / 2 < expected < 3 * taken


def test_a_long_run_says_how_long(tmp_path: Path) -> None:
    def told(**settings: Any) -> str:
        return " ".join(notes_of(load("gmm", **settings), (), tmp_path))

    assert "it takes about" not in told(generations=1_000)
    assert re.search(r"it takes about [\d.]+ h .*rough estimate", told(generations=10**7))
    assert "of disk" in told(generations=10**7)
    seconds = [needed_seconds(load("gmm", generations=n)) for n in (1_000, 10**7)]
    assert seconds[1] == pytest.approx(1e4 * seconds[0], rel=0.01)
