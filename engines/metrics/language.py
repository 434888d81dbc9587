"""Metrics of what a neural language model writes, in blocks of L tokens.

What the reference model is asked for does not exist at generation 0, before it is fitted: NaN.

References
----------
.. [1] I. Shumailov et al., "The Curse of Recursion", 2023, arXiv:2305.17493, Figs 11, 14, 15 (each
   block's perplexity under the model fitted on the real data); its published code averages the
   loss over batches.
.. [2] Y. Guo et al., "The Curious Decline of Linguistic Diversity: Training Language Models on
   Synthetic Text", 2023, arXiv:2311.09807.
"""

from typing import Any

import numpy as np

from engines.arrays import FloatArray, IntArray
from engines.data import Blocks, Data
from engines.laws.language import LanguageLaw
from engines.metrics.observation import Observation, Once, each_once

TAIL = 0.99
"""Level of D_0's perplexities beyond which a block is in the tail."""
REPEATED = 4
"""Tokens of a window that counts as repeated."""


def blocks_of(data: Data) -> list[IntArray]:
    """Return each replicate's blocks, shape (n, L) each."""
    if not isinstance(data, Blocks):
        raise TypeError("what a language model writes is kept as blocks")
    return data.by_replicate


def perplexity_as_published(observation: Observation) -> FloatArray:
    """Return exp of the mean over batches of the mean loss of a batch, shape (R,).

    Of the source's test part, as `perplexity`; a last batch that is not full counts as much as
    the others. NaN where the record describes no model.
    """
    if not isinstance(observation.law, LanguageLaw):
        return np.full(len(observation.reference.real.sizes), np.nan)
    return np.exp(observation.law.batch_cross_entropy())


def perplexities(observation: Observation) -> list[FloatArray]:
    """Return the perplexity of each block of D_n under the reference model, (n,) each."""
    return _under_reference(observation, observation.drawn, observation.once)


def real_perplexities(observation: Observation) -> list[FloatArray]:
    """Return those of D_0."""
    return _under_reference(observation, observation.reference.real, observation.reference.once)


def _under_reference(observation: Observation, data: Data, once: Once) -> list[FloatArray]:
    law: Any = observation.first
    if not isinstance(law, LanguageLaw):
        return []
    parts = blocks_of(data)
    return each_once(
        once, "perplexities", parts, lambda r, rows: np.exp(law.negative_logs(r, rows))
    )


def reference_perplexity(observation: Observation) -> FloatArray:
    """Return the median of the perplexities of D_n's blocks under the reference model, (R,)."""
    if observation.first is None:
        return np.full(len(observation.drawn.sizes), np.nan)
    return np.array([float(np.median(values)) for values in perplexities(observation)])


def reference_tail(observation: Observation) -> FloatArray:
    """Return the share of D_n's blocks above the 99 % quantile of D_0's perplexities, (R,).

    Both under the reference model: 0.01 of D_0 itself.
    """
    if observation.first is None:
        return np.full(len(observation.drawn.sizes), np.nan)
    pairs = zip(perplexities(observation), real_perplexities(observation), strict=True)
    return np.array([float((now > np.quantile(real, TAIL)).mean()) for now, real in pairs])


def repetition_rate(observation: Observation) -> FloatArray:
    """Return the share of 4-grams that occurred before within their block, shape (R,).

    NaN for blocks of fewer than 4 tokens.
    """
    return np.array([share_repeated(rows, REPEATED) for rows in blocks_of(observation.drawn)])


def share_repeated(rows: IntArray, order: int) -> float:
    """Return the share of windows of `order` tokens that occurred before in their row.

    Parameters
    ----------
    rows : ndarray of int, shape (n, L)
    order : int
    """
    if rows.shape[1] < order or not len(rows):
        return float("nan")
    codes = window_codes(rows, order)
    owners = np.repeat(np.arange(len(rows)), codes.shape[1])
    kinds = len(np.unique(np.stack([owners, codes.ravel()], axis=1), axis=0))
    return 1.0 - kinds / codes.size


def window_codes(rows: IntArray, order: int) -> IntArray:
    """Return a number for each window of `order` tokens within a row, shape (n, L - order + 1).

    Equal windows have equal numbers, from 0 without gaps.
    """
    codes: IntArray = rows[:, : rows.shape[1] - order + 1].astype(np.int64)
    for shift in range(1, order):
        following = rows[:, shift : shift + codes.shape[1]]
        base = int(following.max(initial=0)) + 1
        # Numbered anew each time: codes of long windows would not fit 64 bits.
        codes = np.unique(codes * base + following, return_inverse=True)[1].reshape(codes.shape)
    return np.unique(codes, return_inverse=True)[1].reshape(codes.shape)


def window_counts(data: Data, order: int) -> list[IntArray]:
    """Return how often each window of `order` tokens occurs within D_n's blocks, (E,) each."""
    return [np.bincount(window_codes(rows, order).ravel()) for rows in blocks_of(data)]


def vocabulary_alive(observation: Observation) -> FloatArray:
    """Return the number of different tokens of D_n, shape (R,)."""
    return np.array([float(len(np.unique(rows))) for rows in blocks_of(observation.drawn)])
