"""The diagnosis: one row above the time bar, or a pane of its own where there is room."""

from collapse_tui.presentation.diagnosis import Diagnosis
from collapse_tui.presentation.diagnosis_text import diagnosis_line, diagnosis_lines
from collapse_tui.tui.widgets.bars import truncate
from collapse_tui.tui.widgets.strips import StripView, make_strip


class DiagnosisLine(StripView):
    """One row: the stage and its reason; hidden where the pane says more."""

    DEFAULT_CSS = "DiagnosisLine { height: 1; padding: 0 1; }"

    def update(self, diagnosis: Diagnosis, palette: str, *, hidden: bool) -> None:
        """Show the clauses that fit."""
        self.display = not hidden
        width = self.size.width
        self.show_rows([make_strip(truncate(diagnosis_line(diagnosis, width), width), palette)])


class DiagnosisNotes(StripView):
    """What there is to see: the stage, why, in numbers, and what would help."""

    def __init__(self) -> None:
        super().__init__(id="notes")

    def update(self, diagnosis: Diagnosis, watch: str, palette: str) -> None:
        """Show the diagnosis and what the preset says to watch for."""
        lines = diagnosis_lines(diagnosis, watch, self.size.width, self.size.height)
        self.show_rows([make_strip(line, palette) for line in lines])
