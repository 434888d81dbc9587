"""Training of a language model: next-token cross entropy, AdamW, the best epoch kept.

References
----------
.. [1] I. Loshchilov, F. Hutter, "Decoupled Weight Decay Regularization", 2017, arXiv:1711.05101.
.. [2] I. Shumailov et al., "The Curse of Recursion", 2023, arXiv:2305.17493, section 5 (OPT-125m
   fine-tuned for 5 epochs, the checkpoint of the best validation loss taken).
"""

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from engines.arrays import Arrays, IntArray
from engines.external.libraries import torch
from engines.neural.lm.architecture import Architecture, load_weights, weight_arrays
from engines.neural.lm.placement import autocast, memory_for_blocks, memory_for_model, work
from engines.neural.lm.scoring import negative_logs, token_losses
from engines.neural.memory import deterministic
from engines.runtime.array_names import add_prefix, select_prefix


@dataclass(frozen=True, slots=True)
class Plan:
    """How a model is trained.

    Attributes
    ----------
    epochs, batch : int
        A batch is the blocks of one step of the optimizer.
    chunk : int
        Blocks of a batch computed at once.
    scored : int
        Most blocks of the validation part computed at once.
    learning_rate, weight_decay : float
        Of AdamW [1].
    best : bool
        Whether the epoch with the least validation loss is kept, not the last.
    precision, device : str
    """

    epochs: int
    batch: int
    chunk: int
    scored: int
    learning_rate: float
    weight_decay: float
    best: bool
    precision: str
    device: str


@dataclass(frozen=True, slots=True)
class Draws:
    """What is random in an epoch, functions of the epoch alone.

    Attributes
    ----------
    order : callable
        Epoch → order of the blocks, shape (n,).
    masks : callable
        Epoch, number of steps → a seed for the dropout of each step.
    """

    order: Callable[[int], IntArray]
    masks: Callable[[int, int], IntArray]


