"""One replicate's continuations of the real text, chunk after chunk."""

from collections.abc import Generator
from copy import deepcopy
from typing import Any

import numpy as np

from engines.arrays import Arrays, IntArray
from engines.data import Blocks, Data
from engines.external.libraries import torch
from engines.families.pace import Pace
from engines.laws.language import LanguageLaw
from engines.neural.lm.decoding import Decoding, generate
from engines.neural.lm.placement import memory_for_blocks, uses_bfloat16, work
from engines.neural.memory import deterministic
from engines.runtime.step import Step
from engines.streams import Purpose, Streams

TELL = 1 << 32
"""Multiplications of a draw after which it is worth storing: some seconds on a CPU."""


def prompts_for(real: Data, sizes: IntArray) -> list[IntArray]:
    """Return so many blocks of each replicate's D_0 to go on from, shape (sizes[r], L) each.

    All in turn, again and again; fewer than there are evenly spaced, so that no part of the
    text is left out.

    Parameters
    ----------
    real : Data
        D_0, blocks.
    sizes : ndarray of int, shape (R,)

    Raises
    ------
    TypeError
        If D_0 is no blocks.
    """
    if not isinstance(real, Blocks):
        raise TypeError("prompts are blocks of tokens")
    found: list[IntArray] = []
    for part, size in zip(real.by_replicate, sizes.tolist(), strict=True):
        places: IntArray = np.arange(size, dtype=np.int64)
        fewer = size < len(part)
        chosen: IntArray = places * len(part) // max(size, 1) if fewer else places % len(part)
        found.append(part[chosen])
    return found


def written(  # noqa: PLR0913, PLR0917 - a job is all that it needs
    law: LanguageLaw,
    replicate: int,
    prompts: IntArray,
    decoding: Decoding,
    chunk: int,
    streams: Streams,
    begun: Arrays | None,
) -> Generator[Step, None, Arrays]:
    """Return the continuations as ``values``, shape (n, L).

    Parameters
    ----------
    law : LanguageLaw
    replicate : int
    prompts : ndarray of int, shape (n, L)
    decoding : Decoding
    chunk : int
        Prompts at once.
    streams : Streams
    begun : mapping of str to ndarray, or None
        ``values`` so far, where it was interrupted.

    Yields
    ------
    Step
        After each chunk.
    """
    module, device = _writer(law, replicate)
    end, pace, worked = law.text.tokenizer.end, Pace(), 0
    done: list[Any] = [] if begun is None else [begun["values"]]
    first = sum(len(part) for part in done)
    for begin in range(first, len(prompts), chunk):
        rows = prompts[begin : begin + chunk]
        seed = int(streams.of(Purpose.POINT, replicate, begin).integers(1 << 63))
        size = work(law.recipe, len(rows) * decoding.width)
        with memory_for_blocks(device, chunk), deterministic(size):
            done.append(generate(module, rows, decoding, end, seed))
        worked += law.recipe.parameters * rows.size * decoding.width
        partial = None
        count = begin + len(rows)
        if worked >= TELL and count < len(prompts):
            partial, worked = {"values": np.concatenate(done)}, 0
        message = (
            f"writing: block {count:,} of {len(prompts):,},"
            f" {pace.after(rows.size)}"
        )  # fmt: skip
        yield Step(count / len(prompts), message, partial)
    return {"values": np.concatenate([*done, np.empty((0, prompts.shape[1]), dtype=np.int64)])}


def _writer(law: LanguageLaw, replicate: int) -> tuple[Any, str]:
    """Return a replicate's network to write with, and its device."""
    module, device = law.module(replicate)
    if uses_bfloat16(device, law.precision):
        return deepcopy(module).to(torch().bfloat16), device
    return module, device
