"""Too little memory of a device: the chunk is halved, written down, and the run goes on."""

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from collapse_tui.events import Event, Failed, Finished, Generation, Intervened, Progress
from collapse_tui.execution.runner import run
from collapse_tui.experiment.experiment import Experiment
from collapse_tui.experiment.loader import load, resolve
from collapse_tui.storage.saved import SavedRun
from engines.base import Context
from engines.data import Form, Points
from engines.errors import DeviceMemoryError, GenerationError
from engines.families.vae import VariationalAutoencoder
from engines.neural.lm import scoring
from engines.neural.lm.training import dropout_seed
from engines.neural.memory import memory_for, memory_for_chunk
from engines.neural.vae import training as elbo
from engines.neural.vae.networks import Mlp
from engines.runtime.step import run_to_end
from engines.streams import Streams

MakeExperiment = Callable[..., Experiment]
VAE = {"name": "vae", "latent": 2, "hidden": 3, "epochs": 2, "batch": 8}
TINY = VariationalAutoencoder(latent=2, hidden=4, epochs=3, batch=8)


class Device:
    """A stand-in for a device's memory: it holds so many images at once, for each purpose."""

    def __init__(self) -> None:
        self.room = {"train": 10**6, "encode": 10**6, "decode": 10**6}

    def hold(self, purpose: str, rows: Any) -> None:
        if len(rows) > self.room[purpose]:
            raise torch.OutOfMemoryError

    def scarce(self, purpose: str, plain: Callable[..., Any]) -> Callable[..., Any]:
        def computed(network: Any, tensors: Any, rows: Any, *more: Any) -> Any:
            if torch.is_grad_enabled() is (purpose == "train"):
                self.hold(purpose, rows)
            return plain(network, tensors, rows, *more)

        return computed


@pytest.fixture
def device(monkeypatch: pytest.MonkeyPatch) -> Device:
    """Give the memory that networks find."""
    found = Device()
    monkeypatch.setattr(elbo, "negative_bound", found.scarce("train", elbo.negative_bound))
    for name in ("encode", "decode"):
        monkeypatch.setattr(Mlp, name, found.scarce(name, getattr(Mlp, name)))
    return found


@pytest.fixture
def images(experiment: MakeExperiment) -> Callable[..., Experiment]:
    """Give a builder of runs on 30 images, 20 drawn a generation."""

    def build(policy: Any = "replace", **more: Any) -> Experiment:
        return experiment("images", {**VAE, **more}, policy, 20, generations=3, replicates=2)

    return build


def told(events: Any) -> tuple[list[tuple[int, Any]], Event]:
    """Return the interventions of a run, and its last event."""
    found = list(events)
    return [(e.at, dict(e.settings)) for e in found if isinstance(e, Intervened)], found[-1]


def records(path: Path) -> bytes:
    return (path / "metrics.jsonl").read_bytes()


def assert_its_text_gives_the_same(path: Path, device: Device) -> None:
    """Run anew what the folder says, with all memory there is, and compare byte for byte."""
    device.room = dict.fromkeys(device.room, 10**6)
    again = resolve("again", tomllib.loads(SavedRun.open(path).experiment_text))
    *_, last = run(again, folder=path.with_name("again"))
    assert isinstance(last, Finished)
    assert records(path.with_name("again")) == records(path)


@pytest.mark.parametrize(
    ("purpose", "room", "chunks"),
    [("train", 3, [4, 2]), ("decode", 6, [10, 5]), ("encode", 15, [10])],
)
def test_the_chunk_is_halved_until_it_fits_and_the_run_goes_on(
    images: Any, device: Device, tmp_path: Path, purpose: str, room: int, chunks: list[int]
) -> None:
    device.room[purpose] = room
    settings, last = told(run(images(), folder=tmp_path / "run"))
    assert settings == [(1, {"engine.chunk": chunk}) for chunk in chunks]
    assert isinstance(last, Finished)
    assert len(records(tmp_path / "run").splitlines()) == 4
    assert_its_text_gives_the_same(tmp_path / "run", device)


@pytest.mark.parametrize("purpose", ["train", "decode", "encode"])
@pytest.mark.parametrize("policy", ["replace", {"name": "mix", "previous": 0.5}])
def test_memory_that_shrinks_on_the_way_shrinks_for_earlier_models_too(
    images: Any, device: Device, tmp_path: Path, purpose: str, policy: Any
) -> None:
    settings: list[Any] = []
    for event in run(images(policy), folder=tmp_path / "run"):
        if isinstance(event, Generation) and event.generation == 1:
            device.room[purpose] = 2
        if isinstance(event, Intervened):
            settings.append((event.at, dict(event.settings)))
    assert isinstance(event, Finished)
    assert {at for at, _ in settings} == {2}
    assert settings[-1][1]["engine.chunk"] in {1, 2}
    assert_its_text_gives_the_same(tmp_path / "run", device)


@pytest.mark.parametrize(("room", "fits"), [(10, 1), (3, 3)])
def test_a_fit_is_kept_unless_its_chunks_change(
    images: Any,
    device: Device,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    room: int,
    fits: int,
) -> None:
    """A batch of 8 is trained on in chunks of 8, however many images are decoded at once."""
    monkeypatch.setattr("engines.families.network.STORE_AFTER_WORK", 0)
    device.room["decode"] = room
    found = list(run(images(), folder=tmp_path / "run"))
    assert isinstance(found[-1], Finished)
    told_of = [e.message for e in found if isinstance(e, Progress) and e.generation == 1]
    assert len([text for text in told_of if "replicate 1 of 2, epoch 1 of 2, loss" in text]) == fits
    assert_its_text_gives_the_same(tmp_path / "run", device)


