"""Data held as text: the windows of its tokens one after the other."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np

from engines.arrays import FloatArray, IntArray
from engines.data.form import Form
from engines.data.ngrams import Ngrams, Shape

STRETCH = 64
"""Consecutive tokens that are drawn together from a text."""


@dataclass(frozen=True, eq=False)
class Tokens:
    """Texts of R replicates.

    A part of a text is drawn in stretches of `STRETCH` consecutive tokens, the last one
    shorter, and the text is read as a ring: every token is as likely as any other, and what
    followed it mostly still does. Tokens drawn one by one would leave contexts that nothing
    leads to, and a model that walks into the few that are closed.

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
        """Return the texts themselves.

        Raises
        ------
        TypeError
            If `data` are no texts: nothing else tells the order of its tokens.
        """
        if not isinstance(data, Tokens):
            raise TypeError("a text cannot be had from other data")
        return data

    @classmethod
    def with_grams(cls, codes: IntArray, sizes: IntArray, grams: Ngrams) -> "Tokens":
        """Return texts whose windows are counted already."""
        tokens = cls(codes, sizes, grams.vocabulary, grams.order)
        tokens.__dict__["grams"] = grams
        return tokens

    @cached_property
    def grams(self) -> Ngrams:
        """How often each window occurs: all that a fit needs."""
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
        """Return the union of `parts`, their windows trimmed to the shortest of them."""
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
        """Return one replicate's text copied to all of them."""
        codes, sizes = np.tile(self.codes, replicates), np.repeat(self.sizes, replicates)
        return Tokens.with_grams(codes, sizes, self.grams.repeat(replicates))

    def subset(
        self, sizes: IntArray, generator: np.random.Generator, *, replacement: bool
    ) -> "Tokens":
        """Return `sizes` tokens of each replicate, in random stretches.

        With replacement stretches may overlap, without they cannot.

        Raises
        ------
        ValueError
            If more tokens than there are should be drawn without replacement.
        """
        draw = _overlapping if replacement else _apart
        drawn = [
            text[draw(len(text), size, generator)]
            for text, size in zip(self._texts(), sizes.tolist(), strict=True)
        ]
        return Tokens(np.concatenate(drawn), sizes, *self.shape)

    def arrays(self) -> dict[str, FloatArray | IntArray]:
        """Return what a checkpoint needs."""
        shape = np.array(self.shape, dtype=np.int64)
        return {"codes": self.codes, "sizes": self.sizes, "shape": shape}

    @classmethod
    def restore(cls, arrays: dict[str, FloatArray | IntArray]) -> "Tokens":
        """Return the texts that `arrays` came from."""
        codes, sizes, shape = (
            arrays[name].astype(np.int64, copy=False) for name in ("codes", "sizes", "shape")
        )
        return cls(codes, sizes, *shape.tolist())

    def _texts(self) -> list[IntArray]:
        return np.split(self.codes, np.cumsum(self.sizes)[:-1])


def _overlapping(length: int, size: int, generator: np.random.Generator) -> IntArray:
    """Return positions of stretches that begin anywhere."""
    starts = generator.integers(0, length, size=-(-size // STRETCH))
    return ((starts[:, None] + np.arange(STRETCH)) % length).ravel()[:size]


def _apart(length: int, size: int, generator: np.random.Generator) -> IntArray:
    """Return positions of stretches of a text that is cut up at a random place."""
    if size > length:
        raise ValueError(f"{size} of {length} tokens cannot be drawn without replacement")
    first = int(generator.integers(0, length))
    order = generator.permutation(-(-length // STRETCH))
    positions = (order[:, None] * STRETCH + np.arange(STRETCH)).ravel()
    return (first + positions[positions < length][:size]) % length
