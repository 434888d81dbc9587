"""The variational autoencoder: its bound, its training, and its interruption."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from scipy.integrate import quad
from scipy.stats import norm

from collapse_tui.experiment.experiment import Experiment
from engines.base import Context
from engines.data import Form, Points
from engines.errors import InvalidExperimentError
from engines.families.vae import VariationalAutoencoder
from engines.neural.vae.networks import Autoencoder, Conv, Mlp, initial_weights, parameter_count
from engines.neural.vae.training import negative_bound
from engines.neural.weights import Weights
from engines.runtime.step import run_to_end
from engines.streams import Streams

MakeExperiment = Callable[..., Experiment]
TINY = VariationalAutoencoder(latent=2, hidden=4, epochs=3, batch=8)


def test_the_networks_have_the_published_sizes() -> None:
    """The notebook of arXiv:2305.17493 prints 647,081; 784-400-20-400-784 has 652,824."""
    for network, expected in ((Conv(784, 20, 64), 647_081), (Mlp(784, 20, 400), 652_824)):
        assert parameter_count(network) == expected
        arrays = initial_weights(network, np.random.default_rng(0))
        assert sum(array.size for array in arrays.values()) == expected


def test_convolutions_undo_each_other_in_shape() -> None:
    network = Conv(64, 3, 2)
    tensors = tensors_of(network)
    mean, log_variance = network.encode(tensors, torch.zeros(5, 64, dtype=torch.float64))
    assert mean.shape == log_variance.shape == (5, 3)
    assert network.decode(tensors, mean).shape == (5, 64)


def tensors_of(network: Autoencoder, seed: int = 0) -> dict[str, Any]:
    arrays = initial_weights(network, np.random.default_rng(seed))
    return {name: torch.tensor(array, dtype=torch.float64) for name, array in arrays.items()}


def plain_bound(arrays: dict[str, Any], images: Any, noise: Any, trials: int) -> float:
    """Return the negative bound of an `Mlp`, written out with numpy."""

    def layer(name: str, values: Any) -> Any:
        return values @ arrays[f"{name}.weight"].T + arrays[f"{name}.bias"]

    hidden = np.maximum(layer("encoder.hidden", images), 0)
    mean, log_variance = layer("encoder.mean", hidden), layer("encoder.log_variance", hidden)
    latents = mean + np.exp(log_variance / 2) * noise
    logits = layer("decoder.logits", np.maximum(layer("decoder.hidden", latents), 0))
    p = 1 / (1 + np.exp(-logits))
    errors = -(images * np.log(p) + (1 - images) * np.log(1 - p)).sum()
    divergence = -0.5 * (1 + log_variance - mean**2 - np.exp(log_variance)).sum()
    return float(trials * errors + divergence)


@pytest.mark.parametrize("trials", [1, 16])
def test_the_bound_is_its_formula_and_its_gradient_the_difference(trials: int) -> None:
    """Central differences of the numpy formula, step 1e-5, agree to 1e-6 of the largest."""
    network, generator = Mlp(6, 2, 5), np.random.default_rng(1)
    tensors = {name: tensor.requires_grad_() for name, tensor in tensors_of(network).items()}
    images, noise = generator.random((7, 6)), generator.standard_normal((7, 2))
    bound = negative_bound(network, tensors, torch.tensor(images), torch.tensor(noise), trials)
    arrays = {name: tensor.detach().numpy().copy() for name, tensor in tensors.items()}
    assert float(bound.detach()) == pytest.approx(plain_bound(arrays, images, noise, trials))
    bound.backward()
    for name, array in arrays.items():
        found = tensors[name].grad.numpy()
        differences = np.empty_like(array)
        for place in np.ndindex(array.shape):
            sides: list[float] = []
            for step in (1e-5, -1e-5):
                array[place] += step
                sides.append(plain_bound(arrays, images, noise, trials))
                array[place] -= step
            differences[place] = (sides[0] - sides[1]) / 2e-5
        assert np.abs(found - differences).max() < 1e-6 * max(1.0, np.abs(differences).max())


def test_the_divergence_is_that_of_normal_laws() -> None:
    """With logits of 0 the bound is ln 2 a pixel and KL(N(m, s²) ‖ N(0, 1)), by quadrature."""
    network = Mlp(3, 1, 2)
    tensors = {name: tensor * 0 for name, tensor in tensors_of(network).items()}
    mean, sd = 0.7, 0.4
    tensors["encoder.mean.bias"] += mean
    tensors["encoder.log_variance.bias"] += 2 * np.log(sd)
    bound = negative_bound(network, tensors, torch.rand(1, 3).double(), torch.zeros(1, 1), 5)

    def integrand(z: float) -> float:
        law = norm(mean, sd)
        return float(law.pdf(z) * (law.logpdf(z) - norm.logpdf(z)))

    divergence = quad(integrand, mean - 8 * sd, mean + 8 * sd)[0]
    assert float(bound) - 5 * 3 * np.log(2) == pytest.approx(divergence, abs=1e-8)
    assert float(bound) - 4 * 3 * np.log(2) != pytest.approx(divergence, abs=1e-2)


def images_of(sizes: list[int], pixels: int = 16) -> Points:
    values = np.random.default_rng(3).random((sum(sizes), pixels))
    return Points(values, np.array(sizes))


def fitted(engine: Any, data: Points, begun: Any = None) -> Weights:
    return run_to_end(engine.fit(data, Context(Streams(1, 1), None, data, begun)))


def same(left: Weights, right: Weights) -> bool:
    ours, theirs = left.arrays(), right.arrays()
    return ours.keys() == theirs.keys() and all(
        ours[name].tobytes() == theirs[name].tobytes() for name in ours
    )


def test_training_lowers_the_bound() -> None:
    data = Points(
        np.random.default_rng(0).random((1, 16)).repeat(40, axis=0).round(), np.array([40])
    )
    losses = [
        float(fitted(TINY.model_copy(update={"epochs": n}), data).facts["loss"][0]) for n in (1, 30)
    ]
    assert losses[1] < 0.9 * losses[0]


@pytest.mark.parametrize("update", [{}, {"network": "conv", "channels": 2}])
def test_a_fit_goes_on_from_each_of_its_epochs(
    monkeypatch: pytest.MonkeyPatch, update: dict[str, Any]
) -> None:
    """Bit for bit, also between the replicates and in the second; from other moments it is not."""
    monkeypatch.setattr("engines.families.network.STORE_AFTER_WORK", 0)
    engine, data = TINY.model_copy(update=update), images_of([20, 13])
    context = Context(Streams(1, 1), None, data)
    told = [step.partial for step in engine.fit(data, context) if step.partial is not None]
    whole = fitted(engine, data)
    assert len(told) == 7
    for partial in told:
        assert same(fitted(engine, data, partial), whole)
    wrong = {name: a * (0.5 if "first/" in name else 1) for name, a in told[0].items()}
    assert not same(fitted(engine, data, wrong), whole)


def test_short_fits_keep_nothing_on_their_way() -> None:
    data = images_of([20, 13])
    steps = list(TINY.fit(data, Context(Streams(1, 1), None, data)))
    assert len(steps) == 6
    assert all(step.partial is None for step in steps)
    assert [step.fraction for step in steps] == sorted(step.fraction for step in steps)
    assert "epoch 3 of 3" in steps[-1].message


def test_a_replicate_does_not_depend_on_those_beside_it() -> None:
    data = images_of([20, 20, 13])
    alone = fitted(TINY, Points(data.values[:20], np.array([20])))
    beside = fitted(TINY, data)
    for name, array in alone.tensors[0].items():
        assert array.tobytes() == beside.tensors[0][name].tobytes()
        assert array.tobytes() != beside.tensors[1][name].tobytes()
    drawn = [
        run_to_end(
            TINY.sample(model, np.array(sizes), Form.POINTS, Context(Streams(1, 2), None, data))
        )
        for model, sizes in ((alone, [9]), (beside, [9, 0, 4]))
    ]
    assert drawn[0].values.tobytes() == drawn[1].values[:9].tobytes()


def test_bits_are_drawn_with_the_means_of_the_pixels() -> None:
    """4 bits a pixel: multiples of a quarter, with the same mean within 4 standard errors."""
    data = images_of([20])
    model, sizes = fitted(TINY, data), np.array([4000])
    context = Context(Streams(1, 2), None, data)
    means, bits = (
        run_to_end(
            TINY.model_copy(update={"output": output, "trials": 4}).sample(
                model, sizes, Form.POINTS, context
            )
        ).values
        for output in ("mean", "bernoulli")
    )
    assert set(np.unique(bits)) == {0.0, 0.25, 0.5, 0.75, 1.0}
    error = np.sqrt((means * (1 - means) / 4).sum(axis=0)) / 4000
    assert (np.abs(bits.mean(axis=0) - means.mean(axis=0)) < 4 * error).all()
    assert not (np.abs(bits.mean(axis=0) - means.mean(axis=0)[::-1]) < 4 * error).all()


def test_images_that_cannot_be_halved_twice_are_refused(
    experiment: MakeExperiment, tmp_path: Path
) -> None:
    path = tmp_path / "six.npz"
    np.savez(path, images=np.random.default_rng(0).random((20, 6, 6)))
    with pytest.raises(InvalidExperimentError, match="multiples of 4, got 6 by 6"):
        experiment({"name": "images", "path": str(path)}, "vae-conv")
    experiment({"name": "images", "path": str(path)}, "vae")
