"""One metric of several runs: at a generation, and at the last one of each."""

from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size

from collapse_tui.charts.palette import RUNS, Colour
from collapse_tui.number_format import format_number
from collapse_tui.presentation.comparison import LETTERS, Comparison, value_at
from collapse_tui.presentation.run_rows import shorten_name
from collapse_tui.tui.widgets.bars import truncate
from collapse_tui.tui.widgets.strips import StripView, make_strip

if TYPE_CHECKING:
    from collapse_tui.charts.text import Span

NUMBER = 10
"""Cells of a number."""


class ValueTable(StripView, can_focus=True):
    """A row for each run, in its colour."""

    def update(self, shown: Comparison, metric: str, at: int, palette: str) -> None:
        """Show the values of a metric at generation `at`."""
        width = self.size.width
        room = max(8, width - 2 - 2 * (NUMBER + 1) - 12)
        head = f"  {'run':{room}} {f'gen {at}':>{NUMBER}} {'last':>{NUMBER}}  of gen"
        rows: list[list[Span]] = [[(head, Colour.TEXT)]]
        for index, run in enumerate(shown.runs):
            last = run.snapshot.generation
            now = format_number(value_at(run, metric, at))
            end = format_number(value_at(run, metric, last))
            label, name = shown.labels[index], shorten_name(run.name)
            text = f"{label} · {name}" if label != name else label
            text = text if cell_len(text) <= room else set_cell_size(text, room - 1) + "…"
            rows.append([
                (f"{LETTERS[index]} {set_cell_size(text, room)} ", RUNS[index]),
                (f"{now:>{NUMBER}} ", Colour.STRONG),
                (f"{end:>{NUMBER}}  {last}", Colour.TEXT),
            ])  # fmt: skip
        self.show_rows([make_strip(truncate(row, width), palette) for row in rows])
