"""Metrics of images against what they say, on networks that are linear on purpose."""

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from collapse_tui.events import Started
from collapse_tui.execution.runner import run
from collapse_tui.experiment.edit import with_intervention
from collapse_tui.experiment.experiment import Experiment
from engines.data import Points
from engines.errors import InvalidExperimentError
from engines.laws.autoencoder import AutoencoderLaw
from engines.laws.images import ImageLaw
from engines.metrics import images as metrics
from engines.metrics.diagnosis import count_stages, diagnose
from engines.metrics.observation import Baseline, Memo, Observation
from engines.neural.vae.networks import Mlp
from engines.neural.weights import Weights
from engines.sources.images import DigitsSource
from engines.streams import Streams
from engines.views.images import view_images

MakeExperiment = Callable[..., Experiment]
PIXELS, LATENT = 4, 2
ROUNDING = 1e-5
"""Networks compute with float32."""
ULP = float(np.finfo(np.float32).eps)


def linear_law(matrices: list[Any], logits: float = 0.0) -> AutoencoderLaw:
    """Return autoencoders whose latent is A x, and whose pixels all have the same logit."""
    network = Mlp(PIXELS, LATENT, PIXELS)
    tensors: list[dict[str, Any]] = []
    for matrix in matrices:
        arrays = {
            f"{name}.{part}": np.zeros(shape if part == "weight" else shape[:1], dtype=np.float32)
            for name, shape in network.layers().items()
            for part in ("weight", "bias")
        }
        arrays["encoder.hidden.weight"] += np.eye(PIXELS, dtype=np.float32)
        arrays["encoder.mean.weight"] += np.asarray(matrix, dtype=np.float32)
        arrays["decoder.logits.bias"] += np.float32(logits)
        tensors.append(arrays)
    return AutoencoderLaw(Weights(1, tuple(tensors)), network, (2, 2))


@pytest.fixture
def observation() -> Observation:
    """Give two replicates of images that are no longer the real ones."""
    generator = np.random.default_rng(5)
    real = generator.random((60, PIXELS))
    labels = (real[:, 0] > 0.5).astype(np.int64)
    baseline = Baseline(
        ImageLaw(real, labels, (2, 2)), Points(np.tile(real, (2, 1)), np.full(2, 60)), 1
    )
    drawn = Points(generator.random((70, PIXELS)) * 0.5, np.array([40, 30]))
    matrices = generator.normal(0, 3, (2, LATENT, PIXELS))
    law = linear_law(list(matrices), logits=0.8)
    return Observation(law, drawn, Streams(1, 2), baseline, law)


def expected_latents(observation: Observation, data: Points) -> list[Any]:
    law: Any = observation.first_law
    rows = np.split(data.values, np.cumsum(data.sizes)[:-1])
    return [
        part @ tensors["encoder.mean.weight"].astype(float).T
        for part, tensors in zip(rows, law.weights.tensors, strict=True)
    ]


def test_latents_are_those_of_the_reference_encoder(observation: Observation) -> None:
    rows = expected_latents(observation, observation.drawn)
    cases: list[tuple[Any, Any]] = [
        (metrics.latent_sd, lambda z: z.std(axis=0).mean()),
        (metrics.latent_variance, lambda z: z.var(axis=0).mean()),
        (metrics.latent_tail_mass, lambda z: (np.abs(z) > 2).mean()),
        (
            metrics.latent_kl,
            lambda z: 0.5 * (z.mean(axis=0) ** 2 + z.var(axis=0) - 1 - np.log(z.var(axis=0))).sum(),
        ),
    ]
    for metric, formula in cases:
        found = metric(observation)
        assert found == pytest.approx([formula(z) for z in rows], rel=ROUNDING)
        assert found != pytest.approx([formula(z) for z in rows[::-1]], rel=1e-2)


def test_the_reconstruction_error_is_a_cross_entropy(observation: Observation) -> None:
    p = 1 / (1 + np.exp(-0.8))
    rows = np.split(observation.drawn.values, np.cumsum(observation.drawn.sizes)[:-1])
    expected = [-(x * np.log(p) + (1 - x) * np.log(1 - p)).sum(axis=1).mean() for x in rows]
    assert metrics.reconstruction_error(observation) == pytest.approx(expected, rel=ROUNDING)


