"""Tokenizers of neural language models: trained on the text, or that of a pretrained model.

References
----------
.. [1] R. Sennrich, B. Haddow, A. Birch, "Neural Machine Translation of Rare Words with Subword
   Units", ACL 2016, arXiv:1508.07909 (byte-pair encoding).
.. [2] A. Radford et al., "Language Models are Unsupervised Multitask Learners", 2019 (on bytes).
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from engines.external.hub import read_pretrained
from engines.laws.blocks import Tokenizer

END = "</s>"
BYTES = 256
"""Fewest tokens of a byte-level tokenizer, without the one that ends a text."""

MakeTokenizer = Callable[[str], Tokenizer]
"""From the training part of a text to its tokenizer."""


@dataclass(frozen=True)
class NewTokenizer:
    """Byte-level byte-pair encoding trained on the training part.

    Attributes
    ----------
    vocabulary : int
        Most tokens, the 256 bytes and the end of text among them.
    """

    vocabulary: int

    def __call__(self, text: str) -> Tokenizer:
        """Return the tokenizer of a text; the same text gives the same one."""
        import tokenizers

        library: Any = tokenizers
        trained = library.ByteLevelBPETokenizer()
        # each merge shortens the text; the library makes room for all that are asked for
        possible = BYTES + 1 + len(text.encode())
        trained.train_from_iterator(
            [text], vocab_size=min(self.vocabulary, possible), min_frequency=2,
            special_tokens=[END], show_progress=False,
        )  # fmt: skip
        size, end = trained.get_vocab_size(), trained.token_to_id(END)
        return _adapt(trained, size, end, lambda text: list(trained.encode(text).ids))


@dataclass(frozen=True)
class PretrainedTokenizer:
    """The tokenizer of a model on this machine.

    Attributes
    ----------
    name : str
        Path of a folder, or ``owner/name`` in the Hugging Face cache.
    gguf : str or None
        Name of the GGUF file in that folder, where it is one.
    """

    name: str
    gguf: str | None = None

    def __call__(self, text: str) -> Tokenizer:
        """Return the tokenizer.

        Raises
        ------
        InvalidExperimentError
            If the model is not on this machine, or has none that can be read.
        """
        inner = read_pretrained("AutoTokenizer", self.name, self.gguf, "the tokenizer of")
        return _adapt(inner, len(inner), inner.eos_token_id, partial(_encode_lines, inner))


def _adapt(inner: Any, size: int, end: int | None, encode: Callable[[str], list[int]]) -> Tokenizer:
    """Return a tokenizer of either library, which differ in all but how they decode."""

    def decode(tokens: list[int]) -> str:
        return str(inner.decode(tokens, skip_special_tokens=False))

    return Tokenizer(size, end, encode, decode)


def _encode_lines(inner: Any, text: str) -> list[int]:
    """Return the tokens of a text, line by line, without special ones."""
    # The library warns of texts that are longer than the model reads at once.
    lines = [line for line in text.splitlines(keepends=True) if line]
    if not lines:
        return []
    rows = inner(lines, add_special_tokens=False, return_attention_mask=False)
    return [token for row in rows["input_ids"] for token in row]
