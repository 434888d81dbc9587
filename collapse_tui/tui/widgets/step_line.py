"""The line below the header during a long generation: progress, activity and time left."""

import math

from collapse_tui.charts.palette import Colour
from collapse_tui.charts.text import Span
from collapse_tui.number_format import format_duration
from collapse_tui.presentation.snapshot import Snapshot, StepProgress
from collapse_tui.tui.widgets.bars import cell_width, truncate
from collapse_tui.tui.widgets.strips import StripView, make_strip

LONG = 1.0
"""Seconds from which on a generation counts as long."""

FRAMES, ASCII_FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏", "|/-\\"
TURNS = 4
"""Frames a second."""

SHORTEST, LONGEST = 8, 40
"""Cells of the bar."""


def activity_sign(snapshot: Snapshot, step: StepProgress, *, ascii_only: bool) -> Span:
    """Return the character that turns while the run computes and stands still while it does not."""
    if snapshot.held:
        return ("‖", Colour.SERIES)
    if not snapshot.timing.in_flight:
        return (" ", Colour.NONE)
    frames = ASCII_FRAMES if ascii_only else FRAMES
    return (frames[int(step.now * TURNS) % len(frames)], Colour.ACCENT)


def progress_bar(fraction: float, width: int) -> list[Span]:
    """Return a progress bar of `width` cells, to half a cell; an empty one for NaN."""
    halves = 0 if math.isnan(fraction) else round(min(1.0, max(0.0, fraction)) * 2 * width)
    full, half = divmod(halves, 2)
    rest = width - full - half
    return [("━" * full + "╸" * half, Colour.SERIES), ("─" * rest, Colour.AXIS)]


def step_spans(
    snapshot: Snapshot, step: StepProgress, width: int, *, ascii_only: bool
) -> list[Span]:
    """Return the line for a long generation, at most `width` cells.

    Parameters
    ----------
    snapshot : Snapshot
    step : StepProgress
    width : int
    ascii_only : bool

    Returns
    -------
    list of (str, Colour)
    """
    timing, estimate = snapshot.timing, step.estimate
    head = [
        activity_sign(snapshot, step, ascii_only=ascii_only),
        (f" gen {timing.generation} ", Colour.STRONG),
    ]
    if not timing.in_flight:
        took = timing.totals[-1] if timing.totals else math.nan
        said = f"took {format_duration(took)}" if math.isfinite(took) else ""
        return truncate([*head, (said, Colour.TEXT)], width)
    percent = "" if math.isnan(estimate.fraction) else f" {estimate.fraction:4.0%}"
    left = f" · {format_duration(estimate.left)} left" if math.isfinite(estimate.left) else ""
    tail: list[Span] = [(f"{format_duration(estimate.elapsed)}{left}", Colour.TEXT)]
    body = [*head, *progress_bar(estimate.fraction, min(LONGEST, max(SHORTEST, width // 4))),
            (f"{percent}  ", Colour.STRONG)]  # fmt: skip
    room = width - cell_width(body) - cell_width(tail) - 2
    message = truncate([(timing.message or "…", Colour.TEXT)], room)
    gap = max(0, room - cell_width(message)) + 2
    return truncate([*body, *message, (" " * gap, Colour.NONE), *tail], width)


class StepLine(StripView):
    """One row below the header, displayed once a generation has taken long."""

    DEFAULT_CSS = "StepLine { height: 1; padding: 0 1; display: none; }"

    def update(
        self, snapshot: Snapshot, step: StepProgress | None, palette: str, *, ascii_only: bool
    ) -> None:
        """Show the generation in flight; hide the row where `step` is None."""
        self.display = step is not None
        if step is not None:
            spans = step_spans(snapshot, step, self.size.width, ascii_only=ascii_only)
            self.show_rows([make_strip(spans, palette)])
