"""Text on a canvas: wrapped, in characters that take one cell."""

import re
import unicodedata
from collections.abc import Iterator, Sequence

from collapse_tui.charts.canvas import Canvas, blank_canvas
from collapse_tui.charts.palette import Colour
from collapse_tui.visible_text import UNSHOWN

Span = tuple[str, Colour]
"""Text in one colour."""


def single_width(text: str) -> str:
    """Return `text` in one line, each character one cell wide."""
    flat = re.sub(r"\s+", " ", unicodedata.normalize("NFC", text))
    kept = (char for char in flat if not unicodedata.combining(char))
    return "".join(char if _takes_one(char) else UNSHOWN for char in kept)


def _takes_one(char: str) -> bool:
    wide = unicodedata.east_asian_width(char) in {"W", "F"}
    return not wide and unicodedata.category(char)[0] != "C"


def wrap_spans(spans: Sequence[Span], width: int, height: int) -> list[list[Span]]:
    """Return consecutive spans wrapped into lines; the last one ends in … if text is left over.

    Parameters
    ----------
    spans : sequence of (str, Colour)
    width, height : int

    Returns
    -------
    list of list of (str, Colour)
        At most `height` lines of at most `width` cells.
    """
    lines: list[list[Span]] = [[]]
    used = 0
    for word, colour in _words(spans, max(1, width)):
        if word != " " and used + len(word) > width:
            lines.append([])
            used = 0
        if word != " " or 0 < used < width:
            lines[-1].append((word, colour))
            used += len(word)
    if len(lines) <= height:
        return lines
    kept = lines[: max(0, height)]
    return [*kept[:-1], _add_ellipsis(kept[-1], width)] if kept else []


def _words(spans: Sequence[Span], width: int) -> Iterator[Span]:
    """Yield words and the blanks between them; a word longer than a line comes in parts."""
    for text, colour in spans:
        for word in re.findall(r"\S+| ", single_width(text)):
            for start in range(0, len(word), width):
                yield word[start : start + width], colour


def _add_ellipsis(line: list[Span], width: int) -> list[Span]:
    length = sum(len(text) for text, _ in line)
    cut = line if length < width else [*line[:-1], (line[-1][0][:-1], line[-1][1])]
    return [*cut, ("…", Colour.TEXT)]


def draw_text(spans: Sequence[Span], width: int, height: int) -> Canvas:
    """Return a canvas with wrapped text."""
    canvas = blank_canvas(width, height)
    for row, line in enumerate(wrap_spans(spans, width, height)):
        column = 0
        for text, colour in line:
            canvas.write(row, column, text, colour)
            column += len(text)
    return canvas
