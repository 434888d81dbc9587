"""Data held as the number of times each window of tokens occurs: all that an n-gram fit needs.

A point is a token together with the tokens before it, its *window*. A window of `order` tokens,
each below V, is packed into one integer, the oldest token first, so that ``code % V`` is the
token itself and ``code // V`` its context. Only counts of windows are kept: a text of any length,
and any union of texts, takes one entry for each different window.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import ClassVar

import numpy as np

from engines.arrays import Arrays, IntArray
from engines.data.form import Form

MOST_CODES = 1 << 62
"""Upper bound of the codes of windows."""
Shape = tuple[int, int]
"""(V, order)."""


@dataclass(frozen=True, eq=False)
class Ngrams:
    """Counted windows of R replicates.

    Attributes
    ----------
    codes : ndarray of int, shape (E,)
        The different windows of replicate 0 in ascending order, then those of replicate 1, …
    counts : ndarray of int, shape (E,)
        How often each occurs, at least once.
    entries : ndarray of int, shape (R,)
        Number of different windows of each replicate, sum E.
    vocabulary : int
        V.
    order : int
        Tokens of a window.
    """

    codes: IntArray
    counts: IntArray
    entries: IntArray
    vocabulary: int
    order: int
    form: ClassVar[Form] = Form.NGRAMS
    adds_up: ClassVar[bool] = True
    has_subsets: ClassVar[bool] = True

    @classmethod
    def of(cls, data: object) -> "Ngrams":
        """Return windows as they are, or the counted windows of texts.

        Raises
        ------
        TypeError
            If `data` are neither: other forms do not keep the order of tokens.
        """
        grams = data if isinstance(data, Ngrams) else getattr(data, "grams", None)
        if not isinstance(grams, Ngrams):
            raise TypeError("windows of tokens can be counted only in a text")
        return grams

    @classmethod
    def of_windows(
        cls, owner: IntArray, codes: IntArray, counts: IntArray, replicates: int, shape: Shape
    ) -> "Ngrams":
        """Return windows given in any order, with the counts of equal ones added.

        Parameters
        ----------
        owner : ndarray of int, shape (n,)
            Replicate of each window.
        codes, counts : ndarray of int, shape (n,)
        replicates : int
            R.
        shape : tuple of int
            (V, order).
        """
        rank = np.lexsort((codes, owner))
        owner, codes, counts = owner[rank], codes[rank], counts[rank]
        new = np.ones(len(codes), dtype=np.bool_)
        new[1:] = (codes[1:] != codes[:-1]) | (owner[1:] != owner[:-1])
        starts = np.flatnonzero(new)
        totals = np.add.reduceat(counts, starts) if len(starts) else counts
        entries = np.bincount(owner[starts], minlength=replicates)
        return cls(codes[starts], totals, entries, *shape)

    @property
    def ends(self) -> IntArray:
        """Where the entries of each replicate end, shape (R,)."""
        return np.cumsum(self.entries)

    @property
    def owner(self) -> IntArray:
        """Replicate of each entry, shape (E,)."""
        return np.repeat(np.arange(len(self.entries)), self.entries)

    @cached_property
    def running(self) -> IntArray:
        """Running total of `counts` over all replicates, from 0, shape (E + 1,)."""
        return np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(self.counts)])

    @property
    def sizes(self) -> IntArray:
        """Number of points of each replicate, shape (R,)."""
        return self.running[self.ends] - self.running[self.ends - self.entries]

    def replicate(self, index: int) -> "Ngrams":
        """Return the windows of one replicate alone."""
        end = int(self.ends[index])
        part = slice(end - int(self.entries[index]), end)
        codes, counts, entries = self.codes[part], self.counts[part], self.entries[[index]]
        return replace(self, codes=codes, counts=counts, entries=entries)

    def occurrences(self, low: IntArray, high: IntArray) -> IntArray:
        """Return how many points of a single replicate have low <= code < high.

        Parameters
        ----------
        low, high : ndarray of int, shape (n,)

        Returns
        -------
        ndarray of int, shape (n,)
        """
        first, last = np.searchsorted(self.codes, low), np.searchsorted(self.codes, high)
        return self.running[last] - self.running[first]

    def trim(self, order: int) -> "Ngrams":
        """Return shorter windows of the newest `order` tokens.

        Parameters
        ----------
        order : int
            At most the order of these windows.
        """
        if order == self.order:
            return self
        if order not in self._shorter:
            codes = self.codes % self.vocabulary**order
            shape = (self.vocabulary, order)
            self._shorter[order] = Ngrams.of_windows(
                self.owner, codes, self.counts, len(self.entries), shape
            )
        return self._shorter[order]

    @cached_property
    def _shorter(self) -> dict[int, "Ngrams"]:
        return {}

    def dense(self) -> IntArray:
        """Return how often each token occurs, shape (R, V)."""
        replicates = len(self.entries)
        cells = self.owner * self.vocabulary + self.codes % self.vocabulary
        # Sums of whole numbers below 2^53 are exact.
        counts = np.bincount(cells, self.counts, replicates * self.vocabulary)
        return counts.astype(np.int64).reshape(replicates, self.vocabulary)

    @classmethod
    def of_dense(cls, counts: IntArray) -> "Ngrams":
        """Return windows of one token from how often each occurs, shape (R, V)."""
        owner, codes = np.nonzero(counts)
        entries = np.bincount(owner, minlength=len(counts))
        return cls(codes.astype(np.int64), counts[owner, codes], entries, counts.shape[1], 1)

    @classmethod
    def combine(cls, parts: Sequence["Ngrams"]) -> "Ngrams":
        """Return the union of `parts`, all trimmed to the shortest order among them."""
        if len(parts) == 1:
            return parts[0]
        order = min(part.order for part in parts)
        cut = [part.trim(order) for part in parts]
        owner = np.concatenate([part.owner for part in cut])
        codes = np.concatenate([part.codes for part in cut])
        counts = np.concatenate([part.counts for part in cut])
        shape = (parts[0].vocabulary, order)
        return cls.of_windows(owner, codes, counts, len(parts[0].entries), shape)

    def union(self, other: "Ngrams") -> "Ngrams":
        """Return the union with one more data set."""
        return Ngrams.combine([self, other])

    def repeat(self, replicates: int) -> "Ngrams":
        """Return the windows of a single replicate copied to `replicates` of them."""
        codes, counts = np.tile(self.codes, replicates), np.tile(self.counts, replicates)
        entries = np.repeat(self.entries, replicates)
        return replace(self, codes=codes, counts=counts, entries=entries)

    def subset(
        self, sizes: IntArray, generator: np.random.Generator, *, replacement: bool
    ) -> "Ngrams":
        """Return `sizes` points of each replicate with their windows, drawn at random.

        Their counts are multinomial with replacement and multivariate hypergeometric without.

        Raises
        ------
        ValueError
            If more points than there are should be drawn without replacement.
        """
        drawn: list[IntArray] = []
        for row, size in zip(np.split(self.counts, self.ends[:-1]), sizes.tolist(), strict=True):
            if replacement:
                drawn.append(generator.multinomial(size, row / row.sum()))
            else:
                drawn.append(generator.multivariate_hypergeometric(row, size, method="marginals"))
        return self.with_counts(np.concatenate(drawn))

    def with_counts(self, counts: IntArray) -> "Ngrams":
        """Return the windows with other counts, shape (E,), without those of count 0."""
        kept = np.flatnonzero(counts)
        entries = np.bincount(self.owner[kept], minlength=len(self.entries))
        return replace(self, codes=self.codes[kept], counts=counts[kept], entries=entries)

    def arrays(self) -> Arrays:
        """Return the arrays that a checkpoint stores, by name."""
        return {
            "codes": self.codes,
            "counts": self.counts,
            "entries": self.entries,
            "shape": np.array([self.vocabulary, self.order], dtype=np.int64),
        }

    @classmethod
    def restore(cls, arrays: Arrays) -> "Ngrams":
        """Return the windows whose arrays these are."""
        shape = arrays["shape"].tolist()
        return cls(arrays["codes"], arrays["counts"], arrays["entries"], *shape)


def pack_windows(windows: IntArray, vocabulary: int) -> IntArray:
    """Return the codes of windows; -1 for a window that contains the token -1.

    Parameters
    ----------
    windows : ndarray of int, shape (n, k)
        Tokens, the oldest first; k may be 0, which gives code 0.
    vocabulary : int
        V.

    Returns
    -------
    ndarray of int, shape (n,)
    """
    codes = np.zeros(len(windows), dtype=np.int64)
    for column in windows.T:
        codes = codes * vocabulary + column
    codes[(windows < 0).any(axis=1)] = -1
    return codes
