"""Data held as text: the window of each token, in order."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np

from engines.arrays import Arrays, IntArray
from engines.data.form import Form
from engines.data.ngrams import Ngrams, Shape

STRETCH = 64
"""Number of consecutive tokens that are drawn together from a text."""


@dataclass(frozen=True, eq=False)
class Tokens:
    """Texts of R replicates.

    A subset is drawn in stretches of `STRETCH` consecutive tokens, the last one shorter, from the
    text read as a ring: every token is equally likely, and most tokens keep their successor.
    Tokens drawn one by one would leave contexts that no text leads to, and a model that ends up
    in the few contexts that are closed.

    Attributes
    ----------
    codes : ndarray of int, shape (N,)
        Window of each token (see `engines.data.ngrams`), the text of replicate 0 first.
    sizes : ndarray of int, shape (R,)
        Number of tokens of each replicate, sum N.
    vocabulary : int
        V.
    order : int
        Tokens of a window.
    """

    codes: IntArray
    sizes: IntArray
    vocabulary: int
    order: int
    form: ClassVar[Form] = Form.TOKENS
    adds_up: ClassVar[bool] = False
    has_subsets: ClassVar[bool] = True

    @classmethod
    def of(cls, data: object) -> "Tokens":
        """Return `data` if they are texts.

        Raises
        ------
        TypeError
            If they are not: no other form keeps the order of its tokens.
        """
        if not isinstance(data, Tokens):
            raise TypeError("a text cannot be computed from other data")
        return data

    @classmethod
    def with_grams(cls, codes: IntArray, sizes: IntArray, grams: Ngrams) -> "Tokens":
        """Return texts whose windows `grams` counts already."""
        tokens = cls(codes, sizes, grams.vocabulary, grams.order)
        tokens.__dict__["grams"] = grams
        return tokens

    @cached_property
    def grams(self) -> Ngrams:
        """The counted windows: all that an n-gram fit needs."""
        pairs = [np.unique(text, return_counts=True) for text in self._texts()]
        codes, counts = (np.concatenate(arrays) for arrays in zip(*pairs, strict=True))
        entries = np.array([len(kinds) for kinds, _ in pairs], dtype=np.int64)
        return Ngrams(codes, counts.astype(np.int64), entries, *self.shape)

    @property
    def shape(self) -> Shape:
        """(V, order)."""
        return self.vocabulary, self.order

    @classmethod
    def combine(cls, parts: Sequence["Tokens"]) -> "Tokens":
        """Return the union of `parts`, all trimmed to the shortest order among them."""
        if len(parts) == 1:
            return parts[0]
        order = min(part.order for part in parts)
        base = parts[0].vocabulary ** order
        texts = zip(*(part._texts() for part in parts), strict=True)  # noqa: SLF001 - its own
        codes = np.concatenate([text for row in texts for text in row]) % base
        sizes: IntArray = np.array([part.sizes for part in parts]).sum(axis=0)
        return cls(codes, sizes, parts[0].vocabulary, order)

    def union(self, other: "Tokens") -> "Tokens":
        """Return the union with one more data set."""
        return Tokens.combine([self, other])

    def repeat(self, replicates: int) -> "Tokens":
        """Return the text of a single replicate copied to `replicates` of them."""
        codes, sizes = np.tile(self.codes, replicates), np.repeat(self.sizes, replicates)
        return Tokens.with_grams(codes, sizes, self.grams.repeat(replicates))

    def subset(
        self, sizes: IntArray, generator: np.random.Generator, *, replacement: bool
    ) -> "Tokens":
        """Return `sizes` tokens of each replicate, in random stretches.

        Stretches may overlap with replacement, and cannot without.

        Raises
        ------
        ValueError
            If more tokens than there are should be drawn without replacement.
        """
        draw = _overlapping if replacement else _disjoint
        drawn = [
            text[draw(len(text), size, generator)]
            for text, size in zip(self._texts(), sizes.tolist(), strict=True)
        ]
        return Tokens(np.concatenate(drawn), sizes, *self.shape)

    def arrays(self) -> Arrays:
        """Return the arrays that a checkpoint stores, by name."""
        shape = np.array(self.shape, dtype=np.int64)
        return {"codes": self.codes, "sizes": self.sizes, "shape": shape}

    @classmethod
    def restore(cls, arrays: Arrays) -> "Tokens":
        """Return the texts whose arrays these are."""
        return cls(arrays["codes"], arrays["sizes"], *arrays["shape"].tolist())

    def _texts(self) -> list[IntArray]:
        return np.split(self.codes, np.cumsum(self.sizes)[:-1])


def _overlapping(length: int, size: int, generator: np.random.Generator) -> IntArray:
    """Return positions of stretches that begin at random places."""
    starts = generator.integers(0, length, size=-(-size // STRETCH))
    return ((starts[:, None] + np.arange(STRETCH)) % length).ravel()[:size]


def _disjoint(length: int, size: int, generator: np.random.Generator) -> IntArray:
    """Return positions of stretches of a text that is cut up at a random place."""
    if size > length:
        raise ValueError(f"{size} of {length} tokens cannot be drawn without replacement")
    first = int(generator.integers(0, length))
    order = generator.permutation(-(-length // STRETCH))
    positions = (order[:, None] * STRETCH + np.arange(STRETCH)).ravel()
    return (first + positions[positions < length][:size]) % length
