"""The caption of the tour: which chapter it is, and what to look at now."""

import textwrap
from typing import TYPE_CHECKING

from collapse_tui.charts.palette import Colour
from collapse_tui.tui.widgets.bars import cell_width, truncate
from collapse_tui.tui.widgets.strips import StripView, make_strip

if TYPE_CHECKING:
    from collapse_tui.charts.text import Span

ROWS = 4


class CaptionBar(StripView):
    """A row of title and keys, and a text of at most three rows."""

    DEFAULT_CSS = f"""
    CaptionBar {{ height: {ROWS}; padding: 0 1; background: $panel; }}
    """

    def update(self, title: str, keys: str, text: str, palette: str) -> None:
        """Show a chapter's title, the keys that matter here, and what is said."""
        width = self.size.width
        right: list[Span] = truncate([(keys, Colour.ACCENT)], width)
        left = truncate([(title, Colour.STRONG)], width - cell_width(right) - 2)
        gap = (" " * max(0, width - cell_width(left) - cell_width(right)), Colour.NONE)
        rows = [make_strip([*left, gap, *right], palette)]
        lines = textwrap.wrap(text, max(10, width), max_lines=ROWS - 1, placeholder=" …")
        rows += [make_strip([(line, Colour.TEXT)], palette) for line in lines]
        self.show_rows(rows)
