"""From a file to tokens, with errors that name the file."""

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from engines.errors import InvalidExperimentError

WORD = re.compile(r"\w+(?:['\u2019]\w+)*")
UNKNOWN = "<unk>"


def embedded() -> str:
    """Return the language reference that Python's `help` shows, chapters in order of name.

    Raises
    ------
    InvalidExperimentError
        If this Python was installed without it.
    """
    try:
        from pydoc_data.topics import topics
    except ImportError:
        raise InvalidExperimentError(
            "this Python was installed without its reference (pydoc_data.topics): name a text"
            " file by source.path"
        ) from None
    return "\n\n".join(topics[name] for name in sorted(topics))


def read_text(path: Path) -> str:
    """Return the text of a file.

    Raises
    ------
    InvalidExperimentError
        If it is missing, a folder, or no UTF-8 text.
    """
    if not path.exists():
        raise InvalidExperimentError(f"source.path names {str(path)!r}, which does not exist")
    if path.is_dir():
        raise InvalidExperimentError(f"source.path names {str(path)!r}, which is a folder")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InvalidExperimentError(f"{path} could not be read: {error}") from error
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidExperimentError(
            f"{path} is no UTF-8 text: byte {error.start} is {content[error.start]:#04x}"
        ) from None
    if "\0" in text:
        raise InvalidExperimentError(f"{path} is no text: it holds NUL bytes")
    return text


def tokens_of(text: str, *, words: bool, lower: bool) -> list[str]:
    """Return the words of a text without its punctuation, or its characters.

    Parameters
    ----------
    text : str
    words : bool
        Words, else characters, a run of white space being one space.
    lower : bool
        Whether capitals become small letters.
    """
    if lower:
        text = text.lower()
    return WORD.findall(text) if words else list(" ".join(text.split()))


def vocabulary_of(tokens: Sequence[str], most: int | None) -> dict[str, int]:
    """Return the number of each token, the most frequent first, ties in order of text.

    Parameters
    ----------
    tokens : sequence of str
    most : int or None
        Size of the vocabulary; where there are more, the last one is ``<unk>`` and stands for
        all others.
    """
    counts = Counter(tokens)
    ranked = sorted(counts, key=lambda token: (-counts[token], token))
    if most is not None and len(ranked) > most:
        ranked = [*ranked[: most - 1], UNKNOWN]
    return {token: number for number, token in enumerate(ranked)}