@pytest.mark.parametrize("purpose", ["train", "decode", "encode"])
def test_without_memory_for_one_image_the_run_ends_in_a_sentence(
    images: Any, device: Device, tmp_path: Path, purpose: str
) -> None:
    device.room[purpose] = 0
    settings, last = told(run(images(), folder=tmp_path / "run"))
    assert settings[-1] == (1, {"engine.chunk": 1})
    assert isinstance(last, Failed)
    assert last.generation == 1
    assert last.reason == (
        "the memory of cpu does not hold the model with a single image: take a smaller network,"
        " or --device cpu"
    )
    assert len(records(tmp_path / "run").splitlines()) == 1


def test_images_that_do_not_fit_at_all_are_said(
    images: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> Any:
        raise torch.OutOfMemoryError

    monkeypatch.setattr(elbo, "to_tensor", full)
    settings, last = told(run(images()))
    assert not settings
    assert isinstance(last, Failed)
    assert "does not hold the model and 30 images: take a smaller network or fewer" in last.reason


def test_a_chunk_changes_the_last_digits_of_a_training_and_not_its_law() -> None:
    """Sums of gradients agree to rounding; another batch takes other steps."""
    images = np.random.default_rng(3).random((30, 16))
    data = Points(images, np.array([30]))

    def trained(**update: Any) -> Any:
        engine = TINY.model_copy(update=update)
        return run_to_end(engine.fit(data, Context(Streams(1, 1), None, data))).tensors[0]

    whole, parts, other = trained(), trained(chunk=3), trained(batch=3)
    for name, array in whole.items():
        assert np.abs(parts[name] - array).max() < 1e-3 * np.abs(array).max()
    assert not np.allclose(whole["decoder.logits.bias"], other["decoder.logits.bias"], rtol=1e-2)
    assert all((trained(chunk=8)[name] == array).all() for name, array in whole.items())


def test_images_are_decoded_in_chunks(device: Device) -> None:
    data = Points(np.random.default_rng(3).random((30, 16)), np.array([30]))
    context = Context(Streams(1, 1), None, data)
    model, sizes = run_to_end(TINY.fit(data, context)), np.array([21])
    whole = run_to_end(TINY.sample(model, sizes, Form.POINTS, context)).values
    device.room["decode"] = 5
    parts = run_to_end(
        TINY.model_copy(update={"chunk": 5}).sample(model, sizes, Form.POINTS, context)
    ).values
    # Pixels lie between 0 and 1.
    assert parts == pytest.approx(whole, rel=0, abs=1e-5)


@pytest.mark.parametrize(
    "error",
    [torch.OutOfMemoryError(), RuntimeError("MPS backend out of memory (MPS allocated: 9 GB)")],
)
def test_each_library_s_own_error_is_known(error: Exception) -> None:
    with (
        pytest.raises(DeviceMemoryError, match="5 images at once: going on with 2") as raised,
        memory_for_chunk("cuda:0", 5, "image", "take less"),
    ):
        raise error
    assert raised.value.settings == {"engine.chunk": 2}
    with (
        pytest.raises(GenerationError, match="cuda:0 does not hold a single image: take less"),
        memory_for("cuda:0", "a single image", "take less"),
    ):
        raise error


@pytest.mark.parametrize("chunk", [1, 2])
def test_other_errors_are_left_alone(chunk: int) -> None:
    with (
        pytest.raises(RuntimeError, match="shapes differ"),
        memory_for_chunk("cpu", chunk, "image", ""),
    ):
        raise RuntimeError("shapes differ")
    with (
        pytest.raises(GenerationError, match="of another kind"),
        memory_for_chunk("cpu", chunk, "image", ""),
    ):
        raise GenerationError("of another kind")


def test_dropout_is_drawn_by_a_seed_on_apple_s_devices_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Their generator is asked for by functions: torch.mps has no `default_generator`."""
    shared = torch.Generator().manual_seed(1)
    before = shared.get_state()
    monkeypatch.setattr(torch.mps, "get_rng_state", shared.get_state)
    monkeypatch.setattr(torch.mps, "set_rng_state", shared.set_state)
    plain = torch.Generator
    monkeypatch.setattr(torch, "Generator", lambda _: plain())
    with dropout_seed("mps", 7):
        assert torch.equal(shared.get_state(), plain().manual_seed(7).get_state())
    assert torch.equal(shared.get_state(), before)


@pytest.mark.parametrize("trains", [True, False])
def test_scores_of_blocks_are_computed_in_chunks_too(
    experiment: MakeExperiment, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, trains: bool
) -> None:
    """In the metrics, and where the best epoch is looked for."""
    plain = scoring.token_losses

    def scarce(logits: Any, blocks: Any) -> Any:
        if len(blocks) > 10:
            raise torch.OutOfMemoryError
        return plain(logits, blocks)

    language = {"name": "lm", "hidden": 8, "layers": 1, "heads": 2, "vocabulary": 270}
    language |= {"block": 4, "epochs": 1, "batch": 4, "best": trains}
    source = {"name": "text", "validation": 0.3, "test": 0.3}
    built = experiment(source, language, schedule=20, generations=2, replicates=1)
    with monkeypatch.context() as patched:
        patched.setattr(scoring, "token_losses", scarce)
        turned, last = told(run(built, folder=tmp_path / "run"))
    assert isinstance(last, Finished)
    assert [(at, settings["engine.chunk"]) for at, settings in turned] == [(1, 32), (1, 16), (1, 8)]
    again = load(str(tmp_path / "run" / "experiment.toml"))
    list(run(again, folder=tmp_path / "again"))
    assert records(tmp_path / "again") == records(tmp_path / "run")
