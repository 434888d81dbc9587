"""What engines that train networks share: devices, chunks, progress of a training, weights."""

from abc import abstractmethod
from collections.abc import Callable, Generator, Sequence
from typing import TYPE_CHECKING, Any, Literal, Self

import numpy as np
from pydantic import PrivateAttr
from typing_extensions import override

from engines.arrays import Arrays, BoolArray
from engines.base import Context, EngineConfig
from engines.neural.devices import single_devices
from engines.neural.training import TrainingPlan, TrainingProgress
from engines.neural.weights import Weights
from engines.runtime.parallel import Job, run_jobs
from engines.runtime.step import Step, map_steps

OnDivergence = Literal["stop", "continue"]
WHEN_DIVERGED = "what a run does when a loss or a weight is not finite any more"
DIVERGED = "diverged"
"""Fact of a fit: the epoch in which the training of a replicate diverged, 0 where it did not."""
MOST_NAMED = 5
"""Replicates that a remark names."""
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

    if TYPE_CHECKING:  # each engine has it as its last key
        on_divergence: OnDivergence

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

    @property
    @override
    def stops_when_diverged(self) -> bool:
        return self.on_divergence == "stop"

    @override
    def divergence(self, model: Weights) -> BoolArray | None:
        epochs = model.facts.get(DIVERGED)
        return None if epochs is None else epochs > 0

    @override
    def remarks(self, model: Weights) -> dict[str, str]:
        epochs = model.facts.get(DIVERGED, np.zeros(0))
        found = [f"{r} in epoch {epochs[r]:.0f}" for r in np.flatnonzero(epochs).tolist()]
        if not found:
            return {}
        named = ", ".join(found[:MOST_NAMED]) + (", …" if len(found) > MOST_NAMED else "")
        return {
            "divergence": f"training diverged in {len(found)} of {len(epochs)} (replicate {named});"
            " weights from before that epoch were kept"
        }

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
        Of each replicate: its tensors, under `key` the numbers of its training, and as
        ``diverged`` the epoch in which it diverged, if it did.
    key : str
    facts : sequence of str
        Names of these numbers, in order.
    """
    tensors = tuple(
        {name: array for name, array in arrays.items() if name not in (key, DIVERGED)}
        for arrays in trained
    )
    numbers = {
        fact: np.array([arrays[key][index] for arrays in trained])
        for index, fact in enumerate(facts)
    }
    if any(DIVERGED in arrays for arrays in trained):
        epochs = [float(arrays[DIVERGED][0]) if DIVERGED in arrays else 0.0 for arrays in trained]
        numbers[DIVERGED] = np.array(epochs)
    return Weights(generation, tensors, numbers)
