"""Text: the user's own file, a data set, or the language reference that comes with Python."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import numpy as np
from pydantic import Field, model_validator
from typing_extensions import override

from engines.arrays import IntArray
from engines.config import Phrase, Share, Size
from engines.data import Data, Form, Ngrams, Tokens
from engines.data.ngrams import MOST_CODES, pack_windows
from engines.errors import InvalidExperimentError
from engines.external.hub import Download
from engines.laws.tokens import TextLaw
from engines.sources.base import DataSetSource, SourceConfig
from engines.sources.readers.text import (
    UNKNOWN,
    TextParts,
    dataset_download,
    number_tokens,
    python_reference,
    read_parts,
    read_text,
)
from engines.sources.readers.units import Unit, lacks_spaces, tokenize
from engines.streams import Purpose, Streams

MOST_ORDER = 8
"""Most tokens of a window."""
OPENING = 40
"""Tokens of the beginning that are kept for display."""


class TextSource(DataSetSource, SourceConfig):
    """A text. D_0 is its training part; its law resamples the tokens with their contexts.

    The last tokens are the test part. The training part is read as a ring, the first tokens
    following the last, so that every token has a context of any length and the share of each
    context is its share as a beginning. Fewer tokens than it has are drawn without
    replacement, more with; fresh data are always drawn with replacement: one by one where
    their order does not matter (counted, for order 1), else in stretches (see
    `engines.data.tokens`).

    Without a path it is ``pydoc_data.topics``, the chapters of the Python language reference
    that `help` shows, in alphabetical order: about 65,000 words of real English, there without
    a network. It changes a little from one version of Python to the next.
    """

    name = "text"
    kind = "tokens"
    draws = (Form.NGRAMS, Form.TOKENS)
    former_keys = ("words",)

    path: str | None = Field(
        default=None,
        description="path of a text file (UTF-8, packed or not); default: Python's reference",
    )
    dataset: str | None = Field(
        default=None,
        description="a data set of texts in the Hugging Face cache, with parts of its own:"
        " wikitext-2, or owner/name/configuration",
    )
    unit: Unit = Field(
        default="word",
        description="what a token is: word, character (a letter with its marks) or byte of UTF-8",
    )
    lower: bool = Field(
        default=True, description="read capitals as small letters (n-grams; others read the text)"
    )
    vocabulary: Size | None = Field(
        default=None, ge=2, description="most different tokens; rarer ones become <unk>"
    )
    test: Share = Field(default=0.1, le=0.9, description="share of the text that is never fitted")
    validation: Share = Field(
        default=0.0,
        le=0.5,
        description="share that is never fitted, by which a language model's best epoch is chosen",
    )
    redraw: bool = Field(default=False, description="draw other tokens for each replicate")

    @model_validator(mode="before")
    @classmethod
    def _name_unit(cls, table: dict[str, Any]) -> dict[str, Any]:
        """Read the key of earlier versions: whether tokens are words, else characters."""
        if not isinstance(table.get("words"), bool):
            return table
        rest = {key: value for key, value in table.items() if key != "words"}
        return {"unit": "word" if table["words"] else "character"} | rest

    @model_validator(mode="after")
    def _is_one_text(self) -> Self:
        if self.path is not None and self.dataset is not None:
            raise ValueError("name either a path or a dataset, not both")
        if self.validation + self.test > 0.95:
            raise ValueError("validation + test leave less than 5 % of the text to be fitted")
        return self

    @cached_property
    def parts(self) -> TextParts:
        """The unchanged text, in its three parts."""
        return read_parts(self.path, self.dataset, self.validation, self.test)

    @property
    @override
    def phrase(self) -> Phrase:
        if self.path is not None:
            name = Path(self.path).name
        elif self.dataset is not None:
            name = self.dataset.rpartition("/")[2]
        else:
            return Phrase("Python's reference", "text: Python's language reference")
        return Phrase(name[:24], f"text: {name}")

    @property
    def label(self) -> str:
        """Name of the text in a sentence."""
        return self.path or self.dataset or "the text"

    @property
    def version(self) -> tuple[int, ...]:
        """Time of modification and size of the file, which tell whether it has changed."""
        if self.path is None or not Path(self.path).is_file():
            return ()
        facts = Path(self.path).stat()
        return facts.st_mtime_ns, facts.st_size

    @property
    @override
    def files(self) -> tuple[Path, ...]:
        return () if self.path is None else (Path(self.path),)

    @property
    @override
    def content(self) -> str:
        training, test = self._tokens
        found = f"{len(training) + len(test):,} {self.unit}s, {len(set(training)):,} different"
        return found + self._remedy(training)

    def _remedy(self, tokens: Sequence[str]) -> str:
        """Return what helps where tokens are words of a text that has no spaces between them."""
        if self.unit == "word" and lacks_spaces("".join(tokens)):
            return '; no spaces between words: source.unit = "character" cuts such a text'
        return ""

    @property
    def downloads(self) -> tuple[Download, ...]:
        """Downloads that it needs."""
        return () if self.dataset is None else (dataset_download(self.dataset),)

    @cached_property
    def _tokens(self) -> tuple[list[str], list[str]]:
        """The tokens of the training part and of the test part."""
        if self.dataset is not None:
            training, test = (
                tokenize(part, self.unit, lower=self.lower)
                for part in (self.parts.training, self.parts.test)
            )
            return training, test
        text = python_reference() if self.path is None else read_text(Path(self.path))
        tokens = tokenize(text, self.unit, lower=self.lower)
        tested, unused = (round(part * len(tokens)) for part in (self.test, self.validation))
        length = len(tokens) - tested - unused
        return tokens[:length], tokens[length + unused :]

    @cached_property
    def _numbers(self) -> dict[str, int]:
        """The number of each token of the vocabulary."""
        training = self._tokens[0]
        numbers = number_tokens(training, self.vocabulary)
        if len(numbers) < 2:
            only = f"only the {self.unit} {training[0][:60]!r}" if training else f"no {self.unit}s"
            raise InvalidExperimentError(
                f"{self.label} holds {only} in its training part; at least 2"
                f" different ones are needed{self._remedy(training)}"
            )
        return numbers

    @cached_property
    def _windows(self) -> tuple[Tokens, IntArray]:
        """The training part, and the windows of the test part's tokens, shape (n, order)."""
        numbers, length = self._numbers, self.natural_size
        unknown = numbers.get(UNKNOWN, -1)
        tokens = (token for part in self._tokens for token in part)
        ids = np.array([numbers.get(token, unknown) for token in tokens], dtype=np.int64)
        order = longest_window(len(numbers), length)
        # The training part is a ring: its end precedes its first tokens.
        windows = np.lib.stride_tricks.sliding_window_view(
            np.concatenate([ids[length - order + 1 : length], ids]), order
        )
        codes = pack_windows(windows[:length], len(numbers))
        return Tokens(codes, np.array([length]), len(numbers), order), windows[length:]

    @cached_property
    def _law(self) -> TextLaw:
        training, test = self._windows
        return TextLaw(
            training.grams.dense() / self.natural_size,
            np.arange(len(self._numbers), dtype=np.float64),
            has_values=False,
            grams=training.grams,
            words=tuple(self._numbers),
            opening=tuple([*self._tokens[0], *self._tokens[1]][:OPENING]),
            separator=" " if self.unit == "word" else "",
            test=test,
        )

    @property
    @override
    def natural_size(self) -> int:
        return len(self._tokens[0])

    @override
    def law(self) -> TextLaw:
        """Return the law of the text, with one replicate.

        Raises
        ------
        InvalidExperimentError
            If the file cannot be read as text or holds fewer than two different tokens.
        """
        return self._law

    @override
    def sample(self, sizes: IntArray, form: Form, streams: Streams) -> Data:
        data = self.data_set(form).repeat(len(sizes))
        return data.subset(sizes, streams.of(Purpose.INDEX), replacement=True)

    @override
    def data_set(self, form: Form) -> Ngrams | Tokens:
        whole = self._windows[0]
        return whole if form is Form.TOKENS else whole.grams


def longest_window(vocabulary: int, length: int) -> int:
    """Return the most tokens that a window can have.

    Parameters
    ----------
    vocabulary : int
        V.
    length : int
        Tokens of the text.
    """
    order = 1
    while order < min(MOST_ORDER, length) and vocabulary ** (order + 1) < MOST_CODES:
        order += 1
    return order
