"""Experiments assembled from a few words, run without a folder, and tests of means."""

import os
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from collapse_tui.events import Failed, Generation
from collapse_tui.execution.runner import run
from collapse_tui.experiment.experiment import Experiment
from collapse_tui.experiment.loader import resolve
from engines import registry
from engines.errors import GenerationError, InvalidExperimentError
from engines.metrics.registry import METRICS
from engines.recursion import Outcome, State
from engines.runtime.step import run_to_end

STANDARD_ERRORS = 4.0
"""A true law fails one comparison in 16,000; the seeds are fixed, so that none fails by chance."""

COMPONENTS = [
    {"family": "normal", "weight": 3.0, "mean": -2.0, "sd": 0.5},
    {"family": "normal", "weight": 3.0, "mean": 3.0, "sd": 1.0},
    {"family": "uniform", "weight": 2.0, "low": -4.0, "high": -3.0},
]
"""Borji's data A."""

SOURCES: dict[str, dict[str, Any]] = {
    "normal": {"name": "normal", "mean": 0.5, "sd": 2.0},
    "normal-shared": {"name": "normal", "redraw": False, "size": 15},
    "normal-nd": {
        "name": "normal-nd",
        "mean": [0.0, 1.0, -1.0],
        "covariance": [[2.0, 0.8, 0.2], [0.8, 1.0, -0.3], [0.2, -0.3, 0.5]],
    },
    "mixture": {"name": "mixture", "components": COMPONENTS},
    "mixture-fixed": {"name": "mixture", "components": COMPONENTS, "counts": "fixed", "size": 16},
    "categorical": {
        "name": "categorical",
        "probabilities": [0.4, 0.3, 0.2, 0.1],
        "values": [0.0, 1.0, 2.0, 5.0],
    },
    "zipf": {"name": "zipf", "states": 6, "exponent": 1.0},
    "binned": {"name": "normal", "bins": {"low": -3.0, "high": 3.0, "count": 7}},
    "mixture-nd": {
        "name": "mixture-nd",
        "components": [
            {"weight": 1.0, "mean": [-2.0, 0.0], "covariance": [[1.0, 0.3], [0.3, 0.5]]},
            {"weight": 2.0, "mean": [2.0, 1.0], "covariance": [[0.5, 0.0], [0.0, 1.0]]},
        ],
    },
    "poisson": {"name": "poisson", "rate": 3.0},
    "bernoulli": {"name": "bernoulli", "probability": 0.3},
    "linear": {"name": "linear", "inputs": 2},
    "text": {"name": "text"},
    "digits": {"name": "digits", "size": 12},
    "digits-rows": {"name": "digits", "size": 15, "redraw": True},
    "images": {"name": "images"},
    "file": {"name": "file"},
    "file-rows": {"name": "file", "size": 25, "redraw": True},
    "file-binned": {"name": "file", "bins": {"low": 0.0, "high": 6.0, "count": 6}},
    "text-part": {"name": "text", "size": 30, "redraw": True, "unit": "character"},
}
"""One of every registered source, and the ways to draw D_0."""
NAMED = {table: set(registry.names(table)) for table in registry.TABLES}
SOURCES = {key: table for key, table in SOURCES.items() if table["name"] in NAMED["source"]}

ENGINES: dict[str, dict[str, Any]] = {
    "gaussian": {"name": "gaussian"},
    "gaussian-mle": {"name": "gaussian", "estimator": "mle"},
    "discrete": {"name": "discrete"},
    "kde": {"name": "kde", "bandwidth": 0.5},
    "kde-scott": {"name": "kde", "bandwidth": "scott", "kernel": "epanechnikov"},
    "gmm": {"name": "gmm", "components": 2, "tolerance": 1e-2},
    "gmm-warm": {"name": "gmm", "components": 3, "tolerance": 1e-2, "warm_start": True},
    "ngram": {"name": "ngram", "passage": 5},
    "ngram-unigram": {"name": "ngram", "order": 1},
    "vae": {"name": "vae", "latent": 2, "hidden": 3, "epochs": 2, "batch": 8},
    "vae-conv": {"name": "vae", "network": "conv", "latent": 2, "channels": 2, "epochs": 1},
}
ENGINES["lm"] = {"name": "lm", "hidden": 8, "layers": 1, "heads": 2, "vocabulary": 270}
ENGINES["lm"] |= {"block": 4, "epochs": 1, "batch": 32, "learning_rate": 1e-2}
ENGINES |= {
    name: {"name": name}
    for name in registry.names("engine")
    if name not in {table["name"] for table in ENGINES.values()}
}
"""Every registered engine; new ones with their defaults."""

