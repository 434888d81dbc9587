"""The variational autoencoder: images decoded from N(0, I), and again from those.

Each generation trains a new one. The next data are the means of the pixels, as in the paper's
notebook, or bits drawn with these means (`output`).

References
----------
.. [1] D. P. Kingma, M. Welling, "Auto-Encoding Variational Bayes", 2013, arXiv:1312.6114.
.. [2] I. Shumailov, Z. Shumaylov, Y. Zhao, Y. Gal, N. Papernot, R. Anderson, "The Curse of
   Recursion: Training on Generated Data Makes Models Forget", 2023, arXiv:2305.17493,
   Figs 8 and 9. Its notebook draws new images for every batch; here D_n is a data set.
"""

from collections.abc import Generator
from functools import partial
from typing import Any, ClassVar, Literal

import numpy as np
from pydantic import Field
from typing_extensions import override

from engines.arrays import Arrays, FloatArray, IntArray
from engines.base import Context
from engines.config import Phrase, Positive, Real, Size, Words, plural
from engines.cost import DRAW, PRODUCT, Cost, Load
from engines.data import Data, Form, Points
from engines.families.network import (
    WHEN_DIVERGED,
    NetworkConfig,
    OnDivergence,
    collect_weights,
    report_training,
)
from engines.laws.autoencoder import CHUNK, AutoencoderLaw
from engines.laws.images import ImageLaw
from engines.neural.training import TrainingProgress
from engines.neural.vae.networks import Autoencoder, Conv, Mlp, initial_weights, parameter_count
from engines.neural.vae.training import AutoencoderPlan, train_autoencoder
from engines.neural.weights import Weights
from engines.runtime.step import Step
from engines.situation import Situation
from engines.streams import Purpose, Streams

BATCH_SECONDS = 5e-4
"""For estimates of time: what a training step takes, however small its batch."""
CHUNKS_PER_MESSAGE = 16
"""Chunks of images decoded between two messages."""


