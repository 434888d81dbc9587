"""Self-BLEU: how much the texts of a set resemble each other.

References
----------
.. [1] Y. Zhu et al., "Texygen: A Benchmarking Platform for Text Generation Models", SIGIR 2018,
   arXiv:1802.01886, section 3.2.1; its code smooths by method 1 of [3].
.. [2] K. Papineni et al., "BLEU: a Method for Automatic Evaluation of Machine Translation",
   ACL 2002, doi:10.3115/1073083.1073135.
.. [3] B. Chen, C. Cherry, "A Systematic Comparison of Smoothing Techniques for Sentence-Level
   BLEU", WMT 2014, doi:10.3115/v1/W14-3346.
"""

import numpy as np

from engines.arrays import FloatArray, IntArray, even_indices
from engines.metrics.language import blocks_of, window_codes
from engines.metrics.observation import Observation

MOST = 500
"""Most blocks of D_n, evenly spaced; each is compared with all others of them."""
ORDERS = (1, 2, 3, 4)
EPSILON = 0.1
"""Number of matches assumed where there is none (method 1 of [3])."""


def self_bleu(observation: Observation) -> FloatArray:
    """Return the mean BLEU-4 of a block of D_n with the others as its references, shape (R,).

    Of at most 500 blocks, evenly spaced. 1 where all are equal.
    """
    parts = blocks_of(observation.drawn)
    return np.array([mean_bleu(rows[even_indices(len(rows), MOST)]) for rows in parts])


def mean_bleu(rows: IntArray) -> float:
    """Return the mean over rows of BLEU-4 against all other rows, NaN for a single one.

    exp of ¼ Σ_k ln p_k, p_k the share of the row's k-grams that another row has as well, each
    counted at most as often as one other row has it; 0.1 matches where there is none. All rows
    have one length, so there is no brevity penalty. Windows longer than a row are left out.

    Parameters
    ----------
    rows : ndarray of int, shape (n, L)
    """
    if len(rows) < 2:
        return float("nan")
    orders = [order for order in ORDERS if order <= rows.shape[1]]
    logs = np.zeros(len(rows))
    for order in orders:
        found = matches(window_codes(rows, order))
        total = rows.shape[1] - order + 1
        logs += np.log(np.where(found > 0, found, EPSILON) / total)
    return float(np.exp(logs / len(orders)).mean())


def matches(codes: IntArray) -> IntArray:
    """Return how many windows of each row another row has as well, clipped as in BLEU, (n,).

    Parameters
    ----------
    codes : ndarray of int, shape (n, k)
        Numbers of the windows of each row.
    """
    owners = np.repeat(np.arange(len(codes)), codes.shape[1])
    pairs, counts = np.unique(np.stack([codes.ravel(), owners], axis=1), axis=0, return_counts=True)
    kinds, owner = pairs[:, 0], pairs[:, 1]
    # Each kind's rows by descending count: the first is the most, the second the most of others.
    order = np.lexsort((-counts, kinds))
    kinds, owner, counts = kinds[order], owner[order], counts[order]
    starts = np.flatnonzero(np.diff(kinds, prepend=-1))
    ends = np.append(starts[1:], len(kinds))
    most = counts[starts]
    second = np.where(ends - starts > 1, counts[np.minimum(starts + 1, len(counts) - 1)], 0)
    place = np.repeat(np.arange(len(starts)), ends - starts)
    is_first = np.arange(len(kinds)) == starts[place]
    others = np.where(is_first, second[place], most[place])
    clipped = np.minimum(counts, others)
    return np.bincount(owner, weights=clipped, minlength=len(codes)).astype(np.int64)
