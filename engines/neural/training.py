"""What all trainings of networks share: settings, progress, gradients, and Adam's state."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from engines.arrays import Arrays
from engines.external.libraries import torch
from engines.neural.memory import to_array, to_tensor


@dataclass(frozen=True, slots=True)
class TrainingPlan:
    """Settings of a training.

    Attributes
    ----------
    epochs : int
    batch : int
        Images or blocks of one optimizer step.
    chunk : int
        How many of a batch are computed at once; their gradients are summed.
    learning_rate, weight_decay : float
        Of the optimizer.
    """

    epochs: int
    batch: int
    chunk: int
    learning_rate: float
    weight_decay: float


@dataclass(frozen=True, slots=True)
class TrainingProgress:
    """How far a training is.

    Attributes
    ----------
    epoch : int
        The epoch in progress, or the one just finished, from 1.
    fraction : float
        Of the whole training, 0 to 1.
    loss : float or None
        The latest training loss; None where none is known yet.
    arrays : callable or None
        Returns the arrays from which the training can continue; at the end of an epoch only.
    """

    epoch: int
    fraction: float
    loss: float | None = None
    arrays: Callable[[], Arrays] | None = None


def add_gradients(loss: Callable[..., Any], chunk: int, *columns: Any) -> Any:
    """Add the gradients of a batch, chunk after chunk, and return the sum of its losses.

    Parameters
    ----------
    loss : callable
        A chunk of each column → its loss, a scalar tensor.
    chunk : int
        Rows computed at once.
    *columns : Tensor, shape (b, …)
        The batch.
    """
    total: Any = 0.0
    for parts in zip(*(column.split(chunk) for column in columns), strict=True):
        value = loss(*parts)
        value.backward()
        total = total + value.detach()
    return total


def create_optimizer(
    name: Literal["Adam", "AdamW"], tensors: Mapping[str, Any], plan: TrainingPlan, device: str
) -> Any:
    """Return an optimizer of torch for named tensors on a device."""
    return getattr(torch().optim, name)(
        list(tensors.values()),
        lr=plan.learning_rate,
        weight_decay=plan.weight_decay,
        fused=_is_fused(device),
    )


def _is_fused(device: str) -> bool:
    """Return whether one kernel updates all tensors; Apple's devices have none in older torch."""
    return not device.startswith("mps")


def are_finite(tensors: Iterable[Any]) -> bool:
    """Return whether all numbers of some tensors are finite."""
    return all(bool(tensor.isfinite().all()) for tensor in tensors)


def moment_arrays(optimizer: Any, tensors: Mapping[str, Any]) -> Arrays:
    """Return Adam's moments of each tensor as ``first/<name>`` and ``second/<name>``."""
    states = {name: optimizer.state[tensor] for name, tensor in tensors.items()}
    return {
        **{f"first/{name}": to_array(state["exp_avg"]) for name, state in states.items()},
        **{f"second/{name}": to_array(state["exp_avg_sq"]) for name, state in states.items()},
    }


def restore_moments(
    optimizer: Any, tensors: Mapping[str, Any], arrays: Mapping[str, Any], steps: float, device: str
) -> None:
    """Give an optimizer the moments that `moment_arrays` returned.

    Parameters
    ----------
    optimizer : torch optimizer
    tensors : mapping of str to Tensor
    arrays : mapping of str to ndarray
    steps : float
        Steps that the optimizer has taken.
    device : str
    """
    # A fused optimizer counts its steps on the device.
    counter = device if _is_fused(device) else "cpu"
    for name, tensor in tensors.items():
        optimizer.state[tensor] = {
            "step": torch().tensor(float(steps), device=counter),
            "exp_avg": to_tensor(arrays[f"first/{name}"], device).clone(),
            "exp_avg_sq": to_tensor(arrays[f"second/{name}"], device).clone(),
        }