def test_without_a_reference_model_there_are_no_latents(observation: Observation) -> None:
    first = Observation(
        observation.source, observation.baseline.real, Streams(1, 0), observation.baseline
    )
    for metric in (metrics.latent_sd, metrics.latent_kl, metrics.reconstruction_error):
        assert np.isnan(metric(first)).all()
        assert metric(first).shape == (2,)
    assert metrics.pixel_variance_ratio(first) == pytest.approx([1.0, 1.0])
    assert metrics.class_balance(first) == pytest.approx([0.0, 0.0])
    assert metrics.nearest_real(first) == pytest.approx([0.0, 0.0], abs=1e-6)


def test_latents_of_real_images_are_kept_while_the_chunk_stays(
    observation: Observation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In other chunks their last digits may be others: a resumed run would not know the first."""
    asked: list[int] = []
    plain = Mlp.encode

    def counted(network: Any, tensors: Any, rows: Any) -> Any:
        asked.append(len(rows))
        return plain(network, tensors, rows)

    monkeypatch.setattr(Mlp, "encode", counted)
    first = metrics.latents(observation.real_counterpart)
    metrics.latents(dataclasses.replace(observation, memo=Memo()).real_counterpart)
    assert asked == [60, 60]
    law: Any = observation.first_law
    smaller = dataclasses.replace(observation, first_law=dataclasses.replace(law, chunk=25))
    # Each latent sums PIXELS products: chunks of another size may add them in another order.
    whole, parts = (
        np.concatenate(metrics.latents(each.real_counterpart)) for each in (observation, smaller)
    )
    largest = max(np.abs(tensors["encoder.mean.weight"]).max() for tensors in law.weights.tensors)
    assert np.abs(parts - whole).max() <= 4 * PIXELS * ULP * PIXELS * largest
    assert (whole == np.concatenate(first)).all()
    assert asked[2:] == [25, 25, 10] * 2


def test_the_nearest_real_image_and_the_variance(observation: Observation) -> None:
    rows = np.split(observation.drawn.values, np.cumsum(observation.drawn.sizes)[:-1])
    law: Any = observation.source
    gaps = [np.linalg.norm(x[:, None] - law.images[None], axis=2).min(axis=1).mean() for x in rows]
    assert metrics.nearest_real(observation) == pytest.approx(gaps)
    ratios = [x.var(axis=0).sum() / law.images.var(axis=0).sum() for x in rows]
    assert metrics.pixel_variance_ratio(observation) == pytest.approx(ratios)


def digits_look(values: Any) -> Observation:
    law = DigitsSource().law()
    baseline = Baseline(law, Points(law.images, np.array([len(law.images)])), 1)
    return Observation(law, Points(values, np.array([len(values)])), Streams(1, 1), baseline)


def test_the_classifier_knows_digits_and_doubts_mixtures() -> None:
    law = DigitsSource().law()
    observation = digits_look(law.images)
    found = metrics.class_probabilities(observation.baseline, law.images).argmax(axis=1)
    assert (found == law.labels).mean() > 0.97
    halves = 0.5 * (law.images[:-1] + law.images[1:])
    own, mixed = metrics.class_entropy(observation), metrics.class_entropy(digits_look(halves))
    assert mixed[0] > 2 * own[0] > 0
    assert own[0] < 0.5 * np.log(10)


def test_the_balance_of_classes() -> None:
    law: Any = DigitsSource().law()
    ones = digits_look(law.images[law.labels == 1])
    now, real = metrics.class_shares(ones), metrics.class_shares(ones.real_counterpart)
    assert now.shape == real.shape == (1, 10)
    assert now.sum() == pytest.approx(1.0)
    assert metrics.class_balance(ones)[0] == pytest.approx(0.9, abs=0.03)
    assert metrics.class_balance(digits_look(law.images)) == pytest.approx([0.0])


def test_without_labels_there_are_no_classes(observation: Observation) -> None:
    source: Any = observation.source
    unlabelled = Baseline(ImageLaw(source.images, None, (2, 2)), observation.baseline.real, 1)
    bare = Observation(
        observation.law, observation.drawn, observation.streams, unlabelled, observation.first_law
    )
    assert np.isnan(metrics.class_entropy(bare)).all()
    assert np.isnan(metrics.class_balance(bare)).all()
    assert view_images(bare).arrays["classes_now"].shape == (0,)


@pytest.fixture
def unlabelled(tmp_path: Path) -> dict[str, Any]:
    """Give a source of 30 images without labels."""
    path = tmp_path / "unlabelled.npz"
    np.savez(path, images=np.random.default_rng(0).random((30, 4, 4)))
    return {"name": "images", "path": str(path)}


@pytest.mark.parametrize("name", ["class_entropy", "class_balance"])
def test_classes_that_are_asked_for_without_labels_are_refused(
    experiment: MakeExperiment, unlabelled: dict[str, Any], name: str
) -> None:
    with pytest.raises(InvalidExperimentError, match=f"metric '{name}' needs labels") as raised:
        experiment(unlabelled, "vae", metrics=["latent_sd", name])
    assert "\n" not in str(raised.value)
    assert experiment("images", "vae", metrics=[name]).metric_names == (name,)


def test_classes_are_left_out_of_the_defaults_without_labels_and_it_is_said(
    experiment: MakeExperiment, unlabelled: dict[str, Any]
) -> None:
    bare, labelled = experiment(unlabelled, "vae", schedule=20), experiment("images", "vae")
    gone = {"class_entropy", "class_balance"}
    assert set(labelled.metric_names) - set(bare.metric_names) == gone == set(bare.left_out)
    started = next(iter(run(bare)))
    assert isinstance(started, Started)
    (note,) = (note for note in started.notes if "not measured" in note)
    assert note.startswith(
        "not measured: class_entropy and class_balance; each needs labels of the images, which the"
        " source does not have: "
    )
    assert not labelled.left_out
    # What a run has written down names its metrics: nothing is left out of those.
    assert not with_intervention(bare, 2, {"engine.epochs": 1}).left_out


def test_what_else_a_source_lacks_is_said_too(experiment: MakeExperiment) -> None:
    built = experiment("file", "gaussian", schedule=20)
    assert built.left_out == {"kl": "needs a density, which source 'file' does not have"}


def test_the_view_has_what_the_screen_draws(observation: Observation) -> None:
    view = view_images(observation)
    assert view.kind == "images"
    assert view.arrays["real"].shape == (60, 2, 2)
    assert view.arrays["now"].shape == (40, 2, 2)
    edges = view.arrays["latent_edges"]
    pooled = [
        expected_latents(observation, data)[0].ravel()
        for data in (observation.baseline.real, observation.drawn)
    ]
    for name, values in zip(("latent_real", "latent_now"), pooled, strict=True):
        shares = view.arrays[name]
        assert shares.shape == (len(edges) + 1,)
        assert shares[1:-1] == pytest.approx(np.histogram(values, edges)[0] / len(values), abs=0.02)
        assert shares[0] == pytest.approx((values < edges[0]).mean(), abs=0.02)
        assert shares.sum() == pytest.approx(1.0)
    assert view.arrays["classes_real"].sum() == pytest.approx(1.0)
    assert "model 1" in view.notes["latent"]
    start = view_images(
        Observation(
            observation.source, observation.baseline.real, Streams(1, 0), observation.baseline
        )
    )
    assert all(start.arrays[f"latent_{name}"].size == 0 for name in ("edges", "real", "now"))


@pytest.mark.parametrize(
    ("scale", "shift", "stage"),
    [(1.0, 0.0, "stable"), (0.8, 0.1, "early"), (0.4, 0.3, "late"), (1.5, -0.25, "dispersing")],
)
def test_the_stages(scale: float, shift: float, stage: str) -> None:
    real = np.random.default_rng(1).random((400, PIXELS))
    baseline = Baseline(ImageLaw(real, None, (2, 2)), Points(real, np.array([400])), 1)
    # The coordinates of a latent are x_0 - x_1 and x_2 - x_3, beyond ± 2 in the tails alone.
    law = linear_law([np.array([[3.0, -3.0, 0, 0], [0, 0, 3.0, -3.0]])])
    drawn = Points(np.maximum(scale * real + shift, 0), np.array([400]))
    marks = diagnose(Observation(law, drawn, Streams(1, 1), baseline, law), "images")
    assert count_stages(marks[:, None]) == [{stage: 1}]


def test_a_run_measures_and_shows_its_images(experiment: MakeExperiment, records: Any) -> None:
    found = records(experiment("images", "vae", schedule=20, generations=2, replicates=2))
    assert [record.view.arrays["now"].shape for record in found] == [
        (30, 4, 4),
        (20, 4, 4),
        (20, 4, 4),
    ]
    assert np.isnan(found[0].metrics["latent_sd"]).all()
    for record in found[1:]:
        assert all(np.isfinite(values).all() for values in record.metrics.values())
        assert all(values.shape == (2,) for values in record.metrics.values())
