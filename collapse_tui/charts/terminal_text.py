"""A canvas as text for a terminal: with colours, or plain."""

from rich.color import ColorSystem
from rich.style import Style

from collapse_tui.charts.canvas import Canvas, CellRun, adapt_to_palette
from collapse_tui.charts.palette import Palette


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
    colours = [palette.colours.get(role) for role in (run.foreground, run.background)]
    style = Style(color=colours[0], bgcolor=colours[1])
    return style.render(run.text, color_system=ColorSystem.TRUECOLOR)
