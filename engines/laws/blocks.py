"""The law of a text cut into blocks of tokens, as a neural language model reads it."""

from collections.abc import Callable
from dataclasses import dataclass

from engines.arrays import IntArray
from engines.laws.law import Law


@dataclass(frozen=True, eq=False)
class Tokenizer:
    """From text to numbers of tokens and back.

    Attributes
    ----------
    size : int
        Number of different tokens.
    end : int or None
        Token that ends a text, where there is one.
    encode : callable
        Text → its tokens, none added.
    decode : callable
        Tokens → their text.
    """

    size: int
    end: int | None
    encode: Callable[[str], list[int]]
    decode: Callable[[list[int]], str]


@dataclass(frozen=True, eq=False)
class BlocksLaw(Law):
    """A text as blocks of L tokens: each with the same probability.

    Attributes
    ----------
    blocks : ndarray of int, shape (N, L)
        The training part.
    validation : ndarray of int, shape (V, L)
        Blocks by which the best epoch is chosen; none where V = 0.
    test : ndarray of int, shape (T, L)
        Blocks that no fit sees.
    tokenizer : Tokenizer
    """

    blocks: IntArray
    validation: IntArray
    test: IntArray
    tokenizer: Tokenizer
    has_density = False

    @property
    def vocabulary(self) -> int:
        """Number of different tokens."""
        return self.tokenizer.size
