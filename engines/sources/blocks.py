"""A text as blocks of tokens, as a neural language model reads it."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from typing_extensions import override

from engines.arrays import IntArray
from engines.data import Blocks, Form
from engines.errors import InvalidExperimentError
from engines.laws.blocks import BlocksLaw, Tokenizer
from engines.sources.base import AdaptedSource, DataSetSource
from engines.sources.text import TextSource
from engines.sources.tokenizers import MakeTokenizer


@dataclass(frozen=True, eq=False)
class BlocksSource(DataSetSource, AdaptedSource):
    """The text of a source, split into blocks of tokens; an incomplete last block is left out.

    D_0 is the training part; its law gives every block of it the same probability.

    Attributes
    ----------
    source : TextSource
    tokenizer : callable
        Training part → its tokenizer.
    length : int
        L, tokens of a block.
    """

    source: TextSource
    tokenizer: MakeTokenizer
    length: int
    name = "text"
    kind = "text"
    draws = (Form.BLOCKS,)

    def __post_init__(self) -> None:
        """Refuse a source that splits its text in another way.

        Raises
        ------
        InvalidExperimentError
            If the unit is another than words, or the vocabulary is bounded.
        """
        if self.source.unit != "word" or self.source.vocabulary is not None:
            raise InvalidExperimentError(
                "source.unit and source.vocabulary cut a text for n-grams; a neural language"
                " model has a tokenizer of its own"
            )

    @property
    @override
    def dimension(self) -> int:
        return self.length

    @property
    @override
    def content(self) -> str:
        return f"{self.natural_size:,} blocks of {self.length} tokens to fit"

    @property
    @override
    def natural_size(self) -> int:
        return len(self.law().blocks)

    @override
    def law(self) -> BlocksLaw:
        """Return the law of the blocks.

        Raises
        ------
        InvalidExperimentError
            If the text cannot be read, its tokenizer is missing, or it is too short.
        """
        # A frozen configuration can be hashed, though its type does not say so.
        made: Any = split_into_blocks
        return made(self.source, self.tokenizer, self.length, self.source.version)

    @override
    def data_set(self, form: Form) -> Blocks:
        blocks: Any = self.law().blocks
        return Blocks(blocks, np.array([self.natural_size]))


@lru_cache(maxsize=4)
def split_into_blocks(
    source: TextSource, tokenizer: MakeTokenizer, length: int, version: tuple[int, ...]
) -> BlocksLaw:
    """Return the blocks of a text; a large one takes seconds, so the last few are cached.

    Parameters
    ----------
    source : TextSource
    tokenizer : callable
        Training part → its tokenizer.
    length : int
        L.
    version : tuple of int
        Changes when the file changes (`TextSource.version`).
    """
    del version
    texts = source.parts
    made = tokenizer(texts.training)
    training, validation, test = (_blocks(made, text, length) for text in texts)
    if len(training) < 2 or not len(test):
        raise InvalidExperimentError(
            f"{source.label} gives {len(training)} training and {len(test)} test blocks of"
            f" {length} tokens; at least 2 and 1 are needed: lower engine.block, or take a"
            " longer text"
        )
    return BlocksLaw(training, validation, test, made)


def _blocks(tokenizer: Tokenizer, text: str, length: int) -> IntArray:
    tokens = np.array(tokenizer.encode(text), dtype=np.int64)
    count = len(tokens) // length
    return tokens[: count * length].reshape(count, length)
