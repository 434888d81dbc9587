"""A canvas as text for a terminal: with colours, or plain."""

from collapse_tui.charts.canvas import Canvas, CellRun, adapt_to_palette
from collapse_tui.charts.palette import Colour, Palette

ANSI_NAMES = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")


def to_plain_text(canvas: Canvas, palette: Palette, *, ascii_only: bool = False) -> str:
    """Return the canvas as text without colours and trailing blanks.

    Parameters
    ----------
    canvas : Canvas
    palette : Palette
        Usually `palette.PLAIN`.
    ascii_only : bool

    Returns
    -------
    str
        Lines separated by newlines.
    """
    shown = adapt_to_palette(canvas, palette, ascii_only=ascii_only)
    return "\n".join("".join(row).rstrip() for row in shown.chars)


def to_ansi_text(canvas: Canvas, palette: Palette, *, ascii_only: bool = False) -> str:
    """Return the canvas as text with escape sequences for the terminal.

    Parameters
    ----------
    canvas : Canvas
    palette : Palette
    ascii_only : bool

    Returns
    -------
    str
        Lines separated by newlines, each ending with its colours reset.
    """
    shown = adapt_to_palette(canvas, palette, ascii_only=ascii_only)
    return "\n".join(
        "".join(_run(run, palette) for run in shown.runs(row)) for row in range(shown.height)
    )


def _run(run: CellRun, palette: Palette) -> str:
    codes = [_code(run.foreground, palette, 38), _code(run.background, palette, 48)]
    start = ";".join(code for code in codes if code)
    return f"\x1b[{start}m{run.text}\x1b[0m" if start else run.text


def _code(role: Colour, palette: Palette, base: int) -> str:
    colour = palette.colours.get(role)
    if colour is None:
        return ""
    if colour.startswith("#"):
        red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
        return f"{base};2;{red};{green};{blue}"
    bright = colour.startswith("bright_")
    return str(base - 8 + (60 if bright else 0) + ANSI_NAMES.index(colour.removeprefix("bright_")))
