"""Training of a variational autoencoder: Adam on the evidence lower bound.

References
----------
.. [1] D. P. Kingma, M. Welling, "Auto-Encoding Variational Bayes", 2013, arXiv:1312.6114, eq. 10
   and appendix B (the divergence in closed form).
.. [2] D. P. Kingma, J. Ba, "Adam: A Method for Stochastic Optimization", 2014, arXiv:1412.6980.
"""

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np

from engines.arrays import Arrays, FloatArray, IntArray
from engines.neural.memory import (
    deterministic,
    memory_for,
    memory_for_images,
    to_array,
    to_tensor,
)
from engines.neural.training import (
    TrainingPlan,
    TrainingProgress,
    add_gradients,
    are_finite,
    create_optimizer,
    moment_arrays,
    restore_moments,
)
from engines.neural.vae.networks import Autoencoder, Tensors

STRETCH = 1 << 32
"""Multiplications between two messages of one epoch: a fraction of a second on a CPU."""

REMEDY = "take a smaller network or fewer images (schedule.size), or --device cpu"

ImageDraws = Callable[[int], tuple[IntArray, Any]]
"""Epoch → order of the images (n,) and normals of their latents (n, k) of float32."""


@dataclass(frozen=True, slots=True)
class AutoencoderPlan(TrainingPlan):
    """Settings of the training of an autoencoder.

    Attributes
    ----------
    trials : int
        Bits of which a pixel is the mean.
    """

    trials: int


def negative_bound(
    network: Autoencoder, tensors: Tensors, images: Any, noise: Any, trials: int
) -> Any:
    """Return -Σ of the evidence lower bound of images, a scalar tensor in nats.

    With z = m(x) + s(x) ε, it is trials · Σ_pixels -[x ln p(z) + (1 - x) ln (1 - p(z))]
    + ½ Σ_latents (m² + s² - 1 - ln s²): a pixel is the mean of so many independent bits, and
    constants are left out.

    Parameters
    ----------
    network : Autoencoder
    tensors : mapping of str to Tensor
    images : Tensor, shape (n, d)
    noise : Tensor, shape (n, k)
        ε.
    trials : int
    """
    from torch.nn.functional import binary_cross_entropy_with_logits

    mean, log_variance = network.encode(tensors, images)
    latents = mean + (0.5 * log_variance).exp() * noise
    logits = network.decode(tensors, latents)
    errors = binary_cross_entropy_with_logits(logits, images, reduction="sum")
    divergence = 0.5 * (mean**2 + log_variance.exp() - 1.0 - log_variance).sum()
    return trials * errors + divergence


def train_autoencoder(
    network: Autoencoder,
    images: FloatArray,
    plan: AutoencoderPlan,
    draws: ImageDraws,
    start: Mapping[str, Any],
    device: str,
) -> Generator[TrainingProgress, None, Arrays]:
    """Return the tensors after the last epoch, and as ``loss`` its mean loss of an image.

    The loss is the negative bound, in nats. Where it or a weight is not finite any more after an
    epoch, that epoch is returned too, as ``diverged``, with the tensors and the loss before it.

    Parameters
    ----------
    network : Autoencoder
    images : ndarray, shape (n, d)
    plan : AutoencoderPlan
    draws : callable
    start : mapping of str to ndarray
        Initial weights, or the `TrainingProgress.arrays` of an interrupted training.
    device : str

    Yields
    ------
    TrainingProgress
        Within long epochs, and after each; only these have a loss.
    """
    with memory_for(device, f"the model and {len(images):,} images", REMEDY):
        tensors, optimizer = _create_tensors(start, plan, device)
        data = to_tensor(images, device)

    def bound(chosen: Any, drawn: Any) -> Any:
        return negative_bound(network, tensors, data[chosen], drawn, plan.trials)

    first = int(start["epoch"][0]) if "epoch" in start else 0
    stretch = max(1, STRETCH // (3 * plan.batch * network.work))
    loss = float(start["loss"][0]) if "loss" in start else float("nan")
    for epoch in range(first, plan.epochs):
        kept = {name: tensor.detach().clone() for name, tensor in tensors.items()}
        with memory_for(device, "the order and the noise of an epoch", REMEDY):
            order, noise = (to_tensor(array, device) for array in draws(epoch))
        starts = range(0, len(images), plan.batch)
        total: Any = 0.0
        for place in range(0, len(starts), stretch):
            if place:
                yield TrainingProgress(epoch + 1, (epoch + place / len(starts)) / plan.epochs)
            at_once = min(plan.chunk, len(images))
            with deterministic(network.work * plan.chunk), memory_for_images(device, at_once):
                for begin in starts[place : place + stretch]:
                    rows = slice(begin, begin + plan.batch)
                    optimizer.zero_grad()
                    total = total + add_gradients(bound, plan.chunk, order[rows], noise[rows])
                    optimizer.step()
        if not (isfinite(float(total)) and are_finite(tensors.values())):
            arrays = {name: to_array(tensor) for name, tensor in kept.items()}
            return arrays | {"loss": np.array([loss]), "diverged": np.array([epoch + 1])}
        loss = float(total) / len(images)
        yield TrainingProgress(
            epoch + 1,
            (epoch + 1) / plan.epochs,
            loss,
            lambda done=epoch + 1, now=loss: _resume_arrays(tensors, optimizer, done, now),
        )
    arrays = {name: to_array(tensor) for name, tensor in tensors.items()}
    return arrays | {"loss": np.array([loss])}


def _create_tensors(
    start: Mapping[str, Any], plan: AutoencoderPlan, device: str
) -> tuple[dict[str, Any], Any]:
    """Return the tensors on a device, and Adam, with its moments if the training continues."""
    names = [name for name in start if "/" not in name and name not in ("epoch", "loss")]
    # Cloned: a tensor made of an array shares its memory, and training writes into it.
    tensors = {name: to_tensor(start[name], device).clone().requires_grad_() for name in names}
    optimizer = create_optimizer("Adam", tensors, plan, device)
    if "step/adam" in start:
        restore_moments(optimizer, tensors, start, start["step/adam"][0], device)
    return tensors, optimizer


def _resume_arrays(tensors: Tensors, optimizer: Any, epoch: int, loss: float) -> Arrays:
    """Return the arrays from which `train_autoencoder` can continue."""
    steps = optimizer.state[next(iter(tensors.values()))]["step"]
    return {
        "epoch": np.array([epoch]),
        "loss": np.array([loss]),
        "step/adam": to_array(steps).reshape(1),
        **{name: to_array(tensor) for name, tensor in tensors.items()},
        **moment_arrays(optimizer, tensors),
    }