class VariationalAutoencoder(NetworkConfig):
    """Train an encoder and a decoder by the evidence lower bound, replicate after replicate."""

    name = "vae"
    kinds = ("images",)
    fits = Form.POINTS
    draws = (Form.POINTS,)
    changeable = frozenset(
        {
            "batch", "chunk", "epochs", "learning_rate", "on_divergence", "output", "trials",
            "weight_decay",
        }
    )  # fmt: skip
    libraries = ("torch",)
    default_metrics: ClassVar = {
        "images": (
            "latent_sd", "latent_variance", "latent_tail_mass", "latent_kl",
            "reconstruction_error", "class_entropy", "class_balance", "nearest_real",
            "pixel_variance_ratio",
        ),
    }  # fmt: skip

    setting_words: ClassVar = {
        "epochs": Words("", "epochs", "passes through the data", 3),
        "learning_rate": Words("η", "learning rate", "learning rate of Adam", 4),
        "batch": Words("B", "batch", "images of a training step", 5),
        "weight_decay": Words("", "weight decay", "weight decay of Adam", 6),
        "output": Words("", "output", "what is passed on", 7),
        "trials": Words("", "pixel bits", "bits that a pixel is mean of", 8),
        "chunk": Words("", "chunk", "images computed at once", 20),
        "on_divergence": Words("", "divergence", "when training diverges", 21),
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
    on_divergence: OnDivergence = Field(default="stop", description=WHEN_DIVERGED)

    @property
    @override
    def phrase(self) -> Phrase:
        sizes = f"{self.hidden} hidden" if self.network == "mlp" else f"{self.channels} channels"
        network = f"VAE ({self.network}, {sizes}), {plural(self.latent, 'latent')}"
        return Phrase(
            f"VAE, {plural(self.latent, 'latent')}", f"{network}, {plural(self.epochs, 'epoch')}"
        )

    @override
    def drift(self, situation: Situation) -> str:
        del situation
        if self.output == "mean":
            return "what is passed on are means of pixels, without the noise around them"
        return "each decoder is trained on what the one before it has drawn"

    @override
    def refusal(self, source: ImageLaw) -> str | None:
        height, width = source.shape
        if self.network == "conv" and (height != width or height % 4):
            return (
                "with network 'conv' halves the sides of square images twice, so they must be"
                f" multiples of 4, got {height} by {width}: use network 'mlp'"
            )
        return None

    def autoencoder(self, pixels: int) -> Autoencoder:
        """Return the networks for images of so many pixels."""
        if self.network == "conv":
            return Conv(pixels, self.latent, self.channels)
        return Mlp(pixels, self.latent, self.hidden)

    @override
    def weight_bytes(self, source: Any) -> int:
        return 4 * parameter_count(self.autoencoder(source.dimension))

    @override
    def cost(self, source: Any, load: Load) -> Cost:
        """Return what the networks take, one of them in training, and the images at once."""
        network, weights = self.autoencoder(source.dimension), self.weight_bytes(source)
        trained = min(self.training_chunk, load.fitted)
        decoded = min(self.chunk or CHUNK, load.drawn)
        outputs = 4.0 * network.outputs * max(4 * trained, 2 * decoded)
        images = load.fitted * (4 * source.dimension + 12 * self.latent)
        batches = self.epochs * -(-load.fitted // self.batch)
        products = network.work * (3.0 * self.epochs * load.fitted + load.drawn)
        work = PRODUCT * products + BATCH_SECONDS * batches + DRAW * images * self.epochs / 4
        return Cost(
            "the networks of this run",
            weights * (3.0 * load.replicates + 5) + outputs + images,
            "engine.hidden, engine.channels, engine.latent, engine.batch or replicates",
            load.replicates * work,
        )

    @override
    def model_size(self, source: Any, fitted: float) -> float:
        return self.weight_bytes(source) / 8

    @property
    def plan(self) -> AutoencoderPlan:
        """Settings of its training."""
        keys = {"epochs", "batch", "learning_rate", "weight_decay", "trials"}
        return AutoencoderPlan(**self.model_dump(include=keys), chunk=self.training_chunk)

    @property
    @override
    def training_chunk(self) -> int:
        return min(self.chunk or self.batch, self.batch)

    def fit(self, data: Points, context: Context) -> Generator[Step, None, Weights]:
        """Return the networks, trained one replicate after the other on each device.

        Yields
        ------
        Step
            Within long epochs and after each; its `partial` holds the replicates that are
            done, and weights and moments of those in training.
        """
        jobs = [
            partial(self._train, images, context.streams, replicate)
            for replicate, images in enumerate(data.by_replicate)
        ]
        trained = yield from self.run_replicates(jobs, context)
        return collect_weights(context.streams.generation, trained, "loss", ("loss",))

    def _train(
        self,
        images: FloatArray,
        streams: Streams,
        replicate: int,
        device: str,
        begun: Arrays | None,
    ) -> Generator[Step, None, Arrays]:
        """Return the tensors of one replicate, and its last loss."""
        network = self.autoencoder(images.shape[1])
        start = begun or initial_weights(network, streams.of(Purpose.INITIAL, replicate))

        def draws(epoch: int) -> tuple[IntArray, Any]:
            order = streams.of(Purpose.ORDER, replicate, epoch).permutation(len(images))
            generator = streams.of(Purpose.LATENT, replicate, epoch)
            return order, generator.standard_normal((len(images), self.latent), dtype=np.float32)

        training = train_autoencoder(network, images, self.plan, draws, start, device)
        work = 3 * network.work * len(images)
        return (yield from report_training(training, self.plan, work, self._message))

    def _message(self, progress: TrainingProgress) -> str:
        loss = "" if progress.loss is None else f", loss {progress.loss:,.1f}"
        return f"epoch {progress.epoch:,} of {self.epochs:,}{loss}"

    def sample(
        self, model: Weights, sizes: IntArray, form: Form, context: Context
    ) -> Generator[Step, None, Data]:
        """Return `sizes` images of each replicate, decoded from draws of N(0, I).

        Yields
        ------
        Step
            Within long draws.
        """
        real: Any = context.real
        pixels = real.values.shape[1]
        law = self._law(model, (1, pixels))
        stretch = CHUNKS_PER_MESSAGE * law.chunk
        values = np.empty((int(sizes.sum()), pixels))
        filled = 0
        for replicate, size in enumerate(sizes.tolist()):
            generator = context.streams.of(Purpose.POINT, replicate)
            normals = generator.standard_normal((size, self.latent))
            for begin in range(0, size, stretch):
                if begin:
                    message = f"decoding image {filled:,} of {len(values):,}"
                    yield Step(filled / len(values), message)
                part = law.means(replicate, normals[begin : begin + stretch])
                values[filled : filled + len(part)] = part
                filled += len(part)
            if self.output == "bernoulli":
                rows = slice(filled - size, filled)
                generator = context.streams.of(Purpose.NOISE, replicate)
                values[rows] = generator.binomial(self.trials, values[rows]) / self.trials
        return Points(values, sizes)

    def law(self, model: Weights, source: ImageLaw) -> AutoencoderLaw:
        """Return the law of the model: its encoders and decoders."""
        return self._law(model, source.shape)

    def _law(self, model: Weights, shape: tuple[int, int]) -> AutoencoderLaw:
        network = self.autoencoder(shape[0] * shape[1])
        return AutoencoderLaw(model, network, shape, self._device, self.chunk or CHUNK)