POLICIES: dict[str, dict[str, Any]] = {
    "replace": {"name": "replace"},
    "fresh": {"name": "mix", "fresh": 0.3},
    "previous": {"name": "mix", "previous": 0.3, "fresh": 0.1},
    "rarely": {"name": "mix", "previous": 0.05, "fresh": 0.02},
    "all-previous": {"name": "mix", "previous": 1.0},
    "all-fresh": {"name": "mix", "fresh": 1.0},
    "fixed": {"name": "mix", "previous": 0.25, "fresh": 0.25, "counts": "fixed"},
    "keep": {"name": "mix", "keep": 0.4},
    "keep-mixed": {"name": "mix", "keep": 0.4, "previous": 0.2, "fresh": 0.2},
    "accumulate": {"name": "accumulate"},
    "subsample": {"name": "subsample"},
    "resample": {"name": "subsample", "replacement": True},
    "weighted": {"name": "weighted", "weight": 0.6, "fresh": 0.4},
    "watched": {"name": "mix", "fresh": 0.3, "detector": {"recall": 0.5}},
}
"""Every registered policy, with its keys turned."""

SCHEDULES: dict[str, dict[str, Any]] = {
    "constant": {"name": "constant", "size": 12},
    "linear": {"name": "linear", "size": 9},
    "power": {"name": "power", "size": 9, "exponent": 1.5},
    "geometric": {"name": "geometric", "size": 20, "ratio": 0.8},
    "list": {"name": "list", "sizes": [12, 10, 14, 9, 11, 12]},
}


def kind_of(engine: str, source: str) -> str:
    """Return the kind of data that an entry of `SOURCES` gives, as the engine reads it."""
    if "bins" in SOURCES[source]:
        return "states"
    reader = registry.find("engine", ENGINES[engine]["name"]).model_construct()
    read = registry.find("source", SOURCES[source]["name"]).model_construct()
    return reader.adapt_source(read).kind


def kinds_of(engine: str) -> tuple[str, ...]:
    """Return the kinds of data that an entry of `ENGINES` fits."""
    return registry.find("engine", ENGINES[engine]["name"]).kinds


NETWORKS = {"lm", "vae"}
"""Engines whose tests take more than a second each."""


def is_of_kind(pair: tuple[str, str]) -> bool:
    """Return whether the engine fits what the source gives."""
    engine, source = pair
    return kind_of(engine, source) in kinds_of(engine)


def mark_pair(pair: tuple[str, str]) -> Any:
    """Return the parameter of one pair of an engine and a source."""
    slow = ENGINES[pair[0]]["name"] in NETWORKS
    return pytest.param(pair, marks=pytest.mark.slow if slow else (), id="/".join(pair))


ALL_PAIRS = [(engine, source) for engine in ENGINES for source in SOURCES]
PARAMETERS: dict[str, list[Any]] = {
    "any_pair": [mark_pair(pair) for pair in ALL_PAIRS if is_of_kind(pair)],
    "odd_pair": [mark_pair(pair) for pair in ALL_PAIRS if not is_of_kind(pair)],
    "any_policy": list(POLICIES),
    "any_schedule": list(SCHEDULES),
}
"""What a test may ask for by name: it is then run for each entry."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test for every entry of the tables that it asks for by name."""
    for name, values in PARAMETERS.items():
        if name in metafunc.fixturenames:
            metafunc.parametrize(name, values)


