"""Metrics of texts and of the models that write them.

``ttr`` and ``distinct_n`` depend on the length of a text, so both are what `BUDGET` tokens
(or bigrams) drawn from D_n without replacement give in expectation (rarefaction, exact),
rather than what the first ones of D_n give.

References
----------
.. [1] Y. Guo et al., "The Curious Decline of Linguistic Diversity: Training Language Models on
   Synthetic Text", 2023, arXiv:2311.09807 (type-token ratio, distinct-n at a fixed budget).
.. [2] S. H. Hurlbert, "The Nonconcept of Species Diversity", Ecology 52 (1971) 577,
   doi:10.2307/1934145 (rarefaction).
.. [3] M. E. A. Seddik et al., 2024, arXiv:2404.05090 (distance of the rows to model 1).
"""

import numpy as np

from engines.arrays import FloatArray, IntArray
from engines.data import Blocks, Data, Ngrams
from engines.laws.discrete import DiscreteLaw
from engines.laws.language import LanguageLaw
from engines.laws.law import narrow
from engines.laws.tokens import NgramLaw, TextLaw, conditional_probability
from engines.metrics.language import window_codes
from engines.metrics.observation import Observation
from engines.numerics.special import gammaln

BUDGET = 10_000
"""Tokens that `ttr` and `distinct_n` look at, or all of D_n where it has fewer."""
TABULATED = 1 << 24
"""Most points of which a table has a cell for each number of occurrences."""


def perplexity(observation: Observation) -> FloatArray:
    """Return exp of the mean of -ln p over the source's test part, shape (R,).

    Token-weighted; see `NgramLaw.cross_entropy` for p and for where it is infinite. NaN for
    the source, which does not predict the next token. Of blocks, see `LanguageLaw.negative_logs`.
    """
    if not isinstance(observation.law, NgramLaw | LanguageLaw):
        return observation.nan_values()
    return np.exp(observation.law.cross_entropy())


def vocabulary_alive(observation: Observation) -> FloatArray:
    """Return the number of different tokens of model n, shape (R,); of blocks, of D_n."""
    if isinstance(observation.drawn, Blocks):
        parts = observation.drawn.by_replicate
        return np.array([float(len(np.unique(rows))) for rows in parts])
    return narrow(observation.law, DiscreteLaw).support_alive()


def ttr(observation: Observation) -> FloatArray:
    """Return different tokens over tokens, shape (R,)."""
    return _diversity(observation, 1)


def distinct_n(observation: Observation) -> FloatArray:
    """Return different bigrams over bigrams (distinct-2), shape (R,); NaN for unigrams."""
    return _diversity(observation, 2)


def _diversity(observation: Observation, order: int) -> FloatArray:
    return observation.memo.get(
        f"diversity of order {order}", lambda: diversity(observation.drawn, order)
    )


def diversity(data: Data, order: int) -> FloatArray:
    """Return different windows of so many tokens over windows, among `BUDGET`, shape (R,).

    Of blocks, the windows within a block.
    """
    if isinstance(data, Blocks):
        rows = [np.bincount(window_codes(part, order).ravel()) for part in data.by_replicate]
    else:
        drawn = Ngrams.of(data)
        if drawn.order < order:
            return np.full(len(drawn.entries), np.nan)
        windows = drawn.trim(order)
        rows = np.split(windows.counts, windows.ends[:-1])
    return np.array([rarefaction(row, BUDGET) for row in rows])


def rarefaction(counts: IntArray, budget: int) -> float:
    """Return E of the share of different kinds among `budget` points drawn, no replacement.

    1 - C(N - c, B)/C(N, B) is the chance that a kind with c of the N points is among them.

    Parameters
    ----------
    counts : ndarray of int, shape (E,)
        Points of each kind.
    budget : int
        B; all points where there are fewer.
    """
    total = int(counts.sum())
    drawn = min(budget, total)
    if total > TABULATED:
        sizes, frequent = np.unique(counts, return_counts=True)
    else:
        table = np.bincount(counts)
        sizes = np.flatnonzero(table)
        frequent = table[sizes]
    left = total - sizes.astype(np.float64)
    with np.errstate(invalid="ignore"):
        missed = gammaln(left + 1) - gammaln(np.maximum(left - drawn, -0.5) + 1)
        missed += gammaln(total - drawn + 1.0) - gammaln(total + 1.0)
    chance = np.where(left >= drawn, -np.expm1(missed), 1.0)
    return float((frequent * chance).sum()) / drawn


def l2_squared_context(observation: Observation) -> FloatArray:
    """Return the mean over contexts c of Σ_x (p_n(x | c) - p_0(x | c))², shape (R,).

    Contexts are weighted by their share in the source's text. Where model n has not seen one,
    p_n(x | c) is its share of x, which it samples from in that case.
    """
    law, source = observation.law, observation.source
    if not isinstance(law, NgramLaw) or not isinstance(source, TextLaw):
        return np.zeros(len(observation.baseline.real.sizes))
    real = source.grams.trim(law.grams.order)
    return np.array(
        [
            _distance(law.grams.replicate(index), shares, real)
            for index, shares in enumerate(law.probabilities)
        ]
    )


def _distance(grams: Ngrams, shares: FloatArray, real: Ngrams) -> float:
    """Return the distance of one replicate, by Σ p² + Σ q² - 2 Σ p q of each context."""
    size = real.vocabulary
    contexts, tokens = real.codes // size, real.codes % size
    starts = np.flatnonzero(np.diff(contexts, prepend=-1))
    weights = np.add.reduceat(real.counts, starts)
    theirs = real.counts / np.repeat(weights, np.diff(np.append(starts, len(contexts))))
    ours = conditional_probability(grams, contexts, tokens, shares[tokens])
    cross = np.add.reduceat(theirs * (theirs - 2.0 * ours), starts)
    first = contexts[starts] * size
    seen = grams.occurrences(first, first + size)
    squares = np.concatenate([[0.0], np.cumsum(grams.counts.astype(np.float64) ** 2)])
    low, high = (np.searchsorted(grams.codes, bound) for bound in (first, first + size))
    own = (squares[high] - squares[low]) / np.maximum(seen, 1) ** 2
    own = np.where(seen > 0, own, (shares**2).sum())
    # Differences of equal numbers may round below 0.
    return max(0.0, float(weights @ (cross + own)) / float(weights.sum()))
