"""Reads a text, its parts and their tokens; errors name the file."""

import codecs
import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from engines.errors import InvalidExperimentError
from engines.external.hub import Download, parquet_files, read_parquet
from engines.sources.readers.damage import name_damage
from engines.sources.readers.packed_file import read_chunks, refuse_kind
from engines.sources.readers.regular_file import check_memory, open_source
from engines.sources.readers.units import normalize

UNKNOWN = "<unk>"
CHARACTER_BYTES = 16
"""Bytes that a character of a text takes while it is cut into words."""
KNOWN = {
    "wikitext-2": "Salesforce/wikitext/wikitext-2-raw-v1",
    "wikitext-103": "Salesforce/wikitext/wikitext-103-raw-v1",
}
"""Short names of data sets: ``owner/name/configuration``."""


class TextParts(NamedTuple):
    """Three parts of a text, each a string."""

    training: str
    validation: str
    test: str


def python_reference() -> str:
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
    """Return the text of a file, packed or not, in Unicode's normal form C.

    Raises
    ------
    InvalidExperimentError
        If it is missing, a folder, or not text in UTF-8 (or UTF-16 with a byte order mark).
    """
    if path.is_dir():
        raise InvalidExperimentError(f"source.path names {str(path)!r}, which is a folder")
    with open_source(path) as file:
        check_memory(str(path), CHARACTER_BYTES * os.fstat(file.fileno()).st_size)
    with name_damage(path):
        content = b"".join(read_chunks(path))
    check_memory(str(path), CHARACTER_BYTES * len(content))
    utf_16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = content.decode("utf-16" if utf_16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        refuse_kind(path, content)
        raise InvalidExperimentError(
            f"{path} is not UTF-8 text: byte {error.start} is {content[error.start]:#04x}; save"
            " it as UTF-8"
        ) from None
    if "\0" in text:
        refuse_kind(path, content)
        raise InvalidExperimentError(f"{path} is not text: it holds NUL bytes")
    return normalize(text)


def number_tokens(tokens: Sequence[str], most: int | None) -> dict[str, int]:
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


def read_parts(path: str | None, dataset: str | None, validation: float, test: float) -> TextParts:
    """Return the parts of a text.

    Parameters
    ----------
    path : str or None
        Of a text file; with neither, Python's own reference.
    dataset : str or None
        A data set with parts of its own; the shares are then ignored.
    validation, test : float
        Shares of the characters of a plain text, taken from its end, whole words.

    Raises
    ------
    InvalidExperimentError
        If it cannot be read, or is not on this machine.
    """
    if dataset is not None:
        return TextParts(*(_part(dataset, part) for part in ("train", "validation", "test")))
    text = python_reference() if path is None else read_text(Path(path))
    first = _between_words(text, 1.0 - test - validation)
    second = _between_words(text, 1.0 - test) if validation else first
    return TextParts(text[:first], text[first:second], text[second:])


def dataset_download(dataset: str) -> Download:
    """Return the download of a data set."""
    owner, configuration = _split(dataset)
    return Download(owner, "dataset", (f"{configuration}/*.parquet",))


def _split(dataset: str) -> tuple[str, str]:
    name = KNOWN.get(dataset, dataset)
    owner, mark, configuration = name.rpartition("/")
    if not mark or "/" not in owner:
        raise InvalidExperimentError(
            f"source.dataset must be one of {', '.join(KNOWN)} or owner/name/configuration,"
            f" got {dataset!r}"
        )
    return owner, configuration


def _part(dataset: str, part: str) -> str:
    configuration = _split(dataset)[1]
    texts: list[str] = []
    download = dataset_download(dataset)
    for path in parquet_files(download, f"{configuration}/{part}-*.parquet"):
        texts += read_parquet(path, "text").column("text").to_pylist()
    return "".join(texts)


def _between_words(text: str, share: float) -> int:
    """Return the index that ends so large a share of a text, moved to the end of its word."""
    place = round(share * len(text))
    while 0 < place < len(text) and not text[place - 1].isspace():
        place += 1
    return place
