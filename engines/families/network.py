"""What engines that train networks share: where they compute, and how much at once."""

from abc import abstractmethod
from typing import Any, ClassVar, Self

from pydantic import PrivateAttr

from engines.base import EngineConfig


class NetworkConfig(EngineConfig):
    """Base of the engines that train networks; each has the keys ``batch`` and ``chunk``.

    A chunk is what is computed at once. It changes the last digits of numbers and no law: the
    gradients of a batch's chunks are summed before the optimizer takes its step.
    """

    keeps_model: ClassVar[bool] = True
    keeps_reference: ClassVar[bool] = True
    devices: ClassVar[tuple[str, ...]] = ("cpu", "cuda", "mps")

    _device: str = PrivateAttr(default="cpu")

    def on_device(self, device: str) -> Self:
        """Return the engine that computes on a device."""
        copy = self.model_copy()
        copy._device = device  # noqa: SLF001 - it is the same class
        return copy

    def with_chunk_of(self, other: Any) -> Self:
        """Return the engine with as much computed at once as by another of its family."""
        return self.model_copy(update={"chunk": other.chunk})

    @property
    @abstractmethod
    def trained_at_once(self) -> int:
        """How much of a batch is computed at once."""

    def same_fit_as(self, other: Any) -> bool:
        """Return whether it fits to the last digit as it did in another's chunks."""
        return self.trained_at_once == other.trained_at_once
