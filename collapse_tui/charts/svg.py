"""A canvas as SVG: backgrounds, blocks, dots and axes as shapes, letters as text.

The picture therefore looks the same with any font: many fonts lack braille, or leave gaps
between blocks.
"""

import re
from collections.abc import Iterator, Sequence
from html import escape
from typing import NamedTuple

from collapse_tui.charts.canvas import Canvas, adapt_to_palette
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
        "└": "ru", "┘": "lu", "┌": "rd", "┐": "ld", "━": "lr", "┊": "ud", "╰": "ru", "╯": "lu",
        "╭": "rd", "╮": "ld", "┃": "ud", "╸": "l", "╺": "r"}  # fmt: skip
"""Directions of the lines in a cell: left, right, up, down."""
REACH = {"l": (-0.5, 0.0), "r": (0.5, 0.0), "u": (0.0, -0.5), "d": (0.0, 0.5)}

BRAILLE = 0x2800
DOTS = ((0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3))
"""Column and row of each bit of a braille character."""
DOT = 1.2
"""Radius in pixels."""

WORDS = re.compile(r"\S+(?: \S+)*")


class StyledRun(NamedTuple):
    """Neighbouring cells of one row, as they look.

    Attributes
    ----------
    text : str
    foreground, background : str
        ``#rrggbb``; an empty background is that of the picture.
    bold : bool
    """

    text: str
    foreground: str
    background: str = ""
    bold: bool = False


Rows = Sequence[Sequence[StyledRun]]


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
    shown, colours = adapt_to_palette(canvas, palette), palette.colours
    rows = [
        [
            StyledRun(
                run.text,
                colours.get(run.foreground, colours[Colour.TEXT]),
                colours.get(run.background, ""),
                run.foreground == Colour.STRONG,
            )
            for run in shown.runs(row)
        ]
        for row in range(shown.height)
    ]
    return rows_to_svg(rows, ground)


def rows_to_svg(rows: Rows, ground: str) -> str:
    """Return rows of cells as an SVG document.

    Parameters
    ----------
    rows : sequence of sequence of StyledRun
    ground : str
        ``#rrggbb``, the background of the picture.
    """
    return "\n".join([*_head(rows, ground), *_rows(rows), "</g>", "</svg>", ""])


def frames_to_svg(frames: Sequence[Rows], ground: str, seconds: float) -> str:
    """Return an animated SVG document that shows the frames again and again.

    Each frame draws only what differs from the one before, over it, and stays until the end.

    Parameters
    ----------
    frames : sequence of rows
        All of one size.
    ground : str
        ``#rrggbb``, the background of the picture.
    seconds : float
        Between two frames; the last one stays five times as long.
    """
    whole = seconds * (len(frames) + 4)
    parts = [*_head(frames[0], ground), *_rows(frames[0])]
    styles: list[str] = []
    for number, frame in enumerate(frames[1:], 1):
        start = 100 * number * seconds / whole
        styles.append(
            f"@keyframes f{number}{{0%,{start:.3f}%{{visibility:hidden}}"
            f"{start + 0.001:.3f}%,100%{{visibility:visible}}}}"
            f"#f{number}{{animation:f{number} {whole:g}s step-end infinite}}"
        )
        parts += [f'<g id="f{number}">', *_changes(frames[number - 1], frame, ground), "</g>"]
    style = f"<style>{''.join(styles)}</style>"
    return "\n".join([parts[0], style, *parts[1:], "</g>", "</svg>", ""])


def _head(rows: Rows, ground: str) -> list[str]:
    cells = max(sum(len(run.text) for run in row) for row in rows)
    width, height = cells * ACROSS + 2 * MARGIN, len(rows) * DOWN + 2 * MARGIN
    size = f'width="{width:g}" height="{height:g}" viewBox="0 0 {width:g} {height:g}"'
    return [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size}>',
        f'<rect width="100%" height="100%" fill="{ground}"/>',
        f'<g font-family="{FONT}" font-size="14">',
    ]


def _rows(rows: Rows) -> Iterator[str]:
    for row, runs in enumerate(rows):
        column = 0
        for run in runs:
            yield from _run(run, column, row)
            column += len(run.text)


def _changes(before: Rows, after: Rows, ground: str) -> Iterator[str]:
    """Yield the cells of `after` that differ, each on a background that covers what was there."""
    for row, (old, new) in enumerate(zip(before, after, strict=True)):
        was, now = _cells(old), _cells(new)
        differ = [column for column in range(len(now)) if was[column : column + 1] != [now[column]]]
        column = 0
        while differ and column < len(now):
            if column not in differ:
                column += 1
                continue
            stop = column + 1
            while stop in differ and now[stop][1:] == now[column][1:]:
                stop += 1
            look = now[column]
            text = "".join(cell[0] for cell in now[column:stop])
            yield from _run(look._replace(text=text, background=look[2] or ground), column, row)
            column = stop


def _cells(runs: Sequence[StyledRun]) -> list[StyledRun]:
    return [run._replace(text=char) for run in runs for char in run.text]


def _run(run: StyledRun, column: int, row: int) -> Iterator[str]:
    if run.background:
        yield _box(column, row, len(run.text), (0.0, 1.0), run.background)
    letters: list[str] = []
    for index, char in enumerate(run.text):
        shape = _shape(char, column + index, row, run.foreground)
        letters.append(" " if shape else char)
        if shape:
            yield shape
    weight = ' font-weight="bold"' if run.bold else ""
    for words in WORDS.finditer("".join(letters)):
        x, y = MARGIN + (column + words.start()) * ACROSS, MARGIN + (row + BASELINE) * DOWN
        text = words.group()
        yield (
            f'<text x="{x:.1f}" y="{y:.1f}" textLength="{len(text) * ACROSS:.1f}"'
            f' lengthAdjust="spacingAndGlyphs" fill="{run.foreground}"{weight}>'
            f"{escape(text)}</text>"
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
        thick = 2.5 if char in "━┃╸╺" else 1
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
