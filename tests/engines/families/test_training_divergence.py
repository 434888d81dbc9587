"""Trainings that diverge: they are found, said, and leave weights that are finite."""

from typing import Any

import numpy as np
import pytest

from engines.neural.lm.training import Training
from engines.neural.vae.networks import initial_weights
from engines.neural.weights import Weights
from engines.streams import Purpose, Streams
from tests.engines.families import test_lm, test_vae
from tests.engines.families.test_lm import blocks, context, ended
from tests.engines.families.test_vae import fitted, images_of

IMAGES, TEXT = test_vae.TINY, test_lm.TINY
text = test_lm.text


def test_a_training_that_diverges_keeps_the_weights_of_the_epoch_before() -> None:
    """In one replicate only: an image of another has a pixel far outside 0 … 1."""
    data, sound = images_of([20, 13]), images_of([20, 13])
    data.values[25, 3] = 1e38
    model, whole = fitted(IMAGES, data), fitted(IMAGES, sound)
    assert IMAGES.divergence(model).tolist() == [False, True]  # type: ignore[union-attr]
    assert IMAGES.divergence(whole) is None
    assert IMAGES.remarks(whole) == {}
    assert "diverged in 1 of 2 (replicate 1 in epoch 1)" in IMAGES.remarks(model)["divergence"]
    start = initial_weights(IMAGES.autoencoder(16), Streams(1, 1).of(Purpose.INITIAL, 1))
    assert all(np.array_equal(model.tensors[1][name], start[name]) for name in start)
    assert all(np.array_equal(model.tensors[0][n], whole.tensors[0][n]) for n in start)
    restored = Weights.restore(model.arrays())
    assert restored.facts["diverged"].tolist() == [0, 1]


@pytest.mark.parametrize("best", [True, False])
def test_a_training_that_diverges_keeps_weights_that_are_finite(
    text: Any, monkeypatch: Any, best: bool
) -> None:
    """Its second epoch meets a loss that is no number; the first is what is left of it."""
    engine, plain = TEXT.model_copy(update={"best": best}), Training.step
    one = ended(engine.model_copy(update={"epochs": 1}).fit(blocks(text), context(None, text)))

    def step(training: Training, rows: Any, seed: int) -> float:
        loss = plain(training, rows, seed)
        return loss if training.score.epoch == 0 else float("nan")

    monkeypatch.setattr(Training, "step", step)
    model = ended(engine.fit(blocks(text), context(None, text)))
    assert model.facts["diverged"].tolist() == [2]
    assert model.facts["loss"] == one.facts["loss"]
    assert "replicate 0 in epoch 2" in engine.remarks(model)["divergence"]
    for name, tensor in one.tensors[0].items():
        assert np.array_equal(model.tensors[0][name], tensor)


def test_weights_that_grow_without_bound_are_found_after_an_epoch_of_finite_losses(
    text: Any,
) -> None:
    engine = TEXT.model_copy(update={"learning_rate": 1e38, "batch": len(text.blocks)})
    model = ended(engine.fit(blocks(text), context(None, text)))
    assert model.facts["diverged"][0] in {1, 2}
    assert all(np.isfinite(tensor).all() for tensor in model.tensors[0].values())
