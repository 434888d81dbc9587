"""Reads a text in blocks of whole lines, in UTF-8, and says where it is not text."""

import codecs
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from engines.errors import InvalidExperimentError
from engines.sources.readers.packed_file import read_chunks, refuse_kind

LONGEST_LINE = 1_000_000
"""Most characters of a row: a file without line ends must not be read as one of them."""
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class LineBlock(NamedTuple):
    """Whole lines of a file.

    Attributes
    ----------
    first : int
        Number of the first line, 1 first.
    content : bytes
        UTF-8, each line ended by one line feed.
    """

    first: int
    content: bytes


def read_line_blocks(path: Path) -> Iterator[LineBlock]:
    """Yield the lines of a text file in blocks of about a megabyte.

    UTF-8 with or without a byte order mark, UTF-16 with one; lines end in LF, CRLF or CR.

    Raises
    ------
    InvalidExperimentError
        If it cannot be read, is not text, or has a line of more than a million characters.
    """
    rest, line = b"", 1
    for chunk in _with_line_feeds(_in_utf_8(read_chunks(path))):
        rest += chunk
        cut = rest.rfind(b"\n") + 1
        if cut:
            yield _checked(path, LineBlock(line, rest[:cut]))
            line += rest.count(b"\n", 0, cut)
            rest = rest[cut:]
        if len(rest) > LONGEST_LINE:
            raise InvalidExperimentError(
                f"{path}, line {line}, is longer than {LONGEST_LINE:,} characters, the most that"
                " are read: one row a line is right"
            )
    if rest:
        yield _checked(path, LineBlock(line, rest + b"\n"))


def _in_utf_8(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the same text without its byte order mark."""
    decoder = None
    for number, chunk in enumerate(chunks):
        if number == 0 and chunk.startswith(_UTF_16):
            decoder = codecs.getincrementaldecoder("utf-16")()
        if decoder is not None:
            yield decoder.decode(chunk).encode()
        else:
            yield chunk.removeprefix(codecs.BOM_UTF8) if number == 0 else chunk
    if decoder is not None:
        decoder.decode(b"", final=True)


def _with_line_feeds(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the same text with LF at the end of each line."""
    held = b""
    for chunk in chunks:
        text = held + chunk
        held = b"\r" if text.endswith(b"\r") else b""
        if b"\r" in text:
            text = text[: len(text) - len(held)].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        yield text
    if held:
        yield b"\n"


def _checked(path: Path, block: LineBlock) -> LineBlock:
    wrong, what = block.content.find(b"\0"), "a NUL byte"
    if wrong < 0 and not block.content.isascii():
        try:
            block.content.decode()
        except UnicodeDecodeError as error:
            wrong, what = error.start, f"the byte {block.content[error.start]:#04x}"
    if wrong < 0:
        return block
    if block.first == 1:
        refuse_kind(path, block.content)
    line = block.first + block.content.count(b"\n", 0, wrong)
    raise InvalidExperimentError(
        f"{path}, line {line}, is not UTF-8 text: it holds {what}; save the file as UTF-8"
    )