@dataclass(frozen=True, slots=True)
class Score:
    """How a training stands.

    Attributes
    ----------
    epoch : int
        Epochs that are complete.
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


@dataclass(frozen=True, slots=True)
class Passed:
    """A place within a training.

    Attributes
    ----------
    share : float
        Of the training, 0 to 1.
    epoch : int
        The one in training, from 1.
    loss : float
        Of the last step, in nats a token.
    tokens : int
        Tokens trained on since the last place.
    arrays : callable or None
        What the training goes on from, at the end of an epoch only.
    """

    share: float
    epoch: int
    loss: float
    tokens: int
    arrays: Callable[[], Arrays] | None = None


class Training:
    """One training in progress.

    Parameters
    ----------
    recipe : Architecture
    plan : Plan
    start : mapping of str to ndarray
        Weights, or what `arrays` gave of an interrupted training.
    """

    def __init__(self, recipe: Architecture, plan: Plan, start: Mapping[str, Any]) -> None:
        self.recipe, self.plan = recipe, plan
        self.module = recipe.module()
        began = "score" in start
        load_weights(self.module, select_prefix("now", start) if began else dict(start))
        with memory_for_model(plan.device):
            self.module.to(plan.device)
        self.tensors: dict[str, Any] = dict(self.module.named_parameters())
        self.optimizer = torch().optim.AdamW(
            list(self.tensors.values()),
            lr=plan.learning_rate,
            weight_decay=plan.weight_decay,
            fused=plan.device != "mps",
        )
        self.score, self.best = Score(), Arrays()
        if began:
            self._restore(start)

    def _restore(self, start: Mapping[str, Any]) -> None:
        library, device = torch(), self.plan.device
        epoch, loss, best_epoch, validation = start["score"].tolist()
        self.score = Score(int(epoch), loss, int(best_epoch), validation)
        self.best = select_prefix("best", start)
        for name, tensor in self.tensors.items():
            self.optimizer.state[tensor] = {
                "step": library.tensor(float(start["steps"][0]), device=device),
                "exp_avg": library.from_numpy(start[f"first/{name}"].copy()).to(device),
                "exp_avg_sq": library.from_numpy(start[f"second/{name}"].copy()).to(device),
            }

    def arrays(self) -> Arrays:
        """Return what the training goes on from."""
        states = {name: self.optimizer.state[tensor] for name, tensor in self.tensors.items()}
        score = self.score
        numbers = [score.epoch, score.loss, score.best_epoch, score.validation]
        steps = float(next(iter(states.values()))["step"])
        return {
            "score": np.array(numbers, dtype=np.float64),
            "steps": np.array([steps]),
            **add_prefix("now", weight_arrays(self.module)),
            **{f"first/{name}": _array(state["exp_avg"]) for name, state in states.items()},
            **{f"second/{name}": _array(state["exp_avg_sq"]) for name, state in states.items()},
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
        plan, library = self.plan, torch()
        rows = library.from_numpy(np.ascontiguousarray(blocks)).to(plan.device)
        tokens = len(rows) * (rows.shape[1] - 1)
        self.module.train()
        self.optimizer.zero_grad()
        total: Any = 0.0
        size = work(self.recipe, min(len(rows), plan.chunk) * rows.shape[1])
        with (
            memory_for_blocks(plan.device, plan.chunk),
            deterministic(size),
            dropout_seed(plan.device, seed),
        ):
            for begin in range(0, len(rows), plan.chunk):
                part = rows[begin : begin + plan.chunk]
                with autocast(plan.device, plan.precision):
                    logits = self.module(input_ids=part, use_cache=False).logits
                    loss = token_losses(logits, part).sum() / tokens
                loss.backward()
                total = total + loss.detach()
            self.optimizer.step()
        return float(total)

    def ended(self, loss: float, validation: IntArray) -> None:
        """Take note of an epoch: its loss, and whether it is the best so far."""
        self.module.eval()
        epoch = self.score.epoch + 1
        self.score = replace(self.score, epoch=epoch, loss=loss)
        if not self.plan.best or not len(validation):
            return
        plan = self.plan
        found = negative_logs(
            self.recipe, self.module, validation, plan.device, plan.precision, plan.scored
        ).mean()
        if not self.best or found < self.score.validation:
            self.score = replace(self.score, best_epoch=epoch, validation=float(found))
            self.best = weight_arrays(self.module)


def trained(
    training: Training, blocks: IntArray, validation: IntArray, draws: Draws
) -> Generator[Passed, None, Arrays]:
    """Return the weights of the best epoch, or of the last.

    Parameters
    ----------
    training : Training
        At its start, or where it was interrupted.
    blocks : ndarray of int, shape (n, L)
    validation : ndarray of int, shape (V, L)
    draws : Draws

    Yields
    ------
    Passed
        After each step of the optimizer, and at the end of an epoch.
    """
    plan = training.plan
    starts = range(0, len(blocks), plan.batch)
    for epoch in range(training.score.epoch, plan.epochs):
        order, seeds = draws.order(epoch), draws.masks(epoch, len(starts))
        total = 0.0
        for place, begin in enumerate(starts):
            rows = blocks[order[begin : begin + plan.batch]]
            loss = training.step(rows, int(seeds[place]))
            total += loss * len(rows)
            share = (epoch + (place + 1) / len(starts)) / plan.epochs
            if place + 1 < len(starts):
                yield Passed(share, epoch + 1, loss, rows.size)
        training.ended(total / len(blocks), validation)
        share = (epoch + 1) / plan.epochs
        tokens = (len(blocks) - starts[-1]) * blocks.shape[1]
        yield Passed(share, epoch + 1, training.score.loss, tokens, training.arrays)
    return training.best or weight_arrays(training.module)


@contextmanager
def dropout_seed(device: str, seed: int) -> Generator[None, None, None]:
    """Draw dropout's masks by a seed, and leave the library's generator as it was.

    Parameters
    ----------
    device : str
    seed : int
    """
    library = torch()
    place = library.device(device)
    state, put = library.get_rng_state, library.set_rng_state
    if place.type == "cuda":
        index = library.cuda.current_device() if place.index is None else place.index
        shared = library.cuda.default_generators[index]
        state, put = shared.get_state, shared.set_state
    elif place.type == "mps":
        state, put = library.mps.get_rng_state, library.mps.set_rng_state
    before = state()
    put(library.Generator(place).manual_seed(seed).get_state())
    try:
        yield
    finally:
        put(before)


def _array(tensor: Any) -> Any:
    return tensor.detach().cpu().numpy().copy()
