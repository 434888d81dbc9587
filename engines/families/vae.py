"""The variational autoencoder: images decoded from N(0, I), and again from those.

Each generation trains a new one. What is passed on are the means of the pixels, as in the
paper's notebook, or bits drawn with these means (`output`).

References
----------
.. [1] D. P. Kingma, M. Welling, "Auto-Encoding Variational Bayes", 2013, arXiv:1312.6114.
.. [2] I. Shumailov, Z. Shumaylov, Y. Zhao, Y. Gal, N. Papernot, R. Anderson, "The Curse of
   Recursion: Training on Generated Data Makes Models Forget", 2023, arXiv:2305.17493,
   Figs 8 and 9. Its notebook draws new images for every batch; here D_n is a data set.
"""

from collections.abc import Generator, Mapping
from typing import Any, ClassVar, Literal

import numpy as np
from pydantic import Field

from engines.arrays import Arrays, FloatArray, IntArray
from engines.base import Context
from engines.config import Positive, Real, Size
from engines.data import Data, Form, Points
from engines.families.network import NetworkConfig
from engines.laws.autoencoder import CHUNK, AutoencoderLaw
from engines.laws.images import ImageLaw
from engines.laws.law import Law
from engines.neural.devices import single_devices
from engines.neural.vae.networks import Autoencoder, Conv, Mlp, initial_weights, parameter_count
from engines.neural.vae.training import Draws, Passed, Plan, trained
from engines.neural.weights import Weights
from engines.runtime.parallel import Job, run_jobs
from engines.runtime.step import Step, map_steps
from engines.streams import Purpose, Streams

TELL = 1 << 37
"""Multiplications of a training after which it is worth storing: some seconds on a CPU."""
SHOWN = 16
"""Chunks of images decoded between two messages."""


