"""The line that lives inside a long generation: how far it is, what it does, how long yet."""

import math

from rich.segment import Segment
from textual.strip import Strip

from collapse_tui.charts import Colour
from collapse_tui.charts.text import Span
from collapse_tui.presentation.eta import format_duration
from collapse_tui.presentation.snapshot import Snapshot, StepProgress
from collapse_tui.tui.widgets.bars import cut, row, width_of
from collapse_tui.tui.widgets.strips import Painted

LONG = 1.0
"""Seconds from which on a generation is spoken of."""

FRAMES, ASCII_FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏", "|/-\\"
TURNS = 4
"""Frames a second."""

SHORTEST, LONGEST = 8, 40
"""Cells of the bar."""


def sign(snapshot: Snapshot, step: StepProgress, *, ascii_only: bool) -> Span:
    """Return the sign that turns while the run works, and rests while it does not."""
    if snapshot.held:
        return ("‖", Colour.SERIES)
    if not snapshot.timing.flying:
        return ("·", Colour.AXIS)
    frames = ASCII_FRAMES if ascii_only else FRAMES
    return (frames[int(step.now * TURNS) % len(frames)], Colour.ACCENT)


def bar(fraction: float, width: int) -> list[Span]:
    """Return a bar of `width` cells, to half a cell; an empty one for NaN."""
    halves = 0 if math.isnan(fraction) else round(min(1.0, max(0.0, fraction)) * 2 * width)
    full, half = divmod(halves, 2)
    rest = width - full - half
    return [("━" * full + "╸" * half, Colour.SERIES), ("─" * rest, Colour.AXIS)]


def sentence(snapshot: Snapshot, step: StepProgress, width: int, *, ascii_only: bool) -> list[Span]:
    """Return the line for a long generation, exactly `width` cells or fewer.

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
        sign(snapshot, step, ascii_only=ascii_only),
        (f" gen {timing.generation} ", Colour.STRONG),
    ]
    if not timing.flying:
        took = timing.totals[-1] if timing.totals else math.nan
        said = f"took {format_duration(took)}" if math.isfinite(took) else ""
        return cut([*head, (said, Colour.TEXT)], width)
    percent = "" if math.isnan(estimate.fraction) else f" {estimate.fraction:4.0%}"
    left = f" · {format_duration(estimate.left)} left" if math.isfinite(estimate.left) else ""
    tail: list[Span] = [(f"{format_duration(estimate.elapsed)}{left}", Colour.TEXT)]
    body = [*head, *bar(estimate.fraction, min(LONGEST, max(SHORTEST, width // 4))),
            (f"{percent}  ", Colour.STRONG)]  # fmt: skip
    room = width - width_of(body) - width_of(tail) - 2
    message = cut([(timing.message or "…", Colour.TEXT)], room)
    gap = max(0, room - width_of(message)) + 2
    return cut([*body, *message, (" " * gap, Colour.NONE), *tail], width)


class InFlight(Painted):
    """One row below the header; there only once a generation took long."""

    DEFAULT_CSS = "InFlight { height: 1; dock: top; margin-top: 1; padding: 0 1; display: none; }"

    def say(
        self, snapshot: Snapshot, step: StepProgress | None, palette: str, *, ascii_only: bool
    ) -> None:
        """Show where the generation in flight stands; nothing without a moment."""
        shown = step is not None
        if self.display != shown:
            self.display = shown
        if step is not None:
            pieces = sentence(snapshot, step, self.size.width, ascii_only=ascii_only)
            self.show([Strip([Segment("")]) if not pieces else Strip(row(pieces, palette))])
