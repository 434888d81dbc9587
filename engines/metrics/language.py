"""Metrics of what a neural language model writes, in blocks of L tokens.

Metrics by the reference model (model 1) are NaN at generation 0, before it is fitted.

References
----------
.. [1] I. Shumailov et al., "The Curse of Recursion", 2023, arXiv:2305.17493, Figs 11, 14, 15 (each
   block's perplexity under the model fitted on the real data); its published code averages the
   loss over batches.
.. [2] Y. Guo et al., "The Curious Decline of Linguistic Diversity: Training Language Models on
   Synthetic Text", 2023, arXiv:2311.09807.
"""

import numpy as np

from engines.arrays import FloatArray, IntArray
from engines.data import Blocks, Data
from engines.laws.language import LanguageLaw
from engines.metrics.observation import Observation

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

    On the source's test part, as `engines.metrics.tokens.perplexity`; a last batch that is not
    full counts as much as the others. NaN at generation 0 unless the engine starts pretrained.
    """
    if not isinstance(observation.law, LanguageLaw):
        return observation.nan_values()
    return np.exp(observation.law.batch_cross_entropy())


def perplexities(observation: Observation) -> list[FloatArray]:
    """Return the perplexity of each block of D_n under the reference model, (n,) each."""
    law = observation.first_law
    if not isinstance(law, LanguageLaw):
        return []
    parts = blocks_of(observation.drawn)
    return observation.memo.get(
        "perplexities",
        lambda: [np.exp(law.negative_logs(r, rows)) for r, rows in enumerate(parts)],
    )


def reference_perplexity(observation: Observation) -> FloatArray:
    """Return the median of the perplexities of D_n's blocks under the reference model, (R,)."""
    return observation.of_each(perplexities(observation), lambda values: float(np.median(values)))


def reference_tail(observation: Observation) -> FloatArray:
    """Return the share of D_n's blocks above the 99 % quantile of D_0's perplexities, (R,).

    Both under the reference model: 0.01 of D_0 itself.
    """
    now, real = perplexities(observation), perplexities(observation.real_counterpart)
    beyond = [x > np.quantile(y, TAIL) for x, y in zip(now, real, strict=True)]
    return observation.of_each(beyond, lambda tail: float(tail.mean()))


def repetition_rate(observation: Observation) -> FloatArray:
    """Return the share of 4-grams that occurred before within their block, shape (R,).

    NaN for blocks of fewer than 4 tokens.
    """
    return np.array([repetition_share(rows, REPEATED) for rows in blocks_of(observation.drawn)])


def repetition_share(rows: IntArray, order: int) -> float:
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
        # Renumbered after each token: codes of long windows would not fit 64 bits.
        codes = np.unique(codes * base + following, return_inverse=True)[1].reshape(codes.shape)
    return np.unique(codes, return_inverse=True)[1].reshape(codes.shape)
