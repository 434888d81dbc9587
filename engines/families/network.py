"""What engines that train networks share: devices, chunks, progress of a training, weights."""

from abc import abstractmethod
from collections.abc import Callable, Generator, Sequence
from typing import Any, Self

import numpy as np
from pydantic import PrivateAttr
from typing_extensions import override

from engines.arrays import Arrays
from engines.base import Context, EngineConfig
from engines.neural.devices import single_devices
from engines.neural.training import TrainingPlan, TrainingProgress
from engines.neural.weights import Weights
from engines.runtime.parallel import Job, run_jobs
from engines.runtime.step import Step, map_steps

STORE_AFTER_WORK = 1 << 36
"""Multiplications of a training after which its state is stored: some seconds on a CPU."""


class NetworkConfig(EngineConfig):
    """Base of the engines that train networks; each has the keys of `TrainingPlan`.

    A chunk is computed at once. Its size changes the last digits of numbers, but no law: the
    gradients of a batch's chunks are summed before the optimizer takes its step.
    """

    keeps_model = True
    keeps_reference = True
    devices = ("cpu", "cuda", "mps")

    _device: str = PrivateAttr(default="cpu")

    @override
    def on_device(self, device: str) -> Self:
        copy = self.model_copy()
        copy._device = device  # noqa: SLF001 - it is the same class
        return copy

    @override
    def with_chunk_of(self, other: Any) -> Self:
        return self.model_copy(update={"chunk": other.chunk})

    @property
    @abstractmethod
    def training_chunk(self) -> int:
        """How much of a batch is computed at once."""

    @override
    def same_fit_as(self, other: Any) -> bool:
        return self.training_chunk == other.training_chunk

    def run_replicates(
        self, jobs: Sequence[Job], context: Context
    ) -> Generator[Step, None, list[Arrays]]:
        """Run a job for each replicate on the engine's devices; return their results."""
        return run_jobs(jobs, single_devices(self._device), context.partial)


def report_training(
    training: Generator[TrainingProgress, None, Arrays],
    plan: TrainingPlan,
    work: int,
    message: Callable[[TrainingProgress], str],
) -> Generator[Step, None, Arrays]:
    """Yield the progress of a training as steps, and return its result.

    Parameters
    ----------
    training : generator of TrainingProgress
    plan : TrainingPlan
    work : int
        Multiplications of one epoch.
    message : callable
        The sentence for a `TrainingProgress`.
    """
    stored = 0.0

    def step(progress: TrainingProgress) -> Step:
        nonlocal stored
        partial = None
        unsaved = (progress.fraction - stored) * plan.epochs * work
        if progress.arrays is not None and unsaved >= STORE_AFTER_WORK:
            partial, stored = progress.arrays(), progress.fraction
        return Step(progress.fraction, message(progress), partial)

    return (yield from map_steps(training, step))


def collect_weights(
    generation: int, trained: Sequence[Arrays], key: str, facts: Sequence[str]
) -> Weights:
    """Return the trained networks of all replicates.

    Parameters
    ----------
    generation : int
    trained : sequence of mapping of str to ndarray
        Of each replicate: its tensors, and under `key` the numbers of its training.
    key : str
    facts : sequence of str
        Names of these numbers, in order.
    """
    tensors = tuple(
        {name: array for name, array in arrays.items() if name != key} for arrays in trained
    )
    numbers = {
        fact: np.array([arrays[key][index] for arrays in trained])
        for index, fact in enumerate(facts)
    }
    return Weights(generation, tensors, numbers)
