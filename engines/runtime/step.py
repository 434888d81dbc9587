"""Progress of a long computation: a generator of `Step` that returns the result."""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any, TypeVar

from engines.arrays import Arrays

Item = TypeVar("Item")
Changed = TypeVar("Changed")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Step:
    """Progress of a long fit or draw.

    Attributes
    ----------
    fraction : float
        How much of the generation is done, 0 to 1.
    message : str
        What is being computed.
    partial : mapping of str to ndarray, or None
        Arrays from which the computation can continue after it was killed; None where it
        can only start again. They come back as `Context.partial`.
    """

    fraction: float
    message: str
    partial: Arrays | None = None


def map_steps(
    items: Generator[Item, None, Result], change: Callable[[Item], Changed]
) -> Generator[Changed, None, Result]:
    """Apply `change` to each item that a generator yields; return the generator's result."""
    while True:
        try:
            item = next(items)
        except StopIteration as stop:
            return stop.value
        yield change(item)


def run_to_end(steps: Generator[Step, None, Any]) -> Any:
    """Run a computation to its end and return its result, ignoring its progress."""
    try:
        while True:
            next(steps)
    except StopIteration as stop:
        return stop.value
