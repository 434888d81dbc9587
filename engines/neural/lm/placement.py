"""How a language model computes on a device: its precision, and how much fits the memory."""

from contextlib import AbstractContextManager, nullcontext
from typing import Any

import psutil

from engines.external.libraries import torch
from engines.neural.devices import single_devices
from engines.neural.lm.architecture import Architecture
from engines.neural.memory import memory_for, memory_for_chunk

CPU_CHUNK = 256
"""Most blocks at once on a CPU; more would only take memory."""
MOST_CHUNK = 4096
SHARE = 0.5
"""Share of a device's free memory that a chunk may take."""


def work(architecture: Architecture, tokens: int) -> int:
    """Return the multiplications of the largest product of so many tokens."""
    return tokens * architecture.hidden * max(4 * architecture.hidden, architecture.vocabulary)


def largest_chunk(
    architecture: Architecture, block: int, beams: int, batch: int, device: str
) -> int:
    """Return how many blocks to compute at once, a power of 2.

    Parameters
    ----------
    architecture : Architecture
    block : int
        L; 2 L tokens are kept of each beam.
    beams : int
    batch : int
        Blocks of a training step, of which no more than a chunk are computed at once.
    device : str
    """
    on_cards = device.startswith("cuda")
    if on_cards:
        free = min(torch().cuda.mem_get_info(card)[0] for card in single_devices(device))
    else:
        free = psutil.virtual_memory().available
    number = 2 if on_cards else 4
    cached = 2 * 2 * block * architecture.layers * architecture.hidden * number
    # The cache is copied when beams are sorted; scores are kept in some copies of 4 bytes.
    row = 2 * cached + 6 * 4 * architecture.vocabulary
    trained = block * (
        6 * 4 * architecture.vocabulary + 40 * 4 * architecture.layers * architecture.hidden
    )
    budget = int(SHARE * free)
    most = budget // (beams * row)
    if min(most, batch) * trained > budget:
        most = min(most, budget // trained)
    highest = MOST_CHUNK if on_cards else CPU_CHUNK
    return min(highest, 1 << (max(most, 1).bit_length() - 1))


def uses_bfloat16(device: str, precision: str) -> bool:
    """Return whether products are computed in bfloat16."""
    return precision == "bfloat16" or (precision == "auto" and device.startswith("cuda"))


def autocast(device: str, precision: str) -> Any:
    """Return a context in which large products are computed as `precision` says."""
    if not uses_bfloat16(device, precision):
        return nullcontext()
    library = torch()
    return library.autocast(device.partition(":")[0], dtype=library.bfloat16)


def memory_for_blocks(device: str, chunk: int) -> AbstractContextManager[None]:
    """Return `memory_for_chunk` for so many blocks at once."""
    return memory_for_chunk(
        device, chunk, "block", "take a smaller model, fewer beams, or --device cpu"
    )


def memory_for_model(device: str) -> AbstractContextManager[None]:
    """Return `memory_for` for a model without any blocks."""
    return memory_for(device, "the model", "take a smaller one, or --device cpu")
