"""Training of a language model: next-token cross entropy, AdamW, the best epoch kept.

References
----------
.. [1] I. Loshchilov, F. Hutter, "Decoupled Weight Decay Regularization", 2017, arXiv:1711.05101.
.. [2] I. Shumailov et al., "The Curse of Recursion", 2023, arXiv:2305.17493, section 5 (OPT-125m
   fine-tuned for 5 epochs, the checkpoint of the best validation loss taken).
"""

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import astuple, dataclass, replace
from math import isfinite
from typing import Any

import numpy as np

from engines.arrays import Arrays, IntArray
from engines.external.libraries import torch
from engines.neural.lm.architecture import Architecture, load_weights, weight_arrays
from engines.neural.lm.placement import autocast, memory_for_blocks, memory_for_model, work
from engines.neural.lm.scoring import negative_logs, token_losses
from engines.neural.memory import deterministic, to_tensor
from engines.neural.training import (
    TrainingPlan,
    TrainingProgress,
    add_gradients,
    are_finite,
    create_optimizer,
    moment_arrays,
    restore_moments,
)
from engines.runtime.array_names import add_prefix, select_prefix


@dataclass(frozen=True, slots=True)
class LanguagePlan(TrainingPlan):
    """Settings of the training of a language model.

    Attributes
    ----------
    scoring_chunk : int
        Most blocks of the validation part computed at once.
    best : bool
        Whether the epoch with the least validation loss is kept, not the last.
    precision : str
    """

    scoring_chunk: int
    best: bool
    precision: str


BlockDraws = Callable[[int], tuple[IntArray, IntArray]]
"""Epoch → order of the blocks (n,) and a seed for the dropout of each step of the optimizer."""


@dataclass(frozen=True, slots=True)
class TrainingScore:
    """Losses of a training so far.

    Attributes
    ----------
    epoch : int
        Complete epochs.
    loss : float
        Mean over the tokens of the last epoch, in nats, while it trained.
    best_epoch : int
        1 to `epoch`; 0 where none is kept.
    validation : float
        Loss of the best epoch on the validation part; NaN without.
    """

    epoch: int = 0
    loss: float = float("nan")
    best_epoch: int = 0
    validation: float = float("nan")


class Training:
    """One training in progress.

    Parameters
    ----------
    architecture : Architecture
    plan : LanguagePlan
    start : mapping of str to ndarray
        Weights, or what `arrays` returned for an interrupted training.
    device : str
        A single one.

    Attributes
    ----------
    kept : dict of str to ndarray
        Weights after the last epoch that ended in finite numbers.
    diverged : int
        The epoch in which a loss or a weight became something else; 0: none did.
    """

    def __init__(
        self, architecture: Architecture, plan: LanguagePlan, start: Mapping[str, Any], device: str
    ) -> None:
        self.architecture, self.plan, self.device = architecture, plan, device
        self.module = architecture.module()
        interrupted = "score" in start
        load_weights(self.module, select_prefix("now", start) if interrupted else dict(start))
        with memory_for_model(device):
            self.module.to(device)
        self.tensors: dict[str, Any] = dict(self.module.named_parameters())
        self.optimizer = create_optimizer("AdamW", self.tensors, plan, device)
        self.score, self.best, self.diverged = TrainingScore(), Arrays(), 0
        self.kept = select_prefix("now", start) if interrupted else dict(start)
        if interrupted:
            epoch, loss, best_epoch, validation = start["score"].tolist()
            self.score = TrainingScore(int(epoch), loss, int(best_epoch), validation)
            self.best = select_prefix("best", start)
            restore_moments(self.optimizer, self.tensors, start, start["steps"][0], device)

    def arrays(self) -> Arrays:
        """Return the arrays from which the training can continue."""
        numbers = np.array(astuple(self.score), dtype=np.float64)
        steps = float(self.optimizer.state[next(iter(self.tensors.values()))]["step"])
        return {
            "score": numbers,
            "steps": np.array([steps]),
            **add_prefix("now", weight_arrays(self.module)),
            **moment_arrays(self.optimizer, self.tensors),
            **add_prefix("best", self.best),
        }

    def step(self, blocks: IntArray, seed: int) -> float:
        """Take one step of the optimizer and return the mean loss of its tokens, in nats.

        Parameters
        ----------
        blocks : ndarray of int, shape (b, L)
        seed : int
            Of the dropout.
        """
        plan, device = self.plan, self.device
        rows = to_tensor(blocks, device)
        tokens = len(rows) * (rows.shape[1] - 1)

        def loss(part: Any) -> Any:
            with autocast(device, plan.precision):
                logits = self.module(input_ids=part, use_cache=False).logits
                return token_losses(logits, part).sum() / tokens

        self.module.train()
        self.optimizer.zero_grad()
        size = work(self.architecture, min(len(rows), plan.chunk) * rows.shape[1])
        with memory_for_blocks(device, plan.chunk), deterministic(size), dropout_seed(device, seed):
            total = add_gradients(loss, plan.chunk, rows)
            self.optimizer.step()
        return float(total)

    def finish_epoch(self, loss: float, validation: IntArray) -> None:
        """Record an epoch's loss, and keep its weights if it is the best so far."""
        self.module.eval()
        epoch, plan = self.score.epoch + 1, self.plan
        if not (isfinite(loss) and are_finite(self.tensors.values())):
            self.diverged = epoch
            return
        self.score = replace(self.score, epoch=epoch, loss=loss)
        if not plan.best or not len(validation):
            self.kept = weight_arrays(self.module)
            return
        found = negative_logs(
            self.architecture, self.module, validation, self.device, plan.precision,
            plan.scoring_chunk,
        ).mean()  # fmt: skip
        if not isfinite(found):
            self.diverged = epoch
        elif not self.best or found < self.score.validation:
            self.score = replace(self.score, best_epoch=epoch, validation=float(found))
            self.best = weight_arrays(self.module)


