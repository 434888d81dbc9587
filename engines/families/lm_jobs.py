"""One replicate's training as a long computation that tells how far it is."""

from collections.abc import Generator
from typing import Any

import numpy as np

from engines.arrays import Arrays, IntArray
from engines.families.pace import Pace
from engines.neural.lm.architecture import Architecture, load_weights
from engines.neural.lm.training import Draws, Passed, Plan, Training, trained
from engines.runtime.step import Step, map_steps
from engines.streams import Purpose, Streams

TELL = 1 << 35
"""Multiplications of a training after which it is worth storing: some seconds on a CPU."""


def fitted(  # noqa: PLR0913, PLR0917 - a job is all that it needs
    recipe: Architecture,
    plan: Plan,
    blocks: IntArray,
    validation: IntArray,
    streams: Streams,
    replicate: int,
    begun: Arrays | None,
    built: dict[Any, Any],
) -> Generator[Step, None, Arrays]:
    """Return the weights by name, and how the training ended as ``score``.

    Parameters
    ----------
    recipe : Architecture
    plan : Plan
    blocks : ndarray of int, shape (n, L)
    validation : ndarray of int, shape (V, L)
    streams : Streams
    replicate : int
    begun : mapping of str to ndarray, or None
        Where it was interrupted.
    built : dict
        Takes the module, by device and replicate.

    Yields
    ------
    Step
    """
    start = begun or recipe.start(streams.of(Purpose.INITIAL, replicate))
    training = Training(recipe, plan, start)
    places = trained(training, blocks, validation, _draws(streams, replicate, len(blocks)))
    pace, worked = Pace(), 0

    def told(place: Passed) -> Step:
        nonlocal worked
        worked += 3 * recipe.parameters * place.tokens
        partial = None
        if place.arrays is not None and worked >= TELL and place.share < 1.0:
            partial, worked = place.arrays(), 0
        message = (
            f"training: epoch {place.epoch:,} of {plan.epochs:,}, loss {place.loss:.3f},"
            f" {pace.after(place.tokens)}"
        )
        return Step(place.share, message, partial)

    tensors = yield from map_steps(places, told)
    # What it held of gradients would stay in the device's memory with the module.
    training.optimizer.zero_grad()
    score = training.score
    load_weights(training.module, tensors)
    built[plan.device, replicate] = training.module.eval()
    return {**tensors, "score": np.array([score.loss, score.best_epoch, score.validation])}


def _draws(streams: Streams, replicate: int, size: int) -> Draws:
    return Draws(
        lambda epoch: streams.of(Purpose.ORDER, replicate, epoch).permutation(size),
        lambda epoch, steps: streams.of(Purpose.NOISE, replicate, epoch).integers(
            1 << 63, size=steps
        ),
    )
