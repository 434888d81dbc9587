"""The probability of blocks of tokens under a language model."""

from typing import Any

import numpy as np

from engines.arrays import FloatArray, IntArray
from engines.external.libraries import torch
from engines.neural.lm.architecture import Architecture
from engines.neural.lm.placement import autocast, memory_for_blocks, work
from engines.neural.memory import deterministic

SCORES, SCORED_AT_ONCE = 1 << 28, 64
"""Most scores of tokens, and most blocks, at a time, whatever the chunk: part of the numbers'
last digits."""


def token_losses(logits: Any, blocks: Any) -> Any:
    """Return -ln p of each token given those before it, from the second on.

    Parameters
    ----------
    logits : Tensor, shape (n, L, V)
    blocks : Tensor of int, shape (n, L)

    Returns
    -------
    Tensor, shape (n, L - 1)
    """
    from torch.nn.functional import cross_entropy

    scores = logits[:, :-1].float().flatten(0, 1)
    flat = cross_entropy(scores, blocks[:, 1:].flatten(), reduction="none")
    return flat.view(len(blocks), -1)


def negative_logs(
    architecture: Architecture,
    module: Any,
    blocks: IntArray,
    device: str,
    precision: str,
    chunk: int = SCORED_AT_ONCE,
) -> FloatArray:
    """Return l(x) = -1/(L - 1) Σ_{t=2..L} ln p(x_t | x_<t) of each block, in nats.

    Parameters
    ----------
    architecture : Architecture
    module : torch module
        On `device`, in evaluation mode.
    blocks : ndarray of int, shape (n, L)
    device, precision : str
    chunk : int
        Most blocks at once.

    Returns
    -------
    ndarray, shape (n,)

    Raises
    ------
    DeviceMemoryError
        With a smaller chunk, where the device does not hold so many.
    """
    library = torch()
    length = blocks.shape[1]
    chunk = max(1, min(chunk, SCORED_AT_ONCE, SCORES // (length * architecture.vocabulary)))
    found = np.empty(len(blocks))
    for begin in range(0, len(blocks), chunk):
        some = np.ascontiguousarray(blocks[begin : begin + chunk])
        with (
            memory_for_blocks(device, chunk),
            deterministic(work(architecture, some.size)),
            library.no_grad(),
            autocast(device, precision),
        ):
            rows = library.from_numpy(some).to(device)
            values = token_losses(module(input_ids=rows, use_cache=False).logits, rows).double()
            found[begin : begin + chunk] = values.mean(dim=1).cpu().numpy()
    return found
