"""The law of a text cut into blocks of tokens, as a neural language model reads it."""

from dataclasses import dataclass
from typing import Protocol

from engines.arrays import IntArray
from engines.laws.law import Law


class Tokenizer(Protocol):
    """From text to numbers of tokens and back."""

    @property
    def size(self) -> int:
        """Number of different tokens."""
        ...

    @property
    def end(self) -> int | None:
        """Token that ends a text, where there is one."""
        ...

    def encode(self, text: str) -> list[int]:
        """Return the tokens of a text, none added."""
        ...

    def decode(self, tokens: list[int]) -> str:
        """Return the text of tokens."""
        ...


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
