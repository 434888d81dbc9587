"""A text as blocks of tokens: how a neural language model reads the source `text`."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

import numpy as np

from engines.arrays import IntArray
from engines.data import Blocks, Data, Form
from engines.data.points import uniform_indices
from engines.errors import InvalidExperimentError
from engines.laws.blocks import BlocksLaw, Tokenizer
from engines.sources.base import AdaptedSource
from engines.sources.text import TextSource
from engines.sources.tokenizers import MakeTokenizer
from engines.streams import Purpose, Streams


@dataclass(frozen=True, eq=False)
class BlocksSource(AdaptedSource):
    """The text of a source, cut into blocks of tokens; a last part that fills none is left out.

    Its law gives every block of the training part the same probability. D_0 is the training
    part itself; fewer blocks are drawn without replacement, more with; fresh ones always with.

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
    kind: ClassVar[str] = "text"
    draws: ClassVar[tuple[Form, ...]] = (Form.BLOCKS,)

    def __post_init__(self) -> None:
        """Refuse what cuts a text in another way.

        Raises
        ------
        InvalidExperimentError
            If words are not tokens, or the vocabulary is bounded.
        """
        if not self.source.words or self.source.vocabulary is not None:
            raise InvalidExperimentError(
                "source.words and source.vocabulary cut a text for n-grams; a neural language"
                " model has a tokenizer of its own"
            )

    @property
    def name(self) -> str:
        """Name of the source."""
        return self.source.name

    @property
    def dimension(self) -> int:
        """Tokens of a block."""
        return self.length

    @property
    def natural_size(self) -> int:
        """Blocks of the training part."""
        return len(self.law().blocks)

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

    def sample(self, sizes: IntArray, form: Form, streams: Streams) -> Data:
        """Return blocks drawn with replacement, `sizes` for each replicate."""
        del form
        pools: IntArray = np.full(len(sizes), self.natural_size, dtype=np.int64)
        chosen = uniform_indices(pools, sizes, streams.of(Purpose.INDEX))
        rows: Any = self.law().blocks
        return Blocks(rows[chosen], sizes)

    def real(self, size: int, replicates: int, form: Form, streams: Streams) -> Data:
        """Return D_0: the training part itself, or so many of its blocks."""
        drawn = replicates if self.redraws and size != self.natural_size else 1
        sizes: IntArray = np.full(drawn, size, dtype=np.int64)
        rows: Any = self.law().blocks
        if size > self.natural_size:
            data: Any = self.sample(sizes, form, streams)
        elif size == self.natural_size:
            data = Blocks(rows, sizes)
        else:
            whole = Blocks(rows, np.array([self.natural_size])).repeat(drawn)
            data = whole.subset(sizes, streams.of(Purpose.SUBSET), replacement=False)
        return data if drawn == replicates else data.repeat(replicates)


@lru_cache(maxsize=4)
def split_into_blocks(
    source: TextSource, tokenizer: MakeTokenizer, length: int, version: tuple[int, ...]
) -> BlocksLaw:
    """Return the blocks of a text; a large one takes seconds, so the last few are kept.

    Parameters
    ----------
    source : TextSource
    tokenizer : callable
        Training part → its tokenizer.
    length : int
        L.
    version : tuple of int
        What tells a file from the same file when it has been changed.
    """
    del version
    texts = source.parts
    made = tokenizer(texts.training)
    training, validation, test = (_blocks(made, text, length) for text in texts)
    if len(training) < 2 or not len(test):
        raise InvalidExperimentError(
            f"{source.where} gives {len(training)} training and {len(test)} test blocks of"
            f" {length} tokens; at least 2 and 1 are needed: lower engine.block, or take a"
            " longer text"
        )
    return BlocksLaw(training, validation, test, made)


def _blocks(tokenizer: Tokenizer, text: str, length: int) -> IntArray:
    tokens = np.array(tokenizer.encode(text), dtype=np.int64)
    count = len(tokens) // length
    return tokens[: count * length].reshape(count, length)
