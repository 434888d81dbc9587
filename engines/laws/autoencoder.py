"""The law of variational autoencoders: from images to latents and back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from engines.arrays import FloatArray
from engines.external.libraries import torch
from engines.laws.law import Law
from engines.neural.devices import replicate_device
from engines.neural.memory import deterministic, memory_for, memory_for_images, to_tensor
from engines.neural.vae.networks import Autoencoder
from engines.neural.weights import Weights

CHUNK = 1024
"""Images per batch by default; another number changes the last digits of results."""


@dataclass(frozen=True, eq=False)
class AutoencoderLaw(Law):
    """R variational autoencoders.

    Attributes
    ----------
    weights : Weights
    network : Autoencoder
    shape : (int, int)
        Height and width of an image.
    device : str
        Where they compute.
    chunk : int
        Images at a time.
    """

    weights: Weights
    network: Autoencoder
    shape: tuple[int, int]
    device: str = "cpu"
    chunk: int = CHUNK

    def latents(self, replicate: int, images: FloatArray) -> FloatArray:
        """Return the means of the latents of images (n, d), shape (n, k).

        Parameters
        ----------
        replicate : int
        images : ndarray, shape (n, d)
        """

        def encode(tensors: Any, chunk: Any) -> Any:
            return self.network.encode(tensors, chunk)[0]

        return self._apply(replicate, images, encode, self.network.latent)

    def means(self, replicate: int, latents: FloatArray) -> FloatArray:
        """Return the means of the pixels of latents (n, k), shape (n, d)."""

        def decode(tensors: Any, chunk: Any) -> Any:
            return self.network.decode(tensors, chunk).sigmoid()

        return self._apply(replicate, latents, decode, self.network.pixels)

    def errors(self, replicate: int, images: FloatArray) -> FloatArray:
        """Return the reconstruction error of images (n, d) in nats, shape (n,).

        It is Σ_pixels -[x ln p + (1 - x) ln (1 - p)] with p decoded from the mean of the
        image's latent.
        """

        def cross_entropy(tensors: Any, chunk: Any) -> Any:
            logits = self.network.decode(tensors, self.network.encode(tensors, chunk)[0])
            # ln (1 + e^l) - x l is the cross-entropy of x and the sigmoid of l.
            return (logits.clamp(min=0) + (-logits.abs()).exp().log1p() - chunk * logits).sum(
                dim=1, keepdim=True
            )

        return self._apply(replicate, images, cross_entropy, 1)[:, 0]

    def _apply(self, replicate: int, rows: FloatArray, function: Any, width: int) -> FloatArray:
        device = replicate_device(self.device, replicate)

        def build(tensors: Mapping[str, Any]) -> Any:
            with memory_for(device, "another model", "take a smaller network, or --device cpu"):
                return {name: to_tensor(array, device) for name, array in tensors.items()}

        tensors = self.weights.module(replicate, device, build)
        found = np.empty((len(rows), width))
        for begin in range(0, len(rows), self.chunk):
            part = slice(begin, begin + self.chunk)
            with (
                memory_for_images(device, min(self.chunk, len(rows))),
                deterministic(self.network.work * self.chunk),
                torch().no_grad(),
            ):
                found[part] = function(tensors, to_tensor(rows[part], device)).cpu().numpy()
        return found
