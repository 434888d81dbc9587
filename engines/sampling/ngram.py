"""Text from counted windows: each token is drawn in proportion to its count after its context.

A text is generated in passages. The first window of a passage is drawn from all windows, in
proportion to their counts; so is the window after a context that nothing followed. Each token
uses one uniform number, so that passages can be generated in parallel.
"""

from collections.abc import Callable

import numpy as np

from engines.arrays import FloatArray, IntArray
from engines.data import Ngrams, Tokens

MOST_EVENTS = 1 << 25
"""Points up to which a table has one cell for each, so that a draw is one look-up."""


def generate_texts(
    grams: Ngrams, sizes: IntArray, passage: int, generator: np.random.Generator
) -> Tokens:
    """Return texts of `sizes` tokens, one for each replicate.

    Parameters
    ----------
    grams : Ngrams
        The models.
    sizes : ndarray of int, shape (R,)
    passage : int
        Tokens of a passage; the last passage of each replicate may be shorter.
    generator : numpy.random.Generator
        Called once, for all replicates in order.
    """
    uniforms = generator.random(int(sizes.sum()))
    chosen = _entries(grams, sizes, passage, uniforms)
    counts = np.bincount(chosen, minlength=len(grams.codes))
    return Tokens.with_grams(grams.codes[chosen], sizes, grams.with_counts(counts))


def generate_passage(grams: Ngrams, uniforms: FloatArray) -> IntArray:
    """Return the tokens of one passage of a single replicate, one for each uniform number.

    It follows the rule of `generate_texts`, token by token.
    """
    codes, running = grams.codes, grams.running
    low, high = 0, len(codes)
    tokens: list[int] = []
    for uniform in uniforms.tolist():
        target = running[low] + int(uniform * float(running[high] - running[low]))
        code = int(codes[np.searchsorted(running, target, side="right") - 1])
        tokens.append(code % grams.vocabulary)
        first = code % grams.vocabulary ** (grams.order - 1) * grams.vocabulary
        low, high = np.searchsorted(codes, [first, first + grams.vocabulary]).tolist()
        if low == high:
            low, high = 0, len(codes)
    return np.array(tokens, dtype=np.int64)


def _entries(grams: Ngrams, sizes: IntArray, passage: int, uniforms: FloatArray) -> IntArray:
    """Return the entry of `grams` for each token, advancing all passages one token at a time."""
    owner, starts, lengths = _passages(sizes, passage)
    low: IntArray = (grams.running[grams.ends - grams.entries])[owner]
    width: FloatArray = grams.sizes[owner].astype(np.float64)
    next_low, next_width = _successors(grams)
    entry_of = _entry_lookup(grams)
    chosen = np.empty(len(uniforms), dtype=np.int64)
    for step in range(int(lengths.max(initial=0))):
        if step >= lengths.min():
            going = lengths > step
            starts, lengths, low, width = starts[going], lengths[going], low[going], width[going]
        positions = starts + step
        entries = entry_of(low + (uniforms[positions] * width).astype(np.int64))
        chosen[positions] = entries
        low, width = next_low[entries], next_width[entries]
    return chosen


def _passages(sizes: IntArray, passage: int) -> tuple[IntArray, IntArray, IntArray]:
    """Return replicate, first position and length of each passage, shape (P,) each."""
    numbers = -(-sizes // passage)
    owner = np.repeat(np.arange(len(sizes)), numbers)
    within = np.arange(len(owner)) - np.repeat(np.cumsum(numbers) - numbers, numbers)
    starts = (np.cumsum(sizes) - sizes)[owner] + within * passage
    return owner, starts, np.minimum(passage, sizes[owner] - within * passage)


def _successors(grams: Ngrams) -> tuple[IntArray, FloatArray]:
    """Return first point and number of points of the windows that can follow each entry."""
    low, width = np.empty(len(grams.codes), dtype=np.int64), np.empty(len(grams.codes))
    for end, entries in zip(grams.ends.tolist(), grams.entries.tolist(), strict=True):
        start = end - entries
        codes, running = grams.codes[start:end], grams.running[start : end + 1]
        contexts = codes // grams.vocabulary
        bounds: IntArray = np.append(np.flatnonzero(np.diff(contexts, prepend=-1)), entries)
        known: IntArray = contexts[bounds[:-1]]
        wanted: IntArray = codes % grams.vocabulary ** (grams.order - 1)
        place: IntArray = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
        found = known[place] == wanted
        low[start:end] = np.where(found, running[bounds[place]], running[0])
        last = np.where(found, running[bounds[place + 1]], running[-1])
        width[start:end] = last - low[start:end]
    return low, width


def _entry_lookup(grams: Ngrams) -> Callable[[IntArray], IntArray]:
    """Return a function from points, numbered across all replicates, to their entries."""
    if grams.running[-1] > MOST_EVENTS:
        return lambda points: np.searchsorted(grams.running, points, side="right") - 1
    entries = np.repeat(np.arange(len(grams.codes)), grams.counts)
    return lambda points: entries[points]
