"""Text on a canvas: wrapped, and only with characters that take one cell."""

import re
import unicodedata
from collections.abc import Iterator, Sequence

from collapse_tui.charts.canvas import Canvas, blank
from collapse_tui.charts.palette import Ink

UNSHOWN = "▯"
"""Stands for a character that takes two cells, or that no terminal shows."""

Piece = tuple[str, Ink]


def narrow(text: str) -> str:
    """Return `text` in one line, each character one cell wide."""
    flat = re.sub(r"\s+", " ", unicodedata.normalize("NFC", text))
    kept = (char for char in flat if not unicodedata.combining(char))
    return "".join(char if _takes_one(char) else UNSHOWN for char in kept)


def _takes_one(char: str) -> bool:
    wide = unicodedata.east_asian_width(char) in {"W", "F"}
    return not wide and unicodedata.category(char)[0] != "C"


def wrapped(pieces: Sequence[Piece], width: int, height: int) -> list[list[Piece]]:
    """Return pieces that follow one another as lines; the last one ends in … if more was left.

    Parameters
    ----------
    pieces : sequence of (str, Ink)
    width, height : int

    Returns
    -------
    list of list of (str, Ink)
        At most `height` lines of at most `width` cells.
    """
    lines: list[list[Piece]] = [[]]
    used = 0
    for word, ink in _words(pieces, max(1, width)):
        if word != " " and used + len(word) > width:
            lines.append([])
            used = 0
        if word != " " or 0 < used < width:
            lines[-1].append((word, ink))
            used += len(word)
    if len(lines) <= height:
        return lines
    kept = lines[: max(0, height)]
    return [*kept[:-1], _ended(kept[-1], width)] if kept else []


def _words(pieces: Sequence[Piece], width: int) -> Iterator[Piece]:
    """Yield words, the longest in parts that fit, and the blanks between them."""
    for text, ink in pieces:
        for word in re.findall(r"\S+| ", narrow(text)):
            for start in range(0, len(word), width):
                yield word[start : start + width], ink


def _ended(line: list[Piece], width: int) -> list[Piece]:
    length = sum(len(text) for text, _ in line)
    cut = line if length < width else [*line[:-1], (line[-1][0][:-1], line[-1][1])]
    return [*cut, ("…", Ink.TEXT)]


def prose(pieces: Sequence[Piece], width: int, height: int) -> Canvas:
    """Return pieces of text, wrapped."""
    canvas = blank(width, height)
    for row, line in enumerate(wrapped(pieces, width, height)):
        column = 0
        for text, ink in line:
            canvas.write(row, column, text, ink)
            column += len(text)
    return canvas