def train_language_model(
    training: Training, blocks: IntArray, validation: IntArray, draws: BlockDraws
) -> Generator[TrainingProgress, None, Arrays]:
    """Return the weights of the best epoch, or of the last that ended in finite numbers.

    Parameters
    ----------
    training : Training
        At its start, or where it was interrupted.
    blocks : ndarray of int, shape (n, L)
    validation : ndarray of int, shape (V, L)
    draws : callable

    Yields
    ------
    TrainingProgress
        After each step of the optimizer.
    """
    plan = training.plan
    starts = range(0, len(blocks), plan.batch)
    for epoch in range(training.score.epoch, plan.epochs):
        order, seeds = draws(epoch)
        total = 0.0
        for place, begin in enumerate(starts):
            rows = blocks[order[begin : begin + plan.batch]]
            loss = training.step(rows, int(seeds[place]))
            total += loss * len(rows)
            if not isfinite(loss):
                break
            if place + 1 < len(starts):
                fraction = (epoch + (place + 1) / len(starts)) / plan.epochs
                yield TrainingProgress(epoch + 1, fraction, loss)
        training.finish_epoch(total / len(blocks), validation)
        if training.diverged:
            break
        # After the last epoch the result is stored instead, which is smaller.
        arrays = training.arrays if epoch + 1 < plan.epochs else None
        fraction = (epoch + 1) / plan.epochs
        yield TrainingProgress(epoch + 1, fraction, training.score.loss, arrays)
    return training.best or training.kept


@contextmanager
def dropout_seed(device: str, seed: int) -> Generator[None, None, None]:
    """Draw the masks of dropout with a seed; restore the library's generator afterwards.

    Parameters
    ----------
    device : str
    seed : int
    """
    library = torch()
    place = library.device(device)
    get_state, set_state = library.get_rng_state, library.set_rng_state
    if place.type == "cuda":
        index = library.cuda.current_device() if place.index is None else place.index
        shared = library.cuda.default_generators[index]
        get_state, set_state = shared.get_state, shared.set_state
    elif place.type == "mps":
        get_state, set_state = library.mps.get_rng_state, library.mps.set_rng_state
    before = get_state()
    set_state(library.Generator(place).manual_seed(seed).get_state())
    try:
        yield
    finally:
        set_state(before)
