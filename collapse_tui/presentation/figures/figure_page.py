"""The page of a figure: a title above its axes, lines of text below, margins that fit.

Sizes are in points of 1/72 inch. Margins are measured once everything is drawn, so that labels of
any length stay inside.
"""

import textwrap
import warnings
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Any

from collapse_tui.charts.palette import Colour
from collapse_tui.presentation.figures.end_labels import EndLabel, draw_end_labels, spread_labels
from collapse_tui.presentation.figures.figure_style import POINTS_PER_MM, Axes, PlotStyle, ink
from collapse_tui.visible_text import to_visible_line

LETTER = 0.54
"""Mean width of a letter, in heights of the text."""
LEADING = 1.25
"""From line to line, in heights of the text."""
EDGE = 3.0
"""Points that stay free around everything."""


SETTINGS: dict[str, Any] = {
    "font.family": "DejaVu Sans",  # matplotlib brings it: the same everywhere
    "pdf.fonttype": 42,  # TrueType as journals ask for, not Type 3
    "svg.fonttype": "path",  # looks the same where the font is not installed
    "svg.hashsalt": "collapse-tui",  # else names inside the file are random
    "path.simplify": False,
    "text.parse_math": False,  # a dollar sign in a title is no formula
    "axes.unicode_minus": True,
}
"""Of matplotlib, for as long as figures are drawn."""


@contextmanager
def matplotlib_settings() -> Generator[None]:
    """Let matplotlib draw by these settings within the block, and no other figures after it."""
    import matplotlib as mpl

    library: Any = mpl
    with library.rc_context(SETTINGS), warnings.catch_warnings():
        # a title may hold characters that no font of matplotlib has: they are drawn as boxes
        warnings.filterwarnings("ignore", "Glyph .* missing from")
        yield


class FigurePage:
    """A figure of one or several axes.

    Parameters
    ----------
    style : PlotStyle
    width : float
        Millimetres.
    title : str
    notes : sequence of str
        Paragraphs below the axes.
    height : float or None
        Millimetres of axes and their labels; None for what suits the width.
    """

    def __init__(
        self,
        style: PlotStyle,
        width: float,
        title: str,
        notes: Sequence[str] = (),
        height: float | None = None,
    ) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        self.style = style
        self.width = width * POINTS_PER_MM
        self.title = _wrap(title, self.width, style.text)
        self.notes = [
            line for note in notes for line in _wrap(note, self.width - 2 * EDGE, style.small)
        ]
        body = (style.height_of(width) if height is None else height) * POINTS_PER_MM
        self.head = EDGE + LEADING * style.text * len(self.title) + 0.5 * style.text
        self.foot = EDGE + LEADING * style.small * len(self.notes)
        self.height = self.head + body + self.foot
        self.figure: Any = Figure(figsize=(self.width / 72, self.height / 72), dpi=72)
        self.canvas: Any = FigureCanvasAgg(self.figure)
        self._write()

    def _write(self) -> None:
        lines = [
            (self.title, EDGE, self.style.text, ink(Colour.STRONG)),
            (self.notes, self.height - self.foot + 0.5 * EDGE, self.style.small, ink(Colour.TEXT)),
        ]
        for texts, above, size, colour in lines:
            for number, text in enumerate(texts):
                top = 1 - (above + LEADING * size * number) / self.height
                self.figure.text(
                    EDGE / self.width, top, text, fontsize=size, color=colour, parse_math=False,
                    verticalalignment="top", horizontalalignment="left",
                )  # fmt: skip

    def add_axes(self) -> Axes:
        """Return new axes; `place_axes` gives them their place."""
        return self.figure.add_axes((0.1, 0.1, 0.8, 0.8), label=str(len(self.figure.axes)))

    def label_axes(self, axes: Axes, x: str, y: str) -> None:
        """Write what the axes are: of y above them, where it can be read without turning."""
        style = self.style
        axes.set_xlabel(x, fontsize=style.text, labelpad=0.3 * style.text, parse_math=False)
        if y:
            axes.annotate(
                y, (0.0, 1.0), (0.0, 0.7 * style.text), xycoords="axes fraction",
                textcoords="offset points", fontsize=style.text, color=ink(Colour.TEXT),
                parse_math=False, verticalalignment="bottom", annotation_clip=False,
            )  # fmt: skip

    def place_axes(
        self,
        axes: Axes,
        labels: Sequence[EndLabel] = (),
        cell: tuple[float, float, float, float] = (0.0, 0.0, 1.0, 1.0),
    ) -> None:
        """Give axes their place and write the names at the ends of their curves.

        Parameters
        ----------
        axes : Axes
            With all they hold but the names.
        labels : sequence of EndLabel
        cell : (float, float, float, float)
            Left, bottom, right and top of the axes with their labels, as shares of the body.
        """
        renderer = self.canvas.get_renderer()
        inner = self.width - 2 * EDGE, self.height - self.head - self.foot
        left, right = (EDGE + inner[0] * cell[side] for side in (0, 2))
        low, high = (self.foot + inner[1] * cell[side] for side in (1, 3))
        room, box = axes.get_tightbbox(renderer), axes.get_window_extent(renderer)
        if room is not None:
            left += max(0.0, box.x0 - room.x0)
            low += max(0.0, box.y0 - room.y0)
            high -= max(0.0, room.y1 - box.y1)
            right -= max(0.0, room.x1 - box.x1)
        right -= max(map(self.measure_text, (one.text for one in labels if one.outside)), default=0)
        axes.set_position(
            (left / self.width, low / self.height,
             max(0.2 * inner[0], right - left) / self.width,
             max(0.2 * inner[1], high - low) / self.height)
        )  # fmt: skip
        spread = spread_labels(list(labels), high - low, self.style.text)
        draw_end_labels(axes, spread, self.style)

    def measure_text(self, text: str) -> float:
        """Return the width of a label with its distance from the axes, in points."""
        from matplotlib.text import Text

        drawn: Any = Text(
            0, 0, text, fontsize=self.style.text, parse_math=False, figure=self.figure
        )
        renderer = self.canvas.get_renderer()
        return drawn.get_window_extent(renderer).width + 0.9 * self.style.text


def _wrap(text: str, width: float, size: float) -> list[str]:
    return textwrap.wrap(to_visible_line(text), max(20, int(width / (LETTER * size))))
