"""Tensors on a device, its free memory, and the number of threads."""

from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import numpy as np

from engines.errors import DeviceMemoryError, GenerationError
from engines.external.libraries import torch

SMALL = 1 << 27
"""Multiplications of one batch below which a second thread costs more than it gives."""


def to_tensor(array: Any, device: str) -> Any:
    """Return an array as a tensor on a device, floating point numbers as float32."""
    plain = array.astype(np.float32) if array.dtype == np.float64 else array
    return torch().from_numpy(np.ascontiguousarray(plain)).to(device)


def to_array(tensor: Any) -> Any:
    """Return a copy of a tensor as an array."""
    return tensor.detach().cpu().numpy().copy()


@contextmanager
def deterministic(work: int) -> Generator[None, None, None]:
    """Compute the same on every call: on one thread where the work is small.

    The setting is the process's: leave the context before anything is yielded.

    Parameters
    ----------
    work : int
        Multiplications of one batch.
    """
    library = torch()
    threads = library.get_num_threads()
    exact = library.backends.cudnn.flags(enabled=True, benchmark=False, deterministic=True)
    library.set_num_threads(1 if work < SMALL else threads)
    try:
        with exact:
            yield
    finally:
        library.set_num_threads(threads)


@contextmanager
def memory_for(device: str, what: str, remedy: str) -> Generator[None, None, None]:
    """Say what a device's memory does not hold, where nothing smaller can be tried.

    Parameters
    ----------
    device : str
    what : str
    remedy : str
        What would be right.

    Raises
    ------
    GenerationError
        In place of the library's own error.
    """
    try:
        yield
    except RuntimeError as error:
        if not _is_lack_of_memory(error):
            raise
        raise GenerationError(f"the memory of {device} does not hold {what}: {remedy}") from None


@contextmanager
def memory_for_chunk(
    device: str, chunk: int, unit: str, remedy: str
) -> Generator[None, None, None]:
    """Say which chunk would do where a device's memory does not hold one.

    Parameters
    ----------
    device : str
    chunk : int
        Units that are computed at once, `engine.chunk` or fewer.
    unit : str
        Its name.
    remedy : str
        What would be right where a single one is too many.

    Raises
    ------
    DeviceMemoryError
        With half the chunk.
    GenerationError
        If there is no half of it.
    """
    if chunk == 1:
        with memory_for(device, f"the model with a single {unit}", remedy):
            yield
        return
    try:
        yield
    except RuntimeError as error:
        if not _is_lack_of_memory(error):
            raise
    else:
        return
    # Outside of the handler: its traceback would hold what filled the memory.
    _let_go(device)
    half = chunk // 2
    raise DeviceMemoryError(
        f"{device} has too little memory for {chunk} {unit}s at once: going on with {half}",
        {"engine.chunk": half},
    )


def memory_for_images(device: str, chunk: int) -> AbstractContextManager[None]:
    """Return `memory_for_chunk` for so many images at once."""
    return memory_for_chunk(device, chunk, "image", "take a smaller network, or --device cpu")


def _is_lack_of_memory(error: RuntimeError) -> bool:
    # Apple's devices have no class of their own for it.
    return isinstance(error, torch().OutOfMemoryError) or "MPS backend out of memory" in str(error)


def _let_go(device: str) -> None:
    """Give back what the library keeps of a device's memory for later."""
    library = torch()
    (library.mps if device == "mps" else library.cuda).empty_cache()
