"""The law of neural language models: the probability of blocks of tokens."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from engines.arrays import FloatArray, IntArray
from engines.laws.blocks import BlocksLaw
from engines.laws.law import Law
from engines.neural.devices import replicate_device
from engines.neural.lm.architecture import Architecture, load_weights
from engines.neural.lm.decoding import Decoding, generate
from engines.neural.lm.placement import memory_for_model, work
from engines.neural.lm.scoring import negative_logs
from engines.neural.memory import deterministic
from engines.neural.weights import Weights


@dataclass(frozen=True, eq=False)
class LanguageLaw(Law):
    """R language models.

    Attributes
    ----------
    weights : Weights
    architecture : Architecture
    text : BlocksLaw
        The source.
    decoding : Decoding
        How text is generated.
    batch : int
        Blocks of a batch, for `batch_cross_entropy`.
    chunk : int
        Most blocks whose probabilities are computed at once.
    precision, device : str
        Number format and device of the computation.
    """

    weights: Weights
    architecture: Architecture
    text: BlocksLaw
    decoding: Decoding
    batch: int
    chunk: int
    precision: str = "auto"
    device: str = "cpu"

    def module(self, replicate: int) -> tuple[Any, str]:
        """Return the network of a replicate, in evaluation mode, and its device."""
        device = replicate_device(self.device, replicate)

        def build(tensors: Mapping[str, Any]) -> Any:
            module = self.architecture.module()
            load_weights(module, dict(tensors))
            with memory_for_model(device):
                return module.to(device).eval()

        return self.weights.module(replicate, device, build), device

    def negative_logs(self, replicate: int, blocks: IntArray) -> FloatArray:
        """Return the mean of -ln p over the tokens of each block, from the second on, in nats.

        Parameters
        ----------
        replicate : int
        blocks : ndarray of int, shape (n, L)

        Returns
        -------
        ndarray, shape (n,)
            l(x) = -1/(L - 1) Σ_{t=2..L} ln p(x_t | x_<t); exp of it is the block's perplexity.
        """
        module, device = self.module(replicate)
        return negative_logs(self.architecture, module, blocks, device, self.precision, self.chunk)

    def continue_text(self, replicate: int, prompts: IntArray, seed: int) -> IntArray:
        """Return what a replicate writes after prompts (n, L), shape (n, L)."""
        module, _ = self.module(replicate)
        with deterministic(work(self.architecture, len(prompts) * self.decoding.width)):
            return generate(module, prompts, self.decoding, self.text.tokenizer.end, seed)

    @cached_property
    def _test_losses(self) -> list[FloatArray]:
        return [
            self.negative_logs(replicate, self.text.test)
            for replicate in range(len(self.weights.tensors))
        ]

    def cross_entropy(self) -> FloatArray:
        """Return the mean of -ln p over the tokens of the test part, in nats, shape (R,)."""
        return np.array([float(values.mean()) for values in self._test_losses])

    def batch_cross_entropy(self) -> FloatArray:
        """Return the mean over the batches of the test part of their mean loss, shape (R,).

        A last batch that is not full counts as much as the others.
        """
        places = np.arange(0, len(self.text.test), self.batch)
        sizes = np.diff(np.append(places, len(self.text.test)))
        means = [np.add.reduceat(values, places) / sizes for values in self._test_losses]
        return np.array([float(values.mean()) for values in means])
