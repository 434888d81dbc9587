"""Training of a variational autoencoder: the evidence lower bound, and Adam on it.

References
----------
.. [1] D. P. Kingma, M. Welling, "Auto-Encoding Variational Bayes", 2013, arXiv:1312.6114, eq. 10
   and appendix B (the divergence in closed form).
.. [2] D. P. Kingma, J. Ba, "Adam: A Method for Stochastic Optimization", 2014, arXiv:1412.6980.
"""

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from engines.arrays import Arrays, FloatArray, IntArray
from engines.external.libraries import torch
from engines.neural.memory import deterministic, memory_for, memory_for_images, to_tensor
from engines.neural.vae.networks import Autoencoder, Tensors

STRETCH = 1 << 32
"""Multiplications between two messages of one epoch: a fraction of a second on a CPU."""

REMEDY = "take a smaller network or fewer images (schedule.size), or --device cpu"

Draws = Callable[[int], tuple[IntArray, Any]]
"""Epoch → order of the images (n,) and normals of their latents (n, k) of float32."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How a model is trained.

    Attributes
    ----------
    epochs, batch : int
        A batch is the images of one step of the optimizer.
    chunk : int
        Images of a batch computed at once.
    learning_rate, weight_decay : float
        Of Adam; the decay is added to the gradient of the sum over a batch.
    trials : int
        Bits of which a pixel is the mean.
    """

    epochs: int
    batch: int
    chunk: int
    learning_rate: float
    weight_decay: float
    trials: int


@dataclass(frozen=True, slots=True)
class Passed:
    """A place within a training.

    Attributes
    ----------
    epoch : int
        Epochs that are complete.
    share : float
        Of the training, 0 to 1.
    loss : float or None
        Mean negative bound of an image over the last epoch, in nats; at its end only.
    work : int
        Multiplications of the epoch that it ends; 0 within one.
    arrays : callable or None
        What the training goes on from, at the end of an epoch only.
    """

    epoch: int
    share: float
    loss: float | None = None
    work: int = 0
    arrays: Callable[[], Arrays] | None = None


def negative_bound(
    network: Autoencoder, tensors: Tensors, images: Any, noise: Any, trials: int
) -> Any:
    """Return -Σ of the evidence lower bound of images, a scalar tensor in nats.

    With z = m(x) + s(x) ε, it is trials · Σ_pixels -[x ln p(z) + (1 - x) ln (1 - p(z))]
    + ½ Σ_latents (m² + s² - 1 - ln s²): a pixel is the mean of so many independent bits, whose
    constant is left out.

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


def trained(
    network: Autoencoder,
    images: FloatArray,
    plan: Plan,
    draws: Draws,
    start: Mapping[str, Any],
    device: str,
) -> Generator[Passed, None, Arrays]:
    """Return the tensors after the last epoch, and as ``loss`` its mean loss of an image.

    Parameters
    ----------
    network : Autoencoder
    images : ndarray, shape (n, d)
    plan : Plan
    draws : callable
    start : mapping of str to ndarray
        Weights to start from, or `Passed.arrays` of an interrupted training.
    device : str

    Yields
    ------
    Passed
        Within long epochs, and after each.
    """
    with memory_for(device, f"the model and {len(images):,} images", REMEDY):
        tensors, optimizer = _placed(start, plan, device)
        data = to_tensor(images, device)
    first = int(start["epoch"][0]) if "epoch" in start else 0
    stretch = max(1, STRETCH // (3 * plan.batch * network.work))
    loss = float(start["loss"][0]) if "loss" in start else float("nan")
    for epoch in range(first, plan.epochs):
        with memory_for(device, "the order and the noise of an epoch", REMEDY):
            order, noise = (to_tensor(array, device) for array in draws(epoch))
        starts = range(0, len(images), plan.batch)
        total: Any = 0.0
        for place in range(0, len(starts), stretch):
            if place:
                yield Passed(epoch, (epoch + place / len(starts)) / plan.epochs)
            at_once = min(plan.chunk, len(images))
            with deterministic(network.work * plan.chunk), memory_for_images(device, at_once):
                for begin in starts[place : place + stretch]:
                    batch = slice(begin, begin + plan.batch)
                    optimizer.zero_grad()
                    total = total + _descended(
                        network, tensors, data, order[batch], noise[batch], plan
                    )
                    optimizer.step()
        loss = float(total) / len(images)
        yield Passed(
            epoch + 1,
            (epoch + 1) / plan.epochs,
            loss,
            3 * network.work * len(images),
            lambda done=epoch + 1, now=loss: _arrays(tensors, optimizer, done, now),
        )
    return {name: _plain(tensor) for name, tensor in tensors.items()} | {"loss": np.array([loss])}


def _descended(
    network: Autoencoder, tensors: Tensors, data: Any, order: Any, noise: Any, plan: Plan
) -> Any:
    """Return the negative bound of a batch, its gradient added chunk by chunk."""
    total: Any = 0.0
    for begin in range(0, len(order), plan.chunk):
        part = slice(begin, begin + plan.chunk)
        bound = negative_bound(network, tensors, data[order[part]], noise[part], plan.trials)
        bound.backward()
        total = total + bound.detach()
    return total


def _placed(start: Mapping[str, Any], plan: Plan, device: str) -> tuple[dict[str, Any], Any]:
    """Return the tensors on a device, and Adam with its moments where there are any."""
    names = [name for name in start if "/" not in name and name not in ("epoch", "loss")]
    # Cloned: a tensor made of an array shares its memory, and training writes into it.
    tensors = {name: to_tensor(start[name], device).clone().requires_grad_() for name in names}
    # One kernel for all tensors counts its steps beside them; Apple's has none in older torch.
    fused = not device.startswith("mps")
    optimizer = torch().optim.Adam(
        list(tensors.values()), lr=plan.learning_rate, weight_decay=plan.weight_decay, fused=fused
    )
    for name, tensor in tensors.items():
        if f"first/{name}" in start:
            optimizer.state[tensor] = {
                "step": to_tensor(start["step/adam"], device if fused else "cpu")[0].clone(),
                "exp_avg": to_tensor(start[f"first/{name}"], device).clone(),
                "exp_avg_sq": to_tensor(start[f"second/{name}"], device).clone(),
            }
    return tensors, optimizer


def _arrays(tensors: Tensors, optimizer: Any, epoch: int, loss: float) -> Arrays:
    """Return what `trained` goes on from."""
    arrays: Arrays = {"epoch": np.array([epoch]), "loss": np.array([loss])}
    for name, tensor in tensors.items():
        state = optimizer.state[tensor]
        arrays[name] = _plain(tensor)
        arrays[f"first/{name}"] = _plain(state["exp_avg"])
        arrays[f"second/{name}"] = _plain(state["exp_avg_sq"])
        arrays["step/adam"] = _plain(state["step"]).reshape(1)
    return arrays


def _plain(tensor: Any) -> Any:
    return tensor.detach().cpu().numpy().copy()
