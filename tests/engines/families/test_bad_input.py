"""Each engine's table of bad input: refused in one sentence, or recorded as what happened."""

import re
from collections import deque
from collections.abc import Callable
from typing import Any

import pytest

from collapse_tui.events import Failed, Generation
from collapse_tui.execution.runner import run
from collapse_tui.experiment.experiment import Experiment
from engines import registry
from engines.errors import CollapseError

MakeExperiment = Callable[..., Experiment]
Case = tuple[dict[str, Any], dict[str, Any], int, str]

NORMAL = {"name": "normal"}
PLANE = {"name": "normal-nd", "mean": [0.0, 0.0], "covariance": [[1.0, 0.0], [0.0, 1.0]]}
LINE = {**PLANE, "covariance": [[1.0, 1.0], [1.0, 1.0]]}
COIN = {"name": "categorical", "probabilities": [0.5, 0.5]}
TEXT, DIGITS = {"name": "text", "path": None}, {"name": "digits"}
LINEAR = {"name": "linear", "inputs": 5}

REFUSED: dict[str, tuple[Case, ...]] = {
    "gaussian": (
        (NORMAL, {}, 1, "1 samples at generation 0; .* needs at least 2"),
        (PLANE, {}, 2, "needs at least 3"),
        (LINE, {}, 12, "covariance must be positive definite"),
        (NORMAL, {"estimator": "map"}, 12, "'unbiased' or 'mle', got 'map'"),
        (NORMAL, {"sampling_bias": 0.0}, 12, "sampling_bias must be greater than 0"),
        (COIN, {}, 12, "fits numbers or vectors, but source 'categorical' gives states"),
    ),
    "kde": (
        (NORMAL, {"bandwidth": 0.0}, 12, "bandwidth must be greater than 0.*got 0.0"),
        (NORMAL, {"bandwidth": "scot"}, 12, "'scott', 'silverman'.*got 'scot'"),
        (NORMAL, {"kernel": "gausian"}, 12, "'gaussian', 'tophat'.*got 'gausian'"),
        (PLANE, {}, 12, "fits numbers, but"),
    ),
    "gmm": (
        (NORMAL, {"components": 13}, 12, "12 samples .* needs at least 13"),
        (PLANE, {"components": 5}, 4, "needs at least 5"),
        (NORMAL, {"components": 0}, 12, "components must be greater than or equal to 1"),
        (NORMAL, {"tolerance": -1.0}, 12, "tolerance must be greater than or equal to 0"),
        (LINE, {}, 12, "covariance must be positive definite"),
    ),
    "discrete": (
        ({**COIN, "probabilities": [0.5, 0.4]}, {}, 12, "must sum to 1, they sum to 0.9"),
        (
            {**COIN, "probabilities": [1.2, -0.2]},
            {},
            12,
            r"probabilities\.0 must be less than or equal to 1, got 1\.2",
        ),
        ({**COIN, "probabilities": [1.0]}, {}, 12, "must have at least 2 entries, got"),
        (NORMAL, {}, 12, "source.bins makes it states"),
        (COIN, {}, 0, "schedule.size must be greater than or equal to 1"),
    ),
    "bernoulli": (
        ({"name": "bernoulli", "probability": 1.5}, {}, 12, "less than 1, got 1.5"),
        ({**COIN, "probabilities": [0.2, 0.3, 0.5]}, {}, 12, "has 3: use engine 'discrete'"),
    ),
    "poisson": (
        ({"name": "poisson", "rate": -1.0}, {}, 12, "rate must be greater than 0"),
        (NORMAL, {}, 12, "fits counts, but"),
        (
            {"name": "poisson", "rate": 1e15},
            {},
            120_000,
            r"reach about 1\.2e\+20, but at most 9\.0e\+18",
        ),
    ),
    "regression": (
        (LINEAR, {}, 6, "6 samples .* needs at least 7"),
        ({**LINEAR, "inputs": 0}, {}, 12, "inputs must be greater than or equal to 1"),
        (LINEAR, {"ridge": -1.0}, 12, "ridge must be greater than or equal to 0"),
        (NORMAL, {}, 12, "fits inputs and answers, but"),
    ),
    "ngram": (
        (TEXT, {"order": 0}, 12, "order must be greater than or equal to 1"),
        ({**TEXT, "vocabulary": 1}, {}, 12, "vocabulary must be greater than or equal to 2"),
        (TEXT, {"order": 9}, 12, "order 9 needs longer windows than this text gives"),
        (NORMAL, {}, 12, "fits words, but"),
    ),
    "vae": (
        (DIGITS, {"latent": 0}, 12, "latent must be greater than or equal to 1"),
        (DIGITS, {"network": "cnn"}, 12, "'mlp' or 'conv', got 'cnn'"),
        (DIGITS, {"learning_rate": 0.0}, 12, "learning_rate must be greater than 0"),
        (NORMAL, {}, 12, "fits images, but"),
    ),
    "lm": (
        (TEXT, {"block": 0}, 12, "block must be greater than or equal to 2"),
        (TEXT, {"hidden": 10, "heads": 3}, 12, "hidden must be a multiple of heads"),
        (TEXT, {"vocabulary": 10}, 12, "vocabulary must be greater than 256"),
        (TEXT, {"model": "nobody/nothing"}, 12, "neither a folder nor in the Hugging Face cache"),
        (TEXT, {"decoding": "beams"}, 12, "'beam', 'greedy' or 'sample', got 'beams'"),
        (TEXT, {"temperature": 0.0}, 12, "temperature must be greater than 0"),
        (NORMAL, {}, 12, "fits blocks of text, but"),
    ),
}

RECORDED: dict[str, Case] = {
    "singular components": (
        {"name": "file", "path": None}, {"name": "gmm", "components": 3}, 3,
        "components: singular in 3 of 3",
    ),
    "equal points under a rule": (
        {"name": "file", "path": None, "size": 4}, {"name": "kde", "bandwidth": "scott"}, 4,
        "training points are all equal",
    ),
    "one image": (
        DIGITS, {"name": "vae", "latent": 2, "hidden": 3, "epochs": 1}, 1,
        "latent_kl: infinite in 3 of 3",
    ),
}  # fmt: skip


def test_every_engine_has_a_table() -> None:
    assert REFUSED.keys() == set(registry.names("engine"))


@pytest.mark.parametrize(
    ("engine", "number"), [(name, n) for name, cases in REFUSED.items() for n in range(len(cases))]
)
def test_refused_in_one_sentence(experiment: MakeExperiment, engine: str, number: int) -> None:
    source, keys, size, sentence = REFUSED[engine][number]
    with pytest.raises(CollapseError, match=sentence) as caught:
        experiment(source, {"name": engine, **keys}, schedule=size)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", RECORDED)
def test_recorded_as_what_happened(experiment: MakeExperiment, tmp_path: Any, name: str) -> None:
    source, engine, size, sentence = RECORDED[name]
    if source["name"] == "file":
        path = tmp_path / "a.csv"
        path.write_text("".join(f"{x}\n" for x in [1.0] * 60 + [2.0]))
        source = {**source, "path": str(path)}
    events = deque(run(experiment(source, engine, schedule=size, generations=2)), maxlen=8)
    told = [
        f"{key}: {flag}"
        for event in events
        if isinstance(event, Generation)
        for key, flag in event.flags.items()
    ]
    told += [event.reason for event in events if isinstance(event, Failed)]
    assert any(re.search(sentence, each) for each in told), told
    assert not any("\n" in each for each in told)