class VariationalAutoencoder(NetworkConfig):
    """Train an encoder and a decoder by the evidence lower bound, replicate after replicate."""

    name: ClassVar[str] = "vae"
    kinds: ClassVar[tuple[str, ...]] = ("images",)
    fits: ClassVar[Form] = Form.POINTS
    draws: ClassVar[tuple[Form, ...]] = (Form.POINTS,)
    changeable: ClassVar[frozenset[str]] = frozenset(
        {"batch", "chunk", "epochs", "learning_rate", "output", "trials", "weight_decay"}
    )
    libraries: ClassVar[tuple[str, ...]] = ("torch",)
    default_metrics: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "images": (
            "latent_sd",
            "latent_variance",
            "latent_tail_mass",
            "latent_kl",
            "reconstruction_error",
            "class_entropy",
            "class_balance",
            "nearest_real",
            "pixel_variance_ratio",
        ),
    }

    network: Literal["mlp", "conv"] = Field(
        default="mlp", description="mlp: one hidden layer; conv: two convolutions (sides of 4 n)"
    )
    latent: Size = Field(default=20, le=4096, description="numbers of a latent")
    hidden: Size = Field(default=256, le=16_384, description="hidden units of an mlp")
    channels: Size = Field(
        default=64, le=1024, description="channels of the outer convolutions of a conv"
    )
    trials: Size = Field(
        default=1, description="bits of which a pixel is the mean: 16 for the digits, 1 for MNIST"
    )
    epochs: Size = Field(default=30, description="times that training goes through the data")
    batch: Size = Field(default=128, description="images of a training step")
    learning_rate: Positive = Field(default=1e-3, description="of Adam")
    weight_decay: Real = Field(default=1e-5, ge=0, description="of Adam")
    output: Literal["mean", "bernoulli"] = Field(
        default="mean", description="what is passed on: means of the pixels, or bits drawn by them"
    )
    chunk: Size | None = Field(
        default=None,
        description="images computed at once; default: a batch in training, else 1,024",
    )

    def refusal(self, source: Law) -> str | None:
        """Return why images of this shape cannot be fitted, or None."""
        if not isinstance(source, ImageLaw):
            return "needs images"
        height, width = source.shape
        if self.network == "conv" and (height != width or height % 4):
            return (
                "with network 'conv' halves the sides of square images twice, so they must be"
                f" multiples of 4, got {height} by {width}: use network 'mlp'"
            )
        return None

    def minimum(self, dimension: int) -> int:
        """Return the smallest data set: one image."""
        del dimension
        return 1

    def built(self, pixels: int) -> Autoencoder:
        """Return the networks for images of so many pixels."""
        if self.network == "conv":
            return Conv(pixels, self.latent, self.channels)
        return Mlp(pixels, self.latent, self.hidden)

    def weight_bytes(self, source: Any) -> int:
        """Return what one replicate's networks take in a checkpoint."""
        return 4 * parameter_count(self.built(source.dimension))

    @property
    def plan(self) -> Plan:
        """How it trains."""
        return Plan(
            self.epochs,
            self.batch,
            self.trained_at_once,
            self.learning_rate,
            self.weight_decay,
            self.trials,
        )

    @property
    def trained_at_once(self) -> int:
        """Images of a batch computed at once."""
        return min(self.chunk or self.batch, self.batch)

    def fit(self, data: Points, context: Context) -> Generator[Step, None, Weights]:
        """Return the networks, trained one replicate after the other on each device.

        Yields
        ------
        Step
            Within long epochs and after each; its `partial` holds the replicates that are
            done, and weights and moments of those in training.
        """
        parts = data.by_replicate

        def job(replicate: int) -> Job:
            return lambda device, begun: self._trained(
                parts[replicate], context.streams, replicate, device, begun
            )

        jobs = [job(replicate) for replicate in range(len(parts))]
        done = yield from run_jobs(jobs, single_devices(self._device), context.partial)
        tensors = tuple({name: a for name, a in one.items() if name != "loss"} for one in done)
        losses = np.array([one["loss"][0] for one in done])
        return Weights(context.streams.generation, tensors, {"loss": losses})

    def _trained(
        self,
        images: FloatArray,
        streams: Streams,
        replicate: int,
        device: str,
        begun: Arrays | None,
    ) -> Generator[Step, None, Arrays]:
        """Return the tensors of one replicate, and its last loss."""
        network = self.built(images.shape[1])
        start = begun or initial_weights(network, streams.of(Purpose.INITIAL, replicate))
        draws = _draws(streams, replicate, len(images), self.latent)
        places = trained(network, images, self.plan, draws, start, device)
        worked = 0

        def told(place: Passed) -> Step:
            nonlocal worked
            partial, worked = None, worked + place.work
            if place.arrays is not None and worked >= TELL:
                partial, worked = place.arrays(), 0
            return Step(place.share, _message(place, self.epochs), partial)

        return (yield from map_steps(places, told))

    def sample(
        self, model: Weights, sizes: IntArray, form: Form, context: Context
    ) -> Generator[Step, None, Data]:
        """Return `sizes` images of each replicate, decoded from draws of N(0, I).

        Yields
        ------
        Step
            Within long draws.
        """
        del form
        real: Any = context.real
        pixels = real.values.shape[1]
        law = self._law(model, pixels, (1, pixels))
        stretch = SHOWN * law.chunk
        values = np.empty((int(sizes.sum()), pixels))
        filled = 0
        for replicate, size in enumerate(sizes.tolist()):
            normals = context.streams.of(Purpose.POINT, replicate).standard_normal(
                (size, self.latent)
            )
            for begin in range(0, size, stretch):
                if begin:
                    yield Step(
                        filled / len(values), f"decoding image {filled:,} of {len(values):,}"
                    )
                part = law.means(replicate, normals[begin : begin + stretch])
                values[filled : filled + len(part)] = part
                filled += len(part)
            if self.output == "bernoulli":
                rows = slice(filled - size, filled)
                generator = context.streams.of(Purpose.NOISE, replicate)
                values[rows] = generator.binomial(self.trials, values[rows]) / self.trials
        return Points(values, sizes)

    def law(self, model: Weights, source: Law) -> AutoencoderLaw:
        """Return the law of the model: its encoders and decoders.

        Raises
        ------
        TypeError
            If the source gives no images.
        """
        if not isinstance(source, ImageLaw):
            raise TypeError("a variational autoencoder needs images")
        return self._law(model, source.images.shape[1], source.shape)

    def _law(self, model: Weights, pixels: int, shape: tuple[int, int]) -> AutoencoderLaw:
        return AutoencoderLaw(model, self.built(pixels), shape, self._device, self.chunk or CHUNK)


def _draws(streams: Streams, replicate: int, size: int, latent: int) -> Draws:
    """Return what is random in an epoch, a function of the epoch alone."""

    def drawn(epoch: int) -> tuple[IntArray, Any]:
        order = streams.of(Purpose.ORDER, replicate, epoch).permutation(size)
        generator = streams.of(Purpose.LATENT, replicate, epoch)
        return order, generator.standard_normal((size, latent), dtype=np.float32)

    return drawn


def _message(place: Passed, epochs: int) -> str:
    if place.loss is None:
        return f"epoch {place.epoch + 1:,} of {epochs:,}"
    return f"epoch {place.epoch:,} of {epochs:,}, loss {place.loss:,.1f}"
