"""A long step goes on where a kill found it, with less memory where a device has not enough.

The engine is a toy that takes its time: it averages in epochs, keeps its mean as a network of
one tensor, and draws in chunks.
"""

import shutil
import sys
import tomllib
from collections.abc import Callable, Generator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar

import numpy as np
import pytest
import safetensors.numpy
from pydantic import Field

from collapse_tui.control import Control
from collapse_tui.events import Failed, Finished, Generation, Intervened, Progress, Started
from collapse_tui.execution import driver
from collapse_tui.execution import step_in_flight as flight
from collapse_tui.execution.runner import fork, resume, run
from collapse_tui.experiment.edit import on_device
from collapse_tui.experiment.experiment import Experiment
from collapse_tui.experiment.loader import resolve
from collapse_tui.storage.saved import SavedRun
from engines import registry
from engines.base import Context, EngineConfig
from engines.config import Size
from engines.data import Form, Points
from engines.errors import DeviceMemoryError, GenerationError, InvalidExperimentError
from engines.laws.normal import NormalLaw
from engines.neural.devices import single_devices
from engines.neural.weights import Weights
from engines.runtime.step import Step
from engines.streams import Purpose

EPOCHS = 3
Records = Callable[[Path], bytes]


class Slow(EngineConfig):
    """N(mean, 1), its mean found in epochs and its points drawn in chunks."""

    name: ClassVar[str] = "slow"
    kinds: ClassVar[tuple[str, ...]] = ("real",)
    fits: ClassVar[Form] = Form.POINTS
    draws: ClassVar[tuple[Form, ...]] = (Form.POINTS,)
    changeable: ClassVar[frozenset[str]] = frozenset({"chunk"})
    keeps_model: ClassVar[bool] = True
    keeps_reference: ClassVar[bool] = True
    default_metrics: ClassVar[dict[str, tuple[str, ...]]] = {"real": ("mean", "mean_sample")}
    done: ClassVar[list[str]] = []
    room: ClassVar[int] = 1_000

    chunk: Size = Field(default=8)

    def minimum(self, dimension: int) -> int:
        return dimension

    def fit(self, data: Points, context: Context) -> Generator[Step, None, Weights]:
        begun: Any = context.partial or {"epoch": np.array(0), "mean": np.array(0.0)}
        mean = float(begun["mean"])
        for epoch in range(int(begun["epoch"]), EPOCHS):
            Slow.done.append(f"epoch {context.streams.generation}.{epoch}")
            mean += (float(data.values.mean()) - mean) / 2
            partial = {"epoch": np.array(epoch + 1), "mean": np.array(mean)}
            yield Step(0.1 * epoch, f"epoch {epoch}", partial)
        tensors = {"mean": np.array([mean], dtype=np.float32)}
        return Weights(context.streams.generation, (tensors,), {"loss": np.array([mean])})

    def sample(self, model: Weights, sizes: Any, form: Form, context: Context) -> Any:
        del form
        if self.chunk > Slow.room:
            raise DeviceMemoryError("too little memory", {"engine.chunk": self.chunk // 2})
        drawn = [*np.atleast_1d(context.partial["points"])] if context.partial else []
        while len(drawn) < sizes[0]:
            Slow.done.append(f"chunk {context.streams.generation}.{len(drawn)}")
            normals = context.streams.of(Purpose.POINT, len(drawn)).standard_normal(self.chunk)
            drawn += [*(normals + model.tensors[0]["mean"][0])]
            yield Step(0.5, f"{len(drawn)} points", {"points": np.array(drawn)})
        return Points(np.array(drawn[: sizes[0]]), sizes)

    def law(self, model: Weights, source: Any) -> NormalLaw:
        del source
        return NormalLaw(model.tensors[0]["mean"].astype(np.float64), np.ones(1))


@pytest.fixture(autouse=True)
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the toy an engine like any other."""
    monkeypatch.setitem(sys.modules, "slow_engine", SimpleNamespace(Slow=Slow))
    monkeypatch.setitem(registry.TABLES["engine"], "slow", "slow_engine:Slow")
    monkeypatch.setattr(Slow, "room", 1_000)
    # Everything that is told is stored, however slow the disk is.
    monkeypatch.setattr(flight, "LEAST_REST", 0.0)
    Slow.done.clear()


def built(generations: int = 3, **policy: Any) -> Experiment:
    return resolve(
        "slow",
        {
            "format": 1,
            "seed": 5,
            "generations": generations,
            "source": {"name": "normal", "redraw": False},
            "engine": {"name": "slow"},
            "policy": {"name": "mix", **policy},
            "schedule": {"name": "constant", "size": 20},
        },
    )


def killed(events: Any, folder: Path, copy: Path, after: int) -> None:
    """Copy the folder as a kill after so many steps would leave it."""
    steps = 0
    for event in events:
        steps += isinstance(event, Progress)
        if isinstance(event, Progress) and steps == after:
            shutil.copytree(folder, copy)
            return


@pytest.mark.usefixtures("eager")
@pytest.mark.parametrize("policy", [{}, {"previous": 0.4}])
@pytest.mark.parametrize("after", [1, 3, 4, 5, 8, 9, 11, 12, 14, 17])
def test_a_killed_step_goes_on_and_repeats_nothing(
    tmp_path: Path, records: Records, complete: Any, policy: dict[str, Any], after: int
) -> None:
    complete(run(built(**policy), folder=tmp_path / "whole"))
    whole = list(Slow.done)
    Slow.done.clear()
    killed(
        run(built(**policy), folder=tmp_path / "dies"), tmp_path / "dies", tmp_path / "cut", after
    )
    Slow.done.clear()
    complete(resume(tmp_path / "cut"))
    assert records(tmp_path / "cut") == records(tmp_path / "whole")
    # What was told is not computed again: a proper end of the whole is left to do.
    assert whole[len(whole) - len(Slow.done) :] == Slow.done
    assert len(Slow.done) < len(whole)


def test_a_replay_leaves_the_step_in_flight_alone(
    tmp_path: Path, records: Records, complete: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a checkpoint of generation 1 it is computed again; of generation 2 only the rest."""
    monkeypatch.setattr(driver, "CHECKPOINT_SECONDS", 1e9)
    complete(run(built(), folder=tmp_path / "whole"))
    killed(run(built(), folder=tmp_path / "dies"), tmp_path / "dies", tmp_path / "cut", 14)
    Slow.done.clear()
    complete(resume(tmp_path / "cut"))
    assert records(tmp_path / "cut") == records(tmp_path / "whole")
    assert len([line for line in Slow.done if line.split()[1].startswith("1.")]) == 6
    assert [line for line in Slow.done if line.split()[1].startswith("2.")] == ["chunk 2.16"]


def test_a_stop_in_order_keeps_the_step_in_flight(
    tmp_path: Path, records: Records, complete: Any
) -> None:
    complete(run(built(), folder=tmp_path / "whole"))
    control = Control()
    for event in run(built(), folder=tmp_path / "parts", control=control):
        if isinstance(event, Progress) and event.generation == 2 and "points" in event.message:
            control.stop()
    assert isinstance(event, Finished)
    assert (tmp_path / "parts/state/partial.json").exists()
    Slow.done.clear()
    complete(resume(tmp_path / "parts"))
    assert not any(line.startswith("epoch 2") for line in Slow.done)
    assert records(tmp_path / "parts") == records(tmp_path / "whole")
    assert not list((tmp_path / "parts/state").glob("partial*"))


def test_a_damaged_partial_costs_time_and_nothing_else(
    tmp_path: Path, records: Records, complete: Any
) -> None:
    complete(run(built(), folder=tmp_path / "whole"))
    killed(run(built(), folder=tmp_path / "dies"), tmp_path / "dies", tmp_path / "cut", 9)
    (archive,) = (tmp_path / "cut/state").glob("partial-*.npz")
    archive.write_bytes(archive.read_bytes()[:-9] + b"something")
    complete(resume(tmp_path / "cut"))
    assert records(tmp_path / "cut") == records(tmp_path / "whole")


def test_too_little_memory_becomes_an_intervention(
    tmp_path: Path, records: Records, complete: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings: list[Any] = []
    for event in run(built(), folder=tmp_path / "run"):
        if isinstance(event, Generation) and event.generation == 1:
            monkeypatch.setattr(Slow, "room", 3)
        if isinstance(event, Intervened):
            settings.append((event.at, dict(event.settings)))
    assert isinstance(event, Finished)
    assert settings == [(2, {"engine.chunk": 4}), (2, {"engine.chunk": 2})]
    # The fit was whole when memory ran out: it is not done again.
    assert [line for line in Slow.done if line.startswith("epoch 2")] == [
        f"epoch 2.{epoch}" for epoch in range(EPOCHS)
    ]
    monkeypatch.setattr(Slow, "room", 1_000)
    text = SavedRun.open(tmp_path / "run").experiment_text
    again = resolve("again", tomllib.loads(text))
    complete(run(again, folder=tmp_path / "again"))
    assert records(tmp_path / "again") == records(tmp_path / "run")


def test_memory_that_never_suffices_ends_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stuck(*_: Any) -> Any:
        raise GenerationError("one block does not fit")

    monkeypatch.setattr(Slow, "sample", stuck)
    *_, last = run(built(), folder=tmp_path / "run")
    assert isinstance(last, Failed)
    assert last.reason == "one block does not fit"


class Greedy(Slow):
    """Finds out that its chunk is too large only on the way."""

    def sample(self, model: Weights, sizes: Any, form: Form, context: Context) -> Any:
        for step in Slow.model_construct(chunk=self.chunk).sample(model, sizes, form, context):
            yield step
            if self.chunk > 4:
                raise DeviceMemoryError("too little memory", {"engine.chunk": 4})
        return (yield from Slow.sample(self, model, sizes, form, context))


def test_what_was_drawn_in_larger_chunks_is_not_taken_over(
    tmp_path: Path, records: Records, complete: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither at once nor after a kill at the very moment of the change."""
    monkeypatch.setitem(sys.modules, "slow_engine", SimpleNamespace(Slow=Greedy))
    for event in run(built(), folder=tmp_path / "run"):
        if isinstance(event, Intervened):
            shutil.copytree(tmp_path / "run", tmp_path / "cut")
    assert isinstance(event, Finished)
    complete(resume(tmp_path / "cut"))
    text = SavedRun.open(tmp_path / "run").experiment_text
    complete(run(resolve("again", tomllib.loads(text)), folder=tmp_path / "again"))
    assert records(tmp_path / "cut") == records(tmp_path / "run") == records(tmp_path / "again")


@pytest.mark.usefixtures("eager")
def test_a_fit_from_before_a_kill_is_kept_where_memory_then_runs_out(
    tmp_path: Path, complete: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed(run(built(), folder=tmp_path / "dies"), tmp_path / "dies", tmp_path / "cut", 12)
    monkeypatch.setattr(Slow, "room", 3)
    Slow.done.clear()
    complete(resume(tmp_path / "cut"))
    assert "chunk 2.0" in Slow.done
    assert not [line for line in Slow.done if line.startswith("epoch 2")]


def test_settings_that_did_not_help_are_not_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stuck(*_: Any) -> Any:
        raise DeviceMemoryError("too little memory: going on with 4", {"engine.chunk": 4})

    monkeypatch.setattr(Slow, "sample", stuck)
    *_, intervened, last = run(built(), folder=tmp_path / "run")
    assert isinstance(intervened, Intervened)
    assert isinstance(last, Failed)
    assert "going on with 4, which was tried already" in last.reason


def test_networks_are_stored_once_and_read_by_others(tmp_path: Path, complete: Any) -> None:
    complete(run(built(previous=0.3), folder=tmp_path / "run"))
    weights = sorted((tmp_path / "run/state/weights").iterdir())
    assert [path.name for path in weights] == [f"00000{n}-0.safetensors" for n in (1, 2, 3)]
    first = safetensors.numpy.load_file(weights[0])
    assert first.keys() == {"mean"}
    means = SavedRun.open(tmp_path / "run").values("mean")[:, 0]
    assert first["mean"][0] == np.float32(means[1])


def test_a_knob_turned_for_a_step_in_flight_begins_it_anew(
    tmp_path: Path, records: Records, complete: Any
) -> None:
    killed(run(built(), folder=tmp_path / "dies"), tmp_path / "dies", tmp_path / "cut", 14)
    control = Control()
    control.set({"engine.chunk": 5})
    complete(resume(tmp_path / "cut", control=control))
    text = SavedRun.open(tmp_path / "cut").experiment_text
    assert "engine.chunk" in text
    complete(run(resolve("again", tomllib.loads(text)), folder=tmp_path / "again"))
    assert records(tmp_path / "again") == records(tmp_path / "cut")


def test_a_fork_begins_its_step_anew(tmp_path: Path, records: Records, complete: Any) -> None:
    killed(run(built(), folder=tmp_path / "dies"), tmp_path / "dies", tmp_path / "cut", 9)
    complete(fork(tmp_path / "cut", at=1, settings={"engine.chunk": 5}, out=tmp_path / "fork"))
    text = SavedRun.open(tmp_path / "fork").experiment_text
    again = resolve("again", tomllib.loads(text))
    complete(run(again, folder=tmp_path / "again"))
    assert records(tmp_path / "again") == records(tmp_path / "fork")
    assert (tmp_path / "cut/state/partial.json").exists()


def test_discarded_records_take_the_step_in_flight_along(
    tmp_path: Path, records: Records, complete: Any
) -> None:
    complete(run(built(), folder=tmp_path / "whole"))
    killed(run(built(), folder=tmp_path / "dies"), tmp_path / "dies", tmp_path / "cut", 14)
    complete(resume(tmp_path / "cut", from_generation=0))
    assert records(tmp_path / "cut") == records(tmp_path / "whole")


def test_networks_that_would_fill_the_disk_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Slow, "keeps_all", True)
    monkeypatch.setattr(Slow, "weight_bytes", lambda *_: 10**18)
    huge = built(generations=4)
    assert huge.state.keep == 4
    assert huge.weight_bytes() == 4 * 10**18
    with pytest.raises(InvalidExperimentError, match=r"4,000,000,000\.0 GB, but .* lower state"):
        run(huge, folder=tmp_path / "run")
    assert not (tmp_path / "run").exists()
    monkeypatch.setattr(Slow, "weight_bytes", lambda *_: 10**8)
    started = next(iter(run(huge, folder=tmp_path / "run")))
    assert isinstance(started, Started)
    assert started.notes == ("the networks will take about 400 MB of disk (state.keep = 4)",)


@pytest.mark.parametrize(
    ("device", "sentence"),
    [
        ("cuda", "engine 'slow' runs on the CPU only"),
        ("tpu", "must be auto, cpu, cuda, cuda:N or mps, got 'tpu'"),
    ],
)
def test_a_device_of_no_use_is_refused(device: str, sentence: str) -> None:
    with pytest.raises(InvalidExperimentError, match=sentence):
        run(built(), device=device)


def test_a_device_that_is_not_there_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Slow, "devices", ("cpu", "cuda", "mps"))
    monkeypatch.setattr("engines.neural.devices.accelerators", lambda: ("cuda", "cuda:0"))
    with pytest.raises(
        InvalidExperimentError, match="--device cuda:7 is not available: torch finds"
    ):
        run(built(), device="cuda:7")
    assert on_device(built(), "auto").device == "cuda"
    assert on_device(built(), "cuda:0").device == "cuda:0"
    assert single_devices("cuda") == ("cuda:0",)
    assert single_devices("cpu") == ("cpu",)
    monkeypatch.setattr("engines.neural.devices.accelerators", tuple)
    assert on_device(built(), "auto").device == "cpu"


def test_another_device_may_be_asked_for_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without one it is the stored device; another one is told, and is no reason to compare."""
    killed(run(built(), folder=tmp_path / "dies"), tmp_path / "dies", tmp_path / "cut", 14)
    shutil.copytree(tmp_path / "cut", tmp_path / "whole")
    monkeypatch.setattr(Slow, "devices", ("cpu", "cuda"))
    monkeypatch.setattr("engines.neural.devices.accelerators", lambda: ("cuda", "cuda:0"))
    there = "not bit for bit the same from here on: device was cpu, is cuda:0"
    for events, device, notes in (
        (resume(tmp_path / "cut"), "cpu", ()),
        (resume(tmp_path / "whole", device="cuda:0"), "cuda:0", (there,)),
        (fork(tmp_path / "cut", at=1, settings={}, out=tmp_path / "a"), "cpu", ()),
        (
            fork(tmp_path / "cut", at=1, settings={}, out=tmp_path / "b", device="cuda:0"),
            "cuda:0", (there,),
        ),
    ):  # fmt: skip
        started, *_, ended = events
        assert isinstance(started, Started)
        assert isinstance(ended, Finished)
        assert started.device == device
        assert started.notes == notes
    assert SavedRun.open(tmp_path / "b").provenance["device"] == "cuda:0"
    with pytest.raises(InvalidExperimentError, match="--device cuda:7 is not available"):
        resume(tmp_path / "cut", device="cuda:7")
