"""Networks in a run folder: stored once, and a training goes on within itself."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file

from collapse_tui.control import Control
from collapse_tui.events import Finished, Progress
from collapse_tui.execution.runner import fork, resume, run
from collapse_tui.experiment.experiment import Experiment
from collapse_tui.experiment.loader import resolve

Records = Callable[[Path], bytes]


def built(policy: dict[str, Any] | None = None, **top: Any) -> Experiment:
    engine = {"name": "vae", "latent": 2, "hidden": 8, "epochs": 3}
    document = {
        "format": 1,
        "seed": 4,
        "generations": 4,
        "replicates": 2,
        "source": {"name": "digits", "size": 40},
        "engine": engine,
        "policy": policy or {"name": "replace"},
        "schedule": {"name": "constant", "size": 40},
        **top,
    }
    return resolve("test", document)


@pytest.mark.parametrize("message", ["replicate 1 of 2, epoch 3", "replicate 2 of 2, epoch 1"])
def test_a_training_in_flight_goes_on(
    tmp_path: Path, records: Records, complete: Any, monkeypatch: Any, message: str
) -> None:
    """Left inside generation 3 it is taken up there, and only what is left of it is trained."""
    monkeypatch.setattr("engines.families.network.STORE_AFTER_WORK", 0)
    events = complete(run(built(), folder=tmp_path / "whole"))
    epochs = sum(isinstance(event, Progress) and event.generation == 3 for event in events)
    control = Control()
    for event in run(built(), folder=tmp_path / "parts", control=control):
        if isinstance(event, Progress) and event.generation == 3 and message in event.message:
            control.stop()
    assert isinstance(event, Finished)
    assert event.reason == "stopped"
    assert len(records(tmp_path / "parts").splitlines()) == 3
    again = complete(resume(tmp_path / "parts"))
    left = sum(isinstance(event, Progress) and event.generation == 3 for event in again)
    assert 0 < left < epochs
    assert records(tmp_path / "parts") == records(tmp_path / "whole")


@pytest.mark.parametrize("policy", ["mix", "accumulate", "subsample"])
def test_a_stopped_run_of_networks_goes_on_to_the_same_bytes(
    tmp_path: Path, records: Records, complete: Any, policy: str
) -> None:
    table = {"name": policy, **({"previous": 0.3, "keep": 0.2} if policy == "mix" else {})}
    complete(run(built(table), folder=tmp_path / "whole"))
    control = Control()
    for event in run(built(table), folder=tmp_path / "parts", control=control):
        if getattr(event, "generation", 0) == 2:
            control.stop()
    complete(resume(tmp_path / "parts"))
    assert records(tmp_path / "parts") == records(tmp_path / "whole")


def test_each_network_is_one_file_and_the_first_is_kept(
    tmp_path: Path, complete: Any, eager: None
) -> None:
    del eager
    complete(run(built(state={"keep": 1}), folder=tmp_path / "run"))
    stored = sorted(path.name for path in (tmp_path / "run" / "state" / "weights").iterdir())
    assert {"000001-0.safetensors", "000001-1.safetensors"} <= set(stored)
    assert {"000004-0.safetensors", "000004-1.safetensors"} <= set(stored)
    assert "000002-0.safetensors" not in stored
    tensors = load_file(tmp_path / "run" / "state" / "weights" / "000004-0.safetensors")
    assert tensors["decoder.logits.weight"].shape == (64, 8)
    assert tensors["decoder.logits.weight"].dtype == np.float32


def test_a_fork_looks_with_the_same_reference_model(
    tmp_path: Path, records: Records, complete: Any
) -> None:
    """An untouched fork gives its parent's numbers; with fresh data only those before it."""
    complete(run(built(), folder=tmp_path / "run"))
    complete(fork(tmp_path / "run", at=2, settings={}, out=tmp_path / "same"))
    assert records(tmp_path / "same") == records(tmp_path / "run")
    complete(fork(tmp_path / "run", at=2, settings={"policy.fresh": 0.5}, out=tmp_path / "fresh"))
    ours, theirs = (records(tmp_path / name).splitlines() for name in ("fresh", "run"))
    assert ours[:3] == theirs[:3]
    assert ours[3:] != theirs[3:]
