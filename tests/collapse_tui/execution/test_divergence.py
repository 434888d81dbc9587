"""A network that diverges: its stage, the end of the run, and how it goes on."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from collapse_tui.events import Event, Failed, Finished, Generation
from collapse_tui.execution.runner import fork, resume, run
from collapse_tui.experiment.experiment import Experiment
from collapse_tui.experiment.loader import resolve
from collapse_tui.storage.saved import SavedRun
from engines.errors import InvalidExperimentError

Records = Callable[[Path], bytes]


def built(interventions: tuple[dict[str, Any], ...] = (), **engine: Any) -> Experiment:
    """Return a run whose learning rate is absurd from step 2 on."""
    document: dict[str, Any] = {
        "format": 1,
        "seed": 4,
        "generations": 4,
        "replicates": 2,
        "source": {"name": "digits", "size": 40},
        "engine": {"name": "vae", "latent": 2, "hidden": 8, "epochs": 2, **engine},
        "policy": {"name": "replace"},
        "schedule": {"name": "constant", "size": 40},
        "interventions": [{"at": 2, "set": {"engine.learning_rate": 1e30}}, *interventions],
    }
    return resolve("test", document)


def stages(events: list[Event]) -> list[dict[str, int]]:
    """Return the stages of all records."""
    return [dict(event.stage) for event in events if isinstance(event, Generation)]


def test_the_run_ends_with_the_record_of_the_generation_and_everything_kept(
    tmp_path: Path, records: Records
) -> None:
    events = list(run(built(), folder=tmp_path / "run"))
    last = events[-1]
    assert isinstance(last, Failed)
    assert last.generation == 2
    assert "diverged in 2 of 2 (replicate 0 in epoch 2, 1 in epoch 2)" in last.reason
    assert stages(events)[2] == {"diverged": 2}
    assert not any("diverged" in stage for stage in stages(events)[:2])
    saved = SavedRun.open(tmp_path / "run")
    assert saved.last == 2
    assert saved.checkpoints.generations()[-1] == 2
    assert saved.record(2)["flags"]["divergence"] in last.reason
    before = records(tmp_path / "run")
    *_, again = resume(tmp_path / "run")
    assert again == last
    assert records(tmp_path / "run") == before


def test_it_goes_on_where_it_is_told_to(tmp_path: Path) -> None:
    events = list(run(built(on_divergence="continue"), folder=tmp_path / "run"))
    assert isinstance(events[-1], Finished)
    assert stages(events)[2:] == [{"diverged": 2}] * 3


def test_a_later_setting_lets_it_go_on() -> None:
    lower = {"engine.learning_rate": 1e-3, "engine.on_divergence": "continue"}
    events = list(run(built(interventions=({"at": 3, "set": lower},))))
    assert isinstance(events[-1], Finished)
    assert stages(events)[2] == {"diverged": 2}
    assert not any("diverged" in stage for stage in stages(events)[3:])


def test_a_fork_goes_on_as_the_message_says(tmp_path: Path) -> None:
    list(run(built(), folder=tmp_path / "run"))
    with pytest.raises(InvalidExperimentError, match=r"after generation 2: .* --at 1 --set"):
        fork(tmp_path / "run", at=2, settings={}, out=tmp_path / "plain")
    assert not (tmp_path / "plain").exists()
    for at, settings, stage in (
        (1, {"engine.learning_rate": 1e-3}, 0),
        (2, {"engine.on_divergence": "continue"}, 2),
    ):
        events = list(fork(tmp_path / "run", at=at, settings=settings, out=tmp_path / f"at{at}"))
        assert isinstance(events[-1], Finished)
        assert all(found.get("diverged", 0) == stage for found in stages(events))