ON_REQUEST = ("soak", "browser")
"""Marks of tests that run only where they are asked for, with -m."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with the slow tests, so that no worker waits at the end for another's last one."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)
    for mark in ON_REQUEST:
        if mark not in config.option.markexpr:
            left_out = [one for one in items if one.get_closest_marker(mark)]
            config.hook.pytest_deselected(items=left_out)
            items[:] = [one for one in items if one not in left_out]


RELIABILITY = Path(__file__).parents[1] / "docs/reliability.md"


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Write how the tests of `make soak` ended into docs/reliability.md, a row for each kind."""
    rows: dict[str, list[Any]] = {}
    for outcome in ("passed", "failed", "skipped"):
        for report in terminalreporter.stats.get(outcome, []):
            if "soak" in report.keywords:
                words = report.location[2].partition("[")[0].removeprefix("test_").replace("_", " ")
                facts = dict(report.user_properties)
                rows.setdefault(facts.get("what", words), []).append((outcome, facts))
    if not rows:
        return
    head, table, tail = re.split(
        r"(?<=\|---\|---\|---\|\n)((?:\|.*\n)*)", RELIABILITY.read_text(), maxsplit=1
    )
    known = {row.split(" | ")[0].removeprefix("| "): row for row in table.splitlines()}
    for what, ended in rows.items():
        counts = Counter(outcome for outcome, _ in ended)
        outcomes = ", ".join(f"{number} {outcome}" for outcome, number in counts.items())
        found = "; ".join([facts["found"] for _, facts in ended if "found" in facts]) or outcomes
        units = [facts["unit"] for _, facts in ended if "unit" in facts]
        if units:
            total = sum(facts.get("count", 0) for _, facts in ended)
            found = f"{total:,} {units[0]}; {outcomes}"
        known[what] = f"| {what} | {found} | {datetime.now(UTC).date()} |"
    RELIABILITY.write_text(head + "\n".join(known.values()) + "\n" + tail)


@pytest.fixture(scope="session", autouse=True)
def no_loss_of_power() -> Iterator[None]:
    """Let nothing wait for the disk: a kill loses nothing that the kernel already holds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", os.fstat)  # this too refuses what is not open
        yield


@pytest.fixture(scope="session")
def numbers_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a file of 40 numbers, with ties."""
    path = tmp_path_factory.mktemp("data") / "numbers.csv"
    numbers = np.random.default_rng(0).gamma(2.0, 1.0, 40).round(1)
    path.write_text("value\n" + "\n".join(str(number) for number in numbers) + "\n")
    return path


SENTENCES = "the cat sat on the mat and the dog sat on the cat; the dog saw the mat. "


@pytest.fixture(scope="session")
def text_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a text of 54 words, 9 different ones."""
    path = tmp_path_factory.mktemp("data") / "text.txt"
    path.write_text(3 * SENTENCES)
    return path


@pytest.fixture(scope="session")
def images_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give 30 images of 4 × 4 in three classes."""
    path = tmp_path_factory.mktemp("data") / "images.npz"
    generator = np.random.default_rng(0)
    labels = np.arange(30) % 3
    images = generator.integers(0, 80, (30, 4, 4)) + 80 * labels[:, None, None]
    np.savez(path, images=images.astype(np.uint8), labels=labels)
    return path


MakeExperiment = Callable[..., Experiment]


@pytest.fixture(scope="session")
def table_experiment(numbers_file: Path, text_file: Path, images_file: Path) -> MakeExperiment:
    """Give a builder of experiments: names from the tables above, or tables of keys."""

    def build(
        source: str | dict[str, Any] = "normal",
        engine: str | dict[str, Any] = "gaussian",
        policy: str | dict[str, Any] = "replace",
        schedule: str | int | dict[str, Any] = "constant",
        **top: Any,
    ) -> Experiment:
        if isinstance(schedule, int):
            schedule = {"name": "constant", "size": schedule}
        tables = {
            "source": _named(SOURCES, source),
            "engine": _named(ENGINES, engine),
            "policy": _named(POLICIES, policy),
            "schedule": _named(SCHEDULES, schedule),
        }
        if tables["source"]["name"] == "file":
            tables["source"].setdefault("path", str(numbers_file))
        if tables["source"]["name"] == "text":
            tables["source"].setdefault("path", str(text_file))
        if tables["source"]["name"] == "images":
            tables["source"].setdefault("path", str(images_file))
        if "metrics" in top:
            top["metrics"] = {"names": list(top["metrics"])}
        scalars = {"format": 1, "seed": 1, "generations": 4, "replicates": 3}
        return resolve("test", {**scalars, **tables, **top})

    return build


