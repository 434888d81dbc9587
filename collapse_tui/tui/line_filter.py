"""The last look at every line before the terminal gets it: no control character passes.

Texts from outside are made visible where the screen takes them, and laid out so. What comes
another way, through a widget of Textual or a new one of ours, is caught here.
"""

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter
from typing_extensions import override

from collapse_tui.charts.canvas import ASCII
from collapse_tui.visible_text import UNSHOWN, to_visible_cells


class ControlFilter(LineFilter):
    """Shows a sign in place of each control character, in lines that stay as wide as they were.

    Parameters
    ----------
    ascii_only : bool
        Use a sign that every terminal knows, and plain letters where one cell takes another.
    """

    def __init__(self, *, ascii_only: bool) -> None:
        super().__init__()
        self._sign: str = "#" if ascii_only else UNSHOWN
        self._plain = ASCII if ascii_only else {}

    @override
    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        shown = [
            segment if segment.control else segment._replace(text=self._clean(segment.text))
            for segment in segments
        ]
        if shown == segments:
            return segments
        width = sum(segment.cell_length for segment in segments)
        return Segment.adjust_line_length(shown, width, pad=False)

    def _clean(self, text: str) -> str:
        return to_visible_cells(text.translate(self._plain), self._sign)
