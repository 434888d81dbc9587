"""The line below the header that says what is fitted to what."""

from collapse_tui.presentation.loop_words import LoopWords, loop_spans
from collapse_tui.tui.widgets.strips import StripView, make_strip


class LoopLine(StripView):
    """One row: the loop in words, with the settings in force."""

    DEFAULT_CSS = "LoopLine { height: 1; padding: 0 1; }"

    def update(self, words: LoopWords | None, palette: str) -> None:
        """Show the loop as far as it fits; nothing until the run is open."""
        spans = loop_spans(words, self.size.width) if words is not None else []
        self.show_rows([make_strip(spans, palette)])
