"""A row on what the machine does while networks train."""

from collapse_tui.charts.palette import Colour
from collapse_tui.charts.text import Span
from collapse_tui.number_format import format_bytes
from collapse_tui.tui.usage import Usage
from collapse_tui.tui.widgets.bars import drop_clauses
from collapse_tui.tui.widgets.strips import StripView, make_strip


def usage_spans(usage: Usage) -> list[Span]:
    """Return the usage of a machine as text."""
    spans: list[Span] = [
        ("processor ", Colour.TEXT),
        (f"{usage.cores:.1f} of {usage.cores_of} cores", Colour.STRONG),
        (" · memory ", Colour.TEXT),
        (f"{format_bytes(usage.memory)} of {format_bytes(usage.memory_of)}", Colour.STRONG),
    ]
    for gpu in usage.gpus:
        memory = f"{format_bytes(gpu.memory)} of {format_bytes(gpu.memory_of)}"
        spans += [
            (f" · GPU {gpu.number} ", Colour.TEXT),
            (f"{gpu.busy:.0%}, {memory}", Colour.STRONG),
        ]
    return spans


class SystemLine(StripView):
    """One row above the key hints, displayed while generations take long."""

    DEFAULT_CSS = "SystemLine { height: 1; padding: 0 1; display: none; }"

    def update(self, usage: Usage | None, palette: str) -> None:
        """Show a usage; hide the row where there is none."""
        self.display = usage is not None
        if usage is not None:
            width = self.screen.size.width - 2  # its own is not known before it is laid out
            self.show_rows([make_strip(drop_clauses(usage_spans(usage), width), palette)])
