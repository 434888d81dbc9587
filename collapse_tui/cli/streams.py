"""The standard streams: all three are there, take every character, and are let go in order."""

import codecs
import os
import sys
import unicodedata
from contextlib import suppress
from pathlib import Path
from typing import IO

NAMES = ("stdin", "stdout", "stderr")
SIMILAR = "similar"
"""Python's name for our way to write what an encoding lacks."""

SIGNS = dict(zip("·•●◆…−–—←→↑↓▶◀▸◂‖λσμ≤≥", "...*.---<>^v><><|lsu<>", strict=True))
HORIZONTAL, VERTICAL = "─━╌╍┄┅═╴╶╸╺", "│┃╎╏┆┇║╵╷"


def prepare_streams() -> None:
    """Put a stream that swallows everything in place of each one that is closed.

    Where a shell closed one (``>&-``), the next file that is opened would get its number, and a
    library that writes to standard output would write into it. A character that the terminal
    does not know becomes a similar one: "W₁" must not end a program.
    """
    codecs.register_error(SIMILAR, _replace_by_similar)
    with suppress(OSError):
        _occupy_closed()
    for number, name in enumerate(NAMES):
        if getattr(sys, name) is None:
            mode = "r" if number == 0 else "w"
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors=SIMILAR)


def _occupy_closed() -> None:
    for number in range(len(NAMES)):
        try:
            os.fstat(number)
        except OSError:
            # open() gives the lowest number that is free
            os.open(os.devnull, os.O_RDWR)
            os.set_inheritable(number, True)  # noqa: FBT003 - by position only


def _replace_by_similar(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    return "".join(map(similar_character, lacking)), error.end


def similar_character(character: str) -> str:
    """Return an ASCII character that stands for another one; it is as wide."""
    if character in SIGNS:
        return SIGNS[character]
    if "─" <= character <= "╿":
        return "-" if character in HORIZONTAL else "|" if character in VERTICAL else "+"
    if "▀" <= character <= "▟":
        return "#"
    if "\u2800" <= character <= "\u28ff":  # dots of braille
        return " " if character == "\u2800" else "."
    plain = unicodedata.normalize("NFKD", character)[0]
    return plain if plain.isascii() else "?"


def silence(stream: IO[str]) -> None:
    """Send what is left in a stream's buffer nowhere: it would cause an error at the very end."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
