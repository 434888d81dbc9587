"""What exceeds the machine is refused with both numbers, before anything is allocated."""

import tracemalloc
from typing import Any

import psutil
import pytest

from collapse_tui.experiment.loader import load
from engines.errors import InvalidExperimentError

TOO_LARGE: dict[str, tuple[str, dict[str, Any], str]] = {
    "replicates": ("shumailov", {"replicates": 10**10}, "the values .* lower replicates"),
    "states": (
        "borkar",
        {"source": {"name": "zipf", "states": 10**11}, "replicates": 1},
        "the states .* lower source.states",
    ),
    "states times replicates": (
        "borkar",
        {"source": {"name": "zipf", "states": 10**5}, "replicates": 10**7},
        "the models .* lower replicates or source.states",
    ),
    "bins": (
        "borkar",
        {
            "source": {
                "name": "normal",
                "mean": 0.0,
                "sd": 1.0,
                "bins": {"low": -3.0, "high": 3.0, "count": 10**11},
            }
        },
        "the bins .* lower source.bins.count",
    ),
    "pairs of states": (
        "borkar",
        {"source": {"name": "zipf", "states": 10**6}, "metrics.names": ["mmd"]},
        "the numbers of metric 'mmd' .* lower .*source.states",
    ),
    "inputs": (
        "regression",
        {"source.inputs": 200_000, "schedule.size": 300_000},
        "the models .* lower replicates or source.inputs",
    ),
    "points": ("borji", {"schedule.size": 10**13}, "the points .* lower schedule.size"),
}


@pytest.mark.parametrize("what", TOO_LARGE)
def test_a_size_beyond_the_machine_is_refused(what: str) -> None:
    preset, settings, sentence = TOO_LARGE[what]
    load(preset)
    tracemalloc.start()
    with pytest.raises(InvalidExperimentError, match=sentence) as refusal:
        load(preset, **settings)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert str(refusal.value).count(" GB") == 2
    assert peak < 50_000_000


def test_what_fits_is_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    zipf = {"source": {"name": "zipf", "states": 10**6}, "replicates": 1}
    assert load("borkar", **zipf).source.state_count == 10**6
    memory = psutil.virtual_memory()._replace(available=1 << 27)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: memory)
    with pytest.raises(InvalidExperimentError, match=r"\d MB, but 134\.2 MB of memory are free"):
        load("borkar", **zipf | {"replicates": 6})


@pytest.mark.parametrize(
    ("preset", "settings", "sentence"),
    [
        ("suresh-poisson", {"source.rate": 1e18}, "source.rate must be .*, got 1e.18"),
        ("shumailov", {"replicates": 10**30}, "replicates.*1000000000000"),
        ("shumailov", {"generations": 2**63}, "generations.*9223372036854775807"),
        ("shumailov", {"schedule.size": 10**40}, "schedule.size.*9223372036854775807"),
    ],
)
def test_numbers_that_cannot_be_counted_are_refused(
    preset: str, settings: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(InvalidExperimentError, match=sentence):
        load(preset, **settings)