@pytest.fixture(scope="session")
def experiment(table_experiment: MakeExperiment) -> MakeExperiment:
    """Give the same builder; folders of tests have shorter ones under this name."""
    return table_experiment


def _named(table: Mapping[str, dict[str, Any]], entry: str | dict[str, Any]) -> dict[str, Any]:
    return dict(table[entry] if isinstance(entry, str) else entry)


@pytest.fixture(scope="session")
def records() -> Callable[[Experiment], list[Generation]]:
    """Give what runs an experiment without a folder and returns its records."""

    def collect(built: Experiment) -> list[Generation]:
        found: list[Generation] = []
        for event in run(built):
            if isinstance(event, Failed):
                raise GenerationError(f"generation {event.generation}: {event.reason}")
            if isinstance(event, Generation):
                found.append(event)
        return found

    return collect


@pytest.fixture(scope="session")
def outcomes() -> Callable[[Experiment], Iterator[tuple[State, Outcome]]]:
    """Give what steps through the recursion alone: no metrics, no views."""

    def walk(built: Experiment) -> Iterator[tuple[State, Outcome]]:
        loop = built.recursion()
        state, outcome = loop.start()
        yield state, outcome
        for _ in range(built.generations):
            state, outcome = run_to_end(loop.step(state))
            yield state, outcome

    return walk


@pytest.fixture(scope="session")
def step() -> Callable[[Any], Any]:
    """Give `run_to_end`, which returns the result of a step of the recursion."""
    return run_to_end


@pytest.fixture(scope="session")
def all_metrics(experiment: MakeExperiment) -> Callable[..., list[str]]:
    """Give the names of all metrics that exist for a source and an engine."""

    @cache
    def available(source: str, engine: str) -> list[str]:
        found: list[str] = []
        for name in METRICS:
            try:
                experiment(source, engine, metrics=[name])
            except InvalidExperimentError:
                continue
            found.append(name)
        return found

    return available


def standard_errors(values: Any, expected: float) -> float:
    """Return how many standard errors a mean of independent values lies from `expected`."""
    array = np.asarray(values, dtype=np.float64)
    error = array.std(ddof=1) / np.sqrt(len(array))
    return abs(float(array.mean()) - expected) / float(error)


@pytest.fixture(scope="session")
def mean() -> SimpleNamespace:
    """Give the two verdicts on a mean: it is what the law says, or it is clearly not."""

    def agrees(values: Any, expected: float) -> bool:
        return standard_errors(values, expected) < STANDARD_ERRORS

    def differs(values: Any, expected: float) -> bool:
        return standard_errors(values, expected) > 2 * STANDARD_ERRORS

    return SimpleNamespace(agrees=agrees, differs=differs)


@pytest.fixture(scope="session")
def squares() -> Callable[[Any], Any]:
    """Give the squared deviations of replicates, whose mean is their variance (ddof 1)."""

    def deviations(values: Any) -> Any:
        array = np.asarray(values, dtype=np.float64)
        return (array - array.mean()) ** 2 * (len(array) / (len(array) - 1))

    return deviations


@pytest.fixture(scope="session")
def tables() -> SimpleNamespace:
    """Give the tables of names."""
    return SimpleNamespace(sources=SOURCES, engines=ENGINES, policies=POLICIES, schedules=SCHEDULES)


@pytest.fixture(autouse=True, scope="session")
def _settings_of_nobody(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the tests from the settings and the remembered choices of whoever runs them."""
    folder = tmp_path_factory.mktemp("user")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLLAPSE_TUI_CONFIG", str(folder / "config.toml"))
        patch.setenv("XDG_STATE_HOME", str(folder / "state"))
        yield
