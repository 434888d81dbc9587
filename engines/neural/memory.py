"""Tensors on a device, its memory, and reproducible computations on it."""

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
    """Compute the same result on every call; use one thread if the work is small.

    The settings are those of the process: leave the context before a generator yields.

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
    """Turn a lack of memory into a sentence that says what does not fit.

    Parameters
    ----------
    device : str
    what : str
    remedy : str
        What the user can do.

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
    """Turn a lack of memory into the proposal of half the chunk.

    Parameters
    ----------
    device : str
    chunk : int
        Units computed at once, `engine.chunk` or fewer.
    unit : str
        Its name.
    remedy : str
        What the user can do if a single unit is too large.

    Raises
    ------
    DeviceMemoryError
        With half the chunk.
    GenerationError
        If the chunk is a single unit.
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
    # Outside of the handler, whose traceback would keep the tensors that filled the memory: the
    # library gives back what it keeps for later.
    library = torch()
    (library.mps if device == "mps" else library.cuda).empty_cache()
    half = chunk // 2
    raise DeviceMemoryError(
        f"{device} has too little memory for {chunk} {unit}s at once: going on with {half}",
        {"engine.chunk": half},
    )


def memory_for_images(device: str, chunk: int) -> AbstractContextManager[None]:
    """Return `memory_for_chunk` for so many images at once."""
    return memory_for_chunk(device, chunk, "image", "take a smaller network, or --device cpu")


def _is_lack_of_memory(error: RuntimeError) -> bool:
    # Apple's devices raise a plain RuntimeError.
    return isinstance(error, torch().OutOfMemoryError) or "MPS backend out of memory" in str(error)
