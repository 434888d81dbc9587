"""The two networks of a variational autoencoder: images to latents, latents to images.

Both are functions of tensors by name, so that a model is a plain dictionary. The last layer
returns logits; their sigmoid is the mean of each pixel.

References
----------
.. [1] D. P. Kingma, M. Welling, "Auto-Encoding Variational Bayes", 2013, arXiv:1312.6114,
   appendix C (Bernoulli MLP as decoder, Gaussian MLP as encoder).
.. [2] I. Shumailov et al., "The Curse of Recursion", 2023, arXiv:2305.17493, section 5.1. Its
   notebook counts 647,081 parameters: those of `Conv` with 64 channels and 20 latents on
   images of 28 × 28.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isqrt, prod
from typing import Any

import numpy as np

from engines.arrays import Arrays

Tensors = Mapping[str, Any]
"""Torch tensors by name."""

KERNEL = 4
"""Side of a convolution's kernel; with stride 2 and padding 1 it halves an image's side."""


@dataclass(frozen=True, slots=True)
class Mlp:
    """One hidden layer of rectified units in each network.

    Attributes
    ----------
    pixels : int
        d, numbers of an image.
    latent : int
        k, numbers of a latent.
    hidden : int
        Units of each hidden layer.
    """

    pixels: int
    latent: int
    hidden: int

    @property
    def work(self) -> int:
        """Multiplications of one image through both networks."""
        return sum(prod(shape) for shape in self.layers().values())

    @property
    def outputs(self) -> int:
        """Numbers that all layers give of one image."""
        return 2 * self.hidden + 2 * self.latent + self.pixels

    def layers(self) -> dict[str, tuple[int, ...]]:
        """Return the shape of each layer's weight, (units, inputs)."""
        return {
            "encoder.hidden": (self.hidden, self.pixels),
            "encoder.mean": (self.latent, self.hidden),
            "encoder.log_variance": (self.latent, self.hidden),
            "decoder.hidden": (self.hidden, self.latent),
            "decoder.logits": (self.pixels, self.hidden),
        }

    def encode(self, tensors: Tensors, images: Any) -> tuple[Any, Any]:
        """Return mean and ln variance of the latents of images (n, d), shape (n, k) each."""
        hidden = linear(tensors, "encoder.hidden", images).relu()
        mean = linear(tensors, "encoder.mean", hidden)
        return mean, linear(tensors, "encoder.log_variance", hidden)

    def decode(self, tensors: Tensors, latents: Any) -> Any:
        """Return the logits of the pixels of latents (n, k), shape (n, d)."""
        hidden = linear(tensors, "decoder.hidden", latents).relu()
        return linear(tensors, "decoder.logits", hidden)


@dataclass(frozen=True, slots=True)
class Conv:
    """Two convolutions that halve the side of square images, and two that double it again.

    Attributes
    ----------
    pixels, latent : int
        d and k, as for `Mlp`.
    channels : int
        Of the outer convolutions; the inner ones have twice as many.
    """

    pixels: int
    latent: int
    channels: int

    @property
    def side(self) -> int:
        """Side of an image, a multiple of 4."""
        return isqrt(self.pixels)

    @property
    def work(self) -> int:
        """Multiplications of one image through both networks."""
        places = {"outer": self.pixels // 4, "inner": self.pixels // 16}
        return sum(
            prod(shape) * places.get(name.partition(".")[2], 1)
            for name, shape in self.layers().items()
        )

    @property
    def outputs(self) -> int:
        """Numbers that all layers give of one image."""
        return 3 * self.channels * self.pixels // 4 + 2 * self.latent + self.pixels

    def layers(self) -> dict[str, tuple[int, ...]]:
        """Return the shape of each layer's weight."""
        outer, inner, square = self.channels, 2 * self.channels, (KERNEL, KERNEL)
        flat = inner * self.pixels // 16
        return {
            "encoder.outer": (outer, 1, *square),
            "encoder.inner": (inner, outer, *square),
            "encoder.mean": (self.latent, flat),
            "encoder.log_variance": (self.latent, flat),
            "decoder.hidden": (flat, self.latent),
            "decoder.inner": (inner, outer, *square),
            "decoder.outer": (outer, 1, *square),
        }

    def encode(self, tensors: Tensors, images: Any) -> tuple[Any, Any]:
        """Return mean and ln variance of the latents of images (n, d), shape (n, k) each."""
        from torch.nn.functional import conv2d

        hidden = images.reshape(-1, 1, self.side, self.side)
        for name in ("encoder.outer", "encoder.inner"):
            weight, bias = tensors[f"{name}.weight"], tensors[f"{name}.bias"]
            hidden = conv2d(hidden, weight, bias, stride=2, padding=1).relu()
        hidden = hidden.flatten(1)
        mean = linear(tensors, "encoder.mean", hidden)
        return mean, linear(tensors, "encoder.log_variance", hidden)

    def decode(self, tensors: Tensors, latents: Any) -> Any:
        """Return the logits of the pixels of latents (n, k), shape (n, d)."""
        from torch.nn.functional import conv_transpose2d

        side = self.side // 4
        hidden = linear(tensors, "decoder.hidden", latents)
        hidden = hidden.reshape(-1, 2 * self.channels, side, side)
        for name in ("decoder.inner", "decoder.outer"):
            weight, bias = tensors[f"{name}.weight"], tensors[f"{name}.bias"]
            # The notebook of [2] rectifies between its two layers, not the dense one before.
            hidden = hidden.relu() if name == "decoder.outer" else hidden
            hidden = conv_transpose2d(hidden, weight, bias, stride=2, padding=1)
        return hidden.flatten(1)


Autoencoder = Mlp | Conv
"""An encoder and a decoder."""


def linear(tensors: Tensors, name: str, values: Any) -> Any:
    """Return the outputs of a dense layer for values (n, inputs), shape (n, units)."""
    from torch.nn.functional import linear as affine

    return affine(values, tensors[f"{name}.weight"], tensors[f"{name}.bias"])


def initial_weights(network: Autoencoder, generator: np.random.Generator) -> Arrays:
    """Return initial weights and biases as in torch's own layers: uniform within ± 1/√inputs.

    Parameters
    ----------
    network : Autoencoder
    generator : numpy.random.Generator

    Returns
    -------
    dict of str to ndarray of float32
        ``<layer>.weight`` and ``<layer>.bias``, in the order of the layers.
    """
    arrays: Arrays = {}
    for name, shape in network.layers().items():
        bound = 1.0 / np.sqrt(prod(shape[1:]))
        for part, size in (("weight", shape), ("bias", (output_count(name, shape),))):
            arrays[f"{name}.{part}"] = generator.uniform(-bound, bound, size).astype(np.float32)
    return arrays


def output_count(name: str, shape: tuple[int, ...]) -> int:
    """Return the number of outputs of a layer, as many as its biases."""
    # A transposed convolution keeps its outputs on the second axis.
    turned = name.startswith("decoder") and len(shape) == 4
    return shape[1] if turned else shape[0]


def parameter_count(network: Autoencoder) -> int:
    """Return the number of parameters."""
    return sum(prod(shape) + output_count(name, shape) for name, shape in network.layers().items())
