"""A canvas as SVG: backgrounds, blocks, dots and axes as shapes, letters as text.

The picture therefore looks the same with any font: many fonts lack braille, or leave gaps
between blocks.
"""

import re
from collections.abc import Iterator
from html import escape

from collapse_tui.charts.canvas import Canvas, CellRun, adapt_to_palette
from collapse_tui.charts.fill import EIGHTHS
from collapse_tui.charts.palette import Colour, Palette

ACROSS, DOWN = 8.4, 18.0
"""Pixels of a cell: the advance and the leading of a monospaced font of 14 px."""
MARGIN = 14.0
FONT = "DejaVu Sans Mono, Menlo, Consolas, monospace"
BASELINE = 0.76
"""Share of the height of a cell, from its top."""

BLOCKS = {char: (1 - level / 8, level / 8) for level, char in enumerate(EIGHTHS.tolist()) if level}
BLOCKS["▀"] = (0.0, 0.5)
"""Top and height of what a block covers, in cells."""

ARMS = {"─": "lr", "│": "ud", "┤": "lud", "├": "rud", "┬": "lrd", "┴": "lru", "┼": "lrud",
        "└": "ru", "┘": "lu", "┌": "rd", "┐": "ld", "━": "lr", "┊": "ud"}  # fmt: skip
"""Directions of the lines in a cell: left, right, up, down."""
REACH = {"l": (-0.5, 0.0), "r": (0.5, 0.0), "u": (0.0, -0.5), "d": (0.0, 0.5)}

BRAILLE = 0x2800
DOTS = ((0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3))
"""Column and row of each bit of a braille character."""
DOT = 1.2
"""Radius in pixels."""

WORDS = re.compile(r"\S+(?: \S+)*")


def to_svg(canvas: Canvas, palette: Palette, ground: str) -> str:
    """Return the canvas as an SVG document.

    Parameters
    ----------
    canvas : Canvas
    palette : Palette
        One with colours of its own.
    ground : str
        ``#rrggbb``, the background of the picture.

    Returns
    -------
    str
    """
    shown = adapt_to_palette(canvas, palette)
    width = shown.width * ACROSS + 2 * MARGIN
    height = shown.height * DOWN + 2 * MARGIN
    size = f'width="{width:g}" height="{height:g}" viewBox="0 0 {width:g} {height:g}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size}>',
        f'<rect width="100%" height="100%" fill="{ground}"/>',
        f'<g font-family="{FONT}" font-size="14">',
    ]
    for row in range(shown.height):
        column = 0
        for run in shown.runs(row):
            parts += _run(run, column, row, palette)
            column += len(run.text)
    return "\n".join([*parts, "</g>", "</svg>", ""])


def _run(run: CellRun, column: int, row: int, palette: Palette) -> Iterator[str]:
    ground = palette.colours.get(run.background)
    if ground:
        yield _box(column, row, len(run.text), (0.0, 1.0), ground)
    colour = palette.colours.get(run.foreground, palette.colours[Colour.TEXT])
    letters: list[str] = []
    for index, char in enumerate(run.text):
        shape = _shape(char, column + index, row, colour)
        letters.append(" " if shape else char)
        if shape:
            yield shape
    weight = ' font-weight="bold"' if run.foreground == Colour.STRONG else ""
    for words in WORDS.finditer("".join(letters)):
        x, y = MARGIN + (column + words.start()) * ACROSS, MARGIN + (row + BASELINE) * DOWN
        text = words.group()
        yield (
            f'<text x="{x:.1f}" y="{y:.1f}" textLength="{len(text) * ACROSS:.1f}"'
            f' lengthAdjust="spacingAndGlyphs" fill="{colour}"{weight}>{escape(text)}</text>'
        )


def _shape(char: str, column: int, row: int, colour: str) -> str:
    """Return a block, line or braille character as a shape, empty for all others."""
    if char in BLOCKS:
        return _box(column, row, 1, BLOCKS[char], colour)
    x, y = MARGIN + column * ACROSS, MARGIN + row * DOWN
    if char in ARMS:
        middle = f"M{x + ACROSS / 2:.1f} {y + DOWN / 2:.1f}"
        reach = (REACH[arm] for arm in ARMS[char])
        lines = "".join(f"{middle}l{a * ACROSS:.1f} {b * DOWN:.1f}" for a, b in reach)
        thick = 2.5 if char == "━" else 1
        return f'<path d="{lines}" stroke="{colour}" stroke-width="{thick}"/>'
    bits = ord(char) - BRAILLE
    if not 0 < bits < 256:
        return ""
    spots = [place for bit, place in enumerate(DOTS) if bits >> bit & 1]
    circles = "".join(
        f"M{x + (across + 0.5) * ACROSS / 2 - DOT:.1f} {y + (down + 0.5) * DOWN / 4:.1f}"
        f"a{DOT} {DOT} 0 1 0 {2 * DOT} 0a{DOT} {DOT} 0 1 0 {-2 * DOT} 0"
        for across, down in spots
    )
    return f'<path d="{circles}" fill="{colour}"/>'


def _box(column: int, row: int, cells: int, span: tuple[float, float], colour: str) -> str:
    x, y = MARGIN + column * ACROSS, MARGIN + (row + span[0]) * DOWN
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{cells * ACROSS:.1f}"'
        f' height="{span[1] * DOWN:.1f}" fill="{colour}" shape-rendering="crispEdges"/>'
    )
