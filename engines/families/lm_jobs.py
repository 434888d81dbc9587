"""The long computations of a language model: one replicate's training, and its writing.

Each is a job of `engines.runtime.parallel`: called with a device and, after a kill, with the
arrays of the last stored step, it yields its steps and returns its result.
"""

import time
from collections.abc import Generator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import numpy as np

from engines.arrays import Arrays, IntArray
from engines.data import Blocks, Data
from engines.external.libraries import torch
from engines.families.network import report_training
from engines.laws.language import LanguageLaw
from engines.neural.lm.architecture import Architecture, load_weights
from engines.neural.lm.decoding import generate
from engines.neural.lm.placement import memory_for_blocks, uses_bfloat16, work
from engines.neural.lm.training import LanguagePlan, Training, train_language_model
from engines.neural.memory import deterministic
from engines.neural.training import TrainingProgress
from engines.runtime.step import Step
from engines.streams import Purpose, Streams

STORE_AFTER_WORK = 1 << 32
"""Multiplications of a draw after which its text is stored: some seconds on a CPU."""


@dataclass(frozen=True)
class TrainingJob:
    """The training of one replicate.

    Attributes
    ----------
    architecture : Architecture
    plan : LanguagePlan
    blocks : ndarray of int, shape (n, L)
    validation : ndarray of int, shape (V, L)
    streams : Streams
    replicate : int
    modules : dict
        Receives the trained module, by device and replicate.
    """

    architecture: Architecture
    plan: LanguagePlan
    blocks: IntArray
    validation: IntArray
    streams: Streams
    replicate: int
    modules: dict[Any, Any]

    def __call__(self, device: str, partial: Arrays | None) -> Generator[Step, None, Arrays]:
        """Return the weights by name, and as ``score`` the numbers of the training.

        Yields
        ------
        Step
            After each step of the optimizer.
        """
        plan, tokens = self.plan, self.blocks.size
        generator = self.streams.of(Purpose.INITIAL, self.replicate)
        start = partial or self.architecture.start(generator)
        training = Training(self.architecture, plan, start, device)
        first, begun = training.score.epoch, time.monotonic()

        def draws(epoch: int) -> tuple[IntArray, IntArray]:
            order = self.streams.of(Purpose.ORDER, self.replicate, epoch)
            seeds = self.streams.of(Purpose.NOISE, self.replicate, epoch)
            steps = -(-len(self.blocks) // plan.batch)
            return order.permutation(len(self.blocks)), seeds.integers(1 << 63, size=steps)

        def message(progress: TrainingProgress) -> str:
            trained = (progress.fraction * plan.epochs - first) * tokens
            return (
                f"training: epoch {progress.epoch:,} of {plan.epochs:,},"
                f" loss {progress.loss:.3f}, {_describe_rate(trained, begun)}"
            )

        tensors = yield from report_training(
            train_language_model(training, self.blocks, self.validation, draws),
            plan,
            3 * self.architecture.parameters * tokens,
            message,
        )
        # Gradients that the module keeps would stay in the device's memory.
        training.optimizer.zero_grad()
        load_weights(training.module, tensors)
        self.modules[device, self.replicate] = training.module.eval()
        score = training.score
        found = {**tensors, "score": np.array([score.loss, score.best_epoch, score.validation])}
        return found | ({"diverged": np.array([training.diverged])} if training.diverged else {})


@dataclass(frozen=True)
class WritingJob:
    """The continuations that one replicate writes, chunk after chunk.

    Attributes
    ----------
    law : LanguageLaw
    prompts : ndarray of int, shape (n, L)
    chunk : int
        Prompts continued at once.
    streams : Streams
    replicate : int
    """

    law: LanguageLaw
    prompts: IntArray
    chunk: int
    streams: Streams
    replicate: int

    def __call__(self, device: str, partial: Arrays | None) -> Generator[Step, None, Arrays]:
        """Return the continuations as ``values``, shape (n, L).

        Yields
        ------
        Step
            After each chunk; its `partial` holds the continuations so far.
        """
        law, prompts = self.law, self.prompts
        module, device = law.module(self.replicate)
        if uses_bfloat16(device, law.precision):
            module = deepcopy(module).to(torch().bfloat16)
        rule, end = law.decoding, law.text.tokenizer.end
        done: list[Any] = [] if partial is None else [partial["values"]]
        first = sum(len(part) for part in done)
        begun, unsaved = time.monotonic(), 0
        for begin in range(first, len(prompts), self.chunk):
            rows = prompts[begin : begin + self.chunk]
            seed = int(self.streams.of(Purpose.POINT, self.replicate, begin).integers(1 << 63))
            size = work(law.architecture, len(rows) * rule.width)
            with memory_for_blocks(device, self.chunk), deterministic(size):
                done.append(generate(module, rows, rule, end, seed))
            unsaved += law.architecture.parameters * rows.size * rule.width
            count, stored = begin + len(rows), None
            if unsaved >= STORE_AFTER_WORK and count < len(prompts):
                stored, unsaved = {"values": np.concatenate(done)}, 0
            message = (
                f"writing: block {count:,} of {len(prompts):,},"
                f" {_describe_rate((count - first) * prompts.shape[1], begun)}"
            )
            yield Step(count / len(prompts), message, stored)
        return {"values": np.concatenate([*done, np.empty((0, prompts.shape[1]), dtype=np.int64)])}


def _describe_rate(tokens: float, begun: float) -> str:
    """Return the mean rate of so many tokens since a time, in words: for messages only."""
    return f"{tokens / max(time.monotonic() - begun, 1e-9):,.0f} tokens/s"


def choose_prompts(real: Data, sizes: IntArray) -> list[IntArray]:
    """Return so many blocks of each replicate's D_0 to continue, shape (sizes[r], L) each.

    All in turn, again and again; if fewer than there are, evenly spaced ones, so that no part
    of the text is left out.

    Parameters
    ----------
    real : Data
        D_0, blocks.
    sizes : ndarray of int, shape (R,)

    Raises
    ------
    TypeError
        If D_0 does not consist of blocks.
    """
    if not isinstance(real, Blocks):
        raise TypeError("prompts must be blocks of tokens")
    prompts: list[IntArray] = []
    for part, size in zip(real.by_replicate, sizes.tolist(), strict=True):
        places: IntArray = np.arange(size, dtype=np.int64)
        fewer = size < len(part)
        chosen: IntArray = places * len(part) // max(size, 1) if fewer else places % len(part)
        prompts.append(part[chosen])
    return prompts
